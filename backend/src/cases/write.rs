//! What an organisation does with its cases: save, submit, withdraw.
//!
//! A draft may have gaps and texts that are too long; a submitted case may not. A save names the version it was made from, so
//! two editors never overwrite each other unseen.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DistrictId, NeighbourhoodId, TrackId};
use domain::likeness::StorySketch;
use domain::limits;
use domain::refusal::CaseRefusal;
#[cfg(doc)]
use domain::refusal::EditionRefusal;
use domain::schedule::SubmissionsOpen;
use domain::text::{FieldProblem, Reason, parse_draft_block, parse_draft_line};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Case, CaseState, acknowledge, late, picture, record_case_event, versions};
use crate::accounts::Member;
use crate::audit::AuditAction;
use crate::editions::{self, Edition, TracksAndDistricts, check_phase_again};
use crate::error::FieldFaults;
use crate::{Backend, Error, Refusal, Result, record};

/// A draft as it was typed.
#[derive(Clone, Debug, Default)]
pub struct CaseDraft {
    /// The title.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// What it is about.
    pub summary: String,
    /// The story.
    pub body: String,
    /// The key of the track.
    pub track: String,
    /// The key of a district or of a neighbourhood.
    pub place: String,
    /// What the picture shows.
    pub alt: String,
    /// The address of a film.
    pub film: String,
}

/// A checked draft. An empty text is a gap to be filled later.
#[derive(Debug)]
pub(super) struct ParsedDraft {
    pub(super) title: String,
    pub(super) title_en: String,
    pub(super) summary: String,
    pub(super) body: String,
    pub(super) track: TrackId,
    pub(super) district: Option<DistrictId>,
    pub(super) neighbourhood: Option<NeighbourhoodId>,
    pub(super) alt: String,
    pub(super) film: String,
}

impl ParsedDraft {
    /// Whether the stored case already has this content.
    fn is_stored(&self, case: &Case) -> bool {
        let texts = [
            (&self.title, &case.title),
            (&self.title_en, &case.title_en),
            (&self.summary, &case.summary),
            (&self.body, &case.body),
            (&self.film, &case.film),
        ];
        texts.into_iter().all(|(typed, stored)| typed == stored)
            && self.track == case.track
            && self.district == case.district
            && self.neighbourhood == case.neighbourhood
    }
}

/// What goes with a case when it is sent in.
#[derive(Clone, Debug, Default)]
pub struct SubmissionForm {
    /// Why what looks like personal data stays; empty if nothing was found.
    pub personal_reason: String,
    /// Whether the people who are named or pictured agree.
    pub people_agree: bool,
    /// Whether the organisation may publish texts, pictures and documents.
    pub has_rights: bool,
}

impl SubmissionForm {
    fn missing_consents(&self) -> Vec<String> {
        let consents = [("people_agree", self.people_agree), ("has_rights", self.has_rights)];
        consents.into_iter().filter(|(_, given)| !given).map(|(name, _)| name.to_owned()).collect()
    }
}

/// The result of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedCase {
    /// The version that the next save has to name.
    pub version: i32,
    /// When it was saved, by the real clock.
    pub saved_at: DateTime<Utc>,
}

fn parse_track_key(
    text: &str,
    places: &TracksAndDistricts,
) -> std::result::Result<TrackId, FieldProblem> {
    let id = text.parse().map_err(|_| FieldProblem::Missing)?;
    places.find_track(id).map(|track| track.id).ok_or(FieldProblem::NotAllowed)
}

type CaseLocation = (Option<DistrictId>, Option<NeighbourhoodId>);

/// Finds the district or the neighbourhood with this key. One key for both means that a
/// neighbourhood can never be stored with a wrong district.
fn parse_place_key(
    text: &str,
    places: &TracksAndDistricts,
) -> std::result::Result<CaseLocation, FieldProblem> {
    if text.is_empty() {
        return Ok((None, None));
    }
    let key = Uuid::parse_str(text).map_err(|_| FieldProblem::Malformed)?;
    for district in &places.districts {
        if district.id.0 == key {
            return Ok((Some(district.id), None));
        }
        if let Some(place) = district.neighbourhoods.iter().find(|place| place.id.0 == key) {
            return Ok((Some(district.id), Some(place.id)));
        }
    }
    Err(FieldProblem::NotAllowed)
}

