//! What kind of network an address belongs to, from files in the MMDB format that the operator gives.
//! One file alone decides nothing: free files put networks of whole Korean providers abroad, so two have
//! to agree. Autonomous systems are told apart by their numbers, because names change.

use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use domain::fraud::NetworkClass;
use maxminddb::{PathElement, Reader};
use serde::de::IgnoredAny;

/// Files that were built longer ago say nothing: networks change hands.
const OLDEST_FILE: Duration = Duration::from_secs(365 * 24 * 3600);
/// The country whose lines are no evidence.
const HOME: &str = "KR";

/// Data centres by the number of their autonomous system, as routing tables of June 2026 name them:
/// Amazon, Google Cloud, Microsoft, Oracle, DigitalOcean, OVH, Hetzner, Linode, Vultr, Alibaba, Tencent,
/// M247, Datacamp, Contabo, Leaseweb, Clouvider, Psychz, Hivelocity, Scaleway, netcup; in Korea NAVER
/// Cloud, NHN Cloud, kt cloud, Gabia, Hostway, SmileServ, Kakao Enterprise, Hostcenter.
const HOSTING: [u32; 38] = [
    16509, 14618, 396_982, 8075, 31898, 14061, 16276, 24940, 63949, 20473, 45102, 37963, 132_203,
    45090, 9009, 60068, 212_238, 51167, 60781, 28753, 62240, 40676, 29802, 12876, 197_540, 23576,
    45974, 152_291, 10038, 9947, 152_232, 17589, 9952, 38700, 23588, 131_828, 45382, 36352,
];
/// Relays that hide people's addresses: Cloudflare, Akamai's and Fastly's exits of a phone maker's relay.
/// Their users are people.
const RELAYS: [u32; 3] = [13335, 36183, 54113];
/// Mobile carriers of Korea: SK Telecom (two numbers), LG Telecom, and Korea Telecom, whose mobile and
/// home lines share one number.
const CARRIERS: [u32; 4] = [9644, 18302, 17853, 4766];

/// The files of networks.
#[derive(Default)]
pub struct NetworkFiles(Vec<Reader<Vec<u8>>>);

/// Why a file of networks is not used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkFileError {
    /// It cannot be read, or is not in the MMDB format.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] maxminddb::MaxMindDbError),
    /// It was built more than a year ago, or in the future.
    #[error("was built more than a year ago, or in the future")]
    Old,
}

/// What one file says about an address.
#[derive(Default)]
struct NetworkFacts {
    system: Option<u32>,
    country: Option<String>,
}

impl NetworkFiles {
    /// Adds a file.
    ///
    /// # Errors
    /// [`NetworkFileError`]; then it is not used.
    pub fn add_file(&mut self, path: &Path) -> Result<(), NetworkFileError> {
        self.add_reader(Reader::open_readfile(path)?)
    }

    fn add_reader(&mut self, reader: Reader<Vec<u8>>) -> Result<(), NetworkFileError> {
        // The library's own check refuses sets without a description, which free ones are; so addresses
        // of all IPv4 blocks are looked up instead.
        for block in 0..=u8::MAX {
            reader.lookup(IpAddr::from([block, 0, 0, 1]))?.decode::<IgnoredAny>()?;
        }
        let built = SystemTime::UNIX_EPOCH + Duration::from_secs(reader.metadata().build_epoch);
        match SystemTime::now().duration_since(built) {
            Ok(age) if age <= OLDEST_FILE => {
                self.0.push(reader);
                Ok(())
            }
            _ => Err(NetworkFileError::Old),
        }
    }

    /// Returns how many files are used.
    #[must_use]
    pub const fn file_count(&self) -> usize {
        self.0.len()
    }

    /// Returns the kind of an address's network: an IPv4 address, or an IPv6 prefix such as
    /// `2001:db8:1:2::/64`. *Unknown* unless two files agree.
    #[must_use]
    pub fn classify_network(&self, network: &str) -> NetworkClass {
        let address = network.split('/').next().unwrap_or_default();
        let Ok(address) = address.parse::<IpAddr>() else { return NetworkClass::Unknown };
        let facts: Vec<NetworkFacts> =
            self.0.iter().map(|reader| read_facts(reader, address)).collect();
        let system = agreed_value(facts.iter().filter_map(|facts| facts.system.as_ref()));
        let country = agreed_value(facts.iter().filter_map(|facts| facts.country.as_ref()));
        match (system, country.map(String::as_str)) {
            (Some(system), _) if HOSTING.contains(system) => NetworkClass::Hosting,
            (Some(system), _) if RELAYS.contains(system) => NetworkClass::Relay,
            (Some(system), Some(HOME) | None) if CARRIERS.contains(system) => NetworkClass::Carrier,
            (_, Some(HOME)) => NetworkClass::Broadband,
            (_, Some(_)) => NetworkClass::Foreign,
            (_, None) => NetworkClass::Unknown,
        }
    }
}

/// Returns the value that all of at least two files name.
fn agreed_value<'a, T: PartialEq>(mut values: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let first = values.next()?;
    let mut others = 0;
    for value in values {
        if value != first {
            return None;
        }
        others += 1;
    }
    (others > 0).then_some(first)
}

/// Reads what a file says, in the forms that free sets of 2026 use. A record that cannot be read says
/// nothing.
fn read_facts(reader: &Reader<Vec<u8>>, address: IpAddr) -> NetworkFacts {
    let Ok(found) = reader.lookup(address) else { return NetworkFacts::default() };
    let key = PathElement::Key;
    let number = || found.decode_path::<u32>(&[key("autonomous_system_number")]).ok().flatten();
    let text = |path: &[PathElement<'_>]| found.decode_path::<String>(path).ok().flatten();
    let prefixed = || text(&[key("asn")])?.trim_start_matches("AS").parse().ok();
    NetworkFacts {
        system: number().or_else(prefixed),
        country: text(&[key("country"), key("iso_code")]).or_else(|| text(&[key("country_code")])),
    }
}

#[cfg(test)]
mod tests;
