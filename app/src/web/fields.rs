//! A posted form: named texts and files.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::IntoResponse as _;
use http::request::Parts;
use http::{StatusCode, header};
use tokio::sync::Semaphore;

use crate::AppError;
use crate::web::given_answers::FORM_KEY;
use crate::web::request::RequestContext;
use crate::web::route::MAX_FIELDS;

/// Forms with a file that arrive at the same time, each with a body of up to 12 MB.
static UPLOADS: Semaphore = Semaphore::const_new(32);

/// A file that was chosen.
#[derive(Clone, Debug)]
pub(crate) struct UploadedFile {
    /// Its name, as the browser tells it.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// The fields of a posted form, in their order. A missing field reads as an empty text, so that a
/// form that was tampered with causes a clear fault and never a panic.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormFields {
    texts: Vec<(String, String)>,
    /// Each file that was chosen, with the name of its field.
    files: Vec<(String, UploadedFile)>,
    /// The key that the page gave its forms; empty if it gave none.
    form_key: String,
}

impl FormFields {
    /// Returns the text of this field, or an empty text if it is missing.
    #[must_use]
    pub(crate) fn field_text(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Returns every text of a field that may occur several times.
    pub(crate) fn all_texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns every field with its text, in the order of the form.
    pub(crate) fn named_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Returns the key that the page gave its forms; empty if it gave none.
    pub(crate) fn form_key(&self) -> &str {
        &self.form_key
    }

    /// Returns whether the form holds this field: a ticked box or the pressed button.
    #[must_use]
    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.texts.iter().any(|(key, _)| key == name)
    }

    /// Returns the file of the form's only field for one, or `None` if no file was chosen.
    #[must_use]
    pub(crate) fn uploaded_file(&self) -> Option<&[u8]> {
        self.uploaded_files().next().map(|file| file.bytes.as_slice())
    }

    /// Returns the files that were chosen.
    pub(crate) fn uploaded_files(&self) -> impl Iterator<Item = &UploadedFile> {
        self.files.iter().map(|(_, file)| file).filter(|file| !file.bytes.is_empty())
    }

    /// Returns the file of this field, which may be empty, or `None` if no file was chosen.
    pub(crate) fn uploaded_file_of(&self, name: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|(field, _)| field == name).map(|(_, file)| file)
    }

    /// Returns the files of a field for several that have bytes or a name of their own.
    pub(crate) fn uploaded_files_of<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a UploadedFile> {
        self.files.iter().filter(move |(field, _)| field == name).map(|(_, file)| file)
    }

    /// Takes the key of the page out of the texts, because nobody typed it. Refuses a form with a NUL,
    /// because PostgreSQL stores no NUL in a text and nobody types one.
    fn check_texts(mut self) -> Result<Self, AppError> {
        let keys = self.texts.extract_if(.., |(name, _)| name == FORM_KEY);
        self.form_key = keys.map(|(_, key)| key).last().unwrap_or_default();
        let clean = self.texts.iter().all(|(_, text)| !text.contains('\0'));
        if clean { Ok(self) } else { Err(AppError::BadRequest) }
    }

    async fn read_multipart(request: Request, field_limit: usize) -> Result<Self, AppError> {
        // Before the body is read: it is in memory until the form is done.
        let _place = UPLOADS.try_acquire().map_err(|_| AppError::Busy)?;
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|rejection| body_error(rejection.status()))?;
        let (mut fields, mut count) = (Self::default(), 0);
        while let Some(part) =
            form.next_field().await.map_err(|error| body_error(error.status()))?
        {
            count += 1;
            if count > field_limit {
                return Err(AppError::TooLarge);
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| body_error(error.status()))?;
            if let Some(file_name) = file_name {
                // A field without a file is sent without a name.
                if !file_name.is_empty() {
                    let file = UploadedFile { name: file_name, bytes: bytes.to_vec() };
                    fields.files.push((name, file));
                }
            } else {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| AppError::BadRequest)?;
                fields.texts.push((name, text));
            }
        }
        Ok(fields)
    }
}

