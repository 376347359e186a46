//! The provider: reading its metadata, where a browser is sent, and verifying its ID token.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};
use domain::refusal::OidcRefusal;
use domain::text::Bilingual;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, SignatureVerificationError,
    TokenResponse as _,
};
use phrases::Lang;
use tokio::sync::Mutex;

use super::http::{self, NoProviderAnswer};

/// How long the provider's metadata is used before it is read again.
const METADATA_FRESH: Duration = Duration::from_secs(3600);
/// How long old metadata is used if the provider does not answer.
const METADATA_STALE: Duration = Duration::from_secs(24 * 3600);
/// The pause after the provider did not answer: voters must not wait for it one after the other.
const RETRY_PAUSE: Duration = Duration::from_secs(5);
/// How far the provider's clock may differ from ours.
const CLOCK_SKEW: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// The operator's settings for a provider.
#[derive(Clone)]
pub struct OidcSettings {
    /// Its address, exactly as its discovery document writes it.
    pub issuer: String,
    /// The client id of this site at the provider.
    pub client_id: String,
    /// The client secret of this site, if the provider gave one.
    pub client_secret: Option<String>,
    /// The provider's name for voters.
    pub name: Bilingual,
    /// The address to which it sends voters back. It is registered with the provider.
    pub redirect: String,
    /// Whether it may be on this machine without TLS. Only in demonstrations and tests.
    pub plain: bool,
}

/// The provider, with its client and its metadata.
pub struct OidcProvider {
    settings: OidcSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    client: reqwest::Client,
    known: Mutex<KnownMetadata>,
}

impl fmt::Debug for OidcProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}

/// The provider's metadata, and when it was read.
#[derive(Default)]
struct KnownMetadata {
    metadata: Option<(CoreProviderMetadata, Instant)>,
    silent_since: Option<Instant>,
}

type OidcClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl OidcProvider {
    /// Checks the operator's settings. Sends no request yet.
    ///
    /// # Errors
    /// The problem, in words for the operator.
    pub fn from_settings(settings: OidcSettings) -> std::result::Result<Self, String> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|_| format!("{:?} is no address", settings.issuer))?;
        let loopback = match issuer.url().host_str() {
            Some(host) => host == "localhost" || host == "127.0.0.1" || host == "[::1]",
            None => false,
        };
        if issuer.url().scheme() != "https" && !(settings.plain && loopback) {
            return Err("the issuer must begin with https://".to_owned());
        }
        if settings.client_id.is_empty() {
            return Err("the client id is missing".to_owned());
        }
        let redirect = RedirectUrl::new(settings.redirect.clone())
            .map_err(|_| format!("{:?} is no address", settings.redirect))?;
        let settings = OidcSettings { plain: settings.plain && loopback, ..settings };
        Ok(Self {
            settings,
            issuer,
            redirect,
            client: http::build_http_client()?,
            known: Mutex::default(),
        })
    }

    /// Returns the provider's name for voters.
    pub(super) fn display_name(&self, lang: Lang) -> &str {
        lang.choose_text(&self.settings.name.ko, &self.settings.name.en)
    }

    /// The provider's address.
    pub(super) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Returns the provider's metadata. It is read at most once an hour, or again now if `anew`.
    async fn provider_metadata(
        &self,
        anew: bool,
    ) -> Result<CoreProviderMetadata, NoProviderAnswer> {
        let mut known = self.known.lock().await;
        let age = known.metadata.as_ref().map(|(_, read)| read.elapsed());
        let fresh = if anew { RETRY_PAUSE } else { METADATA_FRESH };
        if let (Some((metadata, _)), Some(age)) = (&known.metadata, age)
            && age < fresh
        {
            return Ok(metadata.clone());
        }
        let resting = known.silent_since.is_some_and(|since| since.elapsed() < RETRY_PAUSE);
        if !resting {
            let send =
                |request| http::send_request(self.client.clone(), self.settings.plain, request);
            match CoreProviderMetadata::discover_async(self.issuer.clone(), &send).await {
                Ok(metadata) => {
                    known.metadata = Some((metadata.clone(), Instant::now()));
                    known.silent_since = None;
                    return Ok(metadata);
                }
                Err(error) => {
                    tracing::warn!(%error, "the OpenID provider's metadata cannot be read");
                    known.silent_since = Some(Instant::now());
                }
            }
        }
        let old = known.metadata.as_ref().filter(|_| age.is_some_and(|age| age < METADATA_STALE));
        old.map(|(metadata, _)| metadata.clone()).ok_or(NoProviderAnswer)
    }

    fn build_oidc_client(&self, metadata: CoreProviderMetadata) -> OidcClient {
        let basic = metadata
            .token_endpoint_auth_methods_supported()
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = self.settings.client_secret.clone().map(ClientSecret::new);
        CoreClient::from_provider_metadata(metadata, id, secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
    }

    /// Returns the address to which a browser is sent. It asks for the scope `openid` only: no name
    /// and no address.
    ///
    /// # Errors
    /// [`NoProviderAnswer`].
    pub(super) async fn authorization_address(
        &self,
        state: &str,
        nonce: &str,
        pkce: &str,
    ) -> Result<String, NoProviderAnswer> {
        let client = self.build_oidc_client(self.provider_metadata(false).await?);
        let verifier = PkceCodeVerifier::new(pkce.to_owned());
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(nonce.to_owned()));
        let (address, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address.into())
    }

    /// Exchanges a code for the subject, the provider's number for the voter.
    ///
    /// # Errors
    /// The problem with the code or the ID token.
    pub(super) async fn exchange_for_subject(
        &self,
        code: &str,
        nonce: &str,
        pkce: &str,
    ) -> Result<String, OidcRefusal> {
        let metadata = self.provider_metadata(false).await.map_err(|_| OidcRefusal::Down)?;
        let client = self.build_oidc_client(metadata);
        let answer = self.request_token(&client, code, pkce).await?;
        match verify_id_token(&client, &answer, nonce) {
            // The provider may have changed its keys since they were read.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let metadata = self.provider_metadata(true).await.map_err(|_| OidcRefusal::Down)?;
                verify_id_token(&self.build_oidc_client(metadata), &answer, nonce)
            }
            other => other,
        }
        .map_err(|error| {
            tracing::warn!(
                kind = claims_error_kind(&error),
                "a proof of the OpenID provider does not hold"
            );
            match error {
                ClaimsVerificationError::InvalidIssuer(_)
                | ClaimsVerificationError::InvalidAudience(_) => OidcRefusal::Foreign,
                ClaimsVerificationError::InvalidNonce(_) => OidcRefusal::Nonce,
                _ => OidcRefusal::Unproven,
            }
        })
    }

    async fn request_token(
        &self,
        client: &OidcClient,
        code: &str,
        pkce: &str,
    ) -> Result<CoreTokenResponse, OidcRefusal> {
        let send = |request| http::send_request(self.client.clone(), self.settings.plain, request);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| OidcRefusal::Down)?
            .set_pkce_verifier(PkceCodeVerifier::new(pkce.to_owned()));
        request.request_async(&send).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(_) => OidcRefusal::Declined,
            _ => OidcRefusal::Down,
        })
    }
}

/// Verifies the ID token of a response and returns its subject. It checks signature, issuer,
/// audience, nonce and time.
fn verify_id_token(
    client: &OidcClient,
    answer: &CoreTokenResponse,
    nonce: &str,
) -> Result<String, ClaimsVerificationError> {
    let missing = || ClaimsVerificationError::Other("no proof came along".to_owned());
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs([
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJwsSigningAlgorithm::EdDsa,
        ])
        .set_time_fn(|| current_time() - CLOCK_SKEW)
        .set_issue_time_verifier_fn(|issued| {
            if issued <= current_time() + CLOCK_SKEW {
                Ok(())
            } else {
                Err("issued in the future".to_owned())
            }
        });
    let token = answer.id_token().ok_or_else(missing)?;
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    Ok(claims.subject().as_str().to_owned())
}

fn current_time() -> DateTime<Utc> {
    DateTime::from(SystemTime::now())
}

/// Names the kind of error, without the values in it.
const fn claims_error_kind(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "other",
    }
}
