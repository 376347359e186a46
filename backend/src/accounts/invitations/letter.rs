//! The mail of an invitation. It names the contest, the role, the organisation and the person who
//! invites, so that its reader can tell it from a fraud.

use domain::text::OrganisationName;
use phrases::{Lang, accounts, invite as words};
use sqlx::PgConnection;

use super::queries::{InvitationContext, NewInvitation};
use crate::Result;
use crate::accounts::Role;
use crate::keys::Keys;
use crate::mail::{self, Letter};

/// Queues the mail of an invitation, inside the caller's transaction.
pub(super) async fn queue_invitation_letter(
    connection: &mut PgConnection,
    keys: &Keys,
    about: &InvitationContext,
    (row, link): (&NewInvitation, &str),
) -> Result<()> {
    let organisation = row.organisation.as_ref().map(OrganisationName::as_str);
    let (lang, role) = (row.lang, row.role);
    let purpose = invitation_purpose(lang, about, role, organisation);
    let facts = invitation_facts(lang, about, role, organisation);
    let letter = Letter {
        edition: None,
        to: row.email.clone(),
        subject: words::mail_subject(lang, &purpose),
        body: words::mail_body(lang, facts, link, &purpose),
        minutes: None,
    };
    let letter = letter.marked_if_rehearsal(lang, about.rehearsal);
    mail::queue_letter(connection, keys, &letter).await
}

/// Queues a mail to somebody who has an account and was invited by a colleague. The colleague is
/// told nothing of the account.
pub(super) async fn queue_known_letter(
    connection: &mut PgConnection,
    keys: &Keys,
    about: &InvitationContext,
    (row, sign_in): (&NewInvitation, &str),
) -> Result<()> {
    let lang = row.lang;
    let organisation = row.organisation.as_ref().map_or("", OrganisationName::as_str);
    let letter = Letter {
        edition: None,
        to: row.email.clone(),
        subject: words::mail_known_subject(lang).to_owned(),
        body: words::mail_known_body(lang, inviter_name(lang, about), sign_in, organisation),
        minutes: None,
    };
    mail::queue_letter(connection, keys, &letter).await
}

fn inviter_name(lang: Lang, about: &InvitationContext) -> &str {
    about.inviter.as_deref().unwrap_or_else(|| words::organiser(lang))
}

/// Says what the person is invited to, in one line without a full stop.
fn invitation_purpose(
    lang: Lang,
    about: &InvitationContext,
    role: Role,
    organisation: Option<&str>,
) -> String {
    let title = about.edition.as_ref().map(|(title, _)| lang.choose_text(&title.ko, &title.en));
    let organisation = organisation.unwrap_or_default();
    match (role, title) {
        (Role::Member, Some(title)) => words::as_member(lang, title, organisation),
        (Role::Member, None) => words::as_colleague(lang, organisation),
        (Role::Judge, title) => words::as_judge(lang, title.unwrap_or_default()),
        (Role::Administrator, title) => words::as_administrator(lang, title.unwrap_or_default()),
    }
}

/// Lists contest, role, organisation and inviter, one on each line.
fn invitation_facts(
    lang: Lang,
    about: &InvitationContext,
    role: Role,
    organisation: Option<&str>,
) -> String {
    let contest = about.edition.as_ref().map(|(title, host)| {
        let title = lang.choose_text(&title.ko, &title.en);
        words::fact_contest(lang, title, lang.choose_text(&host.ko, &host.en))
    });
    let role = match role {
        Role::Administrator => accounts::administrator(lang),
        Role::Judge => accounts::judge(lang),
        Role::Member => accounts::member(lang),
    };
    let lines = [
        contest,
        Some(words::fact_role(lang, role)),
        organisation.map(|name| words::fact_organisation(lang, name)),
        Some(words::fact_inviter(lang, inviter_name(lang, about))),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
