//! The stage on which people and attackers vote: the clock of a poll, and the trace of an ordinary
//! person, from which every scenario starts.

use domain::fraud::{BallotTrace, MailDomainKind, NetworkClass, TraceChannel, TraceKey};
use domain::ids::BallotId;

use super::draw::{draw_between, draw_exponential, draw_seconds, draw_zipf};
use super::scenario::{AttackSize, HONEST, Scenario};
use crate::random::SeededRandom;

/// Milliseconds of a second, a minute, an hour and a day.
pub const SECOND: i64 = 1000;
/// Milliseconds of a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// When the poll opens: a Monday, at nine in Korea.
pub const OPENING: i64 = 1_790_553_600_000;
/// How long the poll is open.
pub const LENGTH: i64 = 4 * 24 * HOUR - 3 * HOUR;
/// When it closes.
pub const CLOSING: i64 = OPENING + LENGTH;
/// Cases on the ballot paper.
pub const ENTRIES: u64 = 30;
/// How busy each hour of a day is, from nine in the morning.
const DIURNAL: [u64; 24] =
    [8, 9, 9, 10, 8, 7, 7, 7, 6, 6, 6, 7, 8, 8, 7, 5, 3, 1, 1, 1, 1, 1, 2, 5];
/// Ballots in a thousand that come in the surge before the close, and its mean length.
const SURGE: (u64, u64) = (80, 1_500_000);

/// A ballot of the truth: its trace, who cast it, and for which case.
#[derive(Clone, Debug)]
pub struct SimulatedBallot {
    /// What the server sees.
    pub trace: BallotTrace,
    /// The scenario, and of an attack its size.
    pub label: (Scenario, Option<AttackSize>),
    /// The case.
    pub entry: u64,
}

/// An attempt that the server's rules refuse: it never becomes a ballot.
#[derive(Clone, Copy, Debug)]
pub struct RefusedAttempt {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Why: a word.
    pub why: &'static str,
    /// The scenario and its size.
    pub label: (Scenario, Option<AttackSize>),
}

/// What has happened so far in a season.
pub struct Stage {
    /// Random numbers.
    pub chance: SeededRandom,
    /// All ballots.
    pub ballots: Vec<SimulatedBallot>,
    /// All refused attempts.
    pub refused: Vec<RefusedAttempt>,
    /// The label of what comes next.
    pub label: (Scenario, Option<AttackSize>),
    salt: u64,
}

/// Mixes a kind and a number into a key, as the server's keyed hash does.
fn mix_key(salt: u64, kind: u64, number: u64) -> TraceKey {
    TraceKey(SeededRandom::for_stream(salt ^ (kind << 56), number).draw_bits())
}

