//! HTTP requests to the provider: over TLS, without redirects, with a deadline and a limit on the
//! response.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::Client;

/// How long the provider may take, because a voter is waiting.
const DEADLINE: Duration = Duration::from_secs(8);
/// The largest response that is read, in bytes. Key sets of large providers have about ten keys.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The provider sent no response that could be read completely.
#[derive(Debug, thiserror::Error)]
#[error("the OpenID provider did not answer")]
pub(super) struct NoProviderAnswer;

/// Builds the client.
pub(super) fn build_http_client() -> Result<Client, String> {
    // The workspace has one cryptography provider, and reqwest uses the installed one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(DEADLINE)
        .connect_timeout(DEADLINE / 2)
        // The discovery document names the addresses. A redirect could lead anywhere.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|_| "the HTTP client could not be made".to_owned())
}

/// Sends one request. Plain HTTP is only for a provider on this machine, in a demonstration or
/// test.
pub(super) async fn send_request(
    client: Client,
    plain: bool,
    request: HttpRequest,
) -> Result<HttpResponse, NoProviderAnswer> {
    if request.uri().scheme_str() != Some("https") && !plain {
        return Err(NoProviderAnswer);
    }
    let request = reqwest::Request::try_from(request).map_err(|_| NoProviderAnswer)?;
    let mut answer = client.execute(request).await.map_err(|_| NoProviderAnswer)?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    let body = response.body_mut();
    while let Some(chunk) = answer.chunk().await.map_err(|_| NoProviderAnswer)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(NoProviderAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response)
}