impl CaseDraft {
    pub(super) fn parse_fields(&self, places: &TracksAndDistricts) -> Result<ParsedDraft> {
        let mut faults = FieldFaults::default();
        let line = |text: &str, max| parse_draft_line(text, max);
        let title = faults.check_field("title", line(&self.title, limits::CASE_TITLE_CHARS));
        let title_en =
            faults.check_field("title_en", line(&self.title_en, limits::TRANSLATED_CHARS));
        // A summary is typed in several lines and shown as one paragraph.
        let summary =
            faults.check_field("summary", line(&self.summary, limits::CASE_SUMMARY_CHARS));
        let body =
            faults.check_field("body", parse_draft_block(&self.body, limits::CASE_BODY_CHARS));
        let track = faults.check_field("track", parse_track_key(&self.track, places));
        let place = faults.check_field("place", parse_place_key(&self.place, places));
        let alt = faults.check_field("alt", line(&self.alt, limits::PICTURE_ALT_CHARS));
        // While it is typed it is no address yet. It is checked when the case is sent in.
        let film = faults.check_field("film", line(&self.film, limits::FILM_LINK_CHARS));
        match (title, title_en, summary, body, track, place, alt, film) {
            (
                Some(title),
                Some(title_en),
                Some(summary),
                Some(body),
                Some(track),
                Some((district, neighbourhood)),
                Some(alt),
                Some(film),
            ) => Ok(ParsedDraft {
                title,
                title_en,
                summary,
                body,
                track,
                district,
                neighbourhood,
                alt,
                film,
            }),
            _ => Err(faults.into_error()),
        }
    }
}

impl Backend {
    /// Saves a draft, with or without gaps. Saves are not in the audit trail, because they come
    /// every few seconds and only the organisation has seen the text.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Refusal::Stale`] if somebody saved since
    /// `version`; [`Refusal::WrongState`] if it was submitted.
    pub async fn save_case(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        draft: &CaseDraft,
    ) -> Result<SavedCase> {
        let draft = draft.parse_fields(&self.tracks_and_districts(edition.id).await?)?;
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found = lock_own_case(connection, &member, &edition, case).await?;
                if !found.state.can_be_written() {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                // The same content is not a conflict: the autosave was faster than the button.
                let stored = draft.is_stored(&found);
                if found.version != version && !stored {
                    return Err(Error::Refused(Refusal::Stale));
                }
                picture::queries::update_picture_alt(connection, case, &draft.alt).await?;
                if stored {
                    return Ok(SavedCase { version: found.version, saved_at: found.saved_at });
                }
                let saved = super::queries::update_draft(connection, case, &draft).await?;
                versions::keep_version(connection, case, member.account_id(), false).await?;
                Ok(saved)
            })
        })
        .await
    }

    /// Submits a case if nothing is missing, and acknowledges it by mail to every member of the
    /// organisation. What looks like personal data goes in with a reason alone, which staff read.
    ///
    /// # Errors
    /// [`CaseRefusal::Incomplete`] with the missing inputs; [`Error::Invalid`] with the texts that are too
    /// long, or for the reason; [`CaseRefusal::PersonalData`] if there is some and no reason;
    /// [`Error::NotFound`]; [`Refusal::Stale`];
    /// [`Refusal::WrongState`]; [`EditionRefusal::Sealed`], because nobody could decide on it any more.
    pub async fn submit_case(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        form: &SubmissionForm,
    ) -> Result<()> {
        let (backend, member, edition) = (self.clone(), *member, edition.clone());
        let form = form.clone();
        let link = format!("{}/organisation/cases/{case}", self.settings().public_url);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                record::lock_unsealed_edition(connection, edition.id).await?;
                let may = CaseState::can_be_written;
                let found =
                    lock_case_version(connection, &member, &edition, case, version, may).await?;
                let missing = [found.missing_inputs(), form.missing_consents()].concat();
                if !missing.is_empty() {
                    return Err(Error::Refused(Refusal::Case(CaseRefusal::Incomplete(missing))));
                }
                found.check_texts()?;
                let why_personal = check_personal_reason(&found, &form.personal_reason)?;
                let why_personal = why_personal.as_ref().map(Reason::as_text);
                send_in(&backend, connection, (&member, &edition, &found), why_personal, &link)
                    .await?;
                record_case_event(
                    connection,
                    member.account_id(),
                    &found,
                    AuditAction::CaseSubmitted,
                )
                .await
            })
        })
        .await
    }

    /// Withdraws a case. It can be edited and submitted again while the call is open.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::Stale`]; [`Refusal::WrongState`] if it is neither submitted
    /// nor accepted; [`EditionRefusal::Sealed`], because a sealed ballot paper loses no case.
    pub async fn withdraw_case(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
    ) -> Result<()> {
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                record::lock_unsealed_edition(connection, edition.id).await?;
                let may = CaseState::can_be_withdrawn;
                let found =
                    lock_case_version(connection, &member, &edition, case, version, may).await?;
                queries::mark_withdrawn(connection, case).await?;
                record_case_event(
                    connection,
                    member.account_id(),
                    &found,
                    AuditAction::CaseWithdrawn,
                )
                .await
            })
        })
        .await
    }
}

