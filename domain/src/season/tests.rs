//! The real season file is accepted; a copy with a mistake is refused with the line of the mistake.

use super::*;
use crate::rulebook::{BallotPaper, Channel, PanelMethod, PicksRule, PointsBasis};

const REAL: &str = include_str!("../../../data/daejeon-2024.json");

/// Replaces the first `from` in the real file. The problems must be `expected`, each with the line
/// of `at` in the changed text.
fn check(from: &str, to: &str, expected: &[(&str, &str, SeasonProblem)]) {
    assert!(REAL.contains(from), "{from}");
    let text = REAL.replacen(from, to, 1);
    let problems = Season::parse_season_file(&text).expect_err(to);
    let expected: Vec<LocatedProblem> = expected
        .iter()
        .map(|(at, path, reason)| LocatedProblem {
            line: text.lines().position(|line| line.contains(at)).expect(at) + 1,
            path: (*path).to_owned(),
            reason: reason.clone(),
        })
        .collect();
    assert_eq!(problems, expected);
}

#[test]
fn the_real_season_is_taken_whole() {
    let season = Season::parse_season_file(REAL).unwrap();
    assert_eq!(season.slug.as_str(), "daejeon-2024");
    assert_eq!(season.windows.call.opens.to_rfc3339(), "2024-10-06T15:00:00+00:00");
    assert_eq!(season.districts.len(), 5);
    assert_eq!(season.districts.iter().map(|d| d.neighbourhoods.len()).sum::<usize>(), 82);
    assert_eq!((season.tracks.len(), season.cases.len()), (2, 24));
    assert_eq!(season.cases.iter().filter(|case| case.sample).count(), 22);
    let rules = &season.rulebook;
    assert_eq!(
        (rules.polls[0].picks.max_picks(), rules.polls[0].basis),
        (3, PointsBasis::ShareOfTop)
    );
    assert_eq!((rules.panel.method, rules.max_sheet_points()), (PanelMethod::TrimmedMean, 100));
    assert_eq!(rules.awards.iter().map(|tier| tier.count).sum::<u32>(), 14);
}

#[test]
fn a_quorum_is_taken_as_written_and_is_a_majority_of_the_judges_otherwise() {
    let line = ",\n  \"quorum\": 4";
    let quorum = |to: &str| {
        assert!(REAL.contains(line));
        let season = Season::parse_season_file(&REAL.replacen(line, to, 1)).unwrap();
        season.rulebook.panel.quorum
    };
    assert_eq!(quorum(line), 4);
    assert_eq!(quorum(",\n  \"quorum\": 7"), 7);
    assert_eq!(quorum(""), 4, "four of seven");
    let reason = SeasonProblem::Rule(RulebookProblem::Quorum { max: 7 });
    check("\"quorum\": 4", "\"quorum\": 8", &[("\"quorum\": 8", "/panel/quorum", reason)]);
}

#[test]
fn a_byte_order_mark_in_front_does_no_harm() {
    assert!(Season::parse_season_file(&format!("\u{FEFF}{REAL}")).is_ok());
}

#[test]
fn weights_that_do_not_sum_to_one_are_told_at_both_weights() {
    let reason = SeasonProblem::Rule(RulebookProblem::WeightsSum {
        track: None,
        polls: vec![0],
        sum: "11/10".to_owned(),
    });
    let expected =
        [("\"40/100\"", "/poll/weight", reason.clone()), ("\"70/100\"", "/panel/weight", reason)];
    check("30/100", "40/100", &expected);
}

#[test]
fn a_window_out_of_order_is_told_at_its_line() {
    let voting = |problem| SeasonProblem::Window(problem);
    let early = "2024-11-27T00:00:00+09:00";
    let expected = [(early, "/windows/voting/1", voting(WindowProblem::VotingEmpty))];
    check("2024-12-02T00:00:00+09:00", early, &expected);
    let soon = "2024-12-06T14:00:00+09:00";
    let reason = voting(WindowProblem::AnnouncedBeforeJudgingCloses);
    check("2024-12-09T14:00:00+09:00", soon, &[(soon, "/windows/announcement", reason)]);
    let never = "2024-13-09T14:00:00+09:00";
    let expected = [(never, "/windows/announcement", SeasonProblem::BadInstant)];
    check("2024-12-09T14:00:00+09:00", never, &expected);
}

