//! Mails to the members of an organisation about its cases.

use domain::ids::OrganisationId;
use domain::text::Email;
use phrases::Lang;
use sqlx::PgConnection;

use super::queries;
use crate::editions::Edition;
use crate::keys::Keys;
use crate::mail::{self, Letter};
use crate::{Error, Result};

/// Queues a mail to each member of an organisation, inside the caller's transaction. `write` gives subject and text in the
/// member's language.
pub(super) async fn queue_member_letters(
    connection: &mut PgConnection,
    keys: &Keys,
    (edition, organisation): (&Edition, OrganisationId),
    write: impl Fn(Lang) -> (String, String) + Send,
) -> Result<()> {
    for (address, lang) in queries::member_contacts(connection, organisation).await? {
        queue_one_letter(connection, keys, edition, (&address, lang), write(lang)).await?;
    }
    Ok(())
}

/// Queues a mail about an edition to this address.
pub(super) async fn queue_one_letter(
    connection: &mut PgConnection,
    keys: &Keys,
    edition: &Edition,
    (address, lang): (&str, Lang),
    (subject, body): (String, String),
) -> Result<()> {
    let to = Email::parse(address)
        .map_err(|_| Error::Internal("an invalid e-mail address is stored"))?;
    let letter = Letter { edition: None, to, subject, body, minutes: None };
    let letter = letter.marked_if_rehearsal(lang, edition.rehearsal);
    mail::queue_letter(connection, keys, &letter).await
}
