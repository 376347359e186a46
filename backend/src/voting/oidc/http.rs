//! Requests to the provider: no redirects, a deadline, a bound on the answer, TLS.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::Client;

/// How long the provider may take: a voter waits for it.
const DEADLINE: Duration = Duration::from_secs(8);
/// The most of an answer that is read, in bytes: key sets of large providers have some ten keys.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The provider gave no answer that could be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("the OpenID provider did not answer")]
pub(super) struct NoAnswer;

/// Makes the client.
pub(super) fn client() -> Result<Client, String> {
    // The workspace has one cryptography, and reqwest takes what is installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(DEADLINE)
        .connect_timeout(DEADLINE / 2)
        // The discovery document says where to go; whoever redirects from there may be anybody.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|_| "the HTTP client could not be made".to_owned())
}

/// Sends one request. Plain HTTP is for a provider on this machine in a demonstration or test.
pub(super) async fn send(
    client: Client,
    plain: bool,
    request: HttpRequest,
) -> Result<HttpResponse, NoAnswer> {
    if request.uri().scheme_str() != Some("https") && !plain {
        return Err(NoAnswer);
    }
    let request = reqwest::Request::try_from(request).map_err(|_| NoAnswer)?;
    let mut answer = client.execute(request).await.map_err(|_| NoAnswer)?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    let body = response.body_mut();
    while let Some(chunk) = answer.chunk().await.map_err(|_| NoAnswer)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(NoAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response)
}
