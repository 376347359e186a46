//! Text messages: queued in the transaction of the act that causes them, and sent later by a job.
//!
//! Each message costs money, so its price is taken from a budget ([`budget`]) before it is queued.
//! A gateway that fails is not called for a while.

mod budget;
mod gateway;
mod queries;
mod template;

use std::path::PathBuf;
use std::time::Duration;

use domain::ids::EditionId;
use domain::text::Mobile;
use phrases::Lang;
use uuid::Uuid;

use crate::{Backend, Result};

pub(crate) use budget::queue_text;
pub use budget::{TextBudget, TextStatus};
use gateway::{GatewayMessage, SendOutcome};
pub use gateway::{GatewaySettings, SignatureFormat, TextGateway};

/// How long the job sleeps when the queue is empty.
const PAUSE: Duration = Duration::from_millis(500);

/// A text message to be queued.
#[derive(Clone, Debug)]
pub(crate) struct TextMessage {
    /// The edition that pays for it.
    pub(crate) edition: EditionId,
    /// The reader's number.
    pub(crate) to: Mobile,
    /// The text.
    pub(crate) body: String,
    /// How many minutes it may wait; after that it is not sent.
    pub(crate) minutes: i32,
}

impl TextMessage {
    /// Says that the text is of a rehearsal, so that nobody takes it for real.
    #[must_use]
    pub(crate) fn marked_if_rehearsal(mut self, lang: Lang, rehearsal: bool) -> Self {
        if rehearsal {
            self.body = phrases::news::rehearsal_subject(lang, &self.body);
        }
        self
    }
}

/// How text messages are sent.
#[derive(Debug)]
pub enum TextSender {
    /// Through a gateway.
    Gateway(Box<TextGateway>),
    /// Into the folder of the mails, one file for each message, for demonstrations and tests.
    Folder(PathBuf),
}

impl TextSender {
    /// Makes a texter that writes each message as a file.
    ///
    /// # Errors
    /// A message for the operator if the folder cannot be made.
    pub fn into_folder(folder: PathBuf) -> std::result::Result<Self, String> {
        match crate::mail::create_private_folder(&folder) {
            Ok(()) => Ok(Self::Folder(folder)),
            Err(error) => Err(format!("the folder {} cannot be made: {error}", folder.display())),
        }
    }

    async fn send_text(&self, id: Uuid, to: &str, text: &str) -> SendOutcome {
        let Ok(to) = Mobile::parse(to) else { return SendOutcome::Unwanted };
        match self {
            Self::Gateway(gateway) => {
                gateway.send_message(&GatewayMessage { id: &id.to_string(), to: &to, text }).await
            }
            Self::Folder(folder) => {
                let file = folder.join(format!("{}.sms", Uuid::new_v4()));
                let text = format!("{}\n\n{text}", to.national_number());
                match tokio::fs::write(file, text).await {
                    Ok(()) => SendOutcome::Sent,
                    Err(_) => SendOutcome::Down,
                }
            }
        }
    }
}

impl Backend {
    /// Sends waiting messages in an endless loop.
    pub async fn send_texts(&self, texter: &TextSender) {
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

    /// Sends one message. Returns false if the queue is empty or the gateway is resting.
    ///
    /// Moving the next try beyond the gateway's deadline claims the row. So no lock is held
    /// meanwhile and nobody else sends the message. A crash between sending and recording it sends
    /// the message twice, with the same `{id}`; no message is lost.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn send_next_text(&self, texter: &TextSender) -> Result<bool> {
        let Some(waiting) =
            queries::claim_next_text(&mut *self.acquire_connection().await?).await?
        else {
            return Ok(false);
        };
        let opened = self.keys.open_message(Some(waiting.edition), waiting.id, &waiting.sealed);
        let outcome = match opened {
            Ok::<(String, String), _>((to, text)) => texter.send_text(waiting.id, &to, &text).await,
            Err(error) => {
                tracing::error!(text = %waiting.id, %error, "a text message cannot be opened");
                SendOutcome::Unwanted
            }
        };
        if outcome != SendOutcome::Sent {
            let tries = waiting.tries;
            tracing::warn!(text = %waiting.id, tries, ?outcome, "a text message was not sent");
        }
        let most = self.text_budget.failures;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                match outcome {
                    SendOutcome::Sent => {
                        queries::delete_sent_text(connection, waiting.id).await?;
                        queries::record_gateway_success(connection).await
                    }
                    SendOutcome::Unwanted => {
                        queries::drop_refused_text(connection, waiting.id).await?;
                        queries::record_gateway_success(connection).await
                    }
                    SendOutcome::Down => queries::record_gateway_failure(connection, most).await,
                    SendOutcome::Unclear => {
                        queries::pay_for_retry(connection, waiting.id).await?;
                        queries::record_gateway_failure(connection, most).await
                    }
                }
            })
        })
        .await?;
        Ok(true)
    }

    /// Deletes expired messages and those without tries left, and counts them as failed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn delete_expired_texts(&self) -> Result<()> {
        let mut connection = self.acquire_connection().await?;
        queries::drop_expired_texts(&mut connection).await?;
        queries::delete_old_hours(&mut connection).await
    }
}