/// Stores that a case is sent in, with its receipt and its version, and tells its organisation.
async fn send_in(
    backend: &Backend,
    connection: &mut PgConnection,
    (member, edition, case): (&Member, &Edition, &Case),
    personal_reason: Option<&str>,
    link: &str,
) -> Result<()> {
    // By the clock after all waits: what is late by an instant is late.
    let edition = &check_phase_again(connection, edition, |now| case.submissions_open(now)).await?;
    let receipt = backend.sign_receipt(connection, edition, case).await?;
    let sketch = StorySketch::from_story(&case.body);
    let sending = queries::Sending {
        now: edition.now,
        personal_reason,
        keys: &case.search_keys(),
        sketch: sketch.as_numbers(),
        // A case that was sent back was in time, or is late already.
        late: edition.submissions_open().is_err() && case.state != CaseState::Returned,
        receipt_number: receipt.number,
        receipt: &receipt.note,
    };
    queries::mark_submitted(connection, case.id, &sending).await?;
    if sending.late {
        late::queries::use_admission(connection, case.id).await?;
    }
    versions::keep_version(connection, case.id, member.account_id(), true).await?;
    let letter = acknowledge::SentCase { edition, case, number: receipt.number, link };
    acknowledge::queue_sent_letters(connection, &backend.keys, &letter).await
}

/// Locks the member's case until the transaction ends. Checks its version, and its state with
/// `may`.
pub(super) async fn lock_case_version(
    connection: &mut PgConnection,
    member: &Member,
    edition: &Edition,
    case: CaseId,
    version: i32,
    may: impl FnOnce(CaseState) -> bool,
) -> Result<Case> {
    let found = lock_own_case(connection, member, edition, case).await?;
    if !may(found.state) {
        return Err(Error::Refused(Refusal::WrongState));
    }
    if found.version != version {
        return Err(Error::Refused(Refusal::Stale));
    }
    Ok(found)
}

/// Locks the member's case of this edition until the transaction ends and returns it. Checks that
/// it may still be written after the wait.
pub(super) async fn lock_own_case(
    connection: &mut PgConnection,
    member: &Member,
    edition: &Edition,
    case: CaseId,
) -> Result<Case> {
    editions::queries::lock_edition_shared(connection, edition.id).await?;
    super::queries::lock_case(connection, case).await?;
    let found = super::queries::find_case(connection, case).await?.ok_or(Error::NotFound)?;
    if found.organisation != member.organisation_id() || found.edition != edition.id {
        return Err(Error::NotFound);
    }
    check_phase_again(connection, edition, |now| found.submissions_open(now)).await?;
    if found.state == CaseState::Returned {
        queries::mark_written(connection, case).await?;
    }
    Ok(found)
}

/// Returns the reason for what looks like personal data in a case; `None` if there is nothing of it.
fn check_personal_reason(case: &Case, typed: &str) -> Result<Option<Reason>> {
    if case.personal_data().is_empty() {
        return Ok(None);
    }
    match Reason::parse_reason(typed) {
        Ok(reason) => Ok(Some(reason)),
        Err(FieldProblem::Missing) => Err(Error::Refused(Refusal::Case(CaseRefusal::PersonalData))),
        Err(problem) => Err(Error::invalid_field("personal_reason", problem)),
    }
}
