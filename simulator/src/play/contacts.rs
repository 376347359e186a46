//! The phone numbers and mail addresses of the voters. They follow from the keys of the generator: the
//! same block of numbers, the same mail domain, the same mailbox under another alias.

use std::collections::BTreeMap;

use domain::fraud::{BallotTrace, MailDomainKind, TraceChannel, TraceKey};

/// Large providers whose addresses the server does not fold beyond a `+tag`.
const LARGE_DOMAINS: [&str; 20] = [
    "naver.com",
    "daum.net",
    "hanmail.net",
    "kakao.com",
    "nate.com",
    "korea.kr",
    "empas.com",
    "korea.com",
    "outlook.com",
    "outlook.kr",
    "hotmail.com",
    "live.com",
    "msn.com",
    "icloud.com",
    "yahoo.com",
    "ymail.com",
    "proton.me",
    "qq.com",
    "163.com",
    "mail.ru",
];
/// Domains that the server knows as disposable.
const DISPOSABLE_DOMAINS: [&str; 16] = [
    "10minutemail.com",
    "discard.email",
    "dispostable.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "guerrillamail.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "moakt.com",
    "sharklasers.com",
    "tempr.email",
    "trashmail.com",
    "yopmail.com",
];
/// The first thousand of numbers, and the distance between two thousands that are in use.
const THOUSANDS: (usize, usize) = (20_011, 37);

/// What a code is sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoterContact {
    /// A mail address.
    Mail(String),
    /// A mobile number of eleven digits.
    Mobile(String),
}

impl VoterContact {
    /// Returns the address or number as it is typed.
    #[must_use]
    pub fn typed_text(&self) -> &str {
        match self {
            Self::Mail(text) | Self::Mobile(text) => text,
        }
    }
}

/// Gives the voters of a season their contacts.
#[derive(Default)]
pub struct ContactBook {
    thousands: BTreeMap<TraceKey, usize>,
    hundreds: BTreeMap<TraceKey, usize>,
    hundreds_used: BTreeMap<usize, usize>,
    numbers_used: BTreeMap<TraceKey, usize>,
    large_domains: Vec<TraceKey>,
    disposable_domains: Vec<TraceKey>,
    other_domains: Vec<TraceKey>,
    mailboxes: BTreeMap<TraceKey, (usize, usize)>,
}

impl ContactBook {
    /// Returns the contact of a ballot, and rewrites the keys of its trace where the season has more
    /// domains of a kind than the server knows. `None` for a ballot that no code can be sent for.
    pub fn assign_contact(&mut self, trace: &mut BallotTrace) -> Option<VoterContact> {
        match trace.channel {
            TraceChannel::Sms => self.assign_number(trace.phone_thousand?, trace.phone_hundred?),
            TraceChannel::Email => self.assign_address(trace),
            TraceChannel::Oidc | TraceChannel::Roll | TraceChannel::Kiosk => None,
        }
    }

    /// Takes the next number of a hundred. `None` if a block is full.
    fn assign_number(&mut self, thousand: TraceKey, hundred: TraceKey) -> Option<VoterContact> {
        let next = self.thousands.len();
        let thousand = *self.thousands.entry(thousand).or_insert(next);
        let used = self.hundreds_used.entry(thousand).or_default();
        let digit = *self.hundreds.entry(hundred).or_insert_with(|| {
            *used += 1;
            *used - 1
        });
        let last = self.numbers_used.entry(hundred).or_default();
        *last += 1;
        let first = (THOUSANDS.0 + thousand * THOUSANDS.1) % 100_000;
        (digit < 10 && *last < 100)
            .then(|| VoterContact::Mobile(format!("010{first:05}{digit}{last:02}")))
    }

