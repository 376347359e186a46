//! How ballots are gathered into groups. A lens gathers; it is not evidence by itself. The lenses
//! of an hour or a day bring ballots of one kind together that share nothing else; that many came
//! at once adds no points.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::trace::{BallotTrace, MailDomainKind, NetworkClass, TraceChannel};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What the ballots of a group share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Lens {
    Device,
    FoldedContact,
    PhoneHundred,
    PhoneThousand,
    MailDomain,
    Network,
    NetworkHour,
    ClassHour,
    ClassDay,
    DisposableHour,
    DisposableDay,
    Unverified,
}

/// All lenses, in the order of their discriminants.
pub(super) const LENSES: [Lens; 12] = [
    Lens::Device,
    Lens::FoldedContact,
    Lens::PhoneHundred,
    Lens::PhoneThousand,
    Lens::MailDomain,
    Lens::Network,
    Lens::NetworkHour,
    Lens::ClassHour,
    Lens::ClassDay,
    Lens::DisposableHour,
    Lens::DisposableDay,
    Lens::Unverified,
];

impl Lens {
    /// Returns the first part of a group's key.
    fn lens_name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::FoldedContact => "contact",
            Self::PhoneHundred => "phone-hundred",
            Self::PhoneThousand => "phone-thousand",
            Self::MailDomain => "mail-domain",
            Self::Network => "network",
            Self::NetworkHour => "network-hour",
            Self::ClassHour => "class-hour",
            Self::ClassDay => "class-day",
            Self::DisposableHour => "disposable-hour",
            Self::DisposableDay => "disposable-day",
            Self::Unverified => "unverified",
        }
    }

    /// True if the lens brings together all ballots of a kind within an hour or a day.
    pub(super) fn is_pool(self) -> bool {
        matches!(
            self,
            Self::ClassHour | Self::ClassDay | Self::DisposableHour | Self::DisposableDay
        )
    }

    /// True if the ballots of a group share an address.
    pub(super) fn is_network(self) -> bool {
        matches!(self, Self::Network | Self::NetworkHour)
    }

    /// True if the lens brings all ballots with disposable mail together.
    pub(super) fn is_disposable(self) -> bool {
        matches!(self, Self::DisposableHour | Self::DisposableDay)
    }

    /// Returns the group of a ballot, or `None` if this lens does not gather it.
    pub(super) fn group_of(self, trace: &BallotTrace) -> Option<u64> {
        let key = |key: Option<super::trace::TraceKey>| key.map(|key| key.0);
        match self {
            Self::Device if trace.channel == TraceChannel::Kiosk => None,
            Self::Device => key(trace.device),
            Self::FoldedContact => key(trace.folded_contact),
            Self::PhoneHundred => key(trace.phone_hundred),
            Self::PhoneThousand => key(trace.phone_thousand),
            Self::MailDomain if trace.mail_domain_kind == Some(MailDomainKind::Large) => None,
            Self::MailDomain => key(trace.mail_domain),
            Self::Network => key(trace.network),
            Self::NetworkHour => network_hour(trace),
            Self::ClassHour => class_period(trace, HOUR),
            Self::ClassDay => class_period(trace, DAY),
            Self::DisposableHour => disposable_period(trace, HOUR),
            Self::DisposableDay => disposable_period(trace, DAY),
            Self::Unverified => (!trace.verified).then_some(0),
        }
    }
}

fn count_periods(trace: &BallotTrace, period: i64) -> u64 {
    trace.cast_at.div_euclid(period).cast_unsigned()
}

/// An hour of an address that may have thousands of people behind it. In the whole group a program
/// would be hidden until it has cast a large part of the ballots.
fn network_hour(trace: &BallotTrace) -> Option<u64> {
    let crowded = matches!(
        trace.network_class,
        NetworkClass::Unknown | NetworkClass::Carrier | NetworkClass::Relay
    );
    let hour = count_periods(trace, HOUR).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    trace.network.filter(|_| crowded).map(|key| key.0 ^ hour)
}

fn class_period(trace: &BallotTrace, period: i64) -> Option<u64> {
    let class = match trace.network_class {
        NetworkClass::Hosting => 1,
        NetworkClass::Relay => 2,
        NetworkClass::Foreign => 3,
        NetworkClass::Unknown | NetworkClass::Carrier | NetworkClass::Broadband => return None,
    };
    Some((count_periods(trace, period) << 2) | class)
}

fn disposable_period(trace: &BallotTrace, period: i64) -> Option<u64> {
    let disposable = trace.mail_domain_kind == Some(MailDomainKind::Disposable);
    disposable.then(|| count_periods(trace, period))
}

/// The name of a group, such as `device:00000000000000ff`: the same for the same ballots, whatever
/// the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupKey(String);

impl GroupKey {
    pub(super) fn for_group(lens: Lens, group: u64) -> Self {
        Self(format!("{}:{group:016x}", lens.lens_name()))
    }

    /// Returns the text.
    #[must_use]
    pub fn key_text(&self) -> &str {
        &self.0
    }

    /// Returns the name of the trait by which the ballots were grouped, without what they share.
    #[must_use]
    pub fn lens_text(&self) -> &str {
        self.0.split_once(':').map_or("", |(lens, _)| lens)
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
