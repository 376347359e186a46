//! Every threshold of the detector, with its reason and the scenario that set it (docs/fraud.md
//! lists the scenarios). Points are tenths of a decibel: 100 points say that chance explains a group
//! of honest people one time in ten, 300 points one time in a thousand. `PER_MILLE` values are the
//! shares that honest groups are granted; they are set above what honest people show, so that
//! points stay too low rather than too high.

// ---- the verdict ----

/// A family counts towards the two that a hold needs from here: one honest group in a thousand
/// reaches it by chance. Set by B5 and B7, in whose device groups single traits pile up.
pub(super) const FAMILY_MARK: u32 = 300;
/// The most that one family adds. Its signals are correlated, so more would count one fact twice.
/// Below [`HOLD_POINTS`], so that no family is enough alone. Set by B1: sixty voters on one cookie.
pub(super) const FAMILY_CAP: u32 = 600;
/// The most that the network family adds: less than [`FAMILY_MARK`], because carriers, schools and
/// relays put many people behind one address. Set by B2, B3.
pub(super) const NETWORK_CAP: u32 = 200;
/// The least sum of a hold: by chance, one honest group in a hundred million. A large poll has
/// about 100,000 groups. Set by B3 and B4 in polls of 1.4 million ballots.
pub(super) const HOLD_POINTS: u32 = 800;
/// Smallest group that is weighed. With three ballots any trait is chance. Set by A4: at one ballot
/// a minute the fourth comes after three minutes, and the target is five.
pub(super) const LEAST_BALLOTS: usize = 4;
/// Smallest group on one alias-folded contact: two may be a couple that shares a mailbox. Set by
/// A1 with aliases.
pub(super) const LEAST_ALIASES: usize = 3;
/// Smallest group whose spread or rhythm is measured: the spread of fewer values is chance. The
/// design page sets it.
pub(super) const LEAST_FOR_SPREAD: usize = 20;

// ---- identity ----

/// Points of a ballot without a verification. The program never stores one. Set by A10.
pub(super) const UNVERIFIED_POINTS: u32 = 600;
/// Points of each ballot after the first on one folded contact. Set by A1 with aliases; two stay
/// below the mark.
pub(super) const ALIAS_POINTS: u32 = 200;
/// Points of each ballot with a disposable address in a group of them: people use such addresses
/// too, so ten are needed for the mark. Set by A2 and the relay users of B4.
pub(super) const DISPOSABLE_POINTS: u32 = 30;
/// Numbers in use that a poll's phone voters are spread over, by the hundred. Korea has about 60
/// million lines. Set by A3.
pub(super) const PHONE_HUNDREDS: u64 = 600_000;
/// The same by the thousand.
pub(super) const PHONE_THOUSANDS: u64 = 60_000;
/// Taken off a block's points, because one in 600,000 blocks is dense by chance (58 dB). Set by
/// B2 in polls of 1.4 million ballots.
pub(super) const BLOCK_CHARGE: u32 = 600;

// ---- device ----

/// Voters on one cookie that say nothing: a family on one tablet. Set by B7.
pub(super) const FAMILY_TABLET: u32 = 3;
/// Voters on one cookie from which the device reaches its mark. Set by B5 and B7.
pub(super) const REVIEW_DEVICE: u32 = 10;
/// Points for each voter between the two. Set by B7: a family of ten stays below the mark.
pub(super) const TABLET_POINTS: u32 = 40;
/// Points for each voter above [`REVIEW_DEVICE`]. Set by A11 with twenty votes.
pub(super) const DEVICE_POINTS: u32 = 15;
/// Share of honest ballots that share their cookie with two others in the same group. Set by B7
/// through relays and abroad.
pub(super) const REUSE_PER_MILLE: u64 = 100;
/// Ballots behind one address up to which shared cookies are weighed there: in a lab of thirty
/// machines a cookie has three voters only after more. Set by A5 against B5.
pub(super) const LARGEST_HOUSE: usize = 60;
/// Ballots on one cookie in one group from which it counts as reused. Set by A5 against B7.
pub(super) const REUSED_FROM: usize = 3;

