//! Checks a record on the disk from end to end. One thread reads the lines and checks the rules,
//! the other computes the hashes. Then the documents beside the log are checked.

pub mod ballots;
pub mod hashes;
pub mod log;
pub mod observers;
pub mod published;
pub mod report;
pub mod result;
pub mod signatures;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use domain::record::observed::ResultStatement;
use domain::record::tile::{EntryBundle, new_bundles};
use domain::record::tree::Hash;

use crate::announced::AnnouncedResult;
use crate::finding::{AuditError, Finding};
use crate::folder::{BUNDLE_BYTES, DOCUMENT_BYTES, Folder, OBSERVED};
use crate::picks::Tally;
use crate::rules::deciding::DecidingRules;
use crate::rules::{Rules, parse_result};

use log::Log;
use published::CountedPoll;
use report::Report;
use result::CountedVotes;
use signatures::SignedHead;

/// Bundles that may wait between the two threads.
const ON_THE_WAY: usize = 64;

/// What the caller trusts.
#[derive(Debug, Clone, Default)]
pub struct TrustedKeys {
    /// The log's key; without it the key in the folder is trusted.
    pub key: Option<String>,
    /// Keys of witnesses; each of them must have cosigned.
    pub witnesses: Vec<String>,
}

/// Checks a record. The report says what is wrong with it.
///
/// # Errors
/// [`AuditError::Input`] if something cannot be read at all.
pub fn verify_record(folder: &Path, trust: &TrustedKeys) -> Result<Report, AuditError> {
    let folder = Folder::open_existing(folder)?;
    let mut report = Report::default();
    match verify_into_report(&folder, trust, &mut report) {
        Err(AuditError::Wrong(finding)) => report.findings.push(finding),
        Err(other) => return Err(other),
        Ok(()) => {}
    }
    Ok(report)
}

fn verify_into_report(
    folder: &Folder,
    trust: &TrustedKeys,
    report: &mut Report,
) -> Result<(), AuditError> {
    let head = signatures::check_signatures(folder, trust.key.as_deref(), &trust.witnesses)?;
    report.note_signatures(&head, trust);
    if head.checkpoint.size == 0 {
        report.note_unchecked("the log is empty: nothing has been sealed yet");
        return check_empty_log(folder, &head);
    }
    let document = folder.read_file("rulebook.json", DOCUMENT_BYTES)?;
    let rules = Rules::parse_rulebook(&document)
        .map_err(|why| Finding::about_whole_file("rulebook-form", "rulebook.json", why))?;
    report.edition = Some(rules.edition.clone());
    let origin_fits = head.checkpoint.origin.rsplit_once("/record/");
    if origin_fits.is_none_or(|(_, edition)| edition != rules.edition) {
        let what =
            format!("the log is named {}, the edition {}", head.checkpoint.origin, rules.edition);
        return Err(Finding::about_whole_file("origin", "checkpoint", what).into());
    }
    let hash = *Hash::sha256_of(&document).as_bytes();
    let log = check_entries(folder, &head, Log::with_rules(&rules, hash), report)?;
    report.note_log_checked(&head, &log);
    check_documents(folder, &rules, &document, &log, report)
}

fn check_empty_log(folder: &Folder, head: &SignedHead) -> Result<(), AuditError> {
    let (_, bundles) = sync_channel(0);
    hashes::check_all_hashes(folder, &bundles, &head.signed).map_err(|(_, stop)| stop)
}

/// Reads all entries; both threads check each of them. Stops at the first entry that is wrong.
fn check_entries<'a>(
    folder: &Folder,
    head: &SignedHead,
    log: Log<'a>,
    report: &mut Report,
) -> Result<Log<'a>, AuditError> {
    let (send, receive) = sync_channel(ON_THE_WAY);
    let (read, hashed) = std::thread::scope(|scope| {
        let hashing = scope.spawn(|| {
            let receive = receive;
            hashes::check_all_hashes(folder, &receive, &head.signed)
        });
        let read = read_entries(folder, head.checkpoint.size, log, &send);
        drop(send);
        (read, hashing.join())
    });
    let hashed = hashed.map_err(|_| AuditError::Input("a thread has failed".to_owned()))?;
    match (read, hashed) {
        (Ok(mut log), Ok(())) => {
            log.ballots.drop_voter_index();
            Ok(log)
        }
        (Ok(_), Err((_, stop))) => Err(stop),
        (Err((_, stop)), Ok(())) => Err(stop),
        // Of two findings in the same bundle the line's comes first: it says more than the tile's
        // hash.
        (Err((line, said)), Err((hash, hashed))) => {
            let (first, second) = if line <= hash { (said, hashed) } else { (hashed, said) };
            if let (AuditError::Wrong(finding), AuditError::Wrong(_)) = (&first, &second) {
                report.findings.push(finding.clone());
                return Err(second);
            }
            Err(first)
        }
    }
}