#[test]
fn names_that_the_season_does_not_have_are_told_at_their_line() {
    let name = "없는동".to_owned();
    let path = "/cases/10/neighbourhood";
    let expected = [("\"없는동\"", path, SeasonProblem::UnknownNeighbourhood { name })];
    check("\"neighbourhood\": \"판암2동\"", "\"neighbourhood\": \"없는동\"", &expected);
    let name = "services".to_owned();
    let expected = [("\"services\"", "/cases/0/track", SeasonProblem::UnknownTrack { name })];
    check("\"track\": \"service\"", "\"track\": \"services\"", &expected);
    let name = "nowhere".to_owned();
    let expected = [("nowhere", "/cases/0/district", SeasonProblem::UnknownDistrict { name })];
    check("\"district\": \"daedeokgu\"", "\"district\": \"nowhere\"", &expected);
}

#[test]
fn a_neighbourhood_of_another_district_is_unknown() {
    let reason = SeasonProblem::UnknownNeighbourhood { name: "은행선화동".to_owned() };
    let (from, to) = ("\"neighbourhood\": \"판암2동\"", "\"neighbourhood\": \"은행선화동\"");
    check(from, to, &[(to, "/cases/10/neighbourhood", reason)]);
}

#[test]
fn single_values_are_told_at_their_line() {
    check("Asia/Seoul", "Asia/Tokyo", &[("Asia/Tokyo", "/time_zone", SeasonProblem::TimeZone)]);
    let expected = [("3/0", "/poll/weight", SeasonProblem::BadFraction)];
    check("30/100", "3/0", &expected);
    let picks = SeasonProblem::Rule(RulebookProblem::Picks { poll: 0, max: limits::MAX_PICKS });
    check("\"at_most\": 3", "\"at_most\": 300", &[("\"picks\"", "/poll/picks", picks)]);
    let slug = SeasonProblem::Text(FieldProblem::Malformed);
    check("daejeon-2024", "Daejeon 2024", &[("Daejeon 2024", "/slug", slug)]);
    let twice = SeasonProblem::DuplicateNeighbourhood { name: "중앙동".to_owned() };
    let (line, path) = ("\"중앙동\", \"중앙동\"", "/districts/0/neighbourhoods/1");
    check("\"중앙동\"", line, &[(line, path, twice)]);
}

#[test]
fn no_list_has_one_name_twice_in_either_language() {
    let found = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut file: serde_json::Value = serde_json::from_str(REAL).unwrap();
        change(&mut file);
        let faults = Season::parse_season_file(&file.to_string()).unwrap_err();
        faults.into_iter().map(|fault| (fault.path, fault.reason)).collect::<Vec<_>>()
    };
    let twice = |path: &str, name: &str| {
        (path.to_owned(), SeasonProblem::DuplicateName { name: name.to_owned() })
    };
    for (list, key) in [("/tracks", "name"), ("/panel/rubric", "name"), ("/awards", "tier")] {
        let change = |file: &mut serde_json::Value| {
            let list = file.pointer_mut(list).unwrap();
            list[0][key] = serde_json::json!({"ko": "나눔 상", "en": "Sharing"});
            list[1][key] = serde_json::json!({"ko": "나눔상 ", "en": "ＳＨＡＲＩＮＧ"});
        };
        let (ko, en) = (format!("{list}/1/{key}/ko"), format!("{list}/1/{key}/en"));
        assert_eq!(found(&change), [twice(&ko, "나눔상"), twice(&en, "ＳＨＡＲＩＮＧ")], "{list}");
    }
    let change = |file: &mut serde_json::Value| {
        file["districts"][3]["name"]["en"] = file["districts"][0]["name"]["en"].clone();
    };
    let name =
        serde_json::from_str::<serde_json::Value>(REAL).unwrap()["districts"][0]["name"]["en"]
            .clone();
    assert_eq!(found(&change), [twice("/districts/3/name/en", name.as_str().unwrap())]);
}

/// Returns the real file with these polls instead of its only one.
fn with_polls(polls: &str) -> String {
    let start = REAL.find("\"poll\":").unwrap();
    let end = start + REAL[start..].find("\"panel\":").unwrap();
    format!("{}\"polls\": [\n{polls}\n],\n{}", &REAL[..start], &REAL[end..])
}

const SERVICE: &str = r#"{"slug": "service", "title": {"ko": "서비스", "en": "Services"},
 "cases": {"track": "service"}, "picks": {"at_most": 3}, "identity": "mobile",
 "channels": ["sms_code", "kiosk"], "weight": "1/10", "basis": "share_of_top"}"#;
