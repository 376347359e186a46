//! The provider: where a browser is sent, and verifying its ID token.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::http::{self, NoProviderAnswer};
use super::metadata::MetadataReader;

/// Most voters who wait for the provider at once. Each has a connection to it. A further one is asked
/// to come again, so that a provider that does not answer holds up nothing else.
const PROVIDER_PLACES: usize = 128;
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
    redirect: RedirectUrl,
    client: reqwest::Client,
    metadata: MetadataReader,
    places: Arc<Semaphore>,
}

/// A place among those who wait for the provider. It is free again when this value is dropped.
#[derive(Debug)]
pub struct ProviderPlace {
    _permit: OwnedSemaphorePermit,
}

impl fmt::Debug for OidcProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
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
        let client = http::build_http_client()?;
        let metadata = MetadataReader::new(issuer, client.clone(), settings.plain);
        let places = Arc::new(Semaphore::new(PROVIDER_PLACES));
        Ok(Self { settings, redirect, client, metadata, places })
    }

    /// Takes a place among those who wait for the provider. `None` if there are too many.
    pub(super) fn try_place(&self) -> Option<ProviderPlace> {
        let permit = self.places.clone().try_acquire_owned().ok()?;
        Some(ProviderPlace { _permit: permit })
    }

    /// Whether a browser can be sent to the provider without asking it first.
    pub(super) fn has_metadata(&self) -> bool {
        self.metadata.has_metadata()
    }

    /// Waits until a browser can be sent to the provider.
    ///
    /// # Errors
    /// [`NoProviderAnswer`].
    pub(super) async fn wait_for_metadata(&self) -> Result<(), NoProviderAnswer> {
        self.metadata.current_metadata().await.map(drop)
    }

    /// Returns the provider's name for voters.
    pub(super) fn display_name(&self, lang: Lang) -> &str {
        lang.choose_text(&self.settings.name.ko, &self.settings.name.en)
    }

    /// The provider's address.
    pub(super) fn issuer(&self) -> &str {
        &self.settings.issuer
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
        let client = self.build_oidc_client(self.metadata.current_metadata().await?);
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
        let metadata = self.metadata.current_metadata().await.map_err(|_| OidcRefusal::Down)?;
        let client = self.build_oidc_client(metadata);
        let answer = self.request_token(&client, code, pkce).await?;
        match verify_id_token(&client, &answer, nonce) {
            // The provider may have changed its keys since they were read.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let renewed = self.metadata.renewed_metadata().await;
                let metadata = renewed.map_err(|_| OidcRefusal::Down)?;
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

#[cfg(test)]
mod tests {
    use domain::text::Bilingual;

    use super::{OidcProvider, OidcSettings, PROVIDER_PLACES};

    #[test]
    fn only_so_many_wait_for_the_provider_at_once() {
        let settings = OidcSettings {
            issuer: "https://provider.example".to_owned(),
            client_id: "hanpyo".to_owned(),
            client_secret: None,
            name: Bilingual::new("시험", "Test"),
            redirect: "https://vote.example/vote/oidc".to_owned(),
            plain: false,
        };
        let provider = OidcProvider::from_settings(settings).unwrap();
        let mut held: Vec<_> = std::iter::from_fn(|| provider.try_place()).collect();
        assert_eq!(held.len(), PROVIDER_PLACES);
        held.pop();
        assert!(provider.try_place().is_some(), "a place is free again");
    }
}
