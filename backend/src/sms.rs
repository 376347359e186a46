//! Text messages: written in the transaction of what they tell about, sent afterwards by a job.
//!
//! Each costs money, so each is paid for beforehand out of a budget ([`budget`]), and a gateway
//! that fails is left alone for a while.

mod budget;
mod gateway;
mod queries;
mod template;

use std::path::PathBuf;
use std::time::Duration;

use domain::ids::EditionId;
use domain::text::Mobile;
use uuid::Uuid;

use crate::{Backend, Result};

pub(crate) use budget::post;
pub use budget::{Budget, TextStatus};
pub use gateway::{Encoding, Gateway, GatewaySettings};
use gateway::{Message, Outcome};

/// How long the job rests when nothing waits.
const PAUSE: Duration = Duration::from_millis(500);

/// A text message about to be written.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The edition that pays for it.
    pub(crate) edition: EditionId,
    /// To whom.
    pub(crate) to: Mobile,
    /// What it says.
    pub(crate) body: String,
    /// How long it is worth sending.
    pub(crate) minutes: i32,
}

/// How text messages leave.
#[derive(Debug)]
pub enum Texter {
    /// Over a gateway.
    Gateway(Box<Gateway>),
    /// Into the folder of the mails, a file each: for demonstrations and tests.
    Folder(PathBuf),
}

impl Texter {
    /// Writes each message as a file.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn folder(folder: PathBuf) -> std::result::Result<Self, String> {
        match std::fs::create_dir_all(&folder) {
            Ok(()) => Ok(Self::Folder(folder)),
            Err(error) => Err(format!("the folder {} cannot be made: {error}", folder.display())),
        }
    }

    async fn send(&self, id: Uuid, to: &str, text: &str) -> Outcome {
        let Ok(to) = Mobile::parse(to) else { return Outcome::Unwanted };
        match self {
            Self::Gateway(gateway) => {
                gateway.send(&Message { id: &id.to_string(), to: &to, text }).await
            }
            Self::Folder(folder) => {
                let file = folder.join(format!("{}.sms", Uuid::new_v4()));
                let text = format!("{}\n\n{text}", to.national());
                match tokio::fs::write(file, text).await {
                    Ok(()) => Outcome::Sent,
                    Err(_) => Outcome::Down,
                }
            }
        }
    }
}

impl Backend {
    /// Sends what waits, for ever.
    pub async fn send_texts(&self, texter: &Texter) {
        loop {
            match self.send_next_text(texter).await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, "the queue of text messages cannot be read");
                    tokio::time::sleep(PAUSE * 10).await;
                }
            }
        }
    }

    /// Sends one message; false where none waits, or the gateway is left alone.
    ///
    /// The row is claimed by moving its next try ahead of the gateway's deadline, so that no lock
    /// is held meanwhile and nobody else sends it. A crash between sending and noting it sends the
    /// message twice, never not at all; `{id}` is the same both times.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn send_next_text(&self, texter: &Texter) -> Result<bool> {
        let Some(waiting) = queries::claim(&mut *self.connection().await?).await? else {
            return Ok(false);
        };
        let opened = self.keys.open_message(Some(waiting.edition), waiting.id, &waiting.sealed);
        let outcome = match opened {
            Ok::<(String, String), _>((to, text)) => texter.send(waiting.id, &to, &text).await,
            Err(error) => {
                tracing::error!(text = %waiting.id, %error, "a text message cannot be opened");
                Outcome::Unwanted
            }
        };
        if outcome != Outcome::Sent {
            let tries = waiting.tries;
            tracing::warn!(text = %waiting.id, tries, ?outcome, "a text message was not sent");
        }
        let most = self.texts.failures;
        self.transact(move |connection| {
            Box::pin(async move {
                match outcome {
                    Outcome::Sent => {
                        queries::sent(connection, waiting.id).await?;
                        queries::gateway_works(connection).await
                    }
                    Outcome::Unwanted => {
                        queries::drop_one(connection, waiting.id).await?;
                        queries::gateway_works(connection).await
                    }
                    Outcome::Down => queries::gateway_failed(connection, most).await,
                    Outcome::Unclear => {
                        queries::pay_again(connection, waiting.id).await?;
                        queries::gateway_failed(connection, most).await
                    }
                }
            })
        })
        .await?;
        Ok(true)
    }

    /// Deletes messages whose code is over or whose tries are used up, and counts them as failed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn forget_texts(&self) -> Result<()> {
        let mut connection = self.connection().await?;
        queries::drop_old(&mut connection).await?;
        queries::forget_hours(&mut connection).await
    }
}
