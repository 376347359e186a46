//! Brings the codes from the mails and text messages of the demonstration to the voters who wait for
//! them. Every message was queued, sent and written by the server's own jobs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::browser::Browser;
use super::forms::find_code_for;

/// How often the messages are read while somebody waits for one.
const READ_EVERY: Duration = Duration::from_millis(250);
/// The page of the demonstration's mails and text messages. It shows the newest fifty.
const OUTBOX: &str = "/outbox";

/// The voters who wait for a code, by their contacts.
#[derive(Default)]
pub struct Postman(Mutex<BTreeMap<String, oneshot::Sender<String>>>);

impl Postman {
    fn lock_waiting(&self) -> MutexGuard<'_, BTreeMap<String, oneshot::Sender<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where the code of this contact will arrive.
    pub fn expect_code(&self, contact: &str) -> oneshot::Receiver<String> {
        let (sender, receiver) = oneshot::channel();
        self.lock_waiting().insert(contact.to_owned(), sender);
        receiver
    }

    /// Reads the messages again and again, and hands out their codes. Never ends.
    pub async fn deliver_codes(&self, server: SocketAddr) {
        let mut browser = Browser::for_server(server);
        loop {
            tokio::time::sleep(READ_EVERY).await;
            if self.lock_waiting().is_empty() {
                continue;
            }
            if let Ok(page) = browser.open_page(OUTBOX).await {
                self.hand_out_codes(&page.page_text());
            }
        }
    }

    fn hand_out_codes(&self, outbox: &str) {
        let mut waiting = self.lock_waiting();
        let arrived: Vec<(String, String)> = waiting
            .keys()
            .filter_map(|contact| {
                Some((contact.clone(), find_code_for(outbox, contact)?.to_owned()))
            })
            .collect();
        for (contact, code) in arrived {
            if let Some(voter) = waiting.remove(&contact) {
                // A voter who has gone needs no code.
                let _ = voter.send(code);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Postman;

    #[tokio::test]
    async fn each_voter_gets_the_code_of_the_own_message() {
        let postman = Postman::default();
        let (one, other) = (postman.expect_code("01012345678"), postman.expect_code("a@b.example"));
        postman.hand_out_codes(
            "<article>01012345678<p class=\"letter-code\">123456</p></article>\
             <article>c@b.example<p class=\"letter-code\">222222</p></article>",
        );
        assert_eq!(one.await.unwrap(), "123456");
        postman.hand_out_codes("<article>a@b.example<p class=\"letter-code\">654321</p></article>");
        assert_eq!(other.await.unwrap(), "654321");
        assert!(postman.lock_waiting().is_empty());
    }
}
