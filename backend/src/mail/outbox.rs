//! The mail box of a demonstration: shows the mails and text messages that were written into a
//! folder.

use std::path::Path;

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;

use crate::{Backend, Error, Result};

/// Most mails that are shown.
const NEWEST: usize = 50;
/// The largest mail that is read, in bytes. Our mails have only a few lines.
const LARGEST: u64 = 256 * 1024;

/// A mail that was sent in a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMail {
    /// The reader's address or number.
    pub to: String,
    /// The subject line; empty for a text message.
    pub subject: String,
    /// The text.
    pub body: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl Backend {
    /// Returns the newest mails of a demonstration, newest first. Returns no mails if they are sent
    /// by SMTP.
    ///
    /// # Errors
    /// [`Error::NotFound`] outside a demonstration, because it would show other people's mail.
    pub async fn demonstration_outbox(&self) -> Result<Vec<OutboxMail>> {
        if !self.settings().demonstration {
            return Err(Error::NotFound);
        }
        let Some(folder) = self.settings().mail_folder.clone() else {
            return Ok(Vec::new());
        };
        tokio::task::spawn_blocking(move || read_newest_mails(&folder))
            .await
            .map_err(|_| Error::Internal("reading the mail folder panicked"))
    }
}

/// Reads the newest mails of the folder. Unreadable files are left out, because files may appear
/// and vanish at any time.
fn read_newest_mails(folder: &Path) -> Vec<OutboxMail> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = files
        .filter(|file| {
            file.path().extension().is_some_and(|ending| ending == "eml" || ending == "sms")
        })
        .filter_map(|file| {
            let about = file.metadata().ok().filter(|about| about.is_file())?;
            (about.len() <= LARGEST).then_some(())?;
            Some((about.modified().ok()?, file.path()))
        })
        .collect();
    files.sort_unstable_by(|one, other| other.cmp(one));
    let mails = files.into_iter().filter_map(|(at, path)| read_mail_file(&path, at.into()));
    mails.take(NEWEST).collect()
}

fn read_mail_file(path: &Path, at: DateTime<Utc>) -> Option<OutboxMail> {
    let bytes = std::fs::read(path).ok()?;
    if path.extension().is_some_and(|ending| ending == "sms") {
        let text = String::from_utf8(bytes).ok()?;
        let (to, body) = text.split_once("\n\n")?;
        return Some(OutboxMail {
            to: to.to_owned(),
            subject: String::new(),
            body: body.to_owned(),
            at,
        });
    }
    let mail = MessageParser::default().parse(&bytes)?;
    let to = mail.to()?.first()?.address()?.to_owned();
    Some(OutboxMail {
        to,
        subject: mail.subject().unwrap_or_default().to_owned(),
        body: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
        at,
    })
}
