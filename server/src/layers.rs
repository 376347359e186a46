//! Layers around every request: limits, deadlines, headers and the client's network.

use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::web::assets::{Assets, Bundle};
use app::web::request::ClientNetwork;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_client_ip::{ClientIp, ClientIpSource};
use backend::cases::DocumentKind as FileKind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use phrases::Lang;
use sha2::{Digest as _, Sha256};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::csrf::ProtectionError;

/// Largest body of any request. It is above the limit of the picture form, so that a picture that
/// is slightly too large gets the form's own message.
pub(crate) const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// The largest body of a plain form: a case of 10,000 Korean characters, percent-encoded.
pub(crate) const LARGEST_FORM: usize = 512 * 1024;
/// Longest time for a body to arrive. A picture on a slow phone connection needs some time.
pub(crate) const BODY_DEADLINE: Duration = Duration::from_secs(60);
/// Longest time for an answer.
pub(crate) const ANSWER_DEADLINE: Duration = Duration::from_secs(30);

/// The security headers of every answer, made once.
#[derive(Clone)]
pub(crate) struct SecurityHeaders(Arc<[(HeaderName, HeaderValue)]>);

impl SecurityHeaders {
    /// Makes the headers. The policy allows our own files, the three inline scripts by their
    /// hashes, and WebAssembly.
    pub(crate) fn from_assets(assets: &Assets, over_tls: bool) -> Self {
        let [public, desk, voter] =
            Bundle::ALL.map(|bundle| STANDARD.encode(Sha256::digest(assets.inline_script(bundle))));
        let policy = format!(
            "default-src 'none'; \
             script-src 'self' 'sha256-{public}' 'sha256-{desk}' 'sha256-{voter}' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
             manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
            ),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("same-origin"),
            ),
        ];
        if over_tls {
            let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
            headers.push((header::STRICT_TRANSPORT_SECURITY, year));
        }
        Self(headers.into())
    }
}

/// Adds the headers. A header that a handler has set itself stays.
pub(crate) async fn add_security_headers(
    State(headers): State<SecurityHeaders>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in headers.0.iter() {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// Refuses a body whose `Content-Length` is too large before any of it is read. A body without this
/// header is counted as it arrives.
pub(crate) async fn refuse_large_body(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST_BODY) {
        return bilingual_response(StatusCode::PAYLOAD_TOO_LARGE, phrases::errors::too_large);
    }
    next.run(request).await
}

/// Answers a form that another site has sent.
pub(crate) fn refuse_foreign_form(_: ProtectionError) -> Response {
    bilingual_response(StatusCode::FORBIDDEN, phrases::errors::from_elsewhere)
}

/// Answers with a sentence in both languages, because the reader's language is not known in this
/// layer.
fn bilingual_response(status: StatusCode, say: fn(Lang) -> &'static str) -> Response {
    (status, format!("{}\n\n{}\n", say(Lang::Ko), say(Lang::En))).into_response()
}

/// Compresses answers that have a body. The compression layer puts an encoder of six kilobytes
/// around every answer, and each outer layer moves it. Most answers to voters are redirects without
/// a body, so they skip it.
pub(crate) async fn compress_response(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).cloned();
    let response = next.run(request).await;
    if response.body().is_end_stream() || is_compressed(&response) {
        return response;
    }
    Box::pin(apply_compression(accepted, response)).await
}

/// Returns whether the answer is a document, which is compressed by its own form.
fn is_compressed(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| FileKind::ALL.iter().any(|file| file.media_type() == kind))
}

async fn apply_compression(accepted: Option<HeaderValue>, response: Response) -> Response {
    let mut response = Some(response);
    let made =
        service_fn(|_: Request| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let mut request = Request::default();
    request.headers_mut().extend(accepted.map(|accepted| (header::ACCEPT_ENCODING, accepted)));
    let Ok(response) = CompressionLayer::new().layer(made).oneshot(request).await;
    response.map(Body::new)
}

/// The header of the request id.
const REQUEST_ID: &str = "x-request-id";
/// Longest request id that a proxy may give. It is in each line of the log.
const LONGEST_REQUEST_ID: usize = 64;

/// Removes a request id that is too long or holds other signs than those of usual ids. Then the
/// program makes one itself.
pub(crate) fn drop_strange_request_id(mut request: Request) -> Request {
    let usual = |id: &HeaderValue| {
        let signs = id.as_bytes();
        (1..=LONGEST_REQUEST_ID).contains(&signs.len())
            && signs.iter().all(|sign| sign.is_ascii_alphanumeric() || b"-_.".contains(sign))
    };
    if !request.headers().get_all(REQUEST_ID).iter().all(usual) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

/// Stores the client's network in the request: a whole IPv4 address, or the /64 of an IPv6
/// household.
pub(crate) async fn insert_client_network(
    State(source): State<ClientIpSource>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(source);
    let named = ClientIp::from_request_parts(&mut parts, &()).await.ok().map(|ip| ip.0);
    let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(address) = named.or_else(peer) {
        parts.extensions.insert(ClientNetwork(network_prefix(address)));
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Returns the network of an address: a whole IPv4 address, or the /64 of an IPv6 household.
pub(crate) fn network_prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;

    use super::{drop_strange_request_id, network_prefix};

    #[test]
    fn a_household_is_one_network() {
        assert_eq!(network_prefix("203.0.113.7".parse().unwrap()), "203.0.113.7");
        assert_eq!(network_prefix("::ffff:203.0.113.7".parse().unwrap()), "203.0.113.7");
        let one = network_prefix("2001:db8:1:2:aaaa::1".parse().unwrap());
        assert_eq!(one, network_prefix("2001:db8:1:2:bbbb::2".parse().unwrap()));
        assert_ne!(one, network_prefix("2001:db8:1:3::1".parse().unwrap()));
    }

    #[test]
    fn a_request_id_of_a_client_is_short_and_plain_or_dropped() {
        let kept = |id: &str| {
            let mut request = Request::default();
            request.headers_mut().insert("x-request-id", id.parse().unwrap());
            drop_strange_request_id(request).headers().contains_key("x-request-id")
        };
        assert!(kept("3f2504e0-4f89-41d3-9a0c-0305e82c3301") && kept(&"a".repeat(64)));
        let long = "a".repeat(65);
        for strange in ["", "a b", "a\"b", long.as_str()] {
            assert!(!kept(strange), "{strange}");
        }
    }
}
