//! What the detector knows about a ballot: its trace. A trace has no picks, no contact and no
//! address, only keyed hashes, classes and seconds.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::BallotId;

/// A keyed hash of something about a ballot: it compares within one poll and means nothing
/// elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceKey(pub u64);

impl Serialize for TraceKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for TraceKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = is_hex.then(|| u64::from_str_radix(&text, 16).ok()).flatten();
        value.map(Self).ok_or_else(|| de::Error::custom("a trace key has 16 hexadecimal digits"))
    }
}

/// How the voter was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceChannel {
    /// A code by mail.
    Email,
    /// A code by text message.
    Sms,
    /// A sign-in at a provider.
    Oidc,
    /// A name or code of a roll.
    Roll,
    /// A registered shared machine. Its device cookie weighs nothing.
    Kiosk,
}

/// What kind of network an address belongs to.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NetworkClass {
    /// Not known, for example because no file of networks was given. Weighs nothing.
    #[default]
    Unknown,
    /// A mobile carrier: thousands of people behind one address.
    Carrier,
    /// Lines of homes, offices and schools.
    Broadband,
    /// A data centre.
    Hosting,
    /// A privacy relay or VPN. Its users are people.
    Relay,
    /// A line in another country.
    Foreign,
}

/// What kind of mail domain an address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailDomainKind {
    /// A large provider on the allow list.
    Large,
    /// Any other domain: companies, universities, people's own.
    Other,
    /// A domain on a list of disposable mail.
    Disposable,
}

/// Everything that the detector knows about a ballot. The claims of a browser may be lies.
#[expect(clippy::struct_excessive_bools, reason = "five separate facts, all in the wire format")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotTrace {
    /// The ballot.
    pub ballot: BallotId,
    /// When the server admitted the ballot, in milliseconds since 1970, UTC.
    pub cast_at: i64,
    /// How the voter was verified.
    pub channel: TraceChannel,
    /// False: the ballot is stored, but no verification was noted beside it. It was written past
    /// the program.
    pub verified: bool,
    /// The cookie of the browser.
    #[serde(default)]
    pub device: Option<TraceKey>,
    /// The IPv4 address or the IPv6 /64.
    #[serde(default)]
    pub network: Option<TraceKey>,
    /// The class of that network.
    #[serde(default)]
    pub network_class: NetworkClass,
    /// The phone number without its last two digits.
    #[serde(default)]
    pub phone_hundred: Option<TraceKey>,
    /// The phone number without its last three digits.
    #[serde(default)]
    pub phone_thousand: Option<TraceKey>,
    /// The registrable domain of the mail address.
    #[serde(default)]
    pub mail_domain: Option<TraceKey>,
    /// The kind of that domain.
    #[serde(default)]
    pub mail_domain_kind: Option<MailDomainKind>,
    /// The address without aliases: no `+tag`, no dots where the provider ignores them.
    #[serde(default)]
    pub folded_contact: Option<TraceKey>,
    /// Seconds from the first page of this vote to the request for a code.
    #[serde(default)]
    pub page_seconds: Option<u32>,
    /// Seconds from the sending of the code to its return.
    #[serde(default)]
    pub code_seconds: Option<u32>,
    /// Seconds from the check page to the ballot.
    #[serde(default)]
    pub check_seconds: Option<u32>,
    /// The script of the page ran. A claim of the browser.
    #[serde(default)]
    pub script_ran: bool,
    /// The styles or fonts of the page were fetched.
    #[serde(default)]
    pub assets_fetched: bool,
    /// `Sec-Fetch-*` headers came.
    #[serde(default)]
    pub fetch_headers: bool,
    /// `Accept-Language` came.
    #[serde(default)]
    pub language_header: bool,
}
