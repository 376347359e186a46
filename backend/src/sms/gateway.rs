//! A gateway for text messages. The operator describes its HTTP request with templates. It can be
//! signed with HMAC-SHA256.
//!
//! Placeholders in the templates: `{to}` (01012345678), `{international}` (+821012345678),
//! `{text}`, `{from}`, `{id}` (the same for every try of one message), `{nonce}` (different each
//! time), `{timestamp}` (milliseconds), `{date}` (ISO 8601) and `{key}`. The address and the
//! headers also know `{signature}`. The signed text also knows `{method}` and `{path}`.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::text::Mobile;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Url};
use sha2::Sha256;

use super::template::{Escape, fill_placeholders};
use crate::keys;

/// How long a gateway may take for one message. The next try of the same message comes after this
/// time, so that a slow gateway never gets it twice at once.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 64 * 1024;

/// How a signature is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFormat {
    /// Lower-case hex.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// The operator's settings of a gateway.
#[derive(Clone)]
pub struct GatewaySettings {
    /// The template of the address.
    pub url: String,
    /// The method, e.g. `POST`.
    pub method: String,
    /// Headers as `Name: value`. The values are templates.
    pub headers: Vec<String>,
    /// The template of the body. The `Content-Type` decides how values are escaped.
    pub body: String,
    /// The sender's number, registered with the gateway.
    pub from: String,
    /// The public key of the account.
    pub key: String,
    /// The secret key of the account. It signs and is never sent.
    pub secret: String,
    /// The template of the signed text; empty for no signature.
    pub sign: String,
    /// How the signature is encoded.
    pub encoding: SignatureFormat,
    /// A text that a good answer contains; empty if the status is enough.
    pub accepted: String,
}

/// The result of sending a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendOutcome {
    /// The gateway accepted it.
    Sent,
    /// The gateway will never accept this message. It may accept others.
    Unwanted,
    /// The gateway accepts no message now: it is out of order, out of money, or does not know us.
    Down,
    /// Unknown: there was no answer in time, or it cannot be understood.
    Unclear,
}

/// A gateway with checked settings.
pub struct TextGateway {
    settings: GatewaySettings,
    client: Client,
    method: Method,
    headers: Vec<(HeaderName, String)>,
    escape: Escape,
}

impl fmt::Debug for TextGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Several settings contain keys, so no setting is shown.
        f.write_str("Gateway(hidden)")
    }
}

