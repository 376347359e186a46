//! The only error that crosses the wire.

use domain::refusal::Refusal;
use domain::schedule::PhaseError;
use domain::text::FieldProblem;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// The reason why a request failed, in terms that a person can act on. It holds nothing internal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in.
    SignIn,
    /// The visitor's role does not allow the request.
    Forbidden,
    /// The thing does not exist, or the visitor may not see it.
    NotFound,
    /// The request cannot be read: a form that is not ours, or a body that was cut off.
    BadRequest,
    /// The URL exists but does not accept this HTTP method.
    Method,
    /// The request is larger than allowed.
    TooLarge,
    /// The edition is not in the phase that this request needs.
    Phase(PhaseError),
    /// Fields of the form are not valid.
    Invalid(Vec<FieldFault>),
    /// A rule of the contest refuses the request.
    Refused(Refusal),
    /// The visitor has tried too often and must wait.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The server is overloaded; nothing was done.
    Busy,
    /// The server only tries out a restored copy, and takes nothing.
    Drill,
    /// The server does not know whether the request was carried out.
    Unknown,
    /// The server failed. The number leads support to the log line.
    Internal {
        /// The number of the incident.
        incident: String,
    },
    /// No answer arrived. Only the browser makes this error.
    Offline,
}

/// A field of a form and its problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The name of the input.
    pub field: String,
    /// The problem.
    pub problem: FieldProblem,
}

impl AppError {
    /// Returns the problem of this field, if it has one.
    #[must_use]
    pub fn field_problem(&self, name: &str) -> Option<FieldProblem> {
        match self {
            Self::Invalid(faults) => {
                faults.iter().find(|fault| fault.field == name).map(|fault| fault.problem)
            }
            _ => None,
        }
    }

    /// Returns whether the reader can correct the form, so that the form is shown again.
    #[must_use]
    pub fn is_correctable(&self) -> bool {
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
            // What the server cannot read is the request. What the browser cannot read is no answer of ours:
            // the page of a proxy, or of a hotel's sign-in.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => Self::BadRequest,
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::BadRequest,
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
        /// Logs, once and under a number, each error that only an operator can act on.
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
                // The page that accepts season files shows the faulty lines itself.
                Error::Season(_) => Self::BadRequest,
                Error::TooMany { retry_after } => {
                    Self::TooMany { retry_after: retry_after.as_secs().max(1) }
                }
                Error::Busy { .. } => Self::Busy,
                Error::Unknown => Self::Unknown,
                Error::Drill => Self::Drill,
                Error::Database(sqlx_error) if backend::is_overload(&sqlx_error) => Self::Busy,
                error @ (Error::Database(_) | Error::Internal(_)) => Self::log_incident(&error),
            }
        }
    }

    impl AppError {
        /// Logs the error and returns an [`AppError::Internal`] with the number of the log line.
        pub fn log_incident(error: &dyn std::error::Error) -> Self {
            let incident = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
            tracing::error!(%incident, %error, "a request failed");
            Self::Internal { incident }
        }

        /// Returns the HTTP status of this error.
        #[must_use]
        pub fn http_status(&self) -> StatusCode {
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
                Self::Busy | Self::Drill | Self::Offline => StatusCode::SERVICE_UNAVAILABLE,
                Self::Unknown => StatusCode::GATEWAY_TIMEOUT,
                Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    }

    impl IntoResponse for AppError {
        /// Attaches the error to the response. The context layer knows the reader's language and
        /// turns the error into a page.
        fn into_response(self) -> Response {
            let mut response = self.http_status().into_response();
            response.extensions_mut().insert(self);
            response
        }
    }
}
