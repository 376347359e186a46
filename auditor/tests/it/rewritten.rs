//! Kinds of lies: the organiser changes the record and signs it again. No hash is wrong, but the
//! lines and tables are.

use domain::record::tree::Hash;
use domain::result::{ResultCase, ResultDocument, ResultEdition, ResultInput};
use domain::rulebook::{PanelMethod, PointsBasis, Rulebook};
use domain::standings::{CaseTally, CountByPoll};

use crate::mutations::{Kind, World};

pub(crate) const KINDS: [Kind; 38] = [
    ("change the number of the close", close_number, &["close-received"]),
    ("a ballot after the close", after_close, &["ballot-after-close"]),
    ("a ballot before the opening", before_open, &["ballot-before-open"]),
    ("a day before the window", |w| day(w, "2024-11-26"), &["ballot-day"]),
    ("a day after the window", |w| day(w, "2024-12-02"), &["ballot-day"]),
    ("a second ballot of a voter", second_ballot, &["voter-once"]),
    ("the id of another ballot", same_id, &["ballot-id"]),
    ("drop a ballot", drop_ballot, &["cvr-count", "cvr-number", "unknown-ballot"]),
    ("stuff a ballot", stuff, &["cvr-count"]),
    ("hold an unknown ballot", |w| unknown(w, "hold/v1"), &["unknown-ballot"]),
    ("rule about an unknown ballot", |w| unknown(w, "ruling/v1"), &["unknown-ballot"]),
    ("rule with one reviewer twice", one_reviewer, &["two-reviewers"]),
    ("rule about what nobody held", rule_unheld, &["ruling-unheld"]),
    ("turn a ruling around", turn_ruling, &["cvr-count"]),
    ("leave a hold out", drop_hold, &["cvr-count", "ruling-unheld"]),
    ("open a poll twice", |w| twice(w, "open/v1"), &["open-once"]),
    ("close a poll twice", |w| twice(w, "close/v1"), &["close-once"]),
    ("open a poll early", |w| at(w, "open/v1", "2024-11-27T14:59:59Z"), &["open-early"]),
    ("close a poll early", |w| at(w, "close/v1", "2024-12-01T14:59:59Z"), &["close-early"]),
    ("never open a poll", |w| drop_line(w, "open/v1"), &["ballot-before-open"]),
    ("never close a poll", |w| drop_line(w, "close/v1"), &["result-before-close"]),
    ("no rulebook", |w| drop_line(w, "rulebook/v1"), &["rulebook-first"]),
    ("another rulebook later", |w| twice(w, "rulebook/v1"), &["rulebook-first"]),
    ("a sheet twice", |w| twice(w, "sheet/v1"), &["sheet-id"]),
    ("another edition", other_edition, &["edition"]),
    ("an unknown poll", other_poll, &["unknown-poll"]),
    ("a line in another form", malformed, &["line-form"]),
    ("an entry after the result", after_result, &["after-result", "after-erase"]),
    ("publish another result", other_result, &["result-hash"]),
    ("a result with other votes", result_votes, &["result-ranks", "result-votes"]),
    ("a result computed from other votes", other_votes, &["result-votes"]),
    ("a result by other rules", other_rules, &["result-rules"]),
    ("a result with other ranks", result_ranks, &["result-ranks"]),
    ("a vote for another case", move_vote, &["cvr-openings", "cvr-order", "picks"]),
    ("leave a counted ballot out of the tables", leave_out, &["cvr-count"]),
    ("a case that is not on the paper", off_paper, &["picks"]),
    ("rows in another order", swap_rows, &["cvr-order"]),
    ("exchange the picks of two openings", swap_openings, &["opening-commitment"]),
];

fn close_number(world: &mut World) {
    let close = world.line("close/v1");
    let said: usize = world.word(close, 3).parse().unwrap();
    let other = said + 1 + world.below(9);
    let other = if world.below(2) == 0 { other } else { 2 * said - other };
    world.replace(close, 3, &other.to_string());
}

