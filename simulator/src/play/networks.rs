//! The addresses of the voters, and the file that says of what kind their networks are. The server
//! takes an address from the header of a trusted proxy, and a kind from two files in the MMDB format
//! that agree.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use domain::fraud::{NetworkClass, TraceKey};

/// A value of the data section of a file.
enum FileValue {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    EmptyList,
    Map(Vec<(&'static str, FileValue)>),
}

/// The kinds that a file can tell, each with its /48 below 2001:db8, the number of an autonomous
/// system and a country that stand for it. Networks of unknown kind have the /48 0 and no entry.
const KINDS: [(NetworkClass, u16, u32, &str); 5] = [
    (NetworkClass::Carrier, 1, 9_644, "KR"),
    (NetworkClass::Broadband, 2, 64_500, "KR"),
    (NetworkClass::Hosting, 3, 16_509, "US"),
    (NetworkClass::Relay, 4, 13_335, "US"),
    (NetworkClass::Foreign, 5, 64_501, "VN"),
];
/// Bits of a prefix in the tree.
const PREFIX_BITS: u32 = 48;

/// Gives each network of a season an address of its kind.
#[derive(Default)]
pub struct AddressPlan(BTreeMap<TraceKey, (Ipv6Addr, NetworkClass)>);

impl AddressPlan {
    /// Returns the address of a voter in this network, and its kind: the same network, the same address.
    pub fn assign_address(
        &mut self,
        network: TraceKey,
        class: NetworkClass,
    ) -> (IpAddr, NetworkClass) {
        let number = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        let kind = KINDS.iter().find(|kind| kind.0 == class).map_or(0, |kind| kind.1);
        let address = Ipv6Addr::new(0x2001, 0xdb8, kind, number, 0, 0, 0, 1);
        let (address, class) = *self.0.entry(network).or_insert((address, class));
        (IpAddr::V6(address), class)
    }
}

fn append_value(out: &mut Vec<u8>, value: &FileValue) {
    // All texts and maps here are shorter than 29, so their length is in the first byte.
    let length = |count: usize| u8::try_from(count).unwrap_or(0);
    match value {
        FileValue::Text(text) => {
            out.push((2 << 5) | length(text.len()));
            out.extend(text.as_bytes());
        }
        FileValue::Short(number) => {
            out.push((5 << 5) | 2);
            out.extend(number.to_be_bytes());
        }
        FileValue::Number(number) => {
            out.push((6 << 5) | 4);
            out.extend(number.to_be_bytes());
        }
        FileValue::Long(number) => {
            out.extend([8, 2]);
            out.extend(number.to_be_bytes());
        }
        FileValue::EmptyList => out.extend([0, 4]),
        FileValue::Map(pairs) => {
            out.push((7 << 5) | length(pairs.len()));
            for (key, value) in pairs {
                append_value(out, &FileValue::Text(key));
                append_value(out, value);
            }
        }
    }
}

/// Where a branch of the tree leads.
#[derive(Clone, Copy)]
enum TreeBranch {
    Nowhere,
    Node(usize),
    Data(usize),
}

/// Returns the tree of the prefixes, and the data that it leads to.
fn build_tree() -> (Vec<[TreeBranch; 2]>, Vec<u8>) {
    let mut data = Vec::new();
    let mut nodes = vec![[TreeBranch::Nowhere; 2]];
    for (_, kind, system, country) in KINDS {
        let bits = u128::from(Ipv6Addr::new(0x2001, 0xdb8, kind, 0, 0, 0, 0, 0));
        let mut at = 0;
        for depth in 0..PREFIX_BITS {
            let side = usize::from((bits >> (127 - depth)) & 1 == 1);
            if depth + 1 == PREFIX_BITS {
                nodes[at][side] = TreeBranch::Data(data.len());
            } else if let TreeBranch::Node(next) = nodes[at][side] {
                at = next;
            } else {
                let next = nodes.len();
                nodes.push([TreeBranch::Nowhere; 2]);
                nodes[at][side] = TreeBranch::Node(next);
                at = next;
            }
        }
        let facts = FileValue::Map(vec![
            ("autonomous_system_number", FileValue::Number(system)),
            ("country_code", FileValue::Text(country)),
        ]);
        append_value(&mut data, &facts);
    }
    (nodes, data)
}

/// Returns the file of the kinds of networks. `built` is in seconds since 1970.
#[must_use]
pub fn write_network_file(built: u64) -> Vec<u8> {
    let (nodes, data) = build_tree();
    let count = nodes.len();
    let mut file = Vec::new();
    for branch in nodes.iter().flatten() {
        let record = match *branch {
            TreeBranch::Nowhere => count,
            TreeBranch::Node(node) => node,
            TreeBranch::Data(offset) => count + 16 + offset,
        };
        file.extend(&u32::try_from(record).unwrap_or(0).to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = FileValue::Map(vec![
        ("node_count", FileValue::Number(u32::try_from(count).unwrap_or(0))),
        ("record_size", FileValue::Short(24)),
        ("ip_version", FileValue::Short(6)),
        ("database_type", FileValue::Text("simulator")),
        ("languages", FileValue::EmptyList),
        ("binary_format_major_version", FileValue::Short(2)),
        ("binary_format_minor_version", FileValue::Short(0)),
        ("build_epoch", FileValue::Long(built)),
        ("description", FileValue::Map(Vec::new())),
    ]);
    append_value(&mut file, &metadata);
    file
}

#[cfg(test)]
mod tests {
    use domain::fraud::{NetworkClass, TraceKey};

    use super::{AddressPlan, write_network_file};

    #[test]
    fn a_network_has_one_address_and_its_kind_is_in_it() {
        let mut plan = AddressPlan::default();
        let first = plan.assign_address(TraceKey(1), NetworkClass::Hosting);
        assert_eq!(first.0.to_string(), "2001:db8:3::1");
        let other = plan.assign_address(TraceKey(2), NetworkClass::Unknown);
        assert_eq!(other.0.to_string(), "2001:db8:0:1::1");
        assert_eq!(plan.assign_address(TraceKey(1), NetworkClass::Relay), first);
    }

    #[test]
    fn the_file_ends_with_its_description() {
        let file = write_network_file(1_700_000_000);
        let at = file.windows(14).position(|part| part == b"\xab\xcd\xefMaxMind.com");
        assert!(at.is_some_and(|at| at > 16));
    }
}
