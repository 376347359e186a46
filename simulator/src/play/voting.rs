//! Votes through the pages: pick, ask for a code, read it in the message, give it, look at the check
//! page, cast.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::browser::{Browser, Exchange, SecondsRange};
use super::contacts::VoterContact;
use super::forms::{FormFields, field_value, fill_signal_fields, read_hidden_fields};
use super::postman::Postman;
use super::site::EDITION;
use super::voters::{BrowserWindows, PlayedVoter};
use crate::error::{Result, SimulatorError};

/// Longest wait for a message.
const MESSAGE_PATIENCE: Duration = Duration::from_secs(90);

/// A poll as voters see it.
#[derive(Clone, Debug)]
pub struct VotingPlace {
    /// Its slug.
    pub slug: String,
    /// The cases on its paper.
    pub cases: Vec<Uuid>,
}

/// What all voters share.
pub struct VotingHall {
    /// Where the server listens.
    pub server: SocketAddr,
    /// The polls: codes by mail, codes by text message.
    pub places: [VotingPlace; 2],
    /// Who brings the codes.
    pub postman: Postman,
    /// The voters who vote at the same time.
    pub seats: Semaphore,
    /// When the run began.
    pub begun: Instant,
}

/// What became of a voter's ballot.
#[derive(Clone, Debug)]
pub struct CastBallot {
    /// The key under which it was posted.
    pub key: Uuid,
    /// What the server may have measured from the first page to the request for a code.
    pub page: SecondsRange,
    /// The same from the request for a code to its return.
    pub code: SecondsRange,
    /// The same from the check page to the ballot.
    pub check: SecondsRange,
}

/// The number of a voter, and the acknowledged ballot, or why there is none.
pub type VoterOutcome = (usize, std::result::Result<CastBallot, String>);

/// Lets the voters of a browser vote. If it has several windows, it was at the site before, so that all
/// of them have the same number.
pub async fn use_browser(hall: Arc<VotingHall>, windows: BrowserWindows) -> Vec<VoterOutcome> {
    let first = windows.iter().flatten().min_by_key(|voter| voter.turn.start);
    let number = match first.filter(|_| windows.len() > 1) {
        Some(voter) => visit_before(&hall, voter).await,
        None => None,
    };
    let mut open = JoinSet::new();
    for voters in windows {
        open.spawn(use_window(hall.clone(), number.clone(), voters));
    }
    open.join_all().await.into_iter().flatten().collect()
}

/// Opens the first page of the vote once, and returns the number that the browser got.
async fn visit_before(hall: &VotingHall, voter: &PlayedVoter) -> Option<String> {
    hall.wait_until(voter.turn.start).await;
    let mut browser = Browser::for_server(hall.server);
    browser.seat_voter(voter.address, &voter.planned);
    browser.open_page(&hall.vote_path(voter, "")).await.ok()?;
    browser.known_number().map(str::to_owned)
}

async fn use_window(
    hall: Arc<VotingHall>,
    number: Option<String>,
    voters: Vec<PlayedVoter>,
) -> Vec<VoterOutcome> {
    let mut browser = Browser::for_server(hall.server);
    if let Some(number) = number {
        browser.adopt_number(&number);
    }
    let (mut outcomes, last) = (Vec::new(), voters.len().saturating_sub(1));
    for (at, voter) in voters.iter().enumerate() {
        hall.wait_until(voter.turn.start).await;
        let seat = hall.seats.acquire().await;
        browser.seat_voter(voter.address, &voter.planned);
        let mut outcome = cast_vote(&hall, voter, &mut browser).await;
        if outcome.is_ok() && at < last {
            let left = leave_browser(&hall, voter, &mut browser).await;
            outcome = outcome.and_then(|cast| left.map(|()| cast));
        }
        if outcome.is_err() {
            browser.forget_session();
        }
        drop(seat);
        outcomes.push((voter.number, outcome.map_err(|error| error.to_string())));
    }
    outcomes
}

/// Presses the button for the next voter.
async fn leave_browser(
    hall: &VotingHall,
    voter: &PlayedVoter,
    browser: &mut Browser,
) -> Result<()> {
    let next = vec![("act".to_owned(), "next".to_owned())];
    let slug = &hall.places[voter.poll_index()].slug;
    browser.submit_form(&hall.vote_path(voter, "/receipt"), &next, slug).await.map(drop)
}

impl VotingHall {
    async fn wait_until(&self, millis: u64) {
        let at = self.begun + Duration::from_millis(millis);
        tokio::time::sleep_until(at.into()).await;
    }

    fn vote_path(&self, voter: &PlayedVoter, end: &str) -> String {
        format!("/editions/{EDITION}/vote/{}{end}", self.places[voter.poll_index()].slug)
    }
}

