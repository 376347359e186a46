//! Compares what was played with the traces that the server stored. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::fraud::{BallotTrace, TraceKey};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::browser::SecondsRange;
use super::voting::CastBallot;

/// Builds a trace from what is stored of it: what the verification told and what the request told,
/// each as JSON. An unknown field is an error, because then the detector sees more than is compared.
///
/// # Errors
/// What can't be read, as a sentence.
pub fn build_stored_trace(
    ballot: Uuid,
    cast_at: Option<DateTime<Utc>>,
    (proof, request): (Option<&[u8]>, Option<&[u8]>),
) -> Result<BallotTrace, String> {
    let read = |bytes: Option<&[u8]>| -> Result<Map<String, Value>, String> {
        let bytes = bytes.ok_or("a ballot has no trace")?;
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    };
    let mut fields = read(request)?;
    fields.extend(read(proof)?);
    if fields.remove("kiosk").is_some() {
        return Err("a trace says that the browser is a kiosk".to_owned());
    }
    let moment = cast_at.ok_or("a ballot has no moment")?.timestamp_millis();
    fields.insert("ballot".to_owned(), Value::from(ballot.to_string()));
    fields.insert("cast_at".to_owned(), Value::from(moment));
    fields.insert("verified".to_owned(), Value::Bool(true));
    serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
}

/// Which key of the server stands for which key of the season.
#[derive(Default)]
struct KeyPairs {
    stored: BTreeMap<TraceKey, TraceKey>,
    planned: BTreeMap<TraceKey, TraceKey>,
}

impl KeyPairs {
    /// Whether the same thing always has the same key, and different things different keys.
    fn is_same_thing(&mut self, planned: Option<TraceKey>, stored: Option<TraceKey>) -> bool {
        match (planned, stored) {
            (None, None) => true,
            (Some(planned), Some(stored)) => {
                *self.stored.entry(planned).or_insert(stored) == stored
                    && *self.planned.entry(stored).or_insert(planned) == planned
            }
            _ => false,
        }
    }
}

/// Compares traces one by one, and remembers the keys of those before.
#[derive(Default)]
pub struct TraceComparison {
    devices: KeyPairs,
    networks: KeyPairs,
    hundreds: KeyPairs,
    thousands: KeyPairs,
    domains: KeyPairs,
    contacts: KeyPairs,
    /// How many seconds a stored wait differs from the planned one at most.
    pub largest_delay: u32,
}

impl TraceComparison {
    /// Returns the names of the facts in which a stored trace differs from what was played.
    pub fn find_differences(
        &mut self,
        planned: &BallotTrace,
        cast: &CastBallot,
        stored: &BallotTrace,
    ) -> Vec<&'static str> {
        let mut compare_keys = |pairs: fn(&mut Self) -> &mut KeyPairs, key: KeyOf| {
            pairs(self).is_same_thing(key(planned), key(stored))
        };
        let facts = [
            ("browser", compare_keys(|it| &mut it.devices, |trace| trace.device)),
            ("network", compare_keys(|it| &mut it.networks, |trace| trace.network)),
            ("hundred of numbers", compare_keys(|it| &mut it.hundreds, |it| it.phone_hundred)),
            ("thousand of numbers", compare_keys(|it| &mut it.thousands, |it| it.phone_thousand)),
            ("mail domain", compare_keys(|it| &mut it.domains, |trace| trace.mail_domain)),
            ("mailbox", compare_keys(|it| &mut it.contacts, |trace| trace.folded_contact)),
            ("channel", planned.channel == stored.channel),
            ("kind of network", planned.network_class == stored.network_class),
            ("kind of mail domain", planned.mail_domain_kind == stored.mail_domain_kind),
            ("script", planned.script_ran == stored.script_ran),
            ("files", planned.assets_fetched == stored.assets_fetched),
            ("fetch headers", planned.fetch_headers == stored.fetch_headers),
            ("language", planned.language_header == stored.language_header),
            ("page seconds", self.fits_wait(planned.page_seconds, cast.page, stored.page_seconds)),
            ("code seconds", self.fits_wait(planned.code_seconds, cast.code, stored.code_seconds)),
            (
                "check seconds",
                self.fits_wait(planned.check_seconds, cast.check, stored.check_seconds),
            ),
        ];
        facts.into_iter().filter(|fact| !fact.1).map(|fact| fact.0).collect()
    }

    /// Whether stored seconds are what the browser measured around them, and not less than planned.
    fn fits_wait(&mut self, planned: Option<u32>, seen: SecondsRange, stored: Option<u32>) -> bool {
        match (planned, stored) {
            (None, None) => true,
            (Some(planned), Some(stored)) => {
                self.largest_delay = self.largest_delay.max(stored.abs_diff(planned));
                let range = seen.least..=seen.most;
                stored >= planned && range.contains(&u64::from(stored))
            }
            _ => false,
        }
    }
}

