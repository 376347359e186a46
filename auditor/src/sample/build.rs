//! Builds an honest record by a plan. Everything in it comes from the plan's seed.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, SheetId};
use domain::record::cvr::{write_cvr_table, write_openings_table};
use domain::record::entry::{HoldReasons, LogEntry, Verdict};
use domain::record::receipt::{BallotKey, Opening};
use domain::record::tree::Hash;
use domain::record::words::{RecordSlug, UtcDay, UtcSecond};
use domain::result::{ResultDocument, ResultEdition, ResultInput};
use domain::rulebook::{PicksRule, PollRules, Rulebook, SealedPoll, SealedRulebook};
use domain::schedule::Window;
use domain::text::Bilingual;
use serde_json::json;

use crate::bytes::format_case_id;

use super::seal::derive_number;
use super::{Plan, PollPlan, Sample};

const EDITION: &str = "sample-2024";

fn plan_slug(text: &str) -> RecordSlug {
    text.parse().expect("plans hold short names")
}

fn opening_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_732_719_600, 0).unwrap_or_default()
}

fn closing_time() -> DateTime<Utc> {
    opening_time() + TimeDelta::days(4)
}

/// Returns 32 bytes that belong to these parts alone.
fn derive_bytes(parts: &[u64]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (eight, part) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(0..) {
        *eight = derive_number(&[parts, &[part]].concat()).to_be_bytes();
    }
    bytes
}

fn derive_record_id(parts: &[u64]) -> u128 {
    u128::from(derive_number(parts)) << 64 | u128::from(derive_number(&[parts, &[1]].concat()))
}

fn derive_case_id(plan: &Plan, place: u64) -> CaseId {
    let text = format_case_id(derive_record_id(&[plan.seed, 10, place]));
    CaseId(text.parse().unwrap_or_default())
}

/// Draws the picks of one ballot. A few cases get most of the votes.
fn draw_ballot_picks(plan: &Plan, poll: &PollPlan, at: &[u64]) -> Picks {
    let random = |place: u64| derive_number(&[at, &[place]].concat());
    let many = if poll.exact { poll.picks.into() } else { 1 + random(0) % u64::from(poll.picks) };
    let mut cases = Vec::new();
    for place in 1.. {
        if cases.len() as u64 == many {
            break;
        }
        let cases_all = u64::from(plan.cases);
        let drawn = derive_case_id(
            plan,
            (random(place) % cases_all) * (random(place + 100) % cases_all) / cases_all,
        );
        if !cases.contains(&drawn) {
            cases.push(drawn);
        }
    }
    Picks::from_case_ids(&cases, PicksRule::AtMost(poll.picks))
        .expect("drawn as many and different")
}

/// The entries and the counted openings of one poll.
struct PollSample {
    entries: Vec<LogEntry>,
    after: Vec<LogEntry>,
    counted: Vec<Opening>,
}

/// Makes the ballots of one poll, its holds before the close and its rulings after it.
fn make_poll_ballots(plan: &Plan, poll: &PollPlan, place: u64) -> PollSample {
    let name = plan_slug(&poll.slug);
    let mut made = PollSample { entries: Vec::new(), after: Vec::new(), counted: Vec::new() };
    let window = (closing_time() - opening_time()).num_minutes();
    for number in 0..poll.ballots {
        let at = [plan.seed, place, number];
        let replaces = poll.may_change && number % 10 == 9;
        let voter = if replaces { number - 1 } else { number };
        let opening = Opening {
            ballot: BallotId(uuid_from_id(derive_record_id(&[at.as_slice(), &[2]].concat()))),
            key: BallotKey::from_random_bytes(derive_bytes(&[at.as_slice(), &[3]].concat())),
            picks: draw_ballot_picks(plan, poll, &at),
        };
        let share = i64::try_from(number * window.unsigned_abs() / poll.ballots.max(1));
        made.entries.push(LogEntry::Ballot {
            poll: name.clone(),
            ballot: opening.ballot,
            voter: Hash::from_bytes(derive_bytes(&[plan.seed, place, voter, 4])),
            commitment: opening.compute_commitment(),
            day: UtcDay::from_instant(opening_time() + TimeDelta::minutes(share.unwrap_or(0))),
        });
        if replaces {
            made.counted.pop();
        }
        match number % 40 {
            7 if plan.holds => hold_ballot(&mut made, &name, opening, number / 40 % 3),
            _ => made.counted.push(opening),
        }
    }
    made
}