impl TextGateway {
    /// Checks the operator's settings and makes the gateway.
    ///
    /// # Errors
    /// A message for the operator that never contains a key.
    pub fn from_settings(settings: GatewaySettings) -> std::result::Result<Self, String> {
        let method = Method::from_bytes(settings.method.as_bytes())
            .map_err(|_| format!("{:?} is no HTTP method", settings.method))?;
        let headers = settings.headers.iter().map(|line| parse_header_line(line));
        let headers = headers.collect::<std::result::Result<Vec<_>, _>>()?;
        let kind =
            headers.iter().find(|(name, _)| name == CONTENT_TYPE).map(|(_, kind)| kind.as_str());
        let escape = match kind {
            Some(kind) if kind.contains("form") => Escape::Percent,
            _ => Escape::Json,
        };
        if !settings.sign.is_empty() && settings.secret.is_empty() {
            return Err("a signature needs a secret".to_owned());
        }
        // The workspace uses one crypto provider, and reqwest takes the installed one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(DEADLINE)
            .connect_timeout(DEADLINE / 2)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| "the HTTP client could not be made".to_owned())?;
        let gateway = Self { settings, client, method, headers, escape };
        // Make a trial message that is not sent, to find invalid templates.
        let to = Mobile::parse("01000000000").map_err(|_| "no number to try with".to_owned())?;
        gateway.build_request(&GatewayMessage { id: "trial", to: &to, text: "trial" })?;
        Ok(gateway)
    }

    /// Sends a message. Neither the message nor the answer is logged, because gateways repeat
    /// numbers and texts in their errors.
    pub(super) async fn send_message(&self, message: &GatewayMessage<'_>) -> SendOutcome {
        let Ok(request) = self.build_request(message) else { return SendOutcome::Unwanted };
        match self.client.execute(request).await {
            Ok(response) => self.classify_response(response).await,
            // Without a connection nothing was delivered.
            Err(error) if error.is_connect() => SendOutcome::Down,
            Err(_) => SendOutcome::Unclear,
        }
    }

    async fn classify_response(&self, response: reqwest::Response) -> SendOutcome {
        let status = response.status();
        tracing::debug!(status = status.as_u16(), "the text message gateway has answered");
        match status.as_u16() {
            200..=299 => {}
            // These concern only this message. Other statuses concern us or the gateway.
            400 | 404 | 409 | 413 | 422 => return SendOutcome::Unwanted,
            _ => return SendOutcome::Down,
        }
        if self.settings.accepted.is_empty() {
            return SendOutcome::Sent;
        }
        match read_bounded_answer(response).await {
            Some(body) if body.contains(&self.settings.accepted) => SendOutcome::Sent,
            _ => SendOutcome::Unclear,
        }
    }

    fn build_request(
        &self,
        message: &GatewayMessage<'_>,
    ) -> std::result::Result<reqwest::Request, String> {
        let now = chrono::Utc::now();
        let (timestamp, date) = (
            now.timestamp_millis().to_string(),
            now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        );
        let (to, nonce) = (message.to.national_number(), hex::encode(keys::random_bytes::<16>()));
        let mut values = vec![
            ("to", to.as_str()),
            ("international", message.to.canonical_number()),
            ("text", message.text),
            ("from", self.settings.from.as_str()),
            ("id", message.id),
            ("nonce", nonce.as_str()),
            ("timestamp", timestamp.as_str()),
            ("date", date.as_str()),
            ("key", self.settings.key.as_str()),
        ];
        let body = fill_placeholders(&self.settings.body, &values, self.escape);
        let unsigned = self.build_address(&values)?;
        let path = match unsigned.query() {
            Some(query) => format!("{}?{query}", unsigned.path()),
            None => unsigned.path().to_owned(),
        };
        let mut signed = values.clone();
        signed.extend([("method", self.method.as_str()), ("path", path.as_str())]);
        let signature =
            self.compute_signature(&fill_placeholders(&self.settings.sign, &signed, Escape::Plain));
        values.push(("signature", signature.as_str()));
        let mut headers = HeaderMap::new();
        for (name, template) in &self.headers {
            let value = fill_placeholders(template, &values, Escape::Header);
            let mut value = HeaderValue::from_str(&value)
                .map_err(|_| format!("the header {name} cannot be sent"))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        if !headers.contains_key(CONTENT_TYPE) {
            headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        }
        let mut request = reqwest::Request::new(self.method.clone(), self.build_address(&values)?);
        *request.headers_mut() = headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }

    fn build_address(&self, values: &[(&str, &str)]) -> std::result::Result<Url, String> {
        let url = fill_placeholders(&self.settings.url, values, Escape::Percent);
        let url = Url::parse(&url).map_err(|_| "the gateway's address is not a URL".to_owned())?;
        let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() == "https" || (url.scheme() == "http" && loopback) {
            Ok(url)
        } else {
            Err("the gateway's address must begin with https://".to_owned())
        }
    }

    fn compute_signature(&self, signed: &str) -> String {
        if signed.is_empty() {
            return String::new();
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.settings.secret.as_bytes())
            .expect("HMAC takes any key");
        mac.update(signed.as_bytes());
        let mac = mac.finalize().into_bytes();
        match self.settings.encoding {
            SignatureFormat::Hex => hex::encode(mac),
            SignatureFormat::Base64 => STANDARD.encode(mac),
        }
    }
}

/// A message for the gateway.
pub(super) struct GatewayMessage<'a> {
    pub(super) id: &'a str,
    pub(super) to: &'a Mobile,
    pub(super) text: &'a str,
}

fn parse_header_line(line: &str) -> std::result::Result<(HeaderName, String), String> {
    // The line is not shown, because it may contain keys.
    let (name, value) = line.split_once(':').ok_or("a header is written as Name: value")?;
    let name = HeaderName::from_bytes(name.trim().as_bytes())
        .map_err(|_| "the name of a header cannot be sent".to_owned())?;
    Ok((name, value.trim().to_owned()))
}

/// Reads the answer as text; `None` if it is longer than [`LARGEST_ANSWER`] or breaks off.
async fn read_bounded_answer(mut response: reqwest::Response) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if bytes.len() + chunk.len() > LARGEST_ANSWER {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