    /// Makes an address. The second ballot of a mailbox has a `+tag`.
    fn assign_address(&mut self, trace: &mut BallotTrace) -> Option<VoterContact> {
        let (domain, kind) = (trace.mail_domain?, trace.mail_domain_kind?);
        let (domain, key) = self.assign_domain(domain, kind);
        trace.mail_domain = Some(key);
        let next = self.mailboxes.len();
        let (mailbox, aliases) = self.mailboxes.entry(trace.folded_contact?).or_insert((next, 0));
        *aliases += 1;
        let tag = if *aliases > 1 { format!("+{aliases}") } else { String::new() };
        Some(VoterContact::Mail(format!("voter-{mailbox:05}{tag}@{domain}")))
    }

    /// Returns the name of a domain and the key that stands for it. If the season has more domains than
    /// the server knows of this kind, several keys share one name.
    fn assign_domain(&mut self, domain: TraceKey, kind: MailDomainKind) -> (String, TraceKey) {
        let (names, used): (&[&str], _) = match kind {
            MailDomainKind::Large => (&LARGE_DOMAINS, &mut self.large_domains),
            MailDomainKind::Disposable => (&DISPOSABLE_DOMAINS, &mut self.disposable_domains),
            MailDomainKind::Other => (&[], &mut self.other_domains),
        };
        let at = used.iter().position(|key| *key == domain).unwrap_or_else(|| {
            used.push(domain);
            used.len() - 1
        });
        match names.len() {
            0 => (format!("office-{at:04}.example"), domain),
            count => (names[at % count].to_owned(), used[at % count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::fraud::{MailDomainKind, TraceKey};

    use super::{ContactBook, VoterContact};
    use crate::fraud::stage::Stage;
    use crate::play::small_season::draw_small_season;

    fn number(book: &mut ContactBook, stage: &Stage, typed: u64) -> String {
        let mut trace = Stage::from_seed(1).draw_person(0);
        stage.use_phone(&mut trace, typed);
        book.assign_contact(&mut trace).unwrap().typed_text().to_owned()
    }

    #[test]
    fn numbers_of_one_block_stay_in_one_block() {
        let (mut book, stage) = (ContactBook::default(), Stage::from_seed(1));
        let [one, two, three, other] = [12_345_601, 12_345_644, 12_345_799, 50_000_000]
            .map(|it| number(&mut book, &stage, it));
        assert_eq!((one.len(), &one[..9]), (11, &two[..9]));
        assert_ne!(one, two);
        assert_eq!(one[..8], three[..8]);
        assert_ne!(one[..9], three[..9]);
        assert_ne!(one[..8], other[..8]);
    }

    #[test]
    fn a_mailbox_has_aliases_and_a_domain_has_its_kind() {
        let (mut book, mut stage) = (ContactBook::default(), Stage::from_seed(1));
        let mut trace = stage.draw_person(0);
        let mut typed = |domain, kind, mailbox| {
            stage.use_mail(&mut trace, TraceKey(domain), kind);
            trace.folded_contact = Some(TraceKey(mailbox));
            book.assign_contact(&mut trace).unwrap()
        };
        let mail = |text: &str| VoterContact::Mail(text.to_owned());
        assert_eq!(typed(1, MailDomainKind::Large, 7), mail("voter-00000@naver.com"));
        assert_eq!(typed(1, MailDomainKind::Large, 7), mail("voter-00000+2@naver.com"));
        assert_eq!(typed(2, MailDomainKind::Other, 8), mail("voter-00001@office-0000.example"));
        assert_eq!(typed(3, MailDomainKind::Disposable, 9), mail("voter-00002@10minutemail.com"));
    }

    #[test]
    fn no_two_voters_of_a_season_have_one_contact() {
        let (mut book, stage) = (ContactBook::default(), draw_small_season(9, 400));
        let mut contacts = BTreeSet::new();
        for ballot in stage.ballots {
            let contact = book.assign_contact(&mut ballot.trace.clone()).unwrap();
            assert!(contacts.insert(contact.typed_text().to_owned()), "{contact:?}");
        }
    }
}
