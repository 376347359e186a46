//! A draft says what a file says, and its problems lead to its fields.

use super::{DraftStep, SeasonDraft};
use crate::rulebook::Channel;
use crate::season::{Season, SeasonProblem};
use crate::text::FieldProblem;

const TEMPLATE: &str = include_str!("../../../../data/template.json");
const DAEJEON: &str = include_str!("../../../../data/daejeon-2024.json");

fn template() -> SeasonDraft {
    SeasonDraft::from_season_file(TEMPLATE).unwrap()
}

/// Sets fields of a step and keeps its others, as a form does.
fn with_typed(mut draft: SeasonDraft, step: DraftStep, changes: &[(&str, &str)]) -> SeasonDraft {
    let mut typed = draft.fields.clone();
    for (name, text) in changes {
        typed.insert((*name).to_owned(), (*text).to_owned());
    }
    draft.replace_step(step, typed);
    draft
}

fn problem_fields(draft: &SeasonDraft) -> Vec<String> {
    let problems = draft.check().err().unwrap_or_default();
    problems.into_iter().map(|problem| problem.field).collect()
}

#[test]
fn a_file_and_the_draft_made_of_it_are_the_same_season() {
    for file in [TEMPLATE, DAEJEON] {
        let mut expected = Season::parse_season_file(file).unwrap();
        expected.cases = Vec::new();
        let mut draft = SeasonDraft::from_season_file(file).unwrap();
        for step in DraftStep::ALL {
            let typed = draft.fields.clone();
            draft.replace_step(step, typed);
        }
        let mut found = draft.check().unwrap();
        assert_eq!(found.rulebook.record.take(), None);
        assert_eq!(found, expected);
        assert_eq!(Season::parse_season_file(&draft.to_season_file()).unwrap(), found);
    }
}

#[test]
fn an_empty_draft_names_a_problem_in_every_step() {
    let problems = SeasonDraft::default().check().unwrap_err();
    for step in DraftStep::ALL {
        assert!(problems.iter().any(|problem| problem.step() == step), "{step:?}: {problems:?}");
    }
    let steps: Vec<DraftStep> = problems.iter().map(super::DraftProblem::step).collect();
    assert!(steps.is_sorted());
}

#[test]
fn a_problem_is_shown_at_its_field() {
    for (step, name, text, field) in [
        (DraftStep::Basics, "slug", "한글", "slug"),
        (DraftStep::Basics, "title.en", "", "title.en"),
        (DraftStep::Schedule, "windows.voting.0", "soon", "windows.voting.0"),
        (DraftStep::Schedule, "windows.call.1", "2020-01-01T00:00", "windows.call.1"),
        (DraftStep::Judging, "panel.judges", "seven", "panel.judges"),
        (DraftStep::Judging, "panel.quorum", "900", "panel.quorum"),
        (DraftStep::Judging, "panel.rubric.1.max", "0", "panel.rubric.1.max"),
        (DraftStep::Judging, "panel.rubric.1.description.en", "", "panel.rubric.1.description.en"),
        (
            DraftStep::Places,
            "districts.1.neighbourhoods",
            "하나동, 하나동",
            "districts.1.neighbourhoods",
        ),
        (DraftStep::Polls, "polls.0.picks.number", "99", "polls.0.picks.number"),
        (DraftStep::Polls, "polls.0.cases", "track:none", "polls.0.cases"),
        (DraftStep::Polls, "polls.0.window.0", "2031-01-01T00:00", "polls.0.window.1"),
        (DraftStep::Polls, "polls.0.weight", "a lot", "polls.0.weight"),
        (DraftStep::Awards, "awards.2.count", "many", "awards.2.count"),
        (DraftStep::Awards, "record.ballots", "0", "record.ballots"),
    ] {
        let found = problem_fields(&with_typed(template(), step, &[(name, text)]));
        assert!(found.iter().any(|found| found == field), "{name}={text}: {found:?}");
    }
}

#[test]
fn weights_are_percentages() {
    for (typed, right) in
        [("30", true), ("30 %", true), ("30.0", true), ("3/10", true), ("29.9", false)]
    {
        let draft = with_typed(template(), DraftStep::Polls, &[("polls.0.weight", typed)]);
        assert_eq!(draft.check().is_ok(), right, "{typed}");
    }
}