/// Changes the number of ballots in a poll's close.
fn add_received(world: &mut World, poll: &str, more: i64) {
    let close = format!("close/v1 {poll} ");
    let close = world.line(&close);
    let said: i64 = world.word(close, 3).parse().unwrap();
    world.replace(close, 3, &(said + more).to_string());
}

fn after_close(world: &mut World) {
    let ballot = unheld(world);
    add_received(world, "public", -1);
    let line = world.sample.entries.remove(ballot);
    let close = world.line("close/v1 public");
    world.sample.entries.insert(close + 1, line);
}

fn before_open(world: &mut World) {
    let ballot = world.line("ballot/v1 public");
    let line = world.sample.entries.remove(ballot);
    world.sample.entries.insert(1, line);
}

fn day(world: &mut World, day: &str) {
    let ballot = world.line("ballot/v1");
    world.replace(ballot, 5, day);
}

fn second_ballot(world: &mut World) {
    let (first, second) = two(world, "ballot/v1 public");
    let voter = world.word(first, 3);
    world.replace(second, 3, &voter);
}

/// Returns two different lines that begin with `kind`.
fn two(world: &mut World, kind: &str) -> (usize, usize) {
    let lines = world.lines(kind);
    let (one, distance) = (world.below(lines.len()), 1 + world.below(lines.len() - 1));
    (lines[one], lines[(one + distance) % lines.len()])
}

fn same_id(world: &mut World) {
    let (first, second) = two(world, "ballot/v1 public");
    let id = world.word(first, 2);
    world.replace(second, 2, &id);
}

fn drop_ballot(world: &mut World) {
    let ballot = world.line("ballot/v1 public");
    world.sample.entries.remove(ballot);
    add_received(world, "public", -1);
}

fn stuff(world: &mut World) {
    let ballot = world.line("ballot/v1 public");
    let mut words: Vec<String> =
        world.sample.entries[ballot].split(' ').map(str::to_owned).collect();
    let random = world.below(usize::MAX).to_be_bytes();
    words[2] = Hash::sha256_of(&random).to_string()[..32].to_owned();
    words[3] = Hash::sha256_of(&[random.as_slice(), b"voter"].concat()).to_string();
    world.sample.entries.insert(ballot, words.join(" "));
    add_received(world, "public", 1);
}

fn unknown(world: &mut World, kind: &str) {
    let line = world.line(kind);
    let id = Hash::sha256_of(&world.below(usize::MAX).to_be_bytes()).to_string();
    world.replace(line, 2, &id[..32]);
}

fn one_reviewer(world: &mut World) {
    let line = world.line("ruling/v1");
    let first = world.word(line, 5);
    world.replace(line, 6, &first);
}

/// Returns a ballot that nobody held.
fn unheld(world: &mut World) -> usize {
    let held: Vec<String> =
        world.lines("hold/v1").into_iter().map(|line| world.word(line, 2)).collect();
    let mut ballot = world.line("ballot/v1 public");
    while held.contains(&world.word(ballot, 2)) {
        ballot = world.line("ballot/v1 public");
    }
    ballot
}

fn rule_unheld(world: &mut World) {
    let ballot = unheld(world);
    let ruling = world.line("ruling/v1 public");
    let id = world.word(ballot, 2);
    world.replace(ruling, 2, &id);
}

fn turn_ruling(world: &mut World) {
    let ruling = world.line("ruling/v1 public");
    let other = if world.word(ruling, 3) == "count" { "exclude" } else { "count" };
    world.replace(ruling, 3, other);
}

fn drop_hold(world: &mut World) {
    drop_line(world, "hold/v1 public");
}

fn twice(world: &mut World, kind: &str) {
    let line = world.line(kind);
    let entry = world.sample.entries[line].clone();
    world.sample.entries.insert(line + 1, entry);
}

fn at(world: &mut World, kind: &str, instant: &str) {
    let line = world.line(kind);
    world.replace(line, 2, instant);
}

fn drop_line(world: &mut World, kind: &str) {
    let line = world.line(kind);
    world.sample.entries.remove(line);
}

fn other_edition(world: &mut World) {
    let kind = ["sheet/v1", "result/v1", "rulebook/v1"][world.below(3)];
    let line = world.line(kind);
    world.replace(line, 1, "another-2024");
}