// ---- network ----

/// Share of honest ballots from data centres: companies whose traffic leaves through one. Set by
/// B3.
pub(super) const HOSTING_PER_MILLE: u64 = 50;
/// Share of honest ballots from abroad. Set by the expatriates of B4.
pub(super) const FOREIGN_PER_MILLE: u64 = 80;
/// Chance that an alias of somebody else comes from the same address. Set by A1 with aliases: three of
/// four from one line at home are enough.
pub(super) const ONE_NETWORK_PER_MILLE: u64 = 40;

// ---- interaction ----

/// Share of honest ballots whose browser neither ran the script nor fetched a file: text browsers
/// and full caches. Set by B8.
pub(super) const BARE_PER_MILLE: u64 = 20;
/// Share of honest ballots without `Sec-Fetch-*` or `Accept-Language`: old browsers. Set by B8.
pub(super) const HEADERS_PER_MILLE: u64 = 60;
/// The most that missing headers add, below [`FAMILY_MARK`]: a whole office may have old browsers and
/// numbers in one block. Set by the offices among the people.
pub(super) const HEADERS_CAP: u32 = 250;
/// Seconds to the request for a code that count as rushed. Set by A2 to A5.
pub(super) const RUSHED_SECONDS: u32 = 12;
/// Share of honest ballots that are rushed: people who decided before they came. Set by B4, and by
/// four colleagues on one line, in a hurry and with codes that their phones fill in, who are left
/// alone. With less, A4 is found some seconds sooner.
pub(super) const RUSHED_PER_MILLE: u64 = 200;
/// Seconds to the request for a code that count as practised. Set by A6: ten typists.
pub(super) const PRACTISED_SECONDS: u32 = 25;
/// Share of honest ballots that are practised. Set by B4: followers who decided before they came.
pub(super) const PRACTISED_PER_MILLE: u64 = 600;
/// Variance of the binary logarithm of page seconds, without the longest tenth, that an honest group
/// exceeds, in 1/1024²: a standard deviation of 0.47 in natural logarithms before the cut. Set by B1:
/// one helper for sixty people, 0.5.
pub(super) const PAGE_VARIANCE: i64 = 349_000;

// ---- code timing ----

/// Seconds from code sent to code typed that count as machine-fast. Set by A2, A3, A9; people's
/// median is 12.
pub(super) const FAST_SECONDS: u32 = 4;
/// Share of honest ballots that are as fast, with codes that a phone fills in. Set by B3 and B4, and by
/// the colleagues of [`RUSHED_PER_MILLE`].
pub(super) const FAST_PER_MILLE: u64 = 150;
/// Variance of the binary logarithm of code seconds, without the longest tenth, that an honest group
/// exceeds, in 1/1024²: a standard deviation of 0.48 in natural logarithms before the cut. People's is
/// 0.6, a class of pupils' 0.5. Set by A6 and A8 against B5.
pub(super) const CODE_VARIANCE: i64 = 360_000;
/// Seconds to a code that count as relayed: it was read out over a telephone. Set by A11 against
/// B1.
pub(super) const RELAYED_SECONDS: u32 = 30;
/// Share of such codes that slow people at one machine are granted. Set by B1: of the slowest seniors
/// four in ten are as late.
pub(super) const RELAYED_PER_MILLE: u64 = 420;
/// Variance of the binary logarithm of gaps that an honest group exceeds, in 1/1024²: a standard
/// deviation of 0.40 in natural logarithms. Set by A4 and A6 against the queue of B1, 0.5.
pub(super) const RHYTHM_VARIANCE: i64 = 349_000;
/// Milliseconds that the middle gap of a rhythm must have; what is faster is a burst, and bursts are
/// no evidence. Set by B4 and B6.
pub(super) const RHYTHM_LEAST_GAP: u64 = 2_000;
/// Points of a ballot to which no code came back. Set by A10.
pub(super) const NO_CODE_POINTS: u32 = 600;