fn body_error(status: StatusCode) -> AppError {
    if status == StatusCode::PAYLOAD_TOO_LARGE { AppError::TooLarge } else { AppError::BadRequest }
}

/// Reads the whole body, at most as many bytes as the URL's row allows.
pub(crate) async fn read_body(request: Request) -> Result<(Parts, Bytes), AppError> {
    let (parts, body) = request.into_parts();
    let limited = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(limited, &())
        .await
        .map_err(|rejection| body_error(rejection.into_response().status()))?;
    Ok((parts, bytes))
}

/// Returns the same request after its whole body has arrived.
///
/// # Errors
/// Returns [`AppError::TooLarge`], or [`AppError::BadRequest`] for a body that was cut off.
pub(crate) async fn with_whole_body(request: Request) -> Result<Request, AppError> {
    let (parts, bytes) = read_body(request).await?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Returns one text of a form whose body has arrived, beside the same request.
///
/// # Errors
/// Those of [`with_whole_body`].
pub(crate) async fn peek_form_field(
    request: Request,
    name: &str,
) -> Result<(Request, String), AppError> {
    let (parts, bytes) = read_body(request).await?;
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let form = FormFields::from_request(copy, &()).await.unwrap_or_default();
    let text = form.field_text(name).to_owned();
    Ok((Request::from_parts(parts, Body::from(bytes)), text))
}

/// Returns how many fields the form's URL allows. Each field costs memory, however short it is.
fn field_limit_of(request: &Request) -> usize {
    let cx = request.extensions().get::<RequestContext>();
    cx.map_or(MAX_FIELDS, |cx| cx.route_rules().field_limit)
}

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let field_limit = field_limit_of(&request);
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Self::read_multipart(request, field_limit).await?.check_texts();
        }
        let (parts, bytes) = read_body(request).await?;
        // Counted before they are parsed: a short text can hold very many fields.
        if bytes.split(|byte| *byte == b'&').count() > field_limit {
            return Err(AppError::TooLarge);
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|rejection| body_error(rejection.into_response().status()))?;
        Self { texts: form.0, ..Self::default() }.check_texts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_form(kind: &str, body: String) -> Result<FormFields, AppError> {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(body));
        FormFields::from_request(request.unwrap(), &()).await
    }

    async fn read_plain(body: String) -> Result<FormFields, AppError> {
        read_form("application/x-www-form-urlencoded", body).await
    }

    #[tokio::test]
    async fn a_form_has_its_fields_in_their_order() {
        let form = read_plain("case=1&poll=citizens&case=%EA%B0%80".to_owned()).await.unwrap();
        assert_eq!(form.field_text("poll"), "citizens");
        assert_eq!(form.all_texts("case").collect::<Vec<_>>(), ["1", "\u{ac00}"]);
        assert_eq!(form.field_text("none"), "");
        assert!(read_plain(String::new()).await.is_ok(), "an empty form");
        assert_eq!(read_plain("a=%00".to_owned()).await.err(), Some(AppError::BadRequest));
    }

    #[tokio::test]
    async fn a_form_with_too_many_fields_is_refused() {
        let plain = |fields: usize| read_plain(vec!["a=b"; fields].join("&"));
        assert!(plain(MAX_FIELDS).await.is_ok());
        assert_eq!(plain(MAX_FIELDS + 1).await.err(), Some(AppError::TooLarge));
        let empty = read_plain("=&".repeat(256 * 1024)).await;
        assert_eq!(empty.err(), Some(AppError::TooLarge));
        let parts = |fields: usize| {
            let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
            read_form("multipart/form-data; boundary=x", part.repeat(fields) + "--x--\r\n")
        };
        assert!(parts(MAX_FIELDS).await.is_ok());
        assert_eq!(parts(MAX_FIELDS + 1).await.err(), Some(AppError::TooLarge));
    }
}