/// Holds a ballot. Of three held ballots one is counted, one is excluded and one stays held.
fn hold_ballot(made: &mut PollSample, poll: &RecordSlug, opening: Opening, way: u64) {
    let ballot = opening.ballot;
    let reasons = HoldReasons::from_codes(vec![plan_slug("burst"), plan_slug("same-device")])
        .expect("two reasons");
    let evidence = Hash::sha256_of(ballot.to_string().as_bytes());
    made.entries.push(LogEntry::Hold { poll: poll.clone(), ballot, reasons, evidence });
    let verdict = match way {
        0 => Verdict::Count,
        1 => Verdict::Exclude,
        _ => return,
    };
    if verdict == Verdict::Count {
        made.counted.push(opening);
    }
    let reviewer = |name: &str| name.parse().expect("a reviewer's name");
    made.after.push(LogEntry::Ruling {
        poll: poll.clone(),
        ballot,
        verdict,
        reason: plan_slug("reviewed"),
        reviewers: [reviewer("Reviewer-1"), reviewer("Reviewer-2")],
    });
}

fn uuid_from_id(id: u128) -> uuid::Uuid {
    format_case_id(id).parse().unwrap_or_default()
}

/// Builds the record of a plan.
///
/// # Panics
/// If the plan's numbers or names make no valid rulebook.
pub fn build_sample_record(plan: &Plan) -> Sample {
    let rulebook = make_sealed_rulebook(plan).canonical_bytes().unwrap_or_default();
    let rulebook = String::from_utf8(rulebook).unwrap_or_default();
    let mut sample = Sample {
        edition: EDITION.to_owned(),
        entries: vec![format_entry(&LogEntry::Rulebook {
            edition: plan_slug(EDITION),
            sha256: Hash::sha256_of(rulebook.as_bytes()),
        })],
        rulebook,
        result: String::new(),
        cvr: BTreeMap::new(),
        openings: BTreeMap::new(),
    };
    let mut after = Vec::new();
    let mut counted = BTreeMap::new();
    for (poll, place) in plan.polls.iter().zip(20..) {
        let open = LogEntry::Open {
            poll: plan_slug(&poll.slug),
            at: UtcSecond::from_instant(opening_time()),
        };
        sample.entries.push(format_entry(&open));
        let made = make_poll_ballots(plan, poll, place);
        sample.entries.extend(made.entries.iter().map(format_entry));
        after.extend(made.after.iter().map(format_entry));
        let picks: Vec<Picks> = made.counted.iter().map(|opening| opening.picks.clone()).collect();
        counted.insert(poll.slug.clone(), picks.clone());
        sample.cvr.insert(poll.slug.clone(), write_cvr_table(picks));
        sample.openings.insert(poll.slug.clone(), write_openings_table(made.counted));
    }
    for poll in &plan.polls {
        let at = UtcSecond::from_instant(closing_time());
        let close = LogEntry::Close { poll: plan_slug(&poll.slug), at, received: poll.ballots };
        sample.entries.push(format_entry(&close));
    }
    sample.entries.extend(after);
    let sheet = |number: u64| LogEntry::Sheet {
        edition: plan_slug(EDITION),
        sheet: SheetId(uuid_from_id(derive_record_id(&[plan.seed, 5, number]))),
        commitment: Hash::from_bytes(derive_bytes(&[plan.seed, 6, number])),
    };
    sample.entries.extend((0..7).map(|number| format_entry(&sheet(number))));
    sample.result = compute_sample_result(plan, &counted);
    let sha256 = Hash::sha256_of(sample.result.as_bytes());
    sample.entries.push(format_entry(&LogEntry::Result { edition: plan_slug(EDITION), sha256 }));
    if plan.erased {
        let at = UtcSecond::from_instant(closing_time() + TimeDelta::days(30));
        sample.entries.push(format_entry(&LogEntry::Erase { edition: plan_slug(EDITION), at }));
    }
    sample
}

