//! Each signal, weighed alone: what shows it, and what nearly does.

use super::sample::{START, by_mail, person, plain};
use crate::fraud::chance::{binary_logarithm, density_points, narrow_points, share_points};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::{FAMILY_MARK, HEADERS_CAP};
use crate::fraud::view::GroupView;
use crate::fraud::{
    BallotTrace, EvidenceFamily, MailDomainKind, NetworkClass, Signal, TraceChannel, TraceKey,
};
use crate::record::entry::HoldReasons;
use crate::record::words::RecordSlug;

/// Points of a signal in a group in which voter `number` looks as `alter` makes them.
fn points_of(
    signal: Signal,
    lens: Lens,
    count: u64,
    alter: fn(u64, BallotTrace) -> BallotTrace,
) -> u32 {
    let traces: Vec<BallotTrace> = (0..count).map(|number| alter(number, person(number))).collect();
    let view = GroupView::from_members(lens, traces.iter().collect(), 1 << 15);
    signal.weigh_signal(&view).map_or(0, |term| {
        assert!(term.count <= term.of, "{term:?}");
        term.points
    })
}

type Alter = fn(u64, BallotTrace) -> BallotTrace;

/// Groups in which the signal reaches the mark of its family.
const SHOWN: [(Signal, Lens, u64, Alter); 20] = [
    (Signal::Unverified, Lens::Unverified, 1, |_, t| BallotTrace { verified: false, ..t }),
    (Signal::AliasContact, Lens::FoldedContact, 3, |_, t| t),
    (Signal::PhoneHundred, Lens::PhoneHundred, 12, |_, t| t),
    (Signal::PhoneThousand, Lens::PhoneThousand, 25, |_, t| t),
    (Signal::DisposableMail, Lens::MailDomain, 10, |_, t| {
        by_mail(t, 1, MailDomainKind::Disposable)
    }),
    (Signal::SharedDevice, Lens::Device, 11, |_, t| t),
    (Signal::DeviceReuse, Lens::ClassHour, 12, |number, t| BallotTrace {
        device: Some(TraceKey(number / 4)),
        ..t
    }),
    (Signal::HostingNetwork, Lens::MailDomain, 8, |_, t| BallotTrace {
        network_class: NetworkClass::Hosting,
        ..t
    }),
    (Signal::ForeignNetwork, Lens::MailDomain, 8, |_, t| BallotTrace {
        network_class: NetworkClass::Foreign,
        ..t
    }),
    (Signal::OneNetwork, Lens::FoldedContact, 8, |_, t| BallotTrace {
        network: Some(TraceKey(1)),
        ..t
    }),
    (Signal::BareRequests, Lens::Network, 8, |_, t| BallotTrace {
        script_ran: false,
        assets_fetched: false,
        ..t
    }),
    (Signal::MissingHeaders, Lens::Network, 8, |_, t| BallotTrace { fetch_headers: false, ..t }),
    (Signal::RushedPages, Lens::Network, 8, |_, t| BallotTrace { page_seconds: Some(12), ..t }),
    (Signal::PractisedPages, Lens::Network, 30, |_, t| BallotTrace { page_seconds: Some(25), ..t }),
    (Signal::AlikePages, Lens::Network, 25, |_, t| BallotTrace { page_seconds: Some(80), ..t }),
    (Signal::FastCodes, Lens::Network, 8, |_, t| BallotTrace { code_seconds: Some(4), ..t }),
    (Signal::AlikeCodes, Lens::Network, 25, |_, t| BallotTrace { code_seconds: Some(12), ..t }),
    (Signal::RelayedCodes, Lens::Device, 20, |_, t| BallotTrace { code_seconds: Some(30), ..t }),
    (Signal::SteadyRhythm, Lens::Network, 25, |number, t| BallotTrace {
        cast_at: START + i64::try_from(number).unwrap() * 60_000,
        ..t
    }),
    (Signal::NoCode, Lens::Unverified, 1, |_, t| BallotTrace { verified: false, ..t }),
];

