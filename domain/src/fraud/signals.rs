//! The signals, in the order in which they are listed to people. A new signal is one file in
//! `signals/` and one line in the list below.

use super::trace::BallotTrace;
use super::view::{GroupView, SignalWeight};
use super::{EvidenceFamily, EvidenceTerm};

/// A signal: its family, its code, and the functions that weigh it.
pub(super) struct SignalRule {
    family: EvidenceFamily,
    code: &'static str,
    weigh_group: fn(&GroupView) -> SignalWeight,
    marks_ballot: fn(&GroupView, &BallotTrace) -> bool,
}

/// Declares the signals: a variant of [`Signal`] with its sentence, and the file with its rule.
macro_rules! list_signals {
    ($($(#[$sentence:meta])+ $variant:ident in $file:ident),+ $(,)?) => {
        $(pub(super) mod $file;)+

        /// A signal. The doc comment of each is the sentence that it stands for.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum Signal { $($(#[$sentence])+ $variant),+ }

        impl Signal {
            /// All signals, in the order in which they are listed to people.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            fn signal_rule(self) -> &'static SignalRule {
                match self { $(Self::$variant => &$file::RULE),+ }
            }
        }
    };
}

list_signals! {
    /// "No verification is noted beside these ballots."
    Unverified in unverified,
    /// "One mail address, written in several ways, cast several ballots."
    AliasContact in alias_contact,
    /// "More voters have numbers in one hundred in a row than chance explains."
    PhoneHundred in phone_hundred,
    /// "More voters have numbers in one thousand in a row than chance explains."
    PhoneThousand in phone_thousand,
    /// "These voters used disposable mail addresses."
    DisposableMail in disposable_mail,
    /// "Many voters used one browser."
    SharedDevice in shared_device,
    /// "Most of these voters share a browser with at least two others of the group."
    DeviceReuse in device_reuse,
    /// "Most of these ballots came from data centres."
    HostingNetwork in hosting_network,
    /// "Most of these ballots came from abroad."
    ForeignNetwork in foreign_network,
    /// "The ballots of this one address came from one network."
    OneNetwork in one_network,
    /// "The browser neither ran the page's script nor fetched its files."
    BareRequests in bare_requests,
    /// "The requests lack headers that browsers send."
    MissingHeaders in missing_headers,
    /// "The code was asked for within seconds of the first page."
    RushedPages in rushed_pages,
    /// "The pages were passed as quickly as by people who do it all day."
    PractisedPages in practised_pages,
    /// "All took nearly the same time on the pages; people differ."
    AlikePages in alike_pages,
    /// "The codes came back faster than people type."
    FastCodes in fast_codes,
    /// "All codes came back after nearly the same time; people differ."
    AlikeCodes in alike_codes,
    /// "One browser entered many codes, each as late as if it had been read out over a telephone."
    RelayedCodes in relayed_codes,
    /// "The ballots came in a steady rhythm, like those of a program or of one person at work."
    SteadyRhythm in steady_rhythm,
    /// "No code came back for these ballots."
    NoCode in no_code,
}

impl Signal {
    /// Returns the family that the signal belongs to.
    #[must_use]
    pub fn family(self) -> EvidenceFamily {
        self.signal_rule().family
    }

    /// Returns the reason code of the record: `[a-z0-9-]`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.signal_rule().code
    }

    /// Weighs the signal in a group; `None` if it says nothing.
    pub(super) fn weigh_signal(self, view: &GroupView) -> Option<EvidenceTerm> {
        let weight = (self.signal_rule().weigh_group)(view);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (weight.points > 0).then(|| EvidenceTerm {
            signal: self,
            points: weight.points,
            count: number(weight.count),
            of: number(weight.of),
        })
    }

    /// True if this ballot of a group shows the signal.
    pub(super) fn marks_ballot(self, view: &GroupView, trace: &BallotTrace) -> bool {
        (self.signal_rule().marks_ballot)(view, trace)
    }
}

/// For signals of a whole group.
fn marks_everyone(_: &GroupView, _: &BallotTrace) -> bool {
    true
}
