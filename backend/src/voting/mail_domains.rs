//! The domains of voters' e-mail addresses. Who has a domain has any number of addresses, so each
//! domain that is no large provider has an allowance of voters, and the codes that came back are
//! counted by domain for the committee.

mod queries;

use std::time::Duration;

use domain::fraud::MailDomainKind;
use domain::ids::{EditionId, PollId};
use domain::refusal::VotingRefusal;
use domain::schedule::DeliberationOpen;
use domain::text::Email;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::sessions::ProvenVoter;
use crate::accounts::Admin;
use crate::attempts::RateLimit;
use crate::{Backend, Error, Refusal, Result};

/// Voters of one mail domain in one edition who are verified within an hour. It is more than the
/// busiest hour of a company or a university, and it slows down a person who makes addresses at a
/// domain of their own. Only verified voters count, so nobody can use up the allowance of a domain
/// where they read no mail.
const VOTERS_OF_A_DOMAIN: RateLimit =
    RateLimit { what: "mail-domain", tries: 300, within: Duration::from_secs(3600) };

/// Domains of well-known services whose mailboxes anybody opens for some minutes, sorted. The list is
/// short on purpose: such services change their domains every week, and a wrong entry would weigh
/// against honest people.
const DISPOSABLE_DOMAINS: [&str; 20] = [
    "10minutemail.com",
    "discard.email",
    "dispostable.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "guerrillamail.com",
    "guerrillamail.net",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "moakt.com",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.dev",
    "tempr.email",
    "throwawaymail.com",
    "trashmail.com",
    "yopmail.com",
];

/// A domain with fewer codes is shown together with the other small ones, because a rare domain may
/// name a person.
const FEW_CODES: i64 = 10;

/// Providers where strangers have addresses: the large ones of Korea and of the world. Nobody owns
/// such a domain for themselves, so it has no allowance. Providers that have closed are not in the
/// list, because anybody may buy their names.
const LARGE_PROVIDERS: [&str; 29] = [
    // Of all civil servants.
    "korea.kr",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "kakao.com",
    "nate.com",
    "empas.com",
    "korea.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.kr",
    "hotmail.com",
    "hotmail.co.kr",
    "live.com",
    "live.co.kr",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "yahoo.com",
    "yahoo.co.kr",
    "yahoo.co.jp",
    "ymail.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "163.com",
    "mail.ru",
];

/// What is counted about the address that a code went to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MailShare {
    /// The domain that somebody registered.
    pub(super) domain: String,
    /// Whether the address had a `+tag`.
    pub(super) tagged: bool,
}

impl MailShare {
    /// Takes what is counted from an address.
    pub(super) fn from_email(email: &Email) -> Self {
        Self { domain: registrable_domain(email.mail_domain()).to_owned(), tagged: email.has_tag() }
    }

    /// Returns the name under which the allowance of this domain is counted. `None` for a large
    /// provider, which has none.
    fn counted_name(&self, edition: EditionId) -> Option<String> {
        let large = LARGE_PROVIDERS.contains(&self.domain.as_str());
        (!large).then(|| format!("{}:{}", edition.0, self.domain))
    }
}

/// What the detector learns about a mail domain.
pub(crate) struct DescribedDomain {
    /// The domain as somebody registered it.
    pub(crate) name: String,
    pub(crate) kind: MailDomainKind,
}

/// Returns the registrable domain of an address and its kind. The list of large providers stands
/// above every list of disposable domains.
pub(crate) fn describe_mail_domain(email: &Email) -> DescribedDomain {
    let name = registrable_domain(email.mail_domain()).to_owned();
    let kind = if LARGE_PROVIDERS.contains(&name.as_str()) {
        MailDomainKind::Large
    } else if DISPOSABLE_DOMAINS.binary_search(&name.as_str()).is_ok() {
        MailDomainKind::Disposable
    } else {
        MailDomainKind::Other
    };
    DescribedDomain { name, kind }
}

/// How many codes of a poll came back from one mail domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactShare {
    /// The poll's short name.
    pub poll: String,
    /// The domain. `None` for all domains with fewer than ten codes together.
    pub domain: Option<String>,
    /// Codes that came back.
    pub codes: u64,
    /// Of these, the codes for addresses with a `+tag`.
    pub tagged: u64,
}

/// Returns the part of a host name that somebody registered: the last label before a public suffix,
/// with that suffix. Suffixes that a company gives away, such as `duckdns.org`, count as that
/// company's own domain, because everybody gets any number of names there.
fn registrable_domain(host: &str) -> &str {
    let mut name = host;
    while let Some((_, rest)) = name.split_once('.') {
        if is_registry_suffix(rest) {
            return name;
        }
        name = rest;
    }
    host
}

/// Checks whether names are registered directly below this name at a registry. A last label that no
/// list has is such a name, too.
fn is_registry_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| {
        suffix.as_bytes() == name.as_bytes() && suffix.typ() != Some(psl::Type::Private)
    })
}

