//! Checks a record on the disk from end to end. One thread reads the lines and checks the rules,
//! the other computes the hashes. Then the documents beside the log are checked.

pub mod ballots;
pub mod hashes;
pub mod log;
pub mod observers;
pub mod published;
pub mod report;
pub mod signatures;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use domain::record::observed::Observed;
use domain::record::tile::{Bundle, new_bundles};
use domain::record::tree::Hash;

use crate::finding::{Finding, Stop};
use crate::folder::{BUNDLE_BYTES, DOCUMENT_BYTES, Folder, OBSERVED};
use crate::picks::Tally;
use crate::rules::{Rules, announced};

use log::Log;
use published::Counted;
use report::Report;
use signatures::Head;

/// Bundles that may wait between the two threads.
const ON_THE_WAY: usize = 64;

/// What the caller trusts.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The log's key; without it the key in the folder is trusted.
    pub key: Option<String>,
    /// Keys of witnesses; each of them must have cosigned.
    pub witnesses: Vec<String>,
}

/// Checks a record. The report says what is wrong with it.
///
/// # Errors
/// [`Stop::Input`] if something cannot be read at all.
pub fn verify(folder: &Path, trust: &Trust) -> Result<Report, Stop> {
    let folder = Folder::open(folder)?;
    let mut report = Report::default();
    match walk(&folder, trust, &mut report) {
        Err(Stop::Wrong(finding)) => report.findings.push(finding),
        Err(other) => return Err(other),
        Ok(()) => {}
    }
    Ok(report)
}

fn walk(folder: &Folder, trust: &Trust, report: &mut Report) -> Result<(), Stop> {
    let head = signatures::check(folder, trust.key.as_deref(), &trust.witnesses)?;
    report.head(&head, trust);
    if head.checkpoint.size == 0 {
        report.not_checked("the log is empty: nothing has been sealed yet");
        return empty(folder, &head);
    }
    let document = folder.read("rulebook.json", DOCUMENT_BYTES)?;
    let rules = Rules::parse(&document)
        .map_err(|why| Finding::of("rulebook-form", "rulebook.json", why))?;
    report.edition = Some(rules.edition.clone());
    let origin_fits = head.checkpoint.origin.rsplit_once("/record/");
    if origin_fits.is_none_or(|(_, edition)| edition != rules.edition) {
        let what =
            format!("the log is named {}, the edition {}", head.checkpoint.origin, rules.edition);
        return Err(Finding::of("origin", "checkpoint", what).into());
    }
    let hash = *Hash::of(&document).as_bytes();
    let log = entries(folder, &head, Log::new(&rules, hash), report)?;
    report.log(&head, &log);
    beside(folder, &rules, &document, &log, report)
}

fn empty(folder: &Folder, head: &Head) -> Result<(), Stop> {
    let (_, bundles) = sync_channel(0);
    hashes::check(folder, &bundles, &head.signed).map_err(|(_, stop)| stop)
}

/// Reads all entries; both threads check each of them. Stops at the first entry that is wrong.
fn entries<'a>(
    folder: &Folder,
    head: &Head,
    log: Log<'a>,
    report: &mut Report,
) -> Result<Log<'a>, Stop> {
    let (send, receive) = sync_channel(ON_THE_WAY);
    let (read, hashed) = std::thread::scope(|scope| {
        let hashing = scope.spawn(|| {
            let receive = receive;
            hashes::check(folder, &receive, &head.signed)
        });
        let read = read(folder, head.checkpoint.size, log, &send);
        drop(send);
        (read, hashing.join())
    });
    let hashed = hashed.map_err(|_| Stop::Input("a thread has failed".to_owned()))?;
    match (read, hashed) {
        (Ok(mut log), Ok(())) => {
            log.ballots.seal();
            Ok(log)
        }
        (Ok(_), Err((_, stop))) => Err(stop),
        (Err((_, stop)), Ok(())) => Err(stop),
        // Of two findings in the same bundle the line's comes first: it says more than the tile's
        // hash.
        (Err((line, said)), Err((hash, hashed))) => {
            let (first, second) = if line <= hash { (said, hashed) } else { (hashed, said) };
            if let (Stop::Wrong(finding), Stop::Wrong(_)) = (&first, &second) {
                report.findings.push(finding.clone());
                return Err(second);
            }
            Err(first)
        }
    }
}

fn read<'a>(
    folder: &Folder,
    size: u64,
    mut log: Log<'a>,
    hashing: &SyncSender<hashes::Read>,
) -> Result<Log<'a>, hashes::Failed> {
    for bundle in new_bundles(0, size) {
        let file = format!("tile/entries/{bundle}");
        let fail = |stop| (bundle.index, stop);
        let bytes = Arc::new(folder.read(&file, BUNDLE_BYTES).map_err(fail)?);
        // After a wrong hash the other thread has stopped receiving; it reports the hash.
        if hashing.send((bundle, Arc::clone(&bytes))).is_err() {
            return Ok(log);
        }
        take(bundle, &bytes, &mut log).map_err(|finding| fail(finding.into()))?;
    }
    Ok(log)
}