/// Waits until so many seconds have passed since a page was there. Without seconds nothing is waited.
async fn wait_since(page: &Exchange, seconds: Option<u32>) {
    let wait = Duration::from_secs(u64::from(seconds.unwrap_or(0)));
    tokio::time::sleep_until((page.received + wait).into()).await;
}

/// Does all steps of a vote.
async fn cast_vote(
    hall: &VotingHall,
    voter: &PlayedVoter,
    browser: &mut Browser,
) -> Result<CastBallot> {
    pick_case(hall, voter, browser).await?;
    let (shown, asked, code) = ask_for_code(hall, voter, browser).await?;
    let typed = browser.open_page(&hall.vote_path(voter, "/code")).await?;
    let page = typed.page_text();
    visit_files(voter, browser, &page).await?;
    let code = tokio::time::timeout(MESSAGE_PATIENCE, code).await.ok().and_then(|code| code.ok());
    let code =
        code.ok_or_else(|| SimulatorError::condition_error("no message with a code came"))?;
    wait_since(&asked, voter.planned.code_seconds).await;
    let mut fields = read_hidden_fields(&page, "id=\"field-code\"");
    fields.push(("code".to_owned(), code));
    let given = browser.submit_form(&hall.vote_path(voter, "/code"), &fields, "/check").await?;
    let (key, check) = cast_checked_ballot(hall, voter, browser).await?;
    let (page, code) = (shown.seconds_until(&asked), asked.seconds_until(&given));
    browser.open_page(&hall.vote_path(voter, "/receipt")).await?;
    Ok(CastBallot { key, page, code, check })
}

async fn pick_case(hall: &VotingHall, voter: &PlayedVoter, browser: &mut Browser) -> Result<()> {
    let place = &hall.places[voter.poll_index()];
    let gallery = format!("/editions/{EDITION}/cases");
    if voter.planned.assets_fetched {
        browser.open_page(&gallery).await?;
    }
    let count = u64::try_from(place.cases.len()).unwrap_or(1).max(1);
    let case = usize::try_from(voter.entry % count).unwrap_or(0);
    let fields = [("poll", place.slug.clone()), ("case", place.cases[case].to_string())];
    let fields: FormFields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    browser.submit_form(&format!("/editions/{EDITION}/picks"), &fields, "/cases").await.map(drop)
}

/// Fetches what a page needs, if this voter's browser does so.
async fn visit_files(voter: &PlayedVoter, browser: &mut Browser, page: &str) -> Result<()> {
    if voter.planned.assets_fetched {
        browser.fetch_files(page, voter.planned.script_ran).await?;
    }
    Ok(())
}

/// Opens the first page of the vote and asks for a code after the voter's wait.
async fn ask_for_code(
    hall: &VotingHall,
    voter: &PlayedVoter,
    browser: &mut Browser,
) -> Result<(Exchange, Exchange, tokio::sync::oneshot::Receiver<String>)> {
    let vote = hall.vote_path(voter, "");
    let shown = browser.open_page(&vote).await?;
    let page = shown.page_text();
    visit_files(voter, browser, &page).await?;
    let name = match voter.contact {
        VoterContact::Mail(_) => "email",
        VoterContact::Mobile(_) => "mobile",
    };
    let (seconds, script_ran) = (voter.planned.page_seconds, voter.planned.script_ran);
    let mut fields = read_hidden_fields(&page, &format!("name=\"{name}\""));
    fill_signal_fields(&mut fields, seconds, script_ran);
    fields.push((name.to_owned(), voter.contact.typed_text().to_owned()));
    for statement in ["consent", "of_age", "of_district"] {
        fields.push((statement.to_owned(), "yes".to_owned()));
    }
    wait_since(&shown, seconds).await;
    let code = hall.postman.expect_code(voter.contact.typed_text());
    let asked = browser.submit_form(&vote, &fields, "/code").await?;
    Ok((shown, asked, code))
}

/// Opens the check page and casts the ballot after the voter's wait.
async fn cast_checked_ballot(
    hall: &VotingHall,
    voter: &PlayedVoter,
    browser: &mut Browser,
) -> Result<(Uuid, SecondsRange)> {
    let path = hall.vote_path(voter, "/check");
    let shown = browser.open_page(&path).await?;
    let page = shown.page_text();
    visit_files(voter, browser, &page).await?;
    let mut fields = read_hidden_fields(&page, "id=\"cast-form\"");
    let key = field_value(&fields, "key").and_then(|key| key.parse().ok());
    let key = key.ok_or_else(|| SimulatorError::condition_error("a check page without a key"))?;
    fill_signal_fields(&mut fields, voter.planned.check_seconds, voter.planned.script_ran);
    wait_since(&shown, voter.planned.check_seconds).await;
    let cast = browser.submit_form(&path, &fields, "/receipt").await?;
    Ok((key, shown.seconds_until(&cast)))
}