fn other_poll(world: &mut World) {
    let kind = ["ballot/v1", "hold/v1", "close/v1", "open/v1"][world.below(4)];
    let line = world.line(kind);
    world.replace(line, 1, "another");
}

fn malformed(world: &mut World) {
    let line = world.below(world.sample.entries.len());
    let way = world.below(5);
    let entry = &world.sample.entries[line];
    let changed = match way {
        0 => format!("{entry} "),
        1 => entry.replacen(' ', "  ", 1),
        2 => entry.replacen("v1", "v2", 1),
        3 => entry.to_uppercase(),
        _ => format!(" {entry}"),
    };
    world.sample.entries[line] = changed;
}

fn after_result(world: &mut World) {
    let kind = ["ballot/v1", "hold/v1", "sheet/v1", "ruling/v1"][world.below(4)];
    let line = world.line(kind);
    let entry = world.sample.entries[line].clone();
    world.sample.entries.push(entry);
}

fn other_result(world: &mut World) {
    let line = world.line("result/v1");
    let hash = Hash::sha256_of(&world.below(usize::MAX).to_be_bytes()).to_string();
    world.replace(line, 2, &hash);
}

/// Seals the result as it is now.
fn seal_result(world: &mut World) {
    let line = world.line("result/v1");
    let hash = Hash::sha256_of(world.sample.result.as_bytes()).to_string();
    world.replace(line, 2, &hash);
}

fn result_votes(world: &mut World) {
    change_result(world, "/polls/0/votes", |value| value + 1);
}

/// The ranks follow from the votes, but the votes are not those of the ballots.
fn other_votes(world: &mut World) {
    let document: ResultDocument = serde_json::from_str(&world.sample.result).unwrap();
    let voted: Vec<usize> = (0..document.cases.len())
        .filter(|place| document.cases[*place].polls[0].votes > 0)
        .collect();
    let (one, distance) = (voted[world.below(voted.len())], 1 + world.below(7));
    let other = (one + distance) % document.cases.len();
    let taken = document.cases[one].polls[0].votes.min(5);
    let moved = |place: usize, case: &ResultCase| {
        let mut votes: CountByPoll =
            case.polls.iter().map(|poll| (poll.slug.clone(), poll.votes)).collect();
        let poll = votes.get_mut("public").unwrap();
        *poll = *poll + u64::from(place == other) * taken - u64::from(place == one) * taken;
        votes
    };
    let input = |(place, case): (usize, &ResultCase)| ResultInput {
        entry: CaseTally {
            case: case.id,
            votes: moved(place, case),
            sheets: case.sheets.clone(),
            submitted_at: case.submitted_at,
        },
        title: case.title.clone(),
        organisation: case.organisation.clone(),
        sample: case.sample,
    };
    let inputs = document.cases.iter().enumerate().map(input).collect();
    let (edition, rules) = (document.edition.clone(), document.rulebook.clone());
    put_result(world, edition, rules, &counted(&document), inputs);
}

fn counted(document: &ResultDocument) -> CountByPoll {
    document.polls.iter().map(|poll| (poll.slug.clone(), poll.ballots)).collect()
}

fn put_result(
    world: &mut World,
    edition: ResultEdition,
    rules: Rulebook,
    ballots: &CountByPoll,
    inputs: Vec<ResultInput>,
) {
    let lie = ResultDocument::compute_result(edition, rules, ballots, inputs).unwrap();
    world.sample.result = String::from_utf8(lie.canonical_bytes().unwrap()).unwrap();
    seal_result(world);
}

