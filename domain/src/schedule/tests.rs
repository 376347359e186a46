//! There is one phase at a time, and proofs are given only in their phase.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

/// Returns the instant `hour` hours after the start of the season.
fn at(hour: i64) -> Instant {
    Instant::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn window(opens: i64, closes: i64) -> Window {
    Window { opens: at(opens), closes: at(closes) }
}

/// Makes a season: call 10–20, vote 30–40, judging 35–50, announcement at 60.
fn schedule() -> Schedule {
    let windows = Windows {
        call: window(10, 20),
        voting: window(30, 40),
        judging: window(35, 50),
        announcement: at(60),
    };
    Schedule { windows, published: true, released_at: None, archived_at: None }
}

#[test]
fn a_season_walks_through_its_phases() {
    let released = Schedule { released_at: Some(at(60)), archived_at: Some(at(90)), ..schedule() };
    let check = |hour: i64, phase: Phase, next: Option<(Phase, i64)>| {
        assert_eq!(released.phase(at(hour)), phase, "hour {hour}");
        let next = next.map(|(phase, hour)| (phase, at(hour)));
        assert_eq!(released.next_phase_change(at(hour)), next, "hour {hour}");
    };
    check(9, Phase::Draft, Some((Phase::Call, 10)));
    check(10, Phase::Call, Some((Phase::Screening, 20)));
    check(20, Phase::Screening, Some((Phase::Voting, 30)));
    check(30, Phase::Voting, Some((Phase::Judging, 40)));
    check(39, Phase::Voting, Some((Phase::Judging, 40)));
    check(40, Phase::Judging, Some((Phase::Deliberation, 50)));
    check(50, Phase::Deliberation, Some((Phase::Announced, 60)));
    check(60, Phase::Announced, Some((Phase::Archived, 90)));
    check(90, Phase::Archived, None);
}

#[test]
fn what_is_not_decided_is_not_announced_when_its_hour_comes() {
    assert_eq!(schedule().next_phase_change(at(50)), Some((Phase::Announced, at(60))));
    assert_eq!(schedule().phase(at(60)), Phase::Deliberation);
    assert_eq!(schedule().next_phase_change(at(60)), None);
}

#[test]
fn an_unpublished_edition_allows_nothing() {
    let hidden = Schedule { published: false, released_at: Some(at(1)), ..schedule() };
    let now = at(36);
    assert_eq!((hidden.phase(now), hidden.next_phase_change(now)), (Phase::Draft, None));
    let refused = [
        hidden.submissions_open(now).err(),
        hidden.screening_open(now).err(),
        hidden.gallery_public(now).err(),
        hidden.voting_open(now).err(),
        hidden.voting_closed(now).err(),
        hidden.judging_open(now).err(),
        hidden.deliberation_open(now).err(),
        hidden.results_public(now).err(),
    ];
    assert_eq!(refused, [Some(PhaseError::NotPublished); 8]);
}

/// Checks that the proof is given exactly from `opens` to `closes` (`None`: without an end).
fn check<T>(
    schedule: &Schedule,
    prove: impl Fn(&Schedule, Instant) -> Result<T, PhaseError>,
    opens: i64,
    closes: Option<i64>,
) {
    for hour in 0..100 {
        let expected = if hour < opens {
            Some(PhaseError::NotYet { opens: at(opens) })
        } else {
            let closed = closes.filter(|closes| hour >= *closes);
            closed.map(|closed| PhaseError::Over { closed: at(closed) })
        };
        assert_eq!(prove(schedule, at(hour)).err(), expected, "hour {hour}");
    }
}

#[test]
fn each_proof_is_given_in_its_window_and_nowhere_else() {
    let plan = &schedule();
    check(plan, Schedule::submissions_open, 10, Some(20));
    check(plan, |plan, now| plan.submissions_open_until(at(25), now), 10, Some(25));
    check(plan, Schedule::screening_open, 10, Some(30));
    check(plan, Schedule::gallery_public, 30, None);
    check(plan, Schedule::voting_open, 30, Some(40));
    check(plan, Schedule::voting_closed, 40, None);
    check(plan, Schedule::judging_open, 35, Some(50));
    check(plan, Schedule::deliberation_open, 50, None);
    let results = |hour| plan.results_public(at(hour)).err();
    assert_eq!(results(99), Some(PhaseError::NotYet { opens: at(60) }));
}

#[test]
fn a_release_closes_whatever_decides_the_result() {
    let released = &Schedule { released_at: Some(at(45)), ..schedule() };
    check(released, Schedule::results_public, 45, None);
    check(released, Schedule::judging_open, 35, Some(45));
    let decided = Some(PhaseError::Over { closed: at(70) });
    let embargoed = Schedule { released_at: Some(at(70)), ..schedule() };
    assert_eq!(embargoed.deliberation_open(at(55)).err(), decided);
    assert_eq!(embargoed.phase(at(69)), Phase::Deliberation);
}

#[test]
fn a_judging_that_runs_ends_no_earlier_than_an_hour_from_now() {
    // The judging is open from 35 to 50.
    let planned = schedule().windows;
    let check = |now: Instant, closes: Instant, allowed: bool| {
        let mut new = planned;
        new.judging.closes = closes;
        for unfinished in [false, true] {
            assert_eq!(planned.may_change_to(&new, now, unfinished), allowed, "{now} {closes}");
        }
        assert_eq!(planned.cuts_judging_short(&new, now), !allowed, "{now} {closes}");
    };
    let second = TimeDelta::seconds(1);
    check(at(36), at(37), true);
    check(at(36), at(37) - second, false);
    check(at(36), at(36), false);
    check(at(36), at(50), true);
    check(at(36), at(55), true);
    // Half an hour before the end it may stay or move on, but not come nearer.
    let late = at(50) - TimeDelta::minutes(30);
    check(late, at(50), true);
    check(late, at(50) + second, true);
    check(late, at(50) - second, false);
    // Before it opens it is only a plan.
    check(at(34), at(36), true);
}

#[test]
fn windows_out_of_order_are_refused_with_their_place() {
    let check = |change: fn(&mut Windows), problem: WindowProblem, pointer: &str| {
        let mut windows = schedule().windows;
        change(&mut windows);
        assert_eq!(windows.check_windows(), Err(problem));
        assert_eq!(problem.json_pointer(), pointer);
    };
    assert!(schedule().windows.check_windows().is_ok());
    check(|w| w.call.closes = at(10), WindowProblem::CallEmpty, "/call/1");
    check(|w| w.call.closes = at(31), WindowProblem::VotingBeforeCallCloses, "/voting/0");
    check(|w| w.voting.closes = at(29), WindowProblem::VotingEmpty, "/voting/1");
    check(|w| w.judging.opens = at(29), WindowProblem::JudgingBeforeVoting, "/judging/0");
    check(|w| w.judging.closes = at(35), WindowProblem::JudgingEmpty, "/judging/1");
    let announced = WindowProblem::AnnouncedBeforeJudgingCloses;
    check(|w| w.announcement = at(49), announced, "/announcement");
}

prop_compose! {
    /// Makes any season that its windows allow, decided or not.
    fn any_schedule()(
        mut hours in prop::collection::vec(0i64..200, 6),
        judging in (0i64..50, 1i64..50),
        released in prop::option::of(0i64..50),
        archived in prop::option::of(0i64..50),
    ) -> Schedule {
        hours.sort_unstable();
        let hours: Vec<i64> = (0..).zip(hours).map(|(place, hour)| hour + place).collect();
        let judging = window(hours[2] + judging.0, hours[2] + judging.0 + judging.1);
        let announcement = at(hours[5]).max(judging.closes);
        let windows = Windows {
            call: window(hours[0], hours[1]),
            voting: window(hours[2], hours[3]),
            judging,
            announcement,
        };
        let released_at = released.map(|later| announcement + TimeDelta::hours(later));
        let archived_at = archived.zip(released_at).map(|(later, at)| at + TimeDelta::hours(later));
        Schedule { windows, published: true, released_at, archived_at }
    }
}

proptest! {
    #[test]
    fn phases_never_overlap_and_follow_each_other(schedule in any_schedule(), now in 0i64..300) {
        prop_assert_eq!(schedule.windows.window_problems(), vec![]);
        let (now, later) = (at(now), at(now + 1));
        prop_assert!(schedule.phase(now) <= schedule.phase(later));
        let phase = schedule.phase(now);
        prop_assert_eq!(schedule.voting_open(now).is_ok(), phase == Phase::Voting);
        prop_assert_eq!(schedule.submissions_open(now).is_ok(), phase == Phase::Call);
        prop_assert!(schedule.deliberation_open(now).is_err() || phase == Phase::Deliberation);
        let public = schedule.results_public(now).is_ok();
        prop_assert_eq!(public, phase >= Phase::Announced);
        prop_assert!(!(public && schedule.judging_open(now).is_ok()));
    }

    #[test]
    fn the_countdown_ends_where_the_next_phase_begins(schedule in any_schedule(), now in 0i64..300) {
        let now = at(now);
        if let Some((phase, begins)) = schedule.next_phase_change(now) {
            prop_assert!(begins > now && phase > schedule.phase(now));
            prop_assert_eq!(schedule.phase(begins - TimeDelta::seconds(1)), schedule.phase(now));
            let decided = phase != Phase::Announced || schedule.released_at.is_some();
            prop_assert!(!decided || schedule.phase(begins) == phase);
        }
    }
}
