//! Voters who sign in at an `OpenID` provider. A browser leaves with a state and returns with a
//! code. The voter is identified by the provider's own number for them and by nothing else.

mod http;
mod metadata;
mod provider;
mod queries;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::fraud::TraceChannel;
use domain::ids::{EditionId, PollId};
use domain::refusal::OidcRefusal;
use domain::schedule::VotingOpen;
use phrases::Lang;

use super::VoterDeclaration;
use super::sessions::ProvenVoter;
use crate::attempts::{CountedTries, RateLimit};
use crate::editions::{Edition, Poll};
use crate::fraud::ProofSignals;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

pub use provider::{OidcProvider, OidcSettings, ProviderPlace};

/// Flows started from one network, and from the networks around it. The limit only stops machines: each flow costs a row for a few
/// minutes.
const STARTS_OF_A_NETWORK: RateLimit =
    RateLimit { what: "oidc-network", tries: 3_000, within: Duration::from_secs(3600) };
/// How long a voter may take at the provider, in minutes.
const FLOW_MINUTES: i32 = 15;

/// The page where a browser signs in, and the secret that it keeps until it returns.
#[derive(Clone, Debug)]
pub struct OidcStart {
    /// The provider's page, with all parameters of the request.
    pub address: String,
    /// The secret for the browser's cookie.
    pub browser: String,
}

/// What the provider sends back with the browser. Anybody can write such an address.
#[derive(Clone, Debug, Default)]
pub struct OidcCallback {
    /// The state that this server sent.
    pub state: String,
    /// The code to exchange for the ID token.
    pub code: String,
    /// The error code, if there is no code.
    pub error: String,
    /// The issuer, if the provider names it (RFC 9207).
    pub issuer: String,
}

/// A sign-in flow that this browser started here and that was not finished before.
#[derive(Clone, Debug)]
pub struct OidcFlow {
    /// The edition's short name.
    pub edition: String,
    /// The poll's short name.
    pub poll: String,
    edition_id: EditionId,
    poll_id: PollId,
    nonce: String,
    pkce: String,
    session: String,
}

/// A sign-in that this browser asked to finish.
#[derive(Clone, Debug)]
pub enum TakenOidcFlow {
    /// It has to be finished at the provider.
    New(OidcFlow),
    /// It was finished before, and the session that it opened still lives: the answer was lost.
    Finished {
        /// The edition's short name.
        edition: String,
        /// The poll's short name.
        poll: String,
        /// The secret for the voter's cookie, the same as the first time.
        token: String,
    },
}

fn refuse_oidc<T>(why: OidcRefusal) -> Result<T> {
    Err(Error::Refused(Refusal::Oidc(why)))
}

impl Backend {
    /// Returns the provider's name in this language. `None` if there is no provider.
    #[must_use]
    pub fn provider_name(&self, lang: Lang) -> Option<&str> {
        self.provider.as_ref().map(|provider| provider.display_name(lang))
    }

    fn oidc_provider(&self) -> Result<&OidcProvider> {
        self.provider.as_deref().ok_or(Error::NotFound)
    }

    /// Takes a place among those who wait for the provider. `None` if there is no provider.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait already.
    pub fn reserve_provider_place(&self) -> Result<Option<ProviderPlace>> {
        let Some(provider) = self.provider.as_ref() else { return Ok(None) };
        Ok(Some(provider.try_place().ok_or_else(super::busy_error)?))
    }

    /// Waits until [`Backend::start_oidc`] can answer without asking the provider first. Returns at
    /// once if the provider has answered in the last day.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no provider. [`Error::Busy`] if too many wait already.
    /// [`OidcRefusal::Down`].
    pub async fn wait_for_provider(&self) -> Result<()> {
        let provider = self.oidc_provider()?;
        if provider.has_metadata() {
            return Ok(());
        }
        let _place = self.reserve_provider_place()?;
        match provider.wait_for_metadata().await {
            Ok(()) => Ok(()),
            Err(_) => refuse_oidc(OidcRefusal::Down),
        }
    }

    /// Starts the sign-in at the provider. `held` is the secret of an earlier flow of this browser,
    /// or empty. Two tabs share that secret.
    ///
    /// # Errors
    /// Those of [`VoterDeclaration::check_eligibility`], such as [`VotingRefusal::AgeMissing`]; [`OidcRefusal::Down`];
    /// [`Error::TooMany`].
    pub async fn start_oidc(
        &self,
        _open: VotingOpen,
        (edition, poll): (&Edition, &Poll),
        said: &VoterDeclaration,
        held: &str,
        network: &str,
    ) -> Result<OidcStart> {
        said.check_eligibility(poll.rules.eligibility)?;
        let provider = self.oidc_provider()?;
        let browser = match self.keys.is_own_token(TokenKind::OidcBrowser, held) {
            true => held.to_owned(),
            false => self.keys.issue_token(TokenKind::OidcBrowser),
        };
        let state = self.keys.issue_token(TokenKind::OidcState);
        let (nonce, pkce) = self.derive_flow_secrets(&state, &browser);
        let Ok(address) = provider.authorization_address(&state, &nonce, &pkce).await else {
            return refuse_oidc(OidcRefusal::Down);
        };
        // Last, because a provider that is down must cost nobody a try.
        let (mut counted, within) = (CountedTries::default(), edition.id.to_string());
        self.count_network_tries(&mut counted, STARTS_OF_A_NETWORK, &within, network).await?;
        let attempt = queries::NewOidcFlow {
            state_hash: keys::hash_token(&state),
            poll: poll.id,
            browser_hash: keys::hash_token(&browser),
            minutes: FLOW_MINUTES,
        };
        queries::insert_flow(&mut *self.acquire_connection().await?, &attempt).await?;
        Ok(OidcStart { address, browser })
    }

