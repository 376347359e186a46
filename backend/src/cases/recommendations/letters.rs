//! The mails that tell who is recommended.

use phrases::Lang;
use phrases::recommend as words;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::{Wanted, select_recommendations};
use crate::cases::letters::{queue_member_letters, queue_one_letter};
use crate::editions::Edition;
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
    let (by, subject, reason) = (&found.by_name, &found.subject, &found.reason);
    let contest = |lang: Lang| lang.choose_text(&edition.title.ko, &edition.title.en);
    if let Some(email) = &found.person_email {
        let link = format!("{site}/recommendations/{token}");
        let body = words::mail_person(lang, by, contest(lang), &link, reason, subject);
        let written = (words::mail_subject(lang, by), body);
        return queue_one_letter(connection, &backend.keys, edition, (email, lang), written).await;
    }
    let organisation = found.organisation.ok_or(Error::NotFound)?;
    let link = format!("{site}/organisation#received");
    queue_member_letters(connection, &backend.keys, (edition, organisation), |lang| {
        let body = words::mail_organisation(lang, by, contest(lang), &link, reason, subject);
        (words::mail_subject(lang, by), body)
    })
    .await
}