type KeyOf = fn(&BallotTrace) -> Option<TraceKey>;

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::fraud::{BallotTrace, TraceKey};
    use uuid::Uuid;

    use super::{TraceComparison, build_stored_trace};
    use crate::fraud::stage::Stage;
    use crate::play::browser::SecondsRange;
    use crate::play::voting::CastBallot;

    type Change = fn(&mut BallotTrace);

    fn around(seconds: Option<u32>) -> SecondsRange {
        let least = u64::from(seconds.unwrap_or(0));
        SecondsRange { least, most: least + 1 }
    }

    fn cast(trace: &BallotTrace) -> CastBallot {
        let [page, code, check] =
            [trace.page_seconds, trace.code_seconds, trace.check_seconds].map(around);
        CastBallot { key: Uuid::nil(), page, code, check }
    }

    /// Returns the trace as a server stores it: the same things under other keys.
    fn stored(trace: &BallotTrace) -> BallotTrace {
        let other = |key: Option<TraceKey>| key.map(|key| TraceKey(!key.0));
        BallotTrace {
            device: other(trace.device),
            network: other(trace.network),
            phone_hundred: other(trace.phone_hundred),
            phone_thousand: other(trace.phone_thousand),
            mail_domain: other(trace.mail_domain),
            folded_contact: other(trace.folded_contact),
            ..trace.clone()
        }
    }

    fn two_people() -> (BallotTrace, BallotTrace) {
        let mut stage = Stage::from_seed(4);
        let mut one = stage.draw_person(0);
        one.device = Some(TraceKey(1));
        let other = BallotTrace { device: Some(TraceKey(2)), ..one.clone() };
        (one, other)
    }

    #[test]
    fn the_same_facts_under_other_keys_are_the_same_trace() {
        let (one, other) = two_people();
        let mut comparison = TraceComparison::default();
        for trace in [&one, &other, &one] {
            let found = comparison.find_differences(trace, &cast(trace), &stored(trace));
            assert!(found.is_empty(), "{found:?}");
        }
    }

    #[test]
    fn two_browsers_under_one_key_or_one_under_two_are_found() {
        let (one, other) = two_people();
        let mut comparison = TraceComparison::default();
        comparison.find_differences(&one, &cast(&one), &stored(&one));
        assert_eq!(comparison.find_differences(&other, &cast(&other), &stored(&one)), ["browser"]);
        assert_eq!(comparison.find_differences(&one, &cast(&one), &stored(&other)), ["browser"]);
    }

    #[test]
    fn each_fact_that_is_not_as_played_is_named() {
        let (one, _) = two_people();
        let lies: [(&str, Change); 7] = [
            ("script", |trace| trace.script_ran ^= true),
            ("files", |trace| trace.assets_fetched ^= true),
            ("fetch headers", |trace| trace.fetch_headers ^= true),
            ("language", |trace| trace.language_header ^= true),
            ("network", |trace| trace.network = None),
            ("page seconds", |trace| trace.page_seconds = None),
            ("code seconds", |trace| trace.code_seconds = trace.code_seconds.map(|it| it + 2)),
        ];
        for (name, lie) in lies {
            let mut wrong = stored(&one);
            lie(&mut wrong);
            let found = TraceComparison::default().find_differences(&one, &cast(&one), &wrong);
            assert_eq!(found, [name]);
        }
    }

    #[test]
    fn a_stored_trace_is_read_whole_or_not_at_all() {
        let moment = DateTime::from_timestamp(1_790_553_600, 0);
        let proof = br#"{"channel":"sms","phone_hundred":"0000000000000002","code_seconds":12}"#;
        let request = br#"{"network_class":"carrier","script_ran":true,"assets_fetched":false,
            "fetch_headers":true,"language_header":true,"device":"00000000000000ff"}"#;
        let read = |proof: &[u8], request: &[u8]| {
            build_stored_trace(Uuid::nil(), moment, (Some(proof), Some(request)))
        };
        let trace = read(proof, request).unwrap();
        assert_eq!((trace.device, trace.code_seconds), (Some(TraceKey(255)), Some(12)));
        assert_eq!(trace.cast_at, 1_790_553_600_000);
        assert!(read(proof, br#"{"picks":[1]}"#).is_err());
        assert!(build_stored_trace(Uuid::nil(), moment, (None, Some(request))).is_err());
    }
}
