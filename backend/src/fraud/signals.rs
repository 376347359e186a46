//! What is noted about a verification and about a ballot, in the least form that serves: keyed hashes
//! under the key of the poll, classes and seconds. No contact, no address and no header is kept.

use domain::fraud::{MailDomainKind, NetworkClass, TraceChannel, TraceKey};
use domain::ids::{EditionId, PollId};
use serde::{Deserialize, Serialize};

use crate::keys::EditionKey;
use crate::voting::Contact;
use crate::{Backend, Error, Result};

/// What a verification tells. It waits with its code under the edition's key. The voter's session in
/// each poll keeps it under the poll's ([`Self::for_poll`]), and it goes into the trace of the ballot
/// that the session casts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProofSignals {
    pub(crate) channel: TraceChannel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone_hundred: Option<TraceKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone_thousand: Option<TraceKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mail_domain: Option<TraceKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mail_domain_kind: Option<MailDomainKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) folded_contact: Option<TraceKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code_seconds: Option<u32>,
}

impl ProofSignals {
    /// A verification of which nothing but its kind is noted.
    pub(crate) const fn of_channel(channel: TraceChannel) -> Self {
        Self {
            channel,
            phone_hundred: None,
            phone_thousand: None,
            mail_domain: None,
            mail_domain_kind: None,
            folded_contact: None,
            page_seconds: None,
            code_seconds: None,
        }
    }

    /// Adds how long ago the code was sent. `sent_at` is in seconds since 1970.
    pub(crate) fn with_code_since(self, sent_at: i64) -> Self {
        let seconds = (chrono::Utc::now().timestamp() - sent_at).max(0);
        Self { code_seconds: u32::try_from(seconds).ok(), ..self }
    }

    /// Returns the signals with hashes that compare within one poll alone, so that the traces of two
    /// polls do not show whose ballots are one person's.
    pub(crate) fn for_poll(&self, key: &EditionKey, poll: PollId) -> Self {
        let hash = |of_edition: Option<TraceKey>| {
            of_edition.map(|TraceKey(hash)| hash_for_poll(key, poll, "proof", &hash.to_be_bytes()))
        };
        Self {
            phone_hundred: hash(self.phone_hundred),
            phone_thousand: hash(self.phone_thousand),
            mail_domain: hash(self.mail_domain),
            folded_contact: hash(self.folded_contact),
            ..self.clone()
        }
    }

    /// Writes the signals as they are stored.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|_| Error::Internal("signals that cannot be written"))
    }
}

/// What the request of a ballot tells, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "separate facts, all in the stored form")]
pub(crate) struct RequestSignals {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) kiosk: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<TraceKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<TraceKey>,
    pub(crate) network_class: NetworkClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) check_seconds: Option<u32>,
    pub(crate) script_ran: bool,
    pub(crate) assets_fetched: bool,
    pub(crate) fetch_headers: bool,
    pub(crate) language_header: bool,
}

/// What is known about the request of a ballot. All but the network is a claim of the browser.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "separate facts about one request")]
pub struct RequestClaims<'a> {
    /// The secret by which the browser is known in this edition. May be empty.
    pub device: &'a str,
    /// The client's network: an IPv4 address or an IPv6 /64. Not kept.
    pub network: &'a str,
    /// Whether the browser is a registered shared machine.
    pub kiosk: bool,
    /// How long ago the page with the picks was shown, in seconds.
    pub check_seconds: Option<u32>,
    /// Whether the page's script ran.
    pub script_ran: bool,
    /// Whether a picture of the page was fetched.
    pub assets_fetched: bool,
    /// Whether `Sec-Fetch-*` headers came.
    pub fetch_headers: bool,
    /// Whether `Accept-Language` came.
    pub language_header: bool,
}

impl Backend {
    /// Returns what is kept about the request of a ballot, as JSON.
    pub(crate) fn request_signals(
        &self,
        (edition, poll): (EditionId, PollId),
        claims: &RequestClaims<'_>,
    ) -> Result<Vec<u8>> {
        let key = self.keys.edition_key(edition)?;
        let hash = |kind: &str, value: &str| {
            (!value.is_empty()).then(|| hash_for_poll(&key, poll, kind, value.as_bytes()))
        };
        // The network of a kiosk would say which one it is, and people who vote there are seen.
        let network = if claims.kiosk { "" } else { claims.network };
        let signals = RequestSignals {
            kiosk: claims.kiosk,
            device: hash("device", claims.device),
            network: hash("network", network),
            network_class: self.networks.classify_network(network),
            check_seconds: claims.check_seconds,
            script_ran: claims.script_ran,
            assets_fetched: claims.assets_fetched,
            fetch_headers: claims.fetch_headers,
            language_header: claims.language_header,
        };
        serde_json::to_vec(&signals).map_err(|_| Error::Internal("signals that cannot be written"))
    }

    /// Returns what is kept about the contact that a code goes to, under the edition's key: the code
    /// may open sessions in several polls.
    pub(crate) fn contact_signals(
        &self,
        edition: EditionId,
        contact: &Contact,
        page_seconds: Option<u32>,
    ) -> Result<ProofSignals> {
        let key = self.keys.edition_key(edition)?;
        let hash = |kind: &str, value: &str| {
            let mac = key.compute_mac("trace", &[kind.as_bytes(), value.as_bytes()]);
            (!value.is_empty()).then(|| first_bytes(&mac))
        };
        match contact {
            Contact::Mobile(mobile) => {
                let digits = mobile.canonical_number();
                let without = |last: usize| digits.get(..digits.len().saturating_sub(last));
                Ok(ProofSignals {
                    phone_hundred: hash("phone-100", without(2).unwrap_or_default()),
                    phone_thousand: hash("phone-1000", without(3).unwrap_or_default()),
                    page_seconds,
                    ..ProofSignals::of_channel(TraceChannel::Sms)
                })
            }
            Contact::Email(email) => {
                let domain = crate::voting::describe_mail_domain(email);
                Ok(ProofSignals {
                    mail_domain: hash("domain", &domain.name),
                    mail_domain_kind: Some(domain.kind),
                    folded_contact: hash("contact", &email.folded_address()),
                    page_seconds,
                    ..ProofSignals::of_channel(TraceChannel::Email)
                })
            }
        }
    }
}

/// Hashes something about a ballot under the key of its poll, which is made of the edition's key and
/// dies with it on the erase day.
fn hash_for_poll(key: &EditionKey, poll: PollId, kind: &str, value: &[u8]) -> TraceKey {
    first_bytes(&key.compute_mac("trace-of-poll", &[poll.0.as_bytes(), kind.as_bytes(), value]))
}

fn first_bytes(mac: &[u8; 32]) -> TraceKey {
    let mut first = [0; 8];
    first.copy_from_slice(&mac[..8]);
    TraceKey(u64::from_be_bytes(first))
}