const PLACES: &str = r#"{"slug": "places", "title": {"ko": "동", "en": "Neighbourhoods"},
 "cases": {"track": "neighbourhood"}, "picks": {"at_most": 3}, "identity": "mobile",
 "weight": "1/10", "basis": "share_of_top"}"#;
const SEATS: &str = r#"{"slug": "seats", "title": {"ko": "현장", "en": "Seats"},
 "picks": {"exactly": 2}, "identity": "roll", "channels": ["seat_qr"],
 "eligibility": {"min_age": 0},
 "window": ["2024-12-01T20:00:00+09:00", "2024-12-02T00:00:00+09:00"],
 "weight": "2/10", "basis": "share_of_ballots", "openings": "public"}"#;

fn three_polls() -> String {
    with_polls(&[SERVICE, PLACES, SEATS].join(",\n"))
}

#[test]
fn several_polls_are_taken_with_what_they_leave_out_filled_in() {
    let rules = Season::parse_season_file(&three_polls()).unwrap().rulebook;
    let slugs: Vec<&str> = rules.polls.iter().map(|poll| poll.slug.as_str()).collect();
    assert_eq!(slugs, ["service", "places", "seats"]);
    let [service, places, seats] = rules.polls.as_slice() else { panic!("{slugs:?}") };
    assert_eq!(service.channels, [Channel::SmsCode, Channel::Kiosk]);
    assert_eq!(places.channels, [Channel::SmsCode], "the usual way of a number");
    assert_eq!((service.eligibility.min_age, seats.eligibility.min_age), (14, 0));
    assert_eq!(
        (&places.cases, &seats.cases),
        (&BallotPaper::Track("neighbourhood".into()), &BallotPaper::All)
    );
    assert_eq!((seats.picks, service.window), (PicksRule::Exactly(2), None));
    assert_eq!(seats.window.unwrap().closes.to_rfc3339(), "2024-12-01T15:00:00+00:00");
}

#[test]
fn what_is_wrong_with_a_poll_is_told_at_its_line() {
    let check = |from: &str, to: &str, expected: &[(&str, &str)]| {
        let text = three_polls().replacen(from, to, 1);
        let problems = Season::parse_season_file(&text).expect_err(to);
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (text.lines().nth(problem.line - 1).unwrap(), problem.path.as_str()))
            .collect();
        assert_eq!(found.len(), expected.len(), "{problems:?}");
        for ((line, path), (part, expected)) in found.into_iter().zip(expected) {
            assert!(path == *expected && line.contains(part), "{path} at {line}");
        }
    };
    let track = ("{\"track\": \"places\"}", "/polls/1/cases/track");
    let panel = ("70/100", "/panel/weight");
    // Without that poll, the weights of one track sum to a tenth less than 1.
    let short = [track, ("\"2/10\"", "/polls/2/weight"), panel];
    check("{\"track\": \"neighbourhood\"}", "{\"track\": \"places\"}", &short);
    check("\"slug\": \"places\"", "\"slug\": \"service\"", &[("동", "/polls/1/slug")]);
    let unfit = ("email_code", "/polls/0/channels/0");
    check("\"sms_code\", \"kiosk\"", "\"email_code\"", &[unfit]);
    check("\"sms_code\", \"kiosk\"", "\"kiosk\"", &[("kiosk", "/polls/0/channels")]);
    let late = ("12-02T01:00", "/polls/2/window");
    check(
        "12-02T00:00:00+09:00\"],\n \"weight\"",
        "12-02T01:00:00+09:00\"],\n \"weight\"",
        &[late],
    );
    let never = ("12-32T00:00", "/polls/2/window/1");
    check(
        "12-02T00:00:00+09:00\"],\n \"weight\"",
        "12-32T00:00:00+09:00\"],\n \"weight\"",
        &[never],
    );
    let old = ("\"min_age\": 400", "/polls/2/eligibility/min_age");
    check("\"min_age\": 0", "\"min_age\": 400", &[old]);
    let heavy = [("3/10", "/polls/0/weight"), ("2/10", "/polls/2/weight"), panel];
    check("\"weight\": \"1/10\"", "\"weight\": \"3/10\"", &heavy);
    check("\"weight\": \"1/10\"", "\"weight\": \"a tenth\"", &[("a tenth", "/polls/0/weight")]);
    check(
        ", \"title\": {\"ko\": \"동\", \"en\": \"Neighbourhoods\"}",
        "",
        &[("places", "/polls/1/title")],
    );
}