impl Stage {
    /// Returns the empty stage of a seed.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut chance = SeededRandom::for_stream(seed, 0x0f7a_0d5e);
        let salt = chance.draw_bits();
        let label = (HONEST, None);
        Self { chance, ballots: Vec::new(), refused: Vec::new(), label, salt }
    }

    /// Returns a key that nothing else has.
    pub fn fresh_key(&mut self) -> TraceKey {
        TraceKey(self.chance.draw_bits())
    }

    /// Draws a moment as people come: by day, and more before the close.
    pub fn draw_moment(&mut self) -> i64 {
        if self.chance.draw_per_mille(SURGE.0) {
            let before = draw_exponential(&mut self.chance, SURGE.1);
            return CLOSING - i64::try_from(before).unwrap_or(0).min(4 * HOUR);
        }
        loop {
            let hour = self.chance.draw_index(93);
            if self.chance.draw_below(10) < DIURNAL[hour % 24] {
                let within = self.chance.draw_below(HOUR.unsigned_abs());
                return OPENING + i64::try_from(hour).unwrap_or(0) * HOUR + within.cast_signed();
            }
        }
    }

    /// Draws a moment at which an attack of this length may begin.
    pub fn draw_start(&mut self, length: u64) -> i64 {
        let room = LENGTH.unsigned_abs().saturating_sub(length).max(1);
        OPENING + self.chance.draw_below(room).cast_signed()
    }

    /// Draws seconds of a log-normal distribution; `sigma` in thousandths.
    pub fn draw_human_seconds(&mut self, median: u64, sigma: i64) -> Option<u32> {
        Some(draw_seconds(&mut self.chance, median, sigma))
    }

    /// Draws the seconds until a person has typed the code: median 12, and 3 % ask again.
    pub fn draw_code_seconds(&mut self, median: u64, sigma: i64) -> Option<u32> {
        let typed = draw_seconds(&mut self.chance, median, sigma);
        let again = if self.chance.draw_per_mille(30) {
            u32::try_from(draw_between(&mut self.chance, 30, 120)).unwrap_or(0)
        } else {
            0
        };
        Some(typed + again)
    }

    /// Gives the ballot a phone number.
    pub fn use_phone(&self, trace: &mut BallotTrace, number: u64) {
        trace.channel = TraceChannel::Sms;
        trace.phone_hundred = Some(mix_key(self.salt, 1, number / 100));
        trace.phone_thousand = Some(mix_key(self.salt, 2, number / 1000));
        trace.folded_contact = Some(mix_key(self.salt, 3, number));
        (trace.mail_domain, trace.mail_domain_kind) = (None, None);
    }

    /// Gives the ballot a mail address at this domain.
    pub fn use_mail(&mut self, trace: &mut BallotTrace, domain: TraceKey, kind: MailDomainKind) {
        trace.channel = TraceChannel::Email;
        (trace.phone_hundred, trace.phone_thousand) = (None, None);
        trace.folded_contact = Some(self.fresh_key());
        (trace.mail_domain, trace.mail_domain_kind) = (Some(domain), Some(kind));
    }

    /// Draws a phone number out of sixty million.
    pub fn draw_phone(&mut self) -> u64 {
        self.chance.draw_below(60_000_000)
    }

    fn draw_mail(&mut self, trace: &mut BallotTrace) {
        let (kind, domains, number) = match self.chance.draw_below(1000) {
            0..6 => (MailDomainKind::Disposable, 60, 4),
            6..300 => (MailDomainKind::Other, 4_000, 5),
            _ => (MailDomainKind::Large, 10, 6),
        };
        let domain = mix_key(self.salt, number, draw_zipf(&mut self.chance, domains));
        self.use_mail(trace, domain, kind);
    }

    /// Gives the ballot the line of an ordinary person. Carriers have few addresses.
    pub fn draw_line(&mut self, trace: &mut BallotTrace) {
        let (class, addresses) = match self.chance.draw_below(1000) {
            0..500 => (NetworkClass::Carrier, 600),
            500..620 => (NetworkClass::Carrier, u64::MAX), // IPv6
            620..920 => (NetworkClass::Broadband, u64::MAX),
            920..970 => (NetworkClass::Unknown, 3_000),
            970..980 => (NetworkClass::Relay, 50),
            980..994 => (NetworkClass::Foreign, 5_000),
            _ => (NetworkClass::Hosting, 200),
        };
        let address = match addresses {
            u64::MAX => self.chance.draw_bits(),
            few => draw_zipf(&mut self.chance, few),
        };
        let kind = 16 + u64::from(class == NetworkClass::Carrier);
        trace.network = Some(mix_key(self.salt, kind + (addresses & 0x3f), address));
        trace.network_class = class;
    }

    /// Draws what an ordinary person's ballot looks like at this moment.
    pub fn draw_person(&mut self, cast_at: i64) -> BallotTrace {
        let script_ran = !self.chance.draw_per_mille(20);
        let mut trace = BallotTrace {
            ballot: BallotId(self.chance.draw_uuid()),
            cast_at,
            channel: TraceChannel::Sms,
            verified: true,
            device: Some(self.fresh_key()),
            network: None,
            network_class: NetworkClass::Unknown,
            phone_hundred: None,
            phone_thousand: None,
            mail_domain: None,
            mail_domain_kind: None,
            folded_contact: None,
            page_seconds: None,
            code_seconds: None,
            check_seconds: None,
            script_ran,
            assets_fetched: !self.chance.draw_per_mille(if script_ran { 5 } else { 150 }),
            fetch_headers: !self.chance.draw_per_mille(35),
            language_header: !self.chance.draw_per_mille(3),
        };
        if self.chance.draw_per_mille(600) {
            let number = self.draw_phone();
            self.use_phone(&mut trace, number);
        } else {
            self.draw_mail(&mut trace);
        }
        self.draw_line(&mut trace);
        let decided = self.chance.draw_per_mille(200);
        trace.page_seconds = if decided {
            self.draw_human_seconds(25, 600)
        } else {
            self.draw_human_seconds(75, 800)
        };
        trace.code_seconds = self.draw_code_seconds(12, 600);
        trace.check_seconds = self.draw_human_seconds(6, 600);
        if self.chance.draw_per_mille(10) {
            trace.device = None;
        }
        trace
    }

    /// Draws the case that a person votes for.
    pub fn draw_entry(&mut self) -> u64 {
        draw_zipf(&mut self.chance, ENTRIES)
    }

    /// Casts a ballot.
    pub fn cast_ballot(&mut self, trace: BallotTrace, entry: u64) {
        self.ballots.push(SimulatedBallot { trace, label: self.label, entry });
    }

    /// Makes every network one of unknown class, as for a server without a file of networks.
    pub fn forget_classes(&mut self) {
        for ballot in &mut self.ballots {
            ballot.trace.network_class = NetworkClass::Unknown;
        }
    }

    /// Notes an attempt that the server refuses.
    pub fn refuse_attempt(&mut self, at: i64, why: &'static str) {
        self.refused.push(RefusedAttempt { at, why, label: self.label });
    }
}

/// The order in which ballots arrive.
#[must_use]
pub fn arrival_order(ballot: &SimulatedBallot) -> (i64, BallotId) {
    (ballot.trace.cast_at, ballot.trace.ballot)
}