fn format_entry(entry: &LogEntry) -> String {
    entry.to_string()
}

fn bilingual_text(text: &str) -> Bilingual {
    Bilingual { ko: text.to_owned(), en: text.to_owned() }
}

fn result_edition() -> ResultEdition {
    ResultEdition {
        slug: EDITION.to_owned(),
        title: bilingual_text("-"),
        host: bilingual_text("-"),
    }
}

/// Makes the rules: the polls share 60 % equally, and a panel of five judges has 40 %.
fn make_sample_rules(plan: &Plan) -> Rulebook {
    let weight = format!("3/{}", 5 * plan.polls.len());
    let poll = |poll: &PollPlan| {
        let kind = if poll.exact { "exactly" } else { "at_most" };
        json!({
            "slug": poll.slug, "title": bilingual_text(&poll.slug), "picks": { kind: poll.picks }, "identity": "email",
            "weight": weight, "basis": "share_of_top", "may_change": poll.may_change,
            "openings": "public", "window": [opening_time(), closing_time()],
        })
    };
    let rules = json!({
        "polls": plan.polls.iter().map(poll).collect::<Vec<_>>(),
        "panel": { "weight": "2/5", "method": "trimmed_mean", "judges": 5,
                   "rubric": [{ "name": bilingual_text("-"), "max": 100 }] },
        "awards": [{ "tier": bilingual_text("-"), "count": 2 }],
    });
    serde_json::from_value(rules).expect("rules in their form")
}

fn make_sealed_rulebook(plan: &Plan) -> SealedRulebook {
    let (rules, window) =
        (make_sample_rules(plan), Window { opens: opening_time(), closes: closing_time() });
    let paper: Vec<CaseId> =
        (0..plan.cases.into()).map(|place| derive_case_id(plan, place)).collect();
    let poll = |poll: &PollRules| SealedPoll::from_poll_rules(poll, window, paper.clone());
    SealedRulebook::from_sealed_polls(
        result_edition(),
        rules.polls.iter().map(poll).collect(),
        &rules,
        domain::rulebook::RecordRules::default(),
    )
}

/// Computes the result from the counted ballots of each poll and from made-up sheets.
fn compute_sample_result(plan: &Plan, counted: &BTreeMap<String, Vec<Picks>>) -> String {
    let input = |place: u64| {
        let id = derive_case_id(plan, place);
        let votes = |picks: &Vec<Picks>| {
            picks.iter().filter(|picks| picks.as_slice().contains(&id)).count() as u64
        };
        let score = |judge: u64| u32::try_from(derive_number(&[plan.seed, place, judge]) % 101);
        let sheets = (0..5).map(|judge| vec![score(judge).unwrap_or(0)]).collect();
        let submitted_at =
            opening_time() - TimeDelta::days(20) + TimeDelta::minutes(place.cast_signed());
        let votes = counted.iter().map(|(poll, picks)| (poll.clone(), votes(picks))).collect();
        ResultInput {
            entry: domain::standings::CaseTally { case: id, votes, sheets, submitted_at },
            title: bilingual_text("-"),
            organisation: "-".to_owned(),
            sample: true,
        }
    };
    let inputs = (0..plan.cases.into()).map(input).collect();
    let ballots = counted.iter().map(|(poll, picks)| (poll.clone(), picks.len() as u64)).collect();
    let rules = make_sealed_rulebook(plan).to_rulebook();
    let document = ResultDocument::compute_result(result_edition(), rules, &ballots, inputs);
    let bytes = document.expect("a result").canonical_bytes().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
