//! The answers that were given a moment ago. A form that is sent twice, because a button was pressed
//! twice or an answer was lost, is carried out once, and both get the same answer.
//!
//! Each page gives its forms a random key in a hidden field. A form with the same key, the same
//! address and the same content is the same form, whatever the answer has done to the browser's
//! cookies meanwhile. What differs in anything is another. The answers are in memory for a minute,
//! and end with the program. After an answer that has shown a secret, its form leads to the usual page
//! for twelve hours more, so that a page that is loaded again makes no second secret.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tracing::Instrument as _;

use crate::AppError;

/// The name of the hidden field with the key of the page's forms.
pub(crate) const FORM_KEY: &str = "form_key";

/// How long an answer is kept. Who waits longer than this for an answer presses again knowing it.
const KEPT: Duration = Duration::from_secs(60);

/// How long a form that has shown a secret leads to the usual page: as long as somebody may leave a tab open.
const LEADS_ON: Duration = Duration::from_secs(12 * 60 * 60);

/// Most answers that are kept.
const MAX_ANSWERS: usize = 1_000;

/// Most bytes of one answer, and of all: the slips of a large roll are a few million.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
const MAX_BYTES: usize = 4 * MAX_ANSWER_BYTES;

/// What makes two forms the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FormIdentity([u8; 32]);

impl FormIdentity {
    /// Makes the identity of a form from everything that makes it what it is, in its order.
    pub(crate) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// On an answer that shows a secret: the path of the page that shows the rest without it.
#[derive(Clone, Debug)]
pub(crate) struct ShowsSecret(pub(crate) String);

/// An answer as it can be given again.
#[derive(Clone)]
struct GivenAnswer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The error that a later layer turns into a page.
    error: Option<AppError>,
    /// Where the same form leads once the secret of this answer is forgotten.
    leads_on: Option<String>,
}

impl GivenAnswer {
    async fn from_response(response: Response) -> Self {
        let (mut parts, body) = response.into_parts();
        let error = parts.extensions.remove::<AppError>();
        let leads_on = parts.extensions.remove::<ShowsSecret>().map(|ShowsSecret(path)| path);
        match to_bytes(body, MAX_ANSWER_BYTES).await {
            Ok(body) => {
                Self { status: parts.status, headers: parts.headers, body, error, leads_on }
            }
            Err(failure) => Self::from_error(AppError::log_incident(&failure)),
        }
    }

    fn from_error(error: AppError) -> Self {
        let (status, headers) = (error.http_status(), HeaderMap::new());
        Self { status, headers, body: Bytes::new(), error: Some(error), leads_on: None }
    }

    /// Whether the same form would get the same answer again. A refusal may be over a moment later.
    fn is_final(&self) -> bool {
        self.error.is_none() && (self.status.is_success() || self.status.is_redirection())
    }

    fn into_response(self) -> Response {
        let mut response = (self.status, self.headers, Body::from(self.body)).into_response();
        if let Some(error) = self.error {
            response.extensions_mut().insert(error);
        }
        response
    }
}

/// `None` while the form is carried out. The channel closes without an answer if that failed.
type AnswerReceiver = watch::Receiver<Option<GivenAnswer>>;

struct Entry {
    begun: Instant,
    answer: AnswerReceiver,
}

impl Entry {
    fn bytes(&self) -> usize {
        self.answer.borrow().as_ref().map_or(0, |answer| answer.body.len())
    }
}

/// The answers of the last minute. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct GivenAnswers(Arc<Mutex<HashMap<FormIdentity, Entry>>>);

impl GivenAnswers {
    /// Carries a form out, unless the same form was or is carried out: then waits for that answer.
    /// Goes on when the browser has left, so that it can ask again for the answer.
    pub(crate) async fn answer_once(
        &self,
        form: FormIdentity,
        carry_out: impl Future<Output = Response> + Send + 'static,
    ) -> Response {
        let mut answer = match self.find_or_begin(form) {
            Ok(begun) => begun,
            Err((sender, answer)) => {
                let answers = self.clone();
                let work = async move {
                    let given = GivenAnswer::from_response(carry_out.await).await;
                    if !given.is_final() {
                        answers.entries().remove(&form);
                        // Whoever waits gets it; nobody may wait any more.
                        let _ = sender.send(Some(given));
                        return;
                    }
                    let leads_on = given.leads_on.clone();
                    let _ = sender.send(Some(given));
                    tokio::time::sleep(KEPT).await;
                    if let Some(path) = leads_on {
                        answers.forget_secret(form, path).await;
                        tokio::time::sleep(LEADS_ON).await;
                    }
                    answers.entries().remove(&form);
                };
                tokio::spawn(work.in_current_span());
                answer
            }
        };
        match wait_for_answer(&mut answer).await {
            Some(given) => given,
            None => {
                // It panicked, and the panic is in the log.
                self.entries().remove(&form);
                GivenAnswer::from_error(AppError::Unknown).into_response()
            }
        }
    }

    /// Returns the answer that this form got a moment ago.
    pub(crate) async fn find_answer(&self, form: FormIdentity) -> Option<Response> {
        let mut answer = self.entries().get(&form).map(|entry| entry.answer.clone())?;
        wait_for_answer(&mut answer).await
    }

    /// Puts a redirect to this path where an answer was that has shown a secret.
    async fn forget_secret(&self, form: FormIdentity, path: String) {
        let answer = GivenAnswer::from_response(Redirect::to(&path).into_response()).await;
        let (_, answer) = watch::channel(Some(GivenAnswer { leads_on: Some(path), ..answer }));
        if let Some(entry) = self.entries().get_mut(&form) {
            entry.answer = answer;
        }
    }

