//! A posted form before its handler runs: whether it is the same as one before, and what it holds if
//! it cannot be carried out. Then the page of the error shows what somebody typed, but no secret, nothing
//! on a shared machine, and nothing of a form that was too large to be kept.

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest as _, Request};
use axum::response::Response;
use http::request::Parts;
use tokio::sync::Semaphore;

use leptos::prelude::*;
use phrases::{Lang, errors as words};

use crate::AppError;
use crate::ui::{Submit, escape_raw_text};
use crate::web::fields::{FormFields, read_body};
use crate::web::given_answers::FormIdentity;
use crate::web::request::RequestContext;
use crate::web::route::Access;

/// Largest form that is kept while its handler runs, in bytes: twice the longest draft, and from
/// accounts the longest list. A larger one has a picture, and the browser still has that.
const KEPT_BYTES: u64 = 1024 * 1024;
const KEPT_LIST_BYTES: u64 = 6 * 1024 * 1024;

/// Forms of people who are not signed in (any more) that arrive at the same time at a page for
/// accounts, each with a body of up to 12 MB.
static REFUSED: Semaphore = Semaphore::const_new(8);

/// A form whose body has arrived.
pub(crate) struct PostedForm {
    parts: Parts,
    bytes: Bytes,
}

/// The texts of a form that was not carried out, beside its error in the answer.
#[derive(Clone, Debug)]
pub(crate) struct KeptTexts {
    texts: Vec<(String, String)>,
    /// Whether the form had a file, which is not kept.
    had_file: bool,
}

impl PostedForm {
    /// Receives the whole body. Returns the form beside the request; `None` if it is too large to be
    /// kept, so that its handler reads it as it comes.
    ///
    /// # Errors
    /// Returns [`AppError::TooLarge`], or [`AppError::BadRequest`] for a body that was cut off.
    pub(crate) async fn receive(
        request: Request,
        access: Access,
    ) -> Result<(Request, Option<Self>), AppError> {
        let most = if access == Access::Public { KEPT_BYTES } else { KEPT_LIST_BYTES };
        if request.body().size_hint().upper().is_none_or(|length| length > most) {
            return Ok((request, None));
        }
        let (parts, bytes) = read_body(request).await?;
        let request = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        Ok((request, Some(Self { parts, bytes })))
    }

    /// Receives a form that is refused, with everything but its file. Returns nothing if too many
    /// such forms arrive at once.
    pub(crate) async fn receive_refused(request: Request) -> Option<Self> {
        let _place = REFUSED.try_acquire().ok()?;
        let (parts, bytes) = read_body(request).await.ok()?;
        Some(Self { parts, bytes })
    }

    /// Returns what makes this form the same as another; `None` for a form without a key.
    pub(crate) async fn identity(&self) -> Option<FormIdentity> {
        let (fields, address) = (self.fields().await, self.parts.uri.to_string());
        if fields.form_key().is_empty() {
            return None;
        }
        let texts =
            fields.named_texts().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
        let files = fields.uploaded_files().map(|file| file.bytes.as_slice());
        let parts = [fields.form_key().as_bytes(), address.as_bytes()]
            .into_iter()
            .chain(files)
            .chain(texts);
        Some(FormIdentity::of_parts(parts))
    }

    /// Adds the texts to an answer that holds an error, so that its page shows them.
    pub(crate) async fn add_texts(&self, response: &mut Response) {
        if response.extensions().get::<AppError>().is_some() {
            let fields = self.fields().await;
            let texts = fields.named_texts().map(|(name, text)| (name.to_owned(), text.to_owned()));
            let had_file = fields.uploaded_file().is_some();
            response.extensions_mut().insert(KeptTexts { texts: texts.collect(), had_file });
        }
    }

    /// Reads the fields; none from a body that is no form.
    async fn fields(&self) -> FormFields {
        let copy = Request::from_parts(self.parts.clone(), Body::from(self.bytes.clone()));
        FormFields::from_request(copy, &()).await.unwrap_or_default()
    }
}

impl KeptTexts {
    /// Renders what somebody has typed and would miss, and the button that sends the form again if
    /// that may help. A form with a secret is neither shown nor sent again.
    pub(crate) fn render(self, cx: &RequestContext, error: &AppError) -> Option<AnyView> {
        let secret = |(name, _): &(String, String)| name.contains("password") || name == "code";
        if cx.is_kiosk() || self.texts.iter().any(secret) {
            return None;
        }
        let lang = cx.lang();
        let again = is_worth_again(error) && cx.route_rules().access != Access::Public;
        // Keys and words of the program are no loss.
        let long = |(name, text): &&(String, String)| {
            let words = text.trim().contains(char::is_whitespace) || !text.is_ascii();
            name != "shown" && (words || text.len() > 60)
        };
        let long: Vec<&str> =
            self.texts.iter().filter(long).map(|(_, text)| text.as_str()).collect();
        if long.is_empty() && !again {
            return None;
        }
        let count = long.len();
        let boxes = long.into_iter().enumerate().map(|(at, text)| {
            let label = words::typed_text(lang, count, at + 1);
            let text = escape_raw_text(text.to_owned());
            view! {
                <textarea class="input" readonly=true rows="6" aria-label=label inner_html=text></textarea>
            }
        });
        let boxes = boxes.collect_view();
        let lead = if again { words::typed_lead(lang) } else { words::typed_copy(lang) };
        let lost_file = self.had_file.then(|| view! { <p>{words::typed_file(lang)}</p> });
        let again = again.then(|| again_form(lang, error, cx.path_and_query(), self.texts));
        let view = view! {
            <section class="typed-texts" aria-labelledby="typed-texts">
                <h2 id="typed-texts">{words::typed_title(lang)}</h2>
                <p>{lead}</p>
                {lost_file}
                {again}
                {boxes}
            </section>
        };
        Some(view.into_any())
    }
}

/// Whether the same form may be taken a moment later, or by another account.
const fn is_worth_again(error: &AppError) -> bool {
    matches!(
        error,
        AppError::SignIn
            | AppError::Forbidden
            | AppError::Busy
            | AppError::Unknown
            | AppError::Internal { .. }
    )
}

/// Builds the form that sends the same texts once more. Whoever has signed out signs in beside it.
fn again_form(
    lang: Lang,
    error: &AppError,
    action: String,
    texts: Vec<(String, String)>,
) -> AnyView {
    let fields = texts
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let sign_in = matches!(error, AppError::SignIn | AppError::Forbidden).then(|| {
        view! {
            <p>
                <a href="/sign-in" target="_blank" rel="noopener">{words::typed_sign_in(lang)}</a>
                " "{words::typed_then(lang)}
            </p>
        }
    });
    view! {
        {sign_in}
        <form method="post" action=action class="actions">
            {fields}
            <Submit label=words::send_again(lang)/>
        </form>
    }
    .into_any()
}