    /// Derives the nonce and the PKCE secret of a flow. Both come from the state and the browser's
    /// secret, so they need not be stored.
    fn derive_flow_secrets(&self, state: &str, browser: &str) -> (String, String) {
        let parts = [state.as_bytes(), browser.as_bytes()];
        let mac = |purpose| URL_SAFE_NO_PAD.encode(self.keys.compute_mac(purpose, &parts));
        (mac("oidc-nonce"), mac("oidc-pkce"))
    }

    /// Takes the flow that a state belongs to. Each flow can be taken once, with any result; the
    /// same browser gets the session that it opened again, because an answer may be lost.
    ///
    /// # Errors
    /// [`OidcRefusal::Over`] for a state that is unknown, too old, or another browser's.
    /// [`OidcRefusal::Used`] for a state that was used before and opened no session that lives.
    pub async fn take_oidc_flow(&self, state: &str, browser: &str) -> Result<TakenOidcFlow> {
        let made_here = self.keys.is_own_token(TokenKind::OidcState, state)
            && self.keys.is_own_token(TokenKind::OidcBrowser, browser);
        if !made_here {
            return refuse_oidc(OidcRefusal::Over);
        }
        let session =
            self.keys.derive_token(TokenKind::Voter, &[state.as_bytes(), browser.as_bytes()]);
        let (state_hash, browser_hash) = (keys::hash_token(state), keys::hash_token(browser));
        let mut connection = self.acquire_connection().await?;
        let found = queries::take_flow(&mut connection, &state_hash, &browser_hash).await?;
        let Some(found) = found else {
            let opened = keys::hash_token(&session);
            let used =
                queries::find_used_flow(&mut connection, &state_hash, &browser_hash, &opened);
            return match used.await? {
                Some(flow) if flow.has_session => Ok(TakenOidcFlow::Finished {
                    edition: flow.edition,
                    poll: flow.poll,
                    token: session,
                }),
                Some(_) => refuse_oidc(OidcRefusal::Used),
                None => refuse_oidc(OidcRefusal::Over),
            };
        };
        let (nonce, pkce) = self.derive_flow_secrets(state, browser);
        let queries::TakenFlow { edition, poll, edition_id, poll_id } = found;
        let flow = OidcFlow { edition, poll, edition_id, poll_id, nonce, pkce, session };
        Ok(TakenOidcFlow::New(flow))
    }

    /// Exchanges the provider's code for an ID token, verifies it, and opens the voter's session. The
    /// caller holds a [`ProviderPlace`] and nothing that others wait for.
    /// Returns the secret for the voter's cookie. `held` is the secret that the browser had before.
    ///
    /// # Errors
    /// [`Refusal::Oidc`] with the reason.
    pub async fn finish_oidc(
        &self,
        _open: VotingOpen,
        way: &OidcFlow,
        arrival: &OidcCallback,
        held: &str,
    ) -> Result<String> {
        let provider = self.oidc_provider()?;
        if !arrival.issuer.is_empty() && arrival.issuer != provider.issuer() {
            return refuse_oidc(OidcRefusal::Foreign);
        }
        match arrival.error.as_str() {
            "" if arrival.code.is_empty() => return refuse_oidc(OidcRefusal::Declined),
            "" => {}
            "access_denied" => return refuse_oidc(OidcRefusal::Cancelled),
            "temporarily_unavailable" | "server_error" => return refuse_oidc(OidcRefusal::Down),
            _ => return refuse_oidc(OidcRefusal::Declined),
        }
        let proven = provider.exchange_for_subject(&arrival.code, &way.nonce, &way.pkce).await;
        let subject = proven.map_err(|why| Error::Refused(Refusal::Oidc(why)))?;
        let identity = format!("oidc:{} {subject}", provider.issuer());
        let voter_key = self.derive_voter_key(way.edition_id, way.poll_id, &identity)?;
        let proof = ProofSignals::of_channel(TraceChannel::Oidc);
        let proven = ProvenVoter { poll: way.poll_id, key: voter_key, proof };
        self.open_session_with_token(held, &way.session, proven).await?;
        Ok(way.session.clone())
    }

    /// Deletes flows that have expired.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_oidc_flows(&self) -> Result<()> {
        queries::delete_old_flows(&mut *self.acquire_connection().await?).await
    }
}
