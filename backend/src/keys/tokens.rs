//! Secrets for cookies and links that carry a MAC, so that invented ones are refused without the database.

use super::{Keys, equal_in_constant_time, random_bytes};

/// What a secret of this site is for. A secret made for one is none for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The session of an account.
    Account,
    /// The session of a voter.
    Voter,
    /// The browser that asked for a code.
    Challenge,
    /// A shared machine.
    Kiosk,
    /// The link in a message with a code.
    CodeLink,
    /// A browser at which staff have signed in before.
    Device,
    /// The link of an invitation.
    Invitation,
    /// The link that confirms a request for an account.
    Join,
    /// The link by which a recommended person answers.
    Recommendation,
    /// The link for a new password.
    Reset,
    /// The link of an observer.
    Observer,
    /// The link that makes a browser a shared machine.
    KioskStart,
    /// The state that a browser takes to an `OpenID` provider and back.
    OidcState,
    /// The browser that left for an `OpenID` provider.
    OidcBrowser,
}

impl TokenKind {
    const fn mac_purpose(self) -> &'static str {
        match self {
            Self::Account => "token-account",
            Self::Voter => "token-voter",
            Self::Challenge => "token-challenge",
            Self::Kiosk => "token-kiosk",
            Self::CodeLink => "token-code-link",
            Self::Device => "token-device",
            Self::Invitation => "token-invitation",
            Self::Join => "token-join",
            Self::Recommendation => "token-recommendation",
            Self::Reset => "token-reset",
            Self::Observer => "token-observer",
            Self::KioskStart => "token-kiosk-start",
            Self::OidcState => "token-oidc-state",
            Self::OidcBrowser => "token-oidc-browser",
        }
    }
}

/// The random bytes of a token: 192 bits, which nobody guesses.
const TOKEN_BYTES: usize = 24;
/// The bytes of a token's MAC. They keep invented tokens from the database; they are not what
/// makes a token secret.
const TOKEN_MAC_BYTES: usize = 8;

impl Keys {
    /// Makes a secret for a cookie: random bytes and the beginning of their MAC, in hex. A token that
    /// somebody made up is recognised without the database ([`Keys::is_own_token`]).
    #[must_use]
    pub fn issue_token(&self, kind: TokenKind) -> String {
        self.issue_token_for(kind, &[])
    }

    /// Makes a secret as [`Keys::issue_token`], good for this owner alone.
    #[must_use]
    pub fn issue_token_for(&self, kind: TokenKind, owner: &[u8]) -> String {
        let random: [u8; TOKEN_BYTES] = random_bytes();
        let mac = self.token_mac(kind, &random, owner);
        format!("{}{}", hex::encode(random), hex::encode(&mac[..TOKEN_MAC_BYTES]))
    }

    /// Checks whether this site made a token of this kind. It may have ended since.
    #[must_use]
    pub fn is_own_token(&self, kind: TokenKind, token: &str) -> bool {
        self.is_token_of(kind, token, &[])
    }

    /// Checks whether this site made a token of this kind for this owner.
    #[must_use]
    pub fn is_token_of(&self, kind: TokenKind, token: &str, owner: &[u8]) -> bool {
        let mut bytes = [0; TOKEN_BYTES + TOKEN_MAC_BYTES];
        if hex::decode_to_slice(token, &mut bytes).is_err() {
            return false;
        }
        let (random, mac) = bytes.split_at(TOKEN_BYTES);
        let right = self.token_mac(kind, random, owner);
        equal_in_constant_time(mac, &right[..TOKEN_MAC_BYTES])
    }

    /// Makes the secret of this kind that follows from these parts: always the same one.
    #[must_use]
    pub fn derive_token(&self, kind: TokenKind, parts: &[&[u8]]) -> String {
        let derived = self.compute_mac("derived-token", parts);
        let mut random = [0; TOKEN_BYTES];
        random.copy_from_slice(&derived[..TOKEN_BYTES]);
        let mac = self.token_mac(kind, &random, &[]);
        format!("{}{}", hex::encode(random), hex::encode(&mac[..TOKEN_MAC_BYTES]))
    }

    fn token_mac(&self, kind: TokenKind, random: &[u8], owner: &[u8]) -> [u8; 32] {
        match owner {
            [] => self.compute_mac(kind.mac_purpose(), &[random]),
            owner => self.compute_mac(kind.mac_purpose(), &[random, owner]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenKind;
    use crate::keys::{Keys, random_token};

    #[test]
    fn a_token_that_somebody_made_up_is_recognised() {
        let keys = Keys::from_bytes([7; 32]);
        let token = keys.issue_token(TokenKind::Voter);
        assert!(keys.is_own_token(TokenKind::Voter, &token));
        assert_ne!(token, keys.issue_token(TokenKind::Voter));
        assert!(!keys.is_own_token(TokenKind::Account, &token), "of another kind");
        assert!(!Keys::from_bytes([8; 32]).is_own_token(TokenKind::Voter, &token));
        let other = if token.starts_with('0') { "1" } else { "0" };
        let changed = format!("{other}{}", &token[1..]);
        for invented in ["", "x", &token[1..], &random_token(), &changed] {
            assert!(!keys.is_own_token(TokenKind::Voter, invented), "{invented}");
        }
    }
}