fn read_entries<'a>(
    folder: &Folder,
    size: u64,
    mut log: Log<'a>,
    hashing: &SyncSender<hashes::BundleBytes>,
) -> Result<Log<'a>, hashes::FailedBundle> {
    for bundle in new_bundles(0, size) {
        let file = format!("tile/entries/{bundle}");
        let fail = |stop| (bundle.index, stop);
        let bytes = Arc::new(folder.read_file(&file, BUNDLE_BYTES).map_err(fail)?);
        // After a wrong hash the other thread has stopped receiving; it reports the hash.
        if hashing.send((bundle, Arc::clone(&bytes))).is_err() {
            return Ok(log);
        }
        check_bundle_lines(bundle, &bytes, &mut log).map_err(|finding| fail(finding.into()))?;
    }
    Ok(log)
}

fn check_bundle_lines(bundle: EntryBundle, bytes: &[u8], log: &mut Log<'_>) -> Result<(), Finding> {
    let file = || format!("tile/entries/{bundle}");
    let entries = bundle
        .decode_entries(bytes)
        .map_err(|why| Finding::about_whole_file("bundle-form", file(), why.to_string()))?;
    for (entry, line) in entries.iter().zip(1..) {
        log.take_line(entry).map_err(|(rule, what)| {
            let entry = bundle.index * 256 + line - 1;
            Finding::about_whole_file(rule, file(), format!("entry {entry}: {what}")).at_line(line)
        })?;
    }
    Ok(())
}

/// Checks what is published beside the log: cast-vote records, openings, the result.
fn check_documents(
    folder: &Folder,
    rules: &Rules,
    document: &[u8],
    log: &Log<'_>,
    report: &mut Report,
) -> Result<(), AuditError> {
    let mut tallies = Vec::new();
    for (place, poll) in (0_u16..).zip(&rules.polls) {
        let count = report.add_poll_balance(place, poll, log);
        let counted = CountedPoll { place, poll, ballots: &log.ballots, count };
        let closed = log.polls[usize::from(place)].closed.is_some();
        tallies.push((count, tally_poll(folder, counted, closed, report)?));
    }
    let Some(sealed) = log.result else {
        report.note_unchecked("no result has been published");
        return match ["result.json", OBSERVED].into_iter().find(|file| folder.has_file(file)) {
            Some(file) => {
                Err(Finding::about_whole_file("result-unsealed", file, "not in the log").into())
            }
            None => Ok(()),
        };
    };
    check_announcement(folder, rules, document, (log, sealed, tallies.as_slice()), report)?;
    let origin = report.origin.clone().unwrap_or_default();
    let result =
        ResultStatement { origin, index: log.result_index, result: Hash::from_bytes(sealed) };
    observers::check_statements(folder, &result, report)?;
    report.result = Some(result);
    Ok(())
}

/// For each poll: how many ballots count, and its tally if the votes are known.
type PollTallies = [(u64, Option<Tally>)];

