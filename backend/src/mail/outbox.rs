//! The mail box of a demonstration: the mails and text messages that landed in a folder, as their
//! readers see them.

use std::path::Path;

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;

use crate::{Backend, Error, Result};

/// How many mails are shown.
const NEWEST: usize = 50;
/// The largest mail that is read, in bytes: ours are a few lines.
const LARGEST: u64 = 256 * 1024;

/// A mail that was sent in a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMail {
    /// To whom.
    pub to: String,
    /// The subject line; a text message has none.
    pub subject: String,
    /// The text.
    pub body: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl Backend {
    /// The newest mails of a demonstration, newest first; none where mails leave by SMTP.
    ///
    /// # Errors
    /// [`Error::NotFound`] outside a demonstration: there it would be everybody's mail.
    pub async fn outbox(&self) -> Result<Vec<OutboxMail>> {
        if !self.settings().demonstration {
            return Err(Error::NotFound);
        }
        let Some(folder) = self.settings().mail_folder.clone() else {
            return Ok(Vec::new());
        };
        tokio::task::spawn_blocking(move || newest(&folder))
            .await
            .map_err(|_| Error::Internal("reading the mail folder panicked"))
    }
}

/// What cannot be read is left out: the folder is a convenience, and files come and go in it.
fn newest(folder: &Path) -> Vec<OutboxMail> {
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
    let mails = files.into_iter().filter_map(|(at, path)| read(&path, at.into()));
    mails.take(NEWEST).collect()
}

fn read(path: &Path, at: DateTime<Utc>) -> Option<OutboxMail> {
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