#[test]
fn a_poll_by_email_folds_addresses_if_the_file_does_not_say_otherwise() {
    let email = "\"identity\": \"email\"";
    for (identity, folds) in [
        (email.to_owned(), true),
        (format!("{email}, \"fold_aliases\": true"), true),
        (format!("{email}, \"fold_aliases\": false"), false),
        ("\"identity\": \"mobile\"".to_owned(), false),
        ("\"identity\": \"mobile\", \"fold_aliases\": true".to_owned(), false),
    ] {
        let season = Season::parse_season_file(&REAL.replacen(email, &identity, 1)).unwrap();
        assert_eq!(season.rulebook.polls[0].fold_aliases, folds, "{identity}");
    }
}

#[test]
fn a_season_has_either_a_poll_or_polls() {
    let both = REAL.replacen("\"poll\":", "\"polls\": [],\n\"poll\":", 1);
    let problems = Season::parse_season_file(&both).unwrap_err();
    let line = both.lines().position(|line| line.contains("\"poll\":")).unwrap() + 1;
    assert_eq!((problems.len(), problems[0].line), (1, line));
    assert_eq!(problems[0].reason, SeasonProblem::PollOrPolls);
    let start = REAL.find("\"poll\":").unwrap();
    let end = start + REAL[start..].find("\"panel\":").unwrap();
    let none = format!("{}{}", &REAL[..start], &REAL[end..]);
    assert_eq!(Season::parse_season_file(&none).unwrap_err()[0].reason, SeasonProblem::PollOrPolls);
    let empty = Season::parse_season_file(&with_polls("")).unwrap_err();
    assert_eq!((empty.len(), empty[0].path.as_str()), (1, "/polls"));
}

#[test]
fn every_problem_is_told_at_once_in_the_order_of_lines() {
    let text = REAL.replacen("Asia/Seoul", "UTC", 1).replacen("70/100", "much", 1).replacen(
        "\"track\": \"service\"",
        "\"track\": \"other\"",
        1,
    );
    let problems = Season::parse_season_file(&text).unwrap_err();
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["/time_zone", "/panel/weight", "/cases/0/track"]);
    assert!(problems.is_sorted_by_key(|problem| problem.line));
}

#[test]
fn a_misspelt_key_is_refused_at_its_line() {
    let text = REAL.replacen("\"judges\":", "\"judgs\":", 1);
    let problems = Season::parse_season_file(&text).unwrap_err();
    let line = text.lines().position(|line| line.contains("judgs")).unwrap() + 1;
    assert_eq!((problems.len(), problems[0].line), (1, line));
    let SeasonProblem::Syntax { detail } = &problems[0].reason else {
        panic!("{problems:?}");
    };
    assert!(detail.starts_with("unknown field `judgs`"), "{detail}");
    assert!(!detail.contains("column"), "{detail}");
}

#[test]
fn what_is_no_json_too_large_or_too_deep_is_refused() {
    let reason = |text: &str| Season::parse_season_file(text).unwrap_err().remove(0);
    assert!(matches!(reason("").reason, SeasonProblem::Syntax { .. }));
    assert_eq!(reason("{\n\n oops").line, 3);
    let large = " ".repeat(limits::SEASON_BYTES + 1);
    assert_eq!(reason(&large).reason, SeasonProblem::TooLarge { max: limits::SEASON_BYTES });
    let deep = format!("\n{}", "[".repeat(100_000));
    let expected = SeasonProblem::TooDeep { max: limits::SEASON_DEPTH };
    assert_eq!((reason(&deep).line, reason(&deep).reason), (2, expected));
}

#[test]
fn the_line_of_a_value_is_found_whatever_surrounds_it() {
    let text = "{\n\"a\\\"[\": [1, {\"b\": \"}\"},\n [\n]\n, null],\n\n\"c/d\": -1.5e3}";
    let check = |pointer: &str, line: Option<usize>| {
        let lines = lines::find_lines_of_pointers(text, std::iter::once(pointer));
        assert_eq!(lines.get(pointer).copied(), line, "{pointer}");
    };
    check("", Some(1));
    check("/a\"[", Some(2));
    check("/a\"[/1/b", Some(2));
    check("/a\"[/2", Some(3));
    check("/a\"[/2/0", None);
    check("/a\"[/3", Some(5));
    check("/c~1d", Some(7));
}
