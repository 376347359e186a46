//! Joint cases (협약): an organisation names its partners and the agreement behind a case, and each partner confirms or declines.
//! A partner is shown once it has confirmed.

pub(super) mod queries;

use chrono::{Datelike as _, NaiveDate};
use domain::ids::{CaseId, FileId, OrganisationId};
use domain::limits;
use domain::refusal::CaseRefusal;
use domain::schedule::{ScreeningOpen, SubmissionsOpen};
use domain::text::{FieldProblem, OrganisationName, parse_draft_line};
use phrases::partners as words;
use sqlx::PgConnection;

use super::organisations::queries::find_organisation_by_name;
use super::write::lock_own_case;
use super::{Case, letters, record_case_event};
use crate::accounts::Member;
use crate::audit::AuditAction;
use crate::editions::{self, Edition};
use crate::error::FieldFaults;
use crate::{Backend, Error, Refusal, Result, record};

/// What a partner has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerState {
    /// Nothing yet.
    Asked,
    /// It stands behind the case.
    Confirmed,
    /// It does not.
    Declined,
}

impl PartnerState {
    const ALL: [Self; 3] = [Self::Asked, Self::Confirmed, Self::Declined];

    const fn stored_word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.stored_word() == word)
    }
}

/// A partner of a case.
#[derive(Clone, Debug)]
pub struct CasePartner {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it has said.
    pub state: PartnerState,
}

/// A case that names the reader's organisation as a partner: what is needed to answer.
#[derive(Clone, Debug)]
pub struct PartnerRequest {
    /// The case.
    pub case: CaseId,
    /// The short name of its edition.
    pub edition_slug: String,
    /// The organisation that asks.
    pub lead_name: String,
    /// The title of the case.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// The title of the agreement; may be empty.
    pub agreement_title: String,
    /// Its day.
    pub agreement_on: Option<NaiveDate>,
    /// What was answered.
    pub state: PartnerState,
}

/// The agreement behind a case, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct AgreementForm {
    /// Its title; may be empty.
    pub title: String,
    /// Its day, `2026-03-02`; may be empty.
    pub on: String,
    /// The key of a document of the case; may be empty.
    pub file: String,
}

impl Backend {
    /// Returns the partners of a case, with what each has said. The caller has shown that the asker may see the case.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn case_partners(&self, case: CaseId) -> Result<Vec<CasePartner>> {
        queries::select_partners(&mut *self.acquire_connection().await?, case).await
    }

    /// Names a partner by the name of its organisation, and asks it by mail.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that no organisation with an account has, and for the own one;
    /// [`CaseRefusal::PartnerNamed`] if it is named already or there are too many; [`Error::NotFound`];
    /// [`Refusal::WrongState`]; [`Error::Phase`].
    pub async fn ask_partner(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        name: &str,
    ) -> Result<()> {
        let wrong = |problem| Error::invalid_field("partner", problem);
        let name = OrganisationName::parse(name).map_err(wrong)?;
        let (keys, member, edition) = (self.keys.clone(), *member, edition.clone());
        let link = format!("{}/organisation#partners", self.settings().public_url);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found = lock_written_case(connection, &member, &edition, case).await?;
                let partner = find_organisation_by_name(connection, name.as_str()).await?;
                let partner = partner.filter(|partner| *partner != found.organisation);
                let partner = partner.ok_or(wrong(FieldProblem::UnknownName))?;
                let by = member.account_id();
                let most = limits::PARTNERS;
                if !queries::insert_partner(connection, (case, partner), by, most).await? {
                    return Err(Error::Refused(Refusal::Case(CaseRefusal::PartnerNamed)));
                }
                letters::queue_member_letters(connection, &keys, (&edition, partner), |lang| {
                    let (lead, title) = (&found.organisation_name, &found.title);
                    let body = words::mail_body(lang, lead, &link, title);
                    (words::mail_subject(lang, lead), body)
                })
                .await?;
                record_case_event(connection, by, &found, AuditAction::CasePartnerAsked).await
            })
        })
        .await
    }

    /// Takes a partner off a case.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::WrongState`]; [`Error::Phase`].
    pub async fn remove_partner(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        partner: OrganisationId,
    ) -> Result<()> {
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found = lock_written_case(connection, &member, &edition, case).await?;
                if !queries::delete_partner(connection, case, partner).await? {
                    return Err(Error::NotFound);
                }
                record_case_event(
                    connection,
                    member.account_id(),
                    &found,
                    AuditAction::CasePartnerRemoved,
                )
                .await
            })
        })
        .await
    }

    /// Stores the agreement behind a case.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`]; [`Refusal::WrongState`]; [`Error::Phase`].
    pub async fn store_agreement(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        form: &AgreementForm,
    ) -> Result<()> {
        let mut faults = FieldFaults::default();
        let title = parse_draft_line(&form.title, limits::AGREEMENT_CHARS);
        let title = faults.check_field("agreement_title", title);
        let on = match form.on.trim() {
            "" => Ok(None),
            typed => parse_day(typed).map(Some),
        };
        let on = faults.check_field("agreement_on", on);
        let (Some(title), Some(on)) = (title, on) else { return Err(faults.into_error()) };
        let file: Option<FileId> = form.file.parse().ok();
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_written_case(connection, &member, &edition, case).await?;
                queries::update_agreement(connection, case, (&title, on), file).await
            })
        })
        .await
    }

    /// Returns the cases that name the member's organisation as a partner, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn partner_requests(&self, member: &Member) -> Result<Vec<PartnerRequest>> {
        let organisation = member.organisation_id();
        queries::select_requests(&mut *self.acquire_connection().await?, organisation).await
    }

    /// Confirms or declines, as a partner. The answer may change until the rules are sealed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a case that does not name the organisation; [`Error::Phase`];
    /// [`EditionRefusal::Sealed`](domain::refusal::EditionRefusal::Sealed).
    pub async fn answer_as_partner(
        &self,
        member: &Member,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        confirms: bool,
    ) -> Result<()> {
        let state = if confirms { PartnerState::Confirmed } else { PartnerState::Declined };
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                record::lock_unsealed_edition(connection, edition.id).await?;
                editions::check_phase_again(connection, &edition, Edition::screening_open).await?;
                let found = super::queries::find_case(connection, case).await?;
                let found = found.filter(|found| found.edition == edition.id);
                let found = found.ok_or(Error::NotFound)?;
                let (partner, by) = (member.organisation_id(), member.account_id());
                if !queries::store_answer(connection, (case, partner), state, by).await? {
                    return Err(Error::NotFound);
                }
                record_case_event(connection, by, &found, AuditAction::CasePartnerAnswered).await
            })
        })
        .await
    }
}

/// Reads a day of this or of the last century.
fn parse_day(typed: &str) -> std::result::Result<NaiveDate, FieldProblem> {
    let day: NaiveDate = typed.parse().map_err(|_| FieldProblem::Malformed)?;
    (1950..2100).contains(&day.year()).then_some(day).ok_or(FieldProblem::Malformed)
}

async fn lock_written_case(
    connection: &mut PgConnection,
    member: &Member,
    edition: &Edition,
    case: CaseId,
) -> Result<Case> {
    let found = lock_own_case(connection, member, edition, case).await?;
    if found.state.can_be_written() { Ok(found) } else { Err(Error::Refused(Refusal::WrongState)) }
}