/// Groups that look nearly so: the signal says nothing, or stays below the mark.
const NOT_SHOWN: [(Signal, Lens, u64, Alter); 30] = [
    (Signal::Unverified, Lens::Network, 9, |_, t| BallotTrace { verified: false, ..t }),
    (Signal::AliasContact, Lens::FoldedContact, 2, |_, t| t),
    (Signal::AliasContact, Lens::MailDomain, 99, |_, t| t),
    (Signal::PhoneHundred, Lens::PhoneHundred, 4, |_, t| t),
    (Signal::PhoneThousand, Lens::PhoneThousand, 8, |_, t| t),
    (Signal::PhoneThousand, Lens::Network, 99, |_, t| t),
    (Signal::DisposableMail, Lens::MailDomain, 9, |_, t| by_mail(t, 1, MailDomainKind::Disposable)),
    (Signal::DisposableMail, Lens::Network, 99, |_, t| by_mail(t, 1, MailDomainKind::Disposable)),
    (Signal::SharedDevice, Lens::Device, 10, |_, t| t),
    (Signal::SharedDevice, Lens::Network, 99, |_, t| t),
    (Signal::DeviceReuse, Lens::ClassHour, 40, |number, t| BallotTrace {
        device: Some(TraceKey(number / 2)),
        ..t
    }),
    // A school's machines share cookie and network.
    (Signal::DeviceReuse, Lens::Network, 61, |_, t| BallotTrace { device: Some(TraceKey(1)), ..t }),
    (Signal::DeviceReuse, Lens::ClassHour, 40, |_, t| BallotTrace {
        device: Some(TraceKey(1)),
        channel: TraceChannel::Kiosk,
        ..t
    }),
    (Signal::HostingNetwork, Lens::Network, 40, |_, t| BallotTrace {
        network_class: NetworkClass::Hosting,
        ..t
    }),
    (Signal::HostingNetwork, Lens::MailDomain, 40, |_, t| BallotTrace {
        network_class: NetworkClass::Unknown,
        ..t
    }),
    (Signal::ForeignNetwork, Lens::MailDomain, 40, |_, t| BallotTrace {
        network_class: NetworkClass::Relay,
        ..t
    }),
    (Signal::OneNetwork, Lens::FoldedContact, 40, |_, t| BallotTrace {
        network: Some(TraceKey(1)),
        network_class: NetworkClass::Carrier,
        ..t
    }),
    (Signal::BareRequests, Lens::Network, 40, |_, t| BallotTrace { script_ran: false, ..t }),
    (Signal::MissingHeaders, Lens::Network, 400, |_, t| BallotTrace { fetch_headers: false, ..t }),
    (Signal::PractisedPages, Lens::DisposableDay, 99, |_, t| BallotTrace {
        page_seconds: Some(20),
        ..t
    }),
    // The ballots of a pool share nothing, so that nearly equal times tell nothing about one of them.
    (Signal::AlikeCodes, Lens::ClassDay, 99, |_, t| BallotTrace { code_seconds: Some(12), ..t }),
    (Signal::AlikePages, Lens::ClassHour, 99, |_, t| BallotTrace { page_seconds: Some(80), ..t }),
    (Signal::SteadyRhythm, Lens::ClassDay, 25, |number, t| BallotTrace {
        cast_at: START + i64::try_from(number).unwrap() * 60_000,
        ..t
    }),
    (Signal::RushedPages, Lens::Network, 40, |_, t| BallotTrace { page_seconds: Some(13), ..t }),
    (Signal::PractisedPages, Lens::Network, 40, |_, t| BallotTrace { page_seconds: None, ..t }),
    (Signal::AlikePages, Lens::Network, 19, |_, t| BallotTrace { page_seconds: Some(80), ..t }),
    (Signal::FastCodes, Lens::Network, 40, |_, t| BallotTrace { code_seconds: Some(5), ..t }),
    (Signal::AlikeCodes, Lens::Network, 40, |_, t| t),
    (Signal::RelayedCodes, Lens::Network, 40, |_, t| BallotTrace { code_seconds: Some(60), ..t }),
    // A burst: a tick a millisecond is no rhythm.
    (Signal::SteadyRhythm, Lens::Network, 99, |number, t| BallotTrace {
        cast_at: START + i64::try_from(number).unwrap(),
        ..t
    }),
];