/// The ranks follow from the rules in the document, but those are not the sealed ones.
fn other_rules(world: &mut World) {
    let document: ResultDocument = serde_json::from_str(&world.sample.result).unwrap();
    let mut rules = document.rulebook.clone();
    match world.below(3) {
        0 => rules.panel.method = PanelMethod::Mean,
        1 => rules.awards[0].count += 1,
        _ => rules.polls[0].basis = PointsBasis::ShareOfBallots,
    }
    let input = |case: &ResultCase| ResultInput {
        entry: CaseTally {
            case: case.id,
            votes: case.polls.iter().map(|poll| (poll.slug.clone(), poll.votes)).collect(),
            sheets: case.sheets.clone(),
            submitted_at: case.submitted_at,
        },
        title: case.title.clone(),
        organisation: case.organisation.clone(),
        sample: case.sample,
    };
    let inputs = document.cases.iter().map(input).collect();
    put_result(world, document.edition.clone(), rules, &counted(&document), inputs);
}

fn result_ranks(world: &mut World) {
    change_result(world, "/rank", |value| value + 1);
}

fn change_result(world: &mut World, field: &str, change: fn(u64) -> u64) {
    let mut result: serde_json::Value = serde_json::from_str(&world.sample.result).unwrap();
    let place = world.below(result["cases"].as_array().unwrap().len());
    let value = result["cases"][place].pointer_mut(field).unwrap();
    *value = change(value.as_u64().unwrap()).into();
    world.sample.result = result.to_string();
    seal_result(world);
}

fn rows(world: &World) -> Vec<String> {
    world.sample.cvr["public"].lines().map(str::to_owned).collect()
}

fn put_rows(world: &mut World, rows: &[String]) {
    let head = std::iter::once("ballot,picks".to_owned());
    let picks = rows[1..]
        .iter()
        .zip(1..)
        .map(|(row, number)| format!("{number},{}", row.split_once(',').unwrap().1));
    let table: Vec<String> = head.chain(picks).collect();
    world.sample.cvr.insert("public".to_owned(), table.join("\n") + "\n");
}

/// Gives one ballot the picks of another.
fn move_vote(world: &mut World) {
    let mut rows = rows(world);
    let picks = |row: &str| row.split_once(',').unwrap().1.to_owned();
    let from = 1 + world.below(rows.len() - 1);
    let others: Vec<String> =
        rows[1..].iter().filter(|row| picks(row) != picks(&rows[from])).cloned().collect();
    rows[from] = others[world.below(others.len())].clone();
    rows[1..].sort_by_key(|row| picks(row));
    put_rows(world, &rows);
}

fn leave_out(world: &mut World) {
    let mut rows = rows(world);
    let row = 1 + world.below(rows.len() - 1);
    rows.remove(row);
    put_rows(world, &rows);
    let openings = &world.sample.openings["public"];
    let keep: Vec<&str> = openings.lines().take(openings.lines().count() - 1).collect();
    let openings = keep.join("\n") + "\n";
    world.sample.openings.insert("public".to_owned(), openings);
}

fn off_paper(world: &mut World) {
    let mut rows = rows(world);
    let row = 1 + world.below(rows.len() - 1);
    rows[row] = format!("{row},ffffffff-ffff-4fff-8fff-ffffffffffff");
    rows[1..].sort_by_key(|row| row.split_once(',').unwrap().1.to_owned());
    put_rows(world, &rows);
}

fn swap_rows(world: &mut World) {
    let mut rows = rows(world);
    let last = rows.len() - 1;
    assert_ne!(rows[1].split_once(',').unwrap().1, rows[last].split_once(',').unwrap().1);
    let middle = 1 + world.below(last - 1);
    let row = rows.remove(last);
    rows.insert(middle, row);
    if rows[middle].split_once(',').unwrap().1 == rows[last].split_once(',').unwrap().1 {
        rows.swap(1, last);
    }
    put_rows(world, &rows);
}

fn swap_openings(world: &mut World) {
    let mut rows: Vec<Vec<String>> = world.sample.openings["public"]
        .lines()
        .map(|row| row.split(',').map(str::to_owned).collect())
        .collect();
    let one = 1 + world.below(rows.len() - 1);
    let picks = rows[one][2].clone();
    let other = rows.iter().skip(1).position(|row| row[2] != picks).unwrap() + 1;
    rows[one][2] = rows[other][2].clone();
    rows[other][2] = picks;
    let table: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    world.sample.openings.insert("public".to_owned(), table.join("\n") + "\n");
}
