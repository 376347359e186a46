//! Every number that bounds something, with its reason. Lengths are in characters unless the name
//! says bytes: a Korean syllable is three bytes and one character.

/// RFC 5321, 4.5.3.1.3: a path is at most 256 octets, two of them the angle brackets.
pub const EMAIL_CHARS: usize = 254;
/// RFC 5321, 4.5.3.1.1.
pub const EMAIL_LOCAL_CHARS: usize = 64;
/// Longer than any name in a Korean register, short enough for one table cell.
pub const PERSON_NAME_CHARS: usize = 50;
/// Names of branches stand behind the names of their houses; one line of a card all the same.
pub const ORGANISATION_NAME_CHARS: usize = 80;
/// One letter says nothing in an address.
pub const SLUG_MIN_CHARS: usize = 2;
/// An address has to be read out on the telephone.
pub const SLUG_CHARS: usize = 60;
/// Length is what protects a password; ten characters outlast an online guesser.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// In bytes. Bounds the work of hashing; leaves room for a long sentence.
pub const PASSWORD_BYTES: usize = 256;
/// Three lines on a phone of 360 px; the longest real title of 2024 has 33 characters in Korean,
/// its English translation 103, so the translation has its own bound.
pub const CASE_TITLE_CHARS: usize = 80;
/// English needs about two and a half letters for one Korean syllable.
pub const TRANSLATED_CHARS: usize = 200;
/// Fits on a card.
pub const CASE_SUMMARY_CHARS: usize = 200;
/// About six printed pages: what a citizen can read and a judge can weigh.
pub const CASE_BODY_CHARS: usize = 10_000;
/// What a picture shows, in one breath of a screen reader.
pub const PICTURE_ALT_CHARS: usize = 200;
/// In bytes. What the camera of a phone writes, twice over.
pub const PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Pixels of an uploaded picture: above what phones take by default, and 160 MB once unpacked.
pub const PICTURE_PIXELS: u64 = 40_000_000;
/// In bytes. What unpacking one picture may take: room for those pixels, and not for a bomb.
pub const PICTURE_MEMORY_BYTES: u64 = 256 * 1024 * 1024;
/// The longer side of a stored picture in pixels: sharp across a phone, and on half a desktop.
pub const PICTURE_SIDE: u32 = 1_600;
/// Cases of one organisation in one edition: more than any sends in, too few to fill a disk.
pub const CASES_OF_AN_ORGANISATION: u8 = 50;
/// Cards on one page of the gallery: rows of one, two, three and four come out even.
pub const CARDS: usize = 12;
/// What is searched for: longer than any title's first words.
pub const SEARCH_CHARS: usize = 100;
/// One page; longer reasons belong into the minutes.
pub const REASON_CHARS: usize = 1_000;
/// Feedback that an organisation reads in one go.
pub const COMMENT_CHARS: usize = 2_000;
/// The record of one meeting; as long as the longest case.
pub const MINUTES_CHARS: usize = 10_000;
/// Names of tracks, districts, neighbourhoods, criteria and tiers: one line of a table head.
pub const NAME_CHARS: usize = 80;

/// Polls of one edition: nobody follows a weighted sum of more.
pub const POLLS: usize = 8;
/// The greatest age in years that a poll may ask for: two digits.
pub const MIN_AGE: u8 = 99;
/// Nobody compares more cases than this honestly in one sitting.
pub const MAX_PICKS: u8 = 20;
/// A rubric longer than this does not fit on one paper sheet.
pub const CRITERIA: usize = 30;
/// Scores of one criterion: fine enough for anyone, small enough that sums never overflow.
pub const CRITERION_MAX: u32 = 1_000;
/// Judges on one panel.
pub const JUDGES: u32 = 200;
/// Kinds of award in one edition.
pub const TIERS: usize = 20;
/// Awards of one tier: bounded by the cases of an edition.
pub const TIER_COUNT: u32 = 5_000;
/// Denominator of a weight: a hundredth of a percent, finer than people can follow by hand.
pub const WEIGHT_DENOMINATOR: u64 = 10_000;
/// Digits of a fraction as text: points of an edition stay far below, and reading stays cheap.
pub const FRACTION_CHARS: usize = 400;

/// In bytes. The season of 2024 takes 14 kB; 5,000 cases of its kind take less than 2 MB.
pub const SEASON_BYTES: usize = 2 * 1024 * 1024;
/// Brackets inside brackets: the form needs four, notes may have a few more.
pub const SEASON_DEPTH: usize = 16;
/// Problems that are reported at once: nobody reads more before mending the first ones.
pub const SEASON_PROBLEMS: usize = 100;
/// Tracks of one edition.
pub const TRACKS: usize = 50;
/// Districts of one edition: enough for all cities, counties and districts of Korea.
pub const DISTRICTS: usize = 300;
/// Neighbourhoods of one district: twenty times the largest of Daejeon (24).
pub const NEIGHBOURHOODS: usize = 500;
/// Cases of one edition: sixty from each of Daejeon's 82 neighbourhoods.
pub const CASES: usize = 5_000;
