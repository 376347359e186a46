//! Mail: queued in the transaction of the act that causes it, and sent later by a job. A waiting
//! mail is encrypted, so the database and its backups reveal neither its reader nor its text.

mod outbox;
mod queries;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use domain::ids::EditionId;
use domain::text::Email;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncFileTransport, AsyncTransport as _, Tokio1Executor};
use phrases::{Lang, news as words};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::keys::Keys;
use crate::{Backend, Result};

pub use outbox::OutboxMail;
use queries::ClaimedMail;

/// How long the job sleeps when the queue is empty.
const PAUSE: Duration = Duration::from_millis(500);

/// A mail to be queued.
#[derive(Clone, Debug)]
pub struct Letter {
    /// For a mail to a voter: the edition whose key encrypts it while it waits. The key is
    /// destroyed on the edition's erase day. `None` for mails to staff, judges and members.
    pub edition: Option<EditionId>,
    /// The reader's address.
    pub to: Email,
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub body: String,
    /// How many minutes it means something, because the code or link in it is over then. `None`: as
    /// long as it is kept.
    pub minutes: Option<i32>,
}

impl Letter {
    /// Says in subject and text that the mail is of a rehearsal, so that nobody takes it for real.
    #[must_use]
    pub(crate) fn marked_if_rehearsal(mut self, lang: Lang, rehearsal: bool) -> Self {
        if rehearsal {
            self.subject = words::rehearsal_subject(lang, &self.subject);
            self.body = words::rehearsal_body(lang, &self.body);
        }
        self
    }
}

/// Why a mail was not sent.
enum SendFault {
    /// It may be taken later.
    NotNow(&'static str),
    /// The other side will not take it.
    Refused,
}

/// Puts a letter into the queue, inside the caller's transaction.
///
/// # Errors
/// [`crate::Error::Database`]; [`crate::Error::Internal`] if the edition's key is destroyed.
pub(crate) async fn queue_letter(
    connection: &mut PgConnection,
    keys: &Keys,
    letter: &Letter,
) -> Result<()> {
    let id = Uuid::new_v4();
    let content = (&letter.to, &letter.subject, &letter.body);
    let sealed = keys.seal_message(letter.edition, id, &content)?;
    queries::insert_mail(connection, id, letter.edition, &sealed, letter.minutes).await
}

/// Formats an instant for a mail: Korean time, which is nine hours ahead of UTC all year.
pub(crate) fn format_korean_minute(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.naive_utc() + TimeDelta::hours(9);
    local.format(lang.choose_text("%Y. %-m. %-d. %H:%M", "%-d %b %Y %H:%M")).to_string()
}

/// Formats the end of a window for a mail. Midnight is the end of the day before: people look for a
/// deadline at 00:00 on the wrong day.
pub(crate) fn format_korean_end(lang: Lang, closes: DateTime<Utc>) -> String {
    let local = closes.naive_utc() + TimeDelta::hours(9);
    if (local.hour(), local.minute()) != (0, 0) {
        return format_korean_minute(lang, closes);
    }
    let day = local - TimeDelta::minutes(1);
    let day = day.format(lang.choose_text("%Y. %-m. %-d.", "%-d %b %Y")).to_string();
    phrases::when::midnight(lang, day)
}

/// How mails are sent.
pub enum Mailer {
    /// Over SMTP.
    Smtp {
        /// The connection pool.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// The sender's address.
        from: Mailbox,
    },
    /// Into a folder, one file for each mail, for demonstrations and tests.
    Folder {
        /// The folder writer.
        transport: AsyncFileTransport<Tokio1Executor>,
        /// The sender's address.
        from: Mailbox,
    },
}

impl Mailer {
    /// Makes a mailer for an SMTP address, e.g. `smtps://user:password@mail.example:465`.
    ///
    /// # Errors
    /// A message for the operator if the URL or the sender is invalid.
    pub fn over_smtp(url: &str, from: &str) -> std::result::Result<Self, String> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("the SMTP address is not usable: {error}"))?
            .timeout(Some(Duration::from_secs(10)))
            .build();
        Ok(Self::Smtp { transport, from: parse_sender(from)? })
    }

    /// Makes a mailer that writes each mail as an `.eml` file.
    ///
    /// # Errors
    /// A message for the operator if the folder cannot be made or the sender is invalid.
    pub fn into_folder(folder: PathBuf, from: &str) -> std::result::Result<Self, String> {
        create_private_folder(&folder).map_err(|error| {
            format!("the mail folder {} cannot be made: {error}", folder.display())
        })?;
        let transport = AsyncFileTransport::<Tokio1Executor>::new(folder);
        Ok(Self::Folder { transport, from: parse_sender(from)? })
    }

    /// Sends a mail. All tries of one mail have one Message-ID, so that a reader whose server has taken it
    /// twice sees it once.
    async fn send_mail(
        &self,
        id: Uuid,
        (to, subject): (&str, &str),
        body: String,
    ) -> std::result::Result<(), SendFault> {
        let unfit = |_| SendFault::NotNow("it cannot be written");
        let from = match self {
            Self::Smtp { from, .. } | Self::Folder { from, .. } => from.clone(),
        };
        let id = format!("<{}@{}>", id.simple(), from.email.domain());
        let mut message = Message::builder()
            .message_id(Some(id))
            .date_now()
            .from(from)
            .to(to.parse().map_err(|_| SendFault::NotNow("its address cannot be read"))?)
            .subject(subject)
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(unfit)?;
        // No program answers that it is away (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let automatic = HeaderValue::new(automatic, "auto-generated".to_owned());
        message.headers_mut().insert_raw(automatic);
        // The reason may quote the address, so it is dropped and never logged.
        match self {
            Self::Smtp { transport, .. } => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if is_refusal_of_mailbox(&error) => Err(SendFault::Refused),
                Err(_) => Err(SendFault::NotNow("it cannot be handed over")),
            },
            Self::Folder { transport, .. } => {
                let written = transport.send(message).await;
                written.map(drop).map_err(|_| SendFault::NotNow("it cannot be written"))
            }
        }
    }
}