/// Checks that the result document is the one in the log and follows from what was counted.
fn check_announcement(
    folder: &Folder,
    rules: &Rules,
    document: &[u8],
    (log, hash, tallies): (&Log<'_>, [u8; 32], &PollTallies),
    report: &mut Report,
) -> Result<(), AuditError> {
    let Some(bytes) = result::read_sealed_result(folder, hash)? else {
        report.note_unchecked("result.json is not in the folder");
        report.unseen.push("result.json".to_owned());
        return Ok(());
    };
    let announced = AnnouncedResult::parse_result_document(&bytes)
        .map_err(|why| AuditError::unread_document("result-form", "result.json", why))?;
    let sealed = DecidingRules::parse_sealed_rules(document)
        .map_err(|why| AuditError::unread_document("rulebook-form", "rulebook.json", why))?;
    result::check_sealed_rules(&sealed, &announced)?;
    report.note_checked("result.json is the document in the log, decided by the sealed rules");
    if log.taken_back > 0 {
        let count = log.taken_back;
        report.note_unchecked(format!("{count} announced and taken back before the last result"));
    }
    result::check_result_cases(rules, &sealed, &announced)?;
    report.note_checked("it has every case of the sealed ballot papers");
    if result::panel_decides_alone(&sealed) {
        report.note_unchecked("whether it has every case that is on no ballot paper");
    }
    let counted = compare_poll_votes(rules, &bytes, tallies, report)?;
    result::check_result_places(&sealed, &announced, &counted)?;
    report.note_checked("its points, ranks and awards are those that this program computes");
    Ok(())
}

/// Compares the votes of each poll in the result document with what was counted. Returns the
/// counted ones.
fn compare_poll_votes(
    rules: &Rules,
    bytes: &[u8],
    tallies: &PollTallies,
    report: &mut Report,
) -> Result<CountedVotes, AuditError> {
    let said = parse_result(bytes, rules)
        .map_err(|why| Finding::about_whole_file("result-form", "result.json", why))?;
    let mut counted = CountedVotes::new();
    for (poll, (count, tally)) in rules.polls.iter().zip(tallies) {
        let slug = &poll.slug;
        match (said.get(slug), tally) {
            (Some(said), Some(tally)) => {
                published::compare_votes(said, *count, tally, slug)?;
                counted.insert(slug.clone(), tally.votes_by_case());
                report
                    .note_checked(format!("the votes of {slug} in result.json are those counted"));
            }
            (None, _) => {
                let what = format!("says nothing about poll {slug}");
                return Err(Finding::about_whole_file("result-polls", "result.json", what).into());
            }
            (_, None) => report.note_unchecked(format!("the votes of {slug} in result.json")),
        }
    }
    Ok(counted)
}

/// Returns the tally of one poll from its cast-vote records, compared with its openings.
fn tally_poll(
    folder: &Folder,
    counted: CountedPoll<'_>,
    closed: bool,
    report: &mut Report,
) -> Result<Option<Tally>, AuditError> {
    let slug = &counted.poll.slug;
    let (cvr, openings) = (format!("cvr/{slug}.csv"), format!("openings/{slug}.csv"));
    if let Some(file) = [&cvr, &openings].into_iter().find(|file| !closed && folder.has_file(file))
    {
        let what = format!("published before poll {slug} has closed");
        return Err(Finding::about_whole_file("too-early", file, what).into());
    }
    let mut records = None;
    if folder.has_file(&cvr) {
        let tally = published::count_cast_vote_records(folder, &cvr, counted)?;
        report.store_counted_votes(counted.place, &tally);
        report.note_checked(format!(
            "{cvr}: {} valid records, as many as ballots count",
            counted.count
        ));
        records = Some(tally);
    } else if closed {
        report
            .note_unchecked(format!("{cvr} is not in the folder: the votes of {slug} are unknown"));
        report.unseen.push(cvr.clone());
    }
    if !folder.has_file(&openings) {
        if closed {
            let whom =
                if counted.poll.openings_public { "are to be public" } else { "are for observers" };
            report.note_unchecked(format!(
                "openings of {slug} are not in the folder (they {whom}): that its cast-vote records \
                 are the ballots of the log is not shown"
            ));
            report.unseen.push(openings);
        }
        return Ok(records);
    }
    let opened = published::count_openings(folder, &openings, counted)?;
    report.note_checked(format!("{openings}: every counted ballot opens to valid picks"));
    if let Some((picks, rows, opened)) =
        records.as_ref().and_then(|tally| tally.first_difference(&opened))
    {
        let what =
            format!("{rows} records with the picks {picks}, but {opened} ballots open to them");
        return Err(Finding::about_whole_file("cvr-openings", cvr, what).into());
    }
    if records.is_none() {
        report.store_counted_votes(counted.place, &opened);
        return Ok(Some(opened));
    }
    report.note_checked(format!("{cvr} and {openings} hold the same picks"));
    Ok(records)
}