#[test]
fn fractions_of_a_file_are_shown_as_percentages() {
    for (fraction, shown) in
        [("1/5", "20"), ("30/100", "30"), ("1/8", "12.5"), ("1/3", "1/3"), ("x", "x")]
    {
        let file = TEMPLATE.replace("\"30/100\"", &format!("\"{fraction}\""));
        let draft = SeasonDraft::from_season_file(&file).unwrap();
        assert_eq!(draft.field_text("polls.0.weight"), shown);
    }
}

#[test]
fn ways_that_do_not_fit_are_left_out() {
    for (identity, ticked, expected) in [
        ("mobile", "", vec![Channel::SmsCode]),
        ("mobile", "printed_code,kiosk", vec![Channel::SmsCode, Channel::Kiosk]),
        ("roll", "seat_qr", vec![Channel::SeatQr]),
        ("roll", "printed_code,seat_qr", vec![Channel::PrintedCode, Channel::SeatQr]),
        ("oidc", "nonsense", vec![Channel::Oidc]),
    ] {
        let changes = [("polls.0.identity", identity), ("polls.0.channels", ticked)];
        let draft = with_typed(template(), DraftStep::Polls, &changes);
        let season = draft.check().unwrap();
        assert_eq!(season.rulebook.polls[0].channels, expected, "{identity} {ticked}");
    }
}

#[test]
fn empty_rows_go_and_the_others_keep_their_order() {
    let mut changes = vec![("tracks.0.name.ko", ""), ("tracks.0.name.en", "")];
    changes.extend([("tracks.10.name.ko", "새 부문"), ("tracks.10.name.en", "New track!")]);
    changes.extend([("tracks.11.name.ko", "또"), ("tracks.11.name.en", "새")]);
    let draft = with_typed(template(), DraftStep::Places, &changes);
    assert_eq!(draft.row_count("tracks"), 3);
    assert_eq!(draft.field_text("tracks.0.slug"), "neighbourhood");
    assert_eq!(draft.field_text("tracks.1.slug"), "new-track");
    assert_eq!(draft.field_text("tracks.2.slug"), "track");
    assert_eq!(draft.row_count("districts"), 2);
}

#[test]
fn a_step_takes_only_its_own_fields() {
    let mut draft = template();
    let typed = [("slug", "mine-2027"), ("panel.judges", "1"), ("no.such.field", "x")];
    draft.replace_step(DraftStep::Basics, typed.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(draft.field_text("slug"), "mine-2027");
    assert_eq!(draft.field_text("panel.judges"), "7");
    assert_eq!(draft.field_text("no.such.field"), "");
    assert_eq!(draft.field_text("title.ko"), "", "what was not sent is gone");
}

#[test]
fn a_poll_that_becomes_one_by_mail_folds_spellings() {
    let draft = with_typed(template(), DraftStep::Polls, &[("polls.0.identity", "email")]);
    assert!(draft.check().unwrap().rulebook.polls[0].fold_aliases);
}

#[test]
fn a_mark_is_of_one_step_alone() {
    let (before, step) = (template(), DraftStep::Basics);
    let after = with_typed(template(), DraftStep::Awards, &[("awards.0.count", "9")]);
    assert_eq!(after.mark_of_step(step), before.mark_of_step(step));
    assert_ne!(after.mark_of_step(DraftStep::Awards), before.mark_of_step(DraftStep::Awards));
    let changed = after.changed_fields(&before);
    assert_eq!(changed, [("awards.0.count".to_owned(), "2".to_owned(), "9".to_owned())]);
}

#[test]
fn one_unreadable_number_is_told_once() {
    let draft = with_typed(template(), DraftStep::Judging, &[("panel.judges", "x")]);
    let problems = draft.check().unwrap_err();
    let of_judges: Vec<_> = problems.iter().filter(|found| found.field == "panel.judges").collect();
    assert_eq!(of_judges.len(), 1);
    assert_eq!(of_judges[0].reason, SeasonProblem::Text(FieldProblem::Malformed));
}
