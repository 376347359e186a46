//! A posted form: named texts, and at most one file.

use axum::extract::{FromRequest, Multipart, Request};
use axum::response::IntoResponse as _;
use http::{StatusCode, header};

use crate::AppError;

/// The fields of a posted form, in their order. A missing field reads as an empty text, so that a
/// form that was tampered with causes a clear fault and never a panic.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormFields {
    texts: Vec<(String, String)>,
    file: Option<Vec<u8>>,
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

    /// Returns whether the form holds this field: a ticked box or the pressed button.
    #[must_use]
    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.texts.iter().any(|(key, _)| key == name)
    }

    /// Returns the uploaded file, or `None` if no file was chosen.
    #[must_use]
    pub(crate) fn uploaded_file(&self) -> Option<&[u8]> {
        self.file.as_deref().filter(|bytes| !bytes.is_empty())
    }

    /// Refuses a form with a NUL, because PostgreSQL stores no NUL in a text and nobody types one.
    fn refuse_nul(self) -> Result<Self, AppError> {
        let clean = self.texts.iter().all(|(_, text)| !text.contains('\0'));
        if clean { Ok(self) } else { Err(AppError::BadRequest) }
    }

    async fn read_multipart(request: Request) -> Result<Self, AppError> {
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|rejection| body_error(rejection.status()))?;
        let mut fields = Self::default();
        while let Some(part) =
            form.next_field().await.map_err(|error| body_error(error.status()))?
        {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|error| body_error(error.status()))?;
            if is_file {
                fields.file = Some(bytes.to_vec());
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

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Self::read_multipart(request).await?.refuse_nul();
        }
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|rejection| body_error(rejection.into_response().status()))?;
        Self { texts: form.0, file: None }.refuse_nul()
    }
}
