//! The fraud detector and its seasons. A few small seeds: the measurements are `./dev bench fraud`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use domain::fraud::{BallotTrace, PollAnalysis, analyse_poll};
use domain::ids::BallotId;
use simulator::fraud::attacks::ATTACKS;
use simulator::fraud::lookalikes::LOOKALIKES;
use simulator::fraud::people::let_people_vote;
use simulator::fraud::scenario::{AttackSize, HONEST, Scenario};
use simulator::fraud::season::play_season;
use simulator::fraud::stage::{Stage, arrival_order};
use simulator::fraud::tally::RunTally;

/// People, and one attack with this many votes.
fn play_attack(seed: u64, name: &str, votes: u64) -> Stage {
    let mut stage = Stage::from_seed(seed);
    let_people_vote(&mut stage, 2_000);
    let attack = ATTACKS.iter().find(|attack| attack.scenario.0.starts_with(name)).expect(name);
    stage.label = (attack.scenario, Some(AttackSize::Votes(votes)));
    (attack.play)(&mut stage, votes, 3);
    stage.ballots.sort_by_key(arrival_order);
    stage
}

fn analyse_stage(stage: &Stage) -> PollAnalysis {
    let traces: Vec<BallotTrace> =
        stage.ballots.iter().map(|ballot| ballot.trace.clone()).collect();
    analyse_poll(&traces)
}

/// Held ballots and all ballots, of the attacks and of people.
fn held_shares(stage: &Stage) -> [(usize, usize); 2] {
    let held = analyse_stage(stage).held;
    let mut shares = [(0, 0); 2];
    for ballot in &stage.ballots {
        let share = &mut shares[usize::from(!ballot.label.0.is_attack())];
        share.0 += usize::from(held.contains_key(&ballot.trace.ballot));
        share.1 += 1;
    }
    shares
}

#[test]
fn labels_do_not_reach_the_detector() {
    let mut stage = play_attack(1, "A2", 200);
    let verdicts =
        |stage: &Stage| -> BTreeSet<BallotId> { analyse_stage(stage).held.into_keys().collect() };
    let mut before = RunTally::default();
    before.count_season(&stage);
    let held = verdicts(&stage);
    assert!(!held.is_empty());
    // Every ballot gets the label and the case of another one.
    let mut labels: Vec<_> =
        stage.ballots.iter().map(|ballot| (ballot.label, ballot.entry)).collect();
    labels.reverse();
    labels.rotate_left(777);
    for (ballot, (label, entry)) in stage.ballots.iter_mut().zip(labels) {
        (ballot.label, ballot.entry) = (label, entry);
    }
    assert_eq!(verdicts(&stage), held);
    let mut after = RunTally::default();
    after.count_season(&stage);
    let sum = |tally: &RunTally| tally.cells.values().map(|cell| cell.held).sum::<u64>();
    assert_eq!(sum(&after), sum(&before));
}

#[test]
fn lookalikes_alone_are_left_alone() {
    let (mut held, mut all) = (0, 0);
    for seed in [11, 12] {
        let mut stage = Stage::from_seed(seed);
        let_people_vote(&mut stage, 2_000);
        for lookalike in &LOOKALIKES {
            stage.label = (lookalike.scenario, None);
            (lookalike.play)(&mut stage);
        }
        let [_, people] = held_shares(&stage);
        (held, all) = (held + people.0, all + people.1);
    }
    assert!(held * 200 <= all, "{held} of {all}");
}

#[test]
fn the_servers_rules_refuse_a_repeated_contact_and_a_replay() {
    for name in ["A1 one", "A13"] {
        let stage = play_attack(2, name, 50);
        assert_eq!(stage.refused.len(), 50);
        assert!(stage.ballots.iter().all(|ballot| ballot.label.0 == HONEST));
        let mut tally = RunTally::default();
        tally.count_season(&stage);
        let cells: BTreeMap<Scenario, u64> =
            tally.cells.iter().map(|(label, cell)| (label.0, cell.held)).collect();
        let attack = cells.keys().find(|scenario| scenario.0.starts_with(name)).unwrap();
        assert_eq!(cells[attack], 50);
    }
}

#[test]
fn plain_attacks_are_held_and_the_people_beside_them_are_not() {
    for name in ["A1 aliases", "A2", "A3", "A4", "A9", "A10", "A12"] {
        let [attack, people] = held_shares(&play_attack(3, name, 100));
        assert_eq!(attack.1, 100, "{name}");
        assert!(attack.0 >= 95, "{name}: {attack:?}");
        assert!(people.0 * 200 <= people.1, "{name}: {people:?}");
    }
}

#[test]
fn an_exchange_group_is_left_alone() {
    let stage = play_attack(4, "A7", 500);
    assert!(stage.ballots.iter().any(|ballot| ballot.label.0.is_exchange()));
    assert!(analyse_stage(&stage).held.is_empty());
}

#[test]
fn a_season_is_counted_whole() {
    let stage = play_season(5, 0);
    let mut tally = RunTally::default();
    tally.count_season(&stage);
    let ballots: u64 = tally.cells.values().map(|cell| cell.ballots).sum();
    let refused = stage.refused.iter().filter(|attempt| attempt.label.0.is_attack()).count();
    assert_eq!(ballots, u64::try_from(stage.ballots.len() + refused).unwrap());
    assert!(tally.cells.values().all(|cell| cell.held <= cell.ballots));
}

/// Runs the program in a folder of its own.
fn run_simulator(folder: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hanpyo-sim"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn events_of_others_are_scored_and_bad_lines_are_named() {
    let folder = std::env::temp_dir().join(format!("hanpyo-fraud-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let stage = play_attack(6, "A4", 60);
    simulator::fraud::events::write_events(&stage, &folder.join("events.jsonl")).unwrap();
    let (good, said) =
        run_simulator(&folder, &["score", "events.jsonl", "--verdicts", "out.jsonl"]);
    assert!(good, "{said}");
    assert!(said.starts_with(&format!("received {} = counted", stage.ballots.len())), "{said}");
    let verdicts = std::fs::read_to_string(folder.join("out.jsonl")).unwrap();
    assert_eq!(verdicts.lines().count(), stage.ballots.len());
    let held = verdicts.lines().filter(|line| line.contains(r#""verdict":"hold""#)).count();
    assert_eq!(held, analyse_stage(&stage).held.len());
    assert!(said.contains(&format!("+ held {held};")), "{said}");
    let events = std::fs::read_to_string(folder.join("events.jsonl")).unwrap();
    let first = events.lines().next().unwrap();
    std::fs::write(folder.join("bad.jsonl"), format!("{first}\n\n{{\"kind\":\"vote\"}}\n"))
        .unwrap();
    let (good, said) = run_simulator(&folder, &["score", "bad.jsonl"]);
    assert!(!good && said.contains("bad.jsonl:3: "), "{said}");
    let (good, said) = run_simulator(&folder, &["score", "none.jsonl"]);
    assert!(!good && said.contains("none.jsonl"), "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
}