#[test]
fn each_signal_is_seen_where_it_is() {
    let all: Vec<Signal> = SHOWN.iter().map(|case| case.0).collect();
    assert_eq!(all, Signal::ALL);
    for (signal, lens, count, alter) in SHOWN {
        let points = points_of(signal, lens, count, alter);
        // Old browsers are the habit of a whole office, so they are never a family by themselves.
        let least = if signal == Signal::MissingHeaders { HEADERS_CAP } else { FAMILY_MARK };
        assert!(points >= least, "{signal:?} of {count}: {points}");
    }
}

#[test]
fn each_signal_is_silent_where_it_is_not() {
    for (signal, lens, count, alter) in NOT_SHOWN {
        let points = points_of(signal, lens, count, alter);
        assert!(points < FAMILY_MARK, "{signal:?} of {count}: {points}");
    }
}

#[test]
fn people_show_no_signal_of_pages_codes_and_networks() {
    for signal in Signal::ALL {
        let points = points_of(*signal, Lens::Network, 400, |_, trace| trace);
        assert!(points < FAMILY_MARK, "{signal:?}: {points}");
    }
}

#[test]
fn unknown_values_weigh_nothing() {
    let traces: Vec<BallotTrace> = (0..99).map(plain).collect();
    let view = GroupView::from_members(Lens::Network, traces.iter().collect(), 1);
    for signal in Signal::ALL {
        let term = signal.weigh_signal(&view);
        assert!(term.is_none_or(|term| term.points < FAMILY_MARK), "{signal:?}");
    }
}

#[test]
fn codes_are_slugs_of_the_record_and_differ() {
    let codes: Vec<&str> = Signal::ALL.iter().map(|signal| signal.code()).collect();
    for (signal, code) in Signal::ALL.iter().zip(&codes) {
        let slug: RecordSlug = code.parse().unwrap();
        assert!(HoldReasons::from_codes(vec![slug]).is_some());
        assert_eq!(serde_json::to_string(signal).unwrap(), format!("\"{code}\""));
        assert_eq!(codes.iter().filter(|other| other == &code).count(), 1);
    }
    for family in EvidenceFamily::ALL {
        assert!(Signal::ALL.iter().any(|signal| signal.family() == family), "{family:?}");
    }
}

#[test]
fn points_are_tenths_of_a_decibel() {
    assert_eq!(binary_logarithm(0), 0);
    for (value, logarithm) in
        [(1, 0), (2, 65_536), (10, 217_706), (1_000_000, 1_306_235), (u64::MAX, 4_194_304)]
    {
        let off = binary_logarithm(value) - logarithm;
        assert!(off.abs() <= 2, "{value}: {off}");
    }
    // Ten of ten, each with one chance in ten: 100 dB.
    assert!(share_points(10, 10, 100).abs_diff(1000) <= 1);
    assert_eq!(share_points(1, 10, 100), 0);
    assert_eq!(share_points(0, 0, 100), 0);
    // Five where one is expected: 5 ln 5 − 4 nepers, 17.6 dB.
    assert!(density_points(5, 1_000_000).abs_diff(175) <= 1);
    assert_eq!(density_points(1, 2_000_000), 0);
    // More alike, or more values: more points.
    let spread = |step: i64, count: i64| -> u32 {
        narrow_points(&(0..count).map(|at| (at % 5) * step).collect::<Vec<_>>(), 349_000)
    };
    assert_eq!(spread(65_536, 40), 0);
    assert!(spread(10_000, 40) < spread(2_000, 40) && spread(2_000, 40) < spread(2_000, 80));
    assert_eq!(narrow_points(&[], 349_000), 0);
    assert_eq!(narrow_points(&[7], 349_000), 0);
}
