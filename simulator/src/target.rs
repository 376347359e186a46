//! The requests to a server and the meaning of its answers. Only this module knows the server's
//! URLs.

use std::fmt::Write as _;
use std::net::SocketAddr;

use uuid::Uuid;

use crate::http::HttpResponse;
use crate::season::{PreparedBallot, PreparedSeason};

/// A server and the poll on it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The address to connect to.
    pub address: SocketAddr,
    /// The path of the check page, to which ballots are posted.
    check: String,
    gallery: String,
    record: String,
}

/// What an answer says about a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It is stored, by this post or by an earlier one with the same key.
    Acknowledged,
    /// Another ballot of this voter is stored, under another key.
    Another,
    /// The window is closed; nothing was stored.
    Closed,
    /// Too busy, ask again later; nothing was stored.
    Overload,
    /// The picks are not valid; nothing was stored.
    Invalid,
    /// The cookie does not belong to a verified voter; nothing was stored.
    Unverified,
    /// It is unknown whether the ballot is stored: there was no answer, half an answer, or an
    /// error.
    Unknown,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 7] = [
        Self::Acknowledged,
        Self::Another,
        Self::Closed,
        Self::Overload,
        Self::Invalid,
        Self::Unverified,
        Self::Unknown,
    ];

    /// Returns its word in the journal.
    #[must_use]
    pub const fn journal_word(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Another => "another",
            Self::Closed => "closed",
            Self::Overload => "overload",
            Self::Invalid => "invalid",
            Self::Unverified => "unverified",
            Self::Unknown => "unknown",
        }
    }

    /// Returns whether it says that nothing was stored under this key.
    #[must_use]
    pub const fn is_denial(self) -> bool {
        matches!(self, Self::Closed | Self::Overload | Self::Invalid | Self::Unverified)
    }
}

impl Target {
    /// Returns the poll of a season on the server at this address.
    #[must_use]
    pub fn new(address: SocketAddr, season: &PreparedSeason) -> Self {
        let poll = if season.poll.is_empty() { String::new() } else { format!("/{}", season.poll) };
        let check = format!("/editions/{}/vote{poll}/check", season.edition);
        let gallery = format!("/editions/{}/cases", season.edition);
        Self { address, check, gallery, record: format!("/record/{}", season.edition) }
    }

    /// Returns a poll on the same server that does not exist, in an edition with this slug.
    #[must_use]
    pub fn with_unknown_edition(&self, slug: &str) -> Self {
        Self {
            address: self.address,
            check: format!("/editions/{slug}/vote/citizens/check"),
            gallery: format!("/editions/{slug}/cases"),
            record: format!("/record/{slug}"),
        }
    }

    /// Returns the request for the gallery by a browser that has one cookie.
    #[must_use]
    pub fn gallery_request(&self, cookie: &str, value: &str) -> Vec<u8> {
        let Self { address, gallery, .. } = self;
        format!("GET {gallery} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}={value}\r\n\r\n")
            .into_bytes()
    }

    /// Returns the bytes of the request that casts a ballot.
    #[must_use]
    pub fn cast_request(&self, token: &str, ballot: &PreparedBallot) -> Vec<u8> {
        let mut body = format!("key={}", ballot.key);
        for case in &ballot.picks {
            // Writing into a String cannot fail.
            let _ = write!(body, "&case={case}");
        }
        let Self { address, check, .. } = self;
        format!(
            "POST {check} HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\n\
             sec-fetch-mode: cors\r\ncookie: __Host-voter={token}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    /// Returns the request by which a voter of this poll leaves for the provider.
    #[must_use]
    pub fn departure_request(&self, poll: &str) -> Vec<u8> {
        let Self { address, gallery, .. } = self;
        let edition = gallery.trim_end_matches("/cases");
        let body = "consent=yes&of_age=yes";
        format!(
            "POST {edition}/vote/{poll} HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    /// Returns the request of a browser that comes back from the provider with a code.
    #[must_use]
    pub fn return_request(&self, state: &str, cookie: &str) -> Vec<u8> {
        let address = self.address;
        format!(
            "GET /vote/oidc?state={state}&code=none HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n"
        )
        .into_bytes()
    }

    fn record_request(&self, path: &str) -> Vec<u8> {
        format!("GET {}{path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.record, self.address).into_bytes()
    }

    /// Returns the request for the record's checkpoint.
    #[must_use]
    pub fn checkpoint_request(&self) -> Vec<u8> {
        self.record_request("/checkpoint")
    }

    /// Returns the request for the first 256 entries of the record.
    #[must_use]
    pub fn first_entries_request(&self) -> Vec<u8> {
        self.record_request("/entries/000")
    }

    /// Returns the request for the record's public key.
    #[must_use]
    pub fn key_request(&self) -> Vec<u8> {
        self.record_request("/key")
    }

    /// Returns the request for the proof that a ballot is in the record.
    #[must_use]
    pub fn proof_request(&self, ballot: Uuid) -> Vec<u8> {
        self.record_request(&format!("/proof/{}", ballot.simple()))
    }
}

/// Returns the meaning of an answer to [`Target::cast_request`].
#[must_use]
pub fn outcome_of_response(answer: &HttpResponse) -> Outcome {
    let location = answer.location.as_str();
    match answer.status {
        303 if location.ends_with("/receipt") => Outcome::Acknowledged,
        303 if location.ends_with("/receipt?again=yes") => Outcome::Another,
        303 => Outcome::Unverified,
        409 => Outcome::Closed,
        400..=499 => Outcome::Invalid,
        // A 503 without `Retry-After` may have stored the ballot.
        503 if answer.retry_after.is_some() => Outcome::Overload,
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{HttpResponse, Outcome, outcome_of_response};

    #[test]
    fn each_answer_means_one_thing() {
        let answer = |status, location: &str, retry_after| {
            let location = location.to_owned();
            outcome_of_response(&HttpResponse {
                status,
                location,
                retry_after,
                ..HttpResponse::default()
            })
        };
        assert_eq!(answer(303, "/editions/a/vote/b/receipt", None), Outcome::Acknowledged);
        assert_eq!(answer(303, "/editions/a/vote/b/receipt?again=yes", None), Outcome::Another);
        assert_eq!(answer(303, "/editions/a/vote/b", None), Outcome::Unverified);
        assert_eq!(answer(409, "", None), Outcome::Closed);
        assert_eq!(answer(422, "", None), Outcome::Invalid);
        assert_eq!(answer(503, "", Some(1)), Outcome::Overload);
        assert_eq!(answer(503, "", None), Outcome::Unknown);
        assert_eq!(answer(504, "", None), Outcome::Unknown);
        assert_eq!(answer(500, "", None), Outcome::Unknown);
        assert_eq!(answer(200, "", None), Outcome::Unknown);
    }
}
