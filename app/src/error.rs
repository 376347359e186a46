//! The only error that crosses the wire.

use domain::refusal::Refusal;
use domain::schedule::PhaseError;
use domain::text::FieldProblem;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why something did not happen, in terms that a person can act on. Nothing internal is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in.
    SignIn,
    /// The role does not allow it.
    Forbidden,
    /// There is no such thing, or not for the one who asks.
    NotFound,
    /// The request itself makes no sense: a form that is not ours, a body that was cut off.
    BadRequest,
    /// There is a page here, but nothing can be done to it in this way.
    Method,
    /// The request is larger than allowed.
    TooLarge,
    /// It is not the time for it.
    Phase(PhaseError),
    /// Fields that need another look.
    Invalid(Vec<FieldFault>),
    /// A rule says no.
    Refused(Refusal),
    /// Too many tries; again after so many seconds.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The server has more to do than it can; nothing was done.
    Busy,
    /// The server does not know whether it was done.
    Unknown,
    /// Something broke on our side; the number leads support to the log line.
    Internal {
        /// The number.
        incident: String,
    },
    /// The answer did not arrive (browser only).
    Offline,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The name of the input.
    pub field: String,
    /// What is wrong.
    pub problem: FieldProblem,
}

impl AppError {
    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn of_field(&self, name: &str) -> Option<FieldProblem> {
        match self {
            Self::Invalid(faults) => {
                faults.iter().find(|fault| fault.field == name).map(|fault| fault.problem)
            }
            _ => None,
        }
    }

    /// Whether the one who filled the form can mend it, so that the form should come back.
    #[must_use]
    pub fn is_about_the_form(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Refused(_) | Self::TooMany { .. } | Self::TooLarge)
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::BadRequest,
            _ => Self::Busy,
        }
    }
}

#[cfg(feature = "ssr")]
mod server {
    use axum::response::{IntoResponse, Response};
    use backend::Error;
    use http::StatusCode;

    use super::{AppError, FieldFault};

    impl From<Error> for AppError {
        /// The boundary: what only an operator can act on is logged here, once, under a number.
        fn from(error: Error) -> Self {
            match error {
                Error::NotFound => Self::NotFound,
                Error::SignIn => Self::SignIn,
                Error::Forbidden => Self::Forbidden,
                Error::Phase(phase) => Self::Phase(phase),
                Error::Invalid(faults) => Self::Invalid(
                    faults
                        .into_iter()
                        .map(|fault| FieldFault {
                            field: fault.field.to_owned(),
                            problem: fault.problem,
                        })
                        .collect(),
                ),
                Error::Refused(refusal) => Self::Refused(refusal),
                // The page that takes season files shows the lines itself.
                Error::Season(_) => Self::BadRequest,
                Error::TooMany { retry_after } => {
                    Self::TooMany { retry_after: retry_after.as_secs().max(1) }
                }
                Error::Busy { .. } => Self::Busy,
                Error::Unknown => Self::Unknown,
                Error::Database(sqlx_error) if backend::is_overload(&sqlx_error) => Self::Busy,
                error @ (Error::Database(_) | Error::Internal(_)) => Self::incident(&error),
            }
        }
    }

    impl AppError {
        /// Logs what broke and returns its number.
        pub fn incident(error: &dyn std::error::Error) -> Self {
            let incident = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
            tracing::error!(%incident, %error, "a request failed");
            Self::Internal { incident }
        }

        /// The HTTP status that says the same.
        #[must_use]
        pub fn status(&self) -> StatusCode {
            match self {
                Self::SignIn => StatusCode::UNAUTHORIZED,
                Self::Forbidden => StatusCode::FORBIDDEN,
                Self::NotFound => StatusCode::NOT_FOUND,
                Self::BadRequest => StatusCode::BAD_REQUEST,
                Self::Method => StatusCode::METHOD_NOT_ALLOWED,
                Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Self::Phase(_) => StatusCode::CONFLICT,
                Self::Invalid(_) | Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
                Self::Busy | Self::Offline => StatusCode::SERVICE_UNAVAILABLE,
                Self::Unknown => StatusCode::GATEWAY_TIMEOUT,
                Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    }

    impl IntoResponse for AppError {
        /// Leaves the error on the response; the context layer knows the reader's language and
        /// turns it into a page.
        fn into_response(self) -> Response {
            let mut response = self.status().into_response();
            response.extensions_mut().insert(self);
            response
        }
    }
}