    /// Finds the answer to this form, or begins one. The caller that gets the sender carries it out.
    fn find_or_begin(
        &self,
        form: FormIdentity,
    ) -> Result<AnswerReceiver, (watch::Sender<Option<GivenAnswer>>, AnswerReceiver)> {
        let mut entries = self.entries();
        if let Some(entry) = entries.get(&form) {
            return Ok(entry.answer.clone());
        }
        while entries.len() >= MAX_ANSWERS
            || entries.values().map(Entry::bytes).sum::<usize>() > MAX_BYTES
        {
            // Those that lead on are few and small.
            let usual = |(form, entry): (&FormIdentity, &Entry)| {
                let leads_on =
                    entry.answer.borrow().as_ref().is_some_and(|answer| answer.leads_on.is_some());
                (leads_on, entry.begun, *form)
            };
            let oldest =
                entries.iter().map(usual).min_by_key(|(leads_on, begun, _)| (*leads_on, *begun));
            let oldest = oldest.map(|(.., form)| form);
            oldest.and_then(|form| entries.remove(&form));
        }
        let (sender, answer) = watch::channel(None);
        entries.insert(form, Entry { begun: Instant::now(), answer: answer.clone() });
        Err((sender, answer))
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<FormIdentity, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn wait_for_answer(answer: &mut AnswerReceiver) -> Option<Response> {
    let given = answer.wait_for(Option::is_some).await.ok()?.clone();
    given.map(GivenAnswer::into_response)
}

/// Gives every form of a page that is posted the same random key.
pub(crate) fn add_form_key(html: &str) -> String {
    let key = uuid::Uuid::new_v4();
    let mut keyed = String::with_capacity(html.len() + 1024);
    let mut rest = html;
    // Text that people typed is escaped, so each of these is a form of ours.
    while let Some(at) = rest.find("<form method=\"post\"") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        keyed.push_str(&rest[..end]);
        // The look of the pages is set to what the button says, however often.
        if !rest[at..end].contains("action=\"/look") {
            keyed.push_str(&format!("<input type=\"hidden\" name=\"{FORM_KEY}\" value=\"{key}\">"));
        }
        rest = &rest[end..];
    }
    keyed.push_str(rest);
    keyed
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static CARRIED_OUT: AtomicUsize = AtomicUsize::new(0);

    fn form(text: &str) -> FormIdentity {
        FormIdentity::of_parts([text.as_bytes()])
    }

    async fn text_of(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1024).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_same_form_is_carried_out_once_even_if_its_first_browser_leaves() {
        let answers = GivenAnswers::default();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let first = answers.answer_once(form("a=1"), async move {
            let _ = wait.await;
            CARRIED_OUT.fetch_add(1, Ordering::SeqCst);
            "done".into_response()
        });
        let left = tokio::time::timeout(Duration::from_millis(1), first).await;
        assert!(left.is_err(), "the first browser has left before its answer");
        let refused = async { "twice".into_response() };
        let second = answers.answer_once(form("a=1"), refused);
        go.send(()).unwrap();
        assert_eq!(text_of(second.await).await, "done");
        let third = answers.answer_once(form("a=1"), async { "thrice".into_response() });
        assert_eq!(text_of(third.await).await, "done");
        assert_eq!(CARRIED_OUT.load(Ordering::SeqCst), 1);
        let other = answers.answer_once(form("a=2"), async { "other".into_response() });
        assert_eq!(text_of(other.await).await, "other");
    }

    #[tokio::test]
    async fn a_form_whose_secret_is_forgotten_makes_no_other_one() {
        let (answers, path) = (GivenAnswers::default(), "/admin/a/record");
        let make = |secret: &'static str| async move {
            let mut response = secret.into_response();
            response.extensions_mut().insert(ShowsSecret(path.to_owned()));
            response
        };
        let send = |secret| answers.answer_once(form("act=observer"), make(secret));
        assert_eq!(text_of(send("one").await).await, "one");
        assert_eq!(text_of(send("two").await).await, "one");
        answers.forget_secret(form("act=observer"), path.to_owned()).await;
        let later = send("three").await;
        assert_eq!(
            (later.status(), later.headers()["location"].to_str().unwrap()),
            (StatusCode::SEE_OTHER, path)
        );
    }

    #[tokio::test]
    async fn a_refusal_is_not_kept() {
        let answers = GivenAnswers::default();
        let busy = answers.answer_once(form(""), async { AppError::Busy.into_response() }).await;
        assert_eq!(busy.extensions().get(), Some(&AppError::Busy));
        let again = answers.answer_once(form(""), async { "done".into_response() });
        assert_eq!(text_of(again.await).await, "done");
    }

    #[test]
    fn no_two_forms_are_one_by_where_a_text_ends() {
        let identity = |parts: [&str; 2]| FormIdentity::of_parts(parts.map(str::as_bytes));
        assert!(identity(["ab", "c"]) != identity(["a", "bc"]));
        assert!(identity(["a", "bc"]) == identity(["a", "bc"]));
    }

    #[test]
    fn every_posted_form_of_a_page_gets_the_key() {
        let page = "<form method=\"post\" class=\"a\"><p></p></form><form method=\"get\"></form>\
                    <form method=\"post\"></form>&lt;form method=\"post\"&gt;";
        let keyed = add_form_key(page);
        assert_eq!(keyed.matches("name=\"form_key\"").count(), 2);
        assert!(keyed.starts_with("<form method=\"post\" class=\"a\"><input type=\"hidden\""));
    }
}