/// Whether the other side refuses the mailbox or the mail for good (RFC 5321 4.2.3: 550 to 553). Other 5xx,
/// such as a wrong password (535) or a server that takes no mail at present (554), are about this server.
fn is_refusal_of_mailbox(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| (550..=553).contains(&u16::from(code)))
}

/// Creates a folder that only its owner can enter, because its files hold codes and contacts. Its
/// parents get the usual permissions.
///
/// # Errors
/// The operating system's error.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))
}

fn parse_sender(address: &str) -> std::result::Result<Mailbox, String> {
    address.parse().map_err(|_| format!("{address:?} is not a sender's address"))
}

impl Backend {
    /// Sends waiting mails in an endless loop. A failed mail is tried again after a growing delay, while it
    /// means something. One that the other side refuses for good is not.
    pub async fn send_mails(&self, mailer: &Mailer) {
        loop {
            match self.send_next_mail(mailer).await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, "the mail queue cannot be read");
                    tokio::time::sleep(PAUSE * 10).await;
                }
            }
        }
    }

    /// Sends one mail. Returns false if the queue is empty.
    ///
    /// Moving the next try into the future claims the row, so no lock is held while the mail server
    /// works. A crash between sending and recording it sends the mail twice; no mail is lost.
    async fn send_next_mail(&self, mailer: &Mailer) -> Result<bool> {
        let Some(mail) = queries::claim_next_mail(&mut *self.acquire_connection().await?).await?
        else {
            return Ok(false);
        };
        match self.deliver_mail(mailer, &mail).await {
            Ok(()) => {
                queries::mark_mail_sent(&mut *self.acquire_connection().await?, mail.id).await?
            }
            Err(fault) => self.note_failed_try(&mail, fault).await?,
        }
        Ok(true)
    }

    async fn note_failed_try(&self, mail: &ClaimedMail, fault: SendFault) -> Result<()> {
        let (why, final_one) = match fault {
            SendFault::NotNow(why) => (why, false),
            SendFault::Refused => ("the other side refuses it for good", true),
        };
        tracing::warn!(mail = %mail.id, tries = mail.tries, why, "a mail was not sent");
        if final_one {
            queries::mark_mail_refused(&mut *self.acquire_connection().await?, mail.id).await?;
        }
        Ok(())
    }

    async fn deliver_mail(
        &self,
        mailer: &Mailer,
        mail: &ClaimedMail,
    ) -> std::result::Result<(), SendFault> {
        let (to, subject, body): (String, String, String) = self
            .keys
            .open_message(mail.edition, mail.id, &mail.sealed)
            .map_err(|_| SendFault::NotNow("it cannot be opened"))?;
        mailer.send_mail(mail.id, (&to, &subject), body).await
    }

    /// Deletes mails that were queued more than 7 days ago, sent or not.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn delete_old_mails(&self) -> Result<()> {
        queries::delete_old_mails(&mut *self.acquire_connection().await?).await
    }
}
