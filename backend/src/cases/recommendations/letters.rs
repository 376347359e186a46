//! The mails that tell who is recommended.

use domain::text::Email;
use phrases::Lang;
use phrases::recommend as words;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::{Wanted, select_recommendations};
use crate::editions::Edition;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Result};

/// Asks the person by a link of their own, or the members of the organisation on their desk. `lang` is that of whoever
/// recommends: nobody knows the person's.
pub(super) async fn queue_letters(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    (id, token): (Uuid, &str),
    lang: Lang,
) -> Result<()> {
    let wanted = Wanted { id: Some(id), ..Default::default() };
    let found = select_recommendations(connection, &wanted).await?;
    let found = found.first().ok_or(Error::NotFound)?;
    let site = &backend.settings().public_url;
    let to = match (&found.person_email, found.organisation) {
        (Some(email), _) => vec![(email.clone(), lang)],
        (None, Some(organisation)) => {
            crate::cases::queries::member_contacts(connection, organisation).await?
        }
        (None, None) => Vec::new(),
    };
    let link = match found.person_email {
        Some(_) => format!("{site}/recommendations/{token}"),
        None => format!("{site}/organisation#received"),
    };
    for (address, lang) in to {
        let to = Email::parse(&address)
            .map_err(|_| Error::Internal("a recommendation has an invalid e-mail address"))?;
        let contest = lang.choose_text(&edition.title.ko, &edition.title.en);
        let (by, subject, reason) = (&found.by_name, &found.subject, &found.reason);
        let body = if found.person_email.is_some() {
            words::mail_person(lang, by, contest, &link, reason, subject)
        } else {
            words::mail_organisation(lang, by, contest, &link, reason, subject)
        };
        let letter = Letter {
            edition: None,
            to,
            subject: words::mail_subject(lang, by),
            body,
            minutes: None,
        };
        let letter = letter.marked_if_rehearsal(lang, edition.rehearsal);
        mail::queue_letter(connection, &backend.keys, &letter).await?;
    }
    Ok(())
}
