//! Evidence, reasons and networks of the fraud checks as sentences.

use domain::fraud::{EvidenceFamily, NetworkClass, RulingReason, Signal};
use phrases::{Lang, fraud as say};

/// Returns the name of a kind of evidence.
pub(crate) fn family_name(lang: Lang, family: EvidenceFamily) -> &'static str {
    match family {
        EvidenceFamily::Identity => say::family_identity(lang),
        EvidenceFamily::Device => say::family_device(lang),
        EvidenceFamily::Network => say::family_network(lang),
        EvidenceFamily::Interaction => say::family_interaction(lang),
        EvidenceFamily::CodeTiming => say::family_code_timing(lang),
    }
}

/// Returns the names of the kinds of evidence in a reason of the record, such as
/// `device,code-timing`. A code that is none stays as it is.
pub(crate) fn family_names(lang: Lang, codes: &str) -> String {
    let name = |code: &str| {
        let found = EvidenceFamily::ALL.into_iter().find(|family| family.code() == code);
        found.map_or(code.to_owned(), |family| family_name(lang, family).to_owned())
    };
    codes.split(',').map(name).collect::<Vec<_>>().join(", ")
}

/// Returns what the ballots of a group share; `lens` is the detector's word for it.
pub(crate) fn shared_thing(lang: Lang, lens: &str) -> &'static str {
    match lens {
        "device" => say::shares_device(lang),
        "contact" => say::shares_contact(lang),
        "phone-hundred" => say::shares_hundred(lang),
        "phone-thousand" => say::shares_thousand(lang),
        "mail-domain" => say::shares_domain(lang),
        "network" | "network-hour" => say::shares_network(lang),
        "class-hour" | "class-day" => say::shares_class(lang),
        "disposable-hour" | "disposable-day" => say::shares_disposable(lang),
        _ => say::shares_nothing(lang),
    }
}

/// Returns the sentence of a signal.
pub(crate) fn signal_sentence(lang: Lang, signal: Signal) -> &'static str {
    match signal {
        Signal::Unverified => say::signal_unverified(lang),
        Signal::AliasContact => say::signal_alias_contact(lang),
        Signal::PhoneHundred => say::signal_phone_hundred(lang),
        Signal::PhoneThousand => say::signal_phone_thousand(lang),
        Signal::DisposableMail => say::signal_disposable_mail(lang),
        Signal::SharedDevice => say::signal_shared_device(lang),
        Signal::DeviceReuse => say::signal_device_reuse(lang),
        Signal::HostingNetwork => say::signal_hosting_network(lang),
        Signal::ForeignNetwork => say::signal_foreign_network(lang),
        Signal::OneNetwork => say::signal_one_network(lang),
        Signal::BareRequests => say::signal_bare_requests(lang),
        Signal::MissingHeaders => say::signal_missing_headers(lang),
        Signal::RushedPages => say::signal_rushed_pages(lang),
        Signal::PractisedPages => say::signal_practised_pages(lang),
        Signal::AlikePages => say::signal_alike_pages(lang),
        Signal::FastCodes => say::signal_fast_codes(lang),
        Signal::AlikeCodes => say::signal_alike_codes(lang),
        Signal::RelayedCodes => say::signal_relayed_codes(lang),
        Signal::SteadyRhythm => say::signal_steady_rhythm(lang),
        Signal::NoCode => say::signal_no_code(lang),
    }
}

/// Returns a ruling's reason without its verdict.
pub(crate) fn bare_reason(lang: Lang, reason: RulingReason) -> &'static str {
    let whole = ruling_reason(lang, reason);
    whole.split_once(": ").map_or(whole, |(_, reason)| reason)
}

/// Returns the sentence of a ruling's reason, after its verdict and a colon.
pub(crate) fn ruling_reason(lang: Lang, reason: RulingReason) -> &'static str {
    match reason {
        RulingReason::OnePerson => say::reason_one_person(lang),
        RulingReason::Program => say::reason_program(lang),
        RulingReason::CastForOthers => say::reason_cast_for_others(lang),
        RulingReason::Unverified => say::reason_unverified(lang),
        RulingReason::RealPeople => say::reason_real_people(lang),
        RulingReason::ShownOnAppeal => say::reason_shown_on_appeal(lang),
        RulingReason::TooWeak => say::reason_too_weak(lang),
    }
}

/// Returns the name of a kind of network.
pub(crate) fn network_name(lang: Lang, class: NetworkClass) -> &'static str {
    match class {
        NetworkClass::Unknown => say::class_unknown(lang),
        NetworkClass::Carrier => say::class_carrier(lang),
        NetworkClass::Broadband => say::class_broadband(lang),
        NetworkClass::Hosting => say::class_hosting(lang),
        NetworkClass::Relay => say::class_relay(lang),
        NetworkClass::Foreign => say::class_foreign(lang),
    }
}