fn take(bundle: Bundle, bytes: &[u8], log: &mut Log<'_>) -> Result<(), Finding> {
    let file = || format!("tile/entries/{bundle}");
    let entries =
        bundle.decode(bytes).map_err(|why| Finding::of("bundle-form", file(), why.to_string()))?;
    for (entry, line) in entries.iter().zip(1..) {
        log.take(entry).map_err(|(rule, what)| {
            let entry = bundle.index * 256 + line - 1;
            Finding::of(rule, file(), format!("entry {entry}: {what}")).at(line)
        })?;
    }
    Ok(())
}

/// Checks what is published beside the log: cast-vote records, openings, the result.
fn beside(
    folder: &Folder,
    rules: &Rules,
    document: &[u8],
    log: &Log<'_>,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut tallies = Vec::new();
    for (place, poll) in (0_u16..).zip(&rules.polls) {
        let count = report.balance(place, poll, log);
        let counted = Counted { place, poll, ballots: &log.ballots, count };
        let closed = log.polls[usize::from(place)].closed.is_some();
        tallies.push((count, tally(folder, counted, closed, report)?));
    }
    let Some(sealed) = log.result else {
        report.not_checked("no result has been published");
        return match ["result.json", OBSERVED].into_iter().find(|file| folder.has(file)) {
            Some(file) => Err(Finding::of("result-unsealed", file, "not in the log").into()),
            None => Ok(()),
        };
    };
    announcement(folder, rules, document, (log, sealed, tallies.as_slice()), report)?;
    let origin = report.origin.clone().unwrap_or_default();
    let result = Observed { origin, index: log.result_index, result: Hash::new(sealed) };
    observers::check(folder, &result, report)?;
    report.result = Some(result);
    Ok(())
}

/// For each poll: how many ballots count, and its tally if the votes are known.
type Tallies = [(u64, Option<Tally>)];

/// Checks that the result document says what was counted in each poll.
fn announcement(
    folder: &Folder,
    rules: &Rules,
    document: &[u8],
    (log, sealed, tallies): (&Log<'_>, [u8; 32], &Tallies),
    report: &mut Report,
) -> Result<(), Stop> {
    let Some(bytes) = published::result(folder, sealed, document)? else {
        report.not_checked("result.json is not in the folder");
        report.unseen.push("result.json".to_owned());
        return Ok(());
    };
    report.checked("result.json is the document in the log, decided by the sealed rules");
    if log.taken_back > 0 {
        let count = log.taken_back;
        report.not_checked(format!("{count} announced and taken back before the last result"));
    }
    report.checked("its ranks follow from its votes and scores");
    let said =
        announced(&bytes, rules).map_err(|why| Finding::of("result-form", "result.json", why))?;
    for (poll, (count, tally)) in rules.polls.iter().zip(tallies) {
        let slug = &poll.slug;
        match (said.get(slug), tally) {
            (Some(said), Some(tally)) => {
                published::votes(said, *count, tally, slug)?;
                report.checked(format!("the votes of {slug} in result.json are those counted"));
            }
            (None, _) => {
                report.not_checked(format!("result.json says nothing about poll {slug}"));
                report.unseen.push(format!("poll {slug} in result.json"));
            }
            (_, None) => report.not_checked(format!("the votes of {slug} in result.json")),
        }
    }
    match said.keys().find(|slug| rules.poll(slug).is_none()) {
        Some(slug) => {
            let what = format!("the rulebook has no poll {slug}");
            Err(Finding::of("result-votes", "result.json", what).into())
        }
        None => Ok(()),
    }
}

/// Returns the tally of one poll from its cast-vote records, compared with its openings.
fn tally(
    folder: &Folder,
    counted: Counted<'_>,
    closed: bool,
    report: &mut Report,
) -> Result<Option<Tally>, Stop> {
    let slug = &counted.poll.slug;
    let (cvr, openings) = (format!("cvr/{slug}.csv"), format!("openings/{slug}.csv"));
    if let Some(file) = [&cvr, &openings].into_iter().find(|file| !closed && folder.has(file)) {
        let what = format!("published before poll {slug} has closed");
        return Err(Finding::of("too-early", file, what).into());
    }
    let mut records = None;
    if folder.has(&cvr) {
        let tally = published::cvr(folder, &cvr, counted)?;
        report.votes(counted.place, &tally);
        report.checked(format!("{cvr}: {} valid records, as many as ballots count", counted.count));
        records = Some(tally);
    } else if closed {
        report.not_checked(format!("{cvr} is not in the folder: the votes of {slug} are unknown"));
        report.unseen.push(cvr.clone());
    }
    if !folder.has(&openings) {
        if closed {
            let whom =
                if counted.poll.openings_public { "are to be public" } else { "are for observers" };
            report.not_checked(format!(
                "openings of {slug} are not in the folder (they {whom}): that its cast-vote records \
                 are the ballots of the log is not shown"
            ));
            report.unseen.push(openings);
        }
        return Ok(records);
    }
    let opened = published::openings(folder, &openings, counted)?;
    report.checked(format!("{openings}: every counted ballot opens to valid picks"));
    if let Some((picks, rows, opened)) =
        records.as_ref().and_then(|tally| tally.difference(&opened))
    {
        let what =
            format!("{rows} records with the picks {picks}, but {opened} ballots open to them");
        return Err(Finding::of("cvr-openings", cvr, what).into());
    }
    if records.is_none() {
        report.votes(counted.place, &opened);
        return Ok(Some(opened));
    }
    report.checked(format!("{cvr} and {openings} hold the same picks"));
    Ok(records)
}
