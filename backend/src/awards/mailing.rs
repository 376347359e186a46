//! Tells organisations and judges of a released result by mail, once.
//!
//! The row that says so and all mails are written in one transaction, so no restart and no second
//! server sends them again, and an announcement that is withdrawn before its release tells nobody.

mod queries;

use std::collections::HashMap;

use domain::ids::CaseId;
use domain::result::{ResultCase, ResultDocument};
use domain::schedule::ResultsPublic;
use domain::text::{Bilingual, Email};
use phrases::{Lang, news as words};
use serde_json::json;
use sqlx::PgConnection;

use super::announce::lock_and_reload_edition;
use super::{parse_stored_result, queries as awards};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Result};

/// What became of a case in a published result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The place of its award among the tiers, from 0, and its name; `None` without an award.
    pub award: Option<(usize, Bilingual)>,
    /// Its rank, from 1.
    pub rank: u32,
}

impl Backend {
    /// Tells the results that were released and not told yet. Rehearsals are told in a demonstration
    /// alone, because elsewhere their mails would reach real people.
    ///
    /// # Errors
    /// [`Error::Database`]. An edition whose result cannot be told is logged, and the others are told.
    pub async fn tell_released_results(&self) -> Result<()> {
        let rehearsals = self.settings().demonstration;
        let waiting =
            queries::untold_editions(&mut *self.acquire_connection().await?, rehearsals).await?;
        for slug in waiting {
            let edition = self.find_edition(&slug).await?;
            if let Err(error) = self.tell_result(&edition).await {
                tracing::error!(%error, edition = slug, "a result could not be told by mail");
            }
        }
        Ok(())
    }

    /// Returns what became of each case in the published result.
    ///
    /// # Errors
    /// As [`Backend::published_result`].
    pub async fn case_outcomes(
        &self,
        public: ResultsPublic,
        edition: &Edition,
    ) -> Result<HashMap<CaseId, CaseOutcome>> {
        let document = self.published_result(public, edition).await?.document;
        let outcome = |case: &ResultCase| {
            let award = award_name(&document, case).cloned();
            CaseOutcome { award: case.tier.zip(award), rank: case.rank }
        };
        Ok(document.cases.iter().map(|case| (case.id, outcome(case))).collect())
    }

    async fn tell_result(&self, edition: &Edition) -> Result<()> {
        let (backend, edition) = (self.clone(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // While this lock is held nobody withdraws the announcement or moves the clock.
                let edition = lock_and_reload_edition(connection, &edition).await?;
                if edition.results_public().is_err() {
                    return Ok(());
                }
                let stored = awards::find_released_result(connection, edition.id).await?;
                let Some(stored) = stored else { return Ok(()) };
                let sha256 = stored.sha256.clone();
                let document = parse_stored_result(stored)?.document;
                let letters = result_letters(&backend, connection, &edition, &document).await?;
                let told = (edition.id, sha256.as_slice());
                if !queries::insert_mailing(connection, told, letters.len()).await? {
                    return Ok(());
                }
                for letter in &letters {
                    mail::queue_letter(connection, &backend.keys, letter).await?;
                }
                let act = NewAuditEvent {
                    actor: None,
                    edition: Some(edition.id),
                    action: AuditAction::ResultTold,
                    subject: &edition.slug,
                    detail: json!({ "mails": letters.len() }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

fn award_name<'a>(document: &'a ResultDocument, case: &ResultCase) -> Option<&'a Bilingual> {
    document.rulebook.awards.get(case.tier?).map(|tier| &tier.tier)
}

/// Writes one mail for each case and member of its organisation, and one for each judge of the
/// panel.
async fn result_letters(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    document: &ResultDocument,
) -> Result<Vec<Letter>> {
    let site = backend.settings().public_url.as_str();
    let result = format!("{site}/editions/{}/results", edition.slug);
    let mut members: HashMap<CaseId, Vec<queries::Recipient>> = HashMap::new();
    for (case, member) in queries::members_of_cases(connection, edition.id).await? {
        members.entry(case).or_default().push(member);
    }
    let mut letters = Vec::new();
    for case in &document.cases {
        let link = format!("{site}/organisation/cases/{}", case.id);
        for member in members.get(&case.id).into_iter().flatten() {
            let letter = case_letter(document, case, member, (&result, &link))?;
            letters.push(letter.marked_if_rehearsal(member.mail_language(), edition.rehearsal));
        }
    }
    for judge in queries::judges_who_signed(connection, edition.id).await? {
        let lang = judge.mail_language();
        let title = lang.choose_text(&document.edition.title.ko, &document.edition.title.en);
        let letter = Letter {
            edition: None,
            to: read_address(&judge)?,
            subject: words::judge_subject(lang, title),
            body: words::judge_body(lang, title, &judge.name, &result),
            minutes: None,
        };
        letters.push(letter.marked_if_rehearsal(lang, edition.rehearsal));
    }
    Ok(letters)
}

fn case_letter(
    document: &ResultDocument,
    case: &ResultCase,
    member: &queries::Recipient,
    (result, link): (&str, &str),
) -> Result<Letter> {
    let lang = member.mail_language();
    let choose = |text: &Bilingual| lang.choose_text(&text.ko, &text.en).to_owned();
    let (edition, title) = (choose(&document.edition.title), choose(&case.title));
    let (subject, body) = match award_name(document, case).map(choose) {
        Some(award) => (
            words::awarded_subject(lang, &award, &edition),
            words::awarded_body(lang, &award, &edition, link, case.rank, result, &title),
        ),
        None => (
            words::told_subject(lang, &edition),
            words::told_body(lang, &edition, link, result, &title),
        ),
    };
    Ok(Letter { edition: None, to: read_address(member)?, subject, body, minutes: None })
}

fn read_address(person: &queries::Recipient) -> Result<Email> {
    Email::parse(&person.email)
        .map_err(|_| Error::Internal("an account has an invalid e-mail address"))
}

impl queries::Recipient {
    fn mail_language(&self) -> Lang {
        Lang::from_tag(&self.lang_tag).unwrap_or_default()
    }
}