impl Backend {
    /// Refuses to send a code if its domain has no voter left in this hour. Counts nothing.
    pub(crate) async fn check_domain_allowance(
        &self,
        edition: EditionId,
        share: Option<&MailShare>,
    ) -> Result<()> {
        match share.and_then(|share| share.counted_name(edition)) {
            Some(name) => {
                refuse_full_domain(self.check_attempts_left(VOTERS_OF_A_DOMAIN, &name).await)
            }
            None => Ok(()),
        }
    }

    /// Counts a voter of this domain whose code was right.
    pub(super) async fn count_domain_voter(
        &self,
        edition: EditionId,
        share: Option<&MailShare>,
    ) -> Result<()> {
        match share.and_then(|share| share.counted_name(edition)) {
            Some(name) => refuse_full_domain(self.count_attempt(VOTERS_OF_A_DOMAIN, &name).await),
            None => Ok(()),
        }
    }

    /// Takes a voter of this domain back, because no session was opened.
    pub(super) async fn refund_domain_voter(
        &self,
        edition: EditionId,
        share: Option<&MailShare>,
    ) -> Result<()> {
        match share.and_then(|share| share.counted_name(edition)) {
            Some(name) => self.refund_attempt(VOTERS_OF_A_DOMAIN, &name).await,
            None => Ok(()),
        }
    }

    /// Returns how many codes came back from each mail domain, in the polls that the record has
    /// closed: by poll, the largest domains first, and the small ones together at the end.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn contact_shares(
        &self,
        _admin: &Admin,
        _open: DeliberationOpen,
        edition: EditionId,
    ) -> Result<Vec<ContactShare>> {
        let mut connection = self.acquire_connection().await?;
        queries::list_shares(&mut connection, edition, FEW_CODES).await
    }
}

/// Replaces [`Error::TooMany`] by the refusal that names the domain.
fn refuse_full_domain(counted: Result<()>) -> Result<()> {
    match counted {
        Err(Error::TooMany { .. }) => {
            Err(Error::Refused(Refusal::Voting(VotingRefusal::DomainUsedUp)))
        }
        other => other,
    }
}

/// Counts a code that came back, in each poll that it verified its voter for.
pub(super) async fn count_share(
    connection: &mut PgConnection,
    share: &MailShare,
    proven: &[ProvenVoter],
) -> Result<()> {
    queries::add_to_share(connection, share, proven).await
}

/// Puts the domains with few codes together, because the poll is closed and nobody needs them one by
/// one.
pub(crate) async fn gather_small_domains(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<()> {
    queries::gather_small_domains(connection, poll, FEW_CODES).await
}

#[cfg(test)]
mod tests {
    use domain::ids::EditionId;
    use domain::text::Email;
    use uuid::Uuid;

    use super::{LARGE_PROVIDERS, MailShare, registrable_domain};

    #[test]
    fn the_disposable_domains_are_sorted_and_none_is_a_large_provider() {
        assert!(super::DISPOSABLE_DOMAINS.is_sorted());
        assert!(super::DISPOSABLE_DOMAINS.iter().all(|name| !LARGE_PROVIDERS.contains(name)));
        let kind =
            |address: &str| super::describe_mail_domain(&Email::parse(address).unwrap()).kind;
        use domain::fraud::MailDomainKind::{Disposable, Large, Other};
        assert_eq!(kind("kim@naver.com"), Large);
        assert_eq!(kind("kim@mail.yopmail.com"), Disposable);
        assert_eq!(kind("kim@dju.kr"), Other);
    }

    #[test]
    fn a_host_name_has_the_domain_that_somebody_registered() {
        for (host, domain) in [
            ("mail.example", "mail.example"),
            ("a.b.mail.example", "mail.example"),
            ("daejeon.go.kr", "daejeon.go.kr"),
            ("mail.daejeon.go.kr", "daejeon.go.kr"),
            ("cs.kaist.ac.kr", "kaist.ac.kr"),
            ("shop.co.kr", "shop.co.kr"),
            ("x.shop.pe.kr", "shop.pe.kr"),
            ("a.b.shop.co.uk", "shop.co.uk"),
            ("mail.naver.com", "naver.com"),
            // Free names below somebody's own domain are that domain.
            ("one.duckdns.org", "duckdns.org"),
            ("a.two.duckdns.org", "duckdns.org"),
            // A public suffix with a mail server of its own.
            ("co.kr", "co.kr"),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
        }
    }

    #[test]
    fn a_large_provider_has_no_allowance_and_each_other_domain_has_one_in_an_edition() {
        let share = |address: &str| MailShare::from_email(&Email::parse(address).unwrap());
        let [one, two] = [1, 2].map(|number| EditionId(Uuid::from_u128(number)));
        for provider in LARGE_PROVIDERS {
            assert_eq!(registrable_domain(provider), provider, "it would never be found");
            assert_eq!(share(&format!("kim@{provider}")).counted_name(one), None);
        }
        let name = share("kim+1@a.mail.example").counted_name(one);
        assert!(name.is_some());
        assert_eq!(share("lee@b.mail.example").counted_name(one), name);
        assert_ne!(share("lee@b.mail.example").counted_name(two), name);
        assert_ne!(share("lee@notnaver.com").counted_name(one), None);
    }
}
