//! Every limit, with its reason. Lengths are in letters as people count them
//! (`text::count_letters`) unless the name says bytes: a Korean syllable is three bytes and one letter.

/// RFC 5321, 4.5.3.1.3: a path is at most 256 octets, two of them the angle brackets.
pub const EMAIL_CHARS: usize = 254;
/// RFC 5321, 4.5.3.1.1: the part before the `@` has at most 64 octets.
pub const EMAIL_LOCAL_CHARS: usize = 64;
/// Longer than any name in a Korean register, short enough for one table cell.
pub const PERSON_NAME_CHARS: usize = 50;
/// A branch's name follows the name of its organisation; both must fit on one line of a card.
pub const ORGANISATION_NAME_CHARS: usize = 80;
/// Shortest slug: one letter says nothing in an address.
pub const SLUG_MIN_CHARS: usize = 2;
/// Longest slug: people read an address out on the telephone.
pub const SLUG_CHARS: usize = 60;
/// Shortest password: ten characters resist guessing over the network.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password, in bytes: limits the work of hashing and leaves room for a long sentence.
pub const PASSWORD_BYTES: usize = 256;
/// Three lines on a phone of 360 px. The longest real title of 2024 has 33 characters in Korean and
/// 103 in its English translation, so the translation has its own limit.
pub const CASE_TITLE_CHARS: usize = 80;
/// English needs about two and a half letters for one Korean syllable.
pub const TRANSLATED_CHARS: usize = 200;
/// Fits on a card.
pub const CASE_SUMMARY_CHARS: usize = 200;
/// About six printed pages: what a citizen can read and a judge can weigh.
pub const CASE_BODY_CHARS: usize = 10_000;
/// Longest description of a picture: a screen reader reads it in one breath.
pub const PICTURE_ALT_CHARS: usize = 200;
/// Longest address of a film: those of the large services have fewer than a hundred signs.
pub const FILM_LINK_CHARS: usize = 300;
/// Largest uploaded picture, in bytes: twice what the camera of a phone writes.
pub const PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Largest document from which a form is filled, in bytes: a report with pictures.
pub const DOCUMENT_BYTES: usize = 10 * 1024 * 1024;
/// Largest document of a case, in bytes: twice the largest that most mail servers take.
pub const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Documents of one case: an application, its agreement and a few reports.
pub const FILES_OF_A_CASE: usize = 10;
/// All documents of one case together, in bytes.
pub const FILES_BYTES: usize = 60 * 1024 * 1024;
/// Longest name of a document. File systems take 255 bytes, 85 Korean syllables.
pub const FILE_NAME_CHARS: usize = 80;
/// Uploads of one case that may be on their way at the same time; the oldest makes room for the next.
pub const OPEN_UPLOADS: i64 = 20;
/// Letters of a document that its readable form shows; the rest is in the file.
pub const FILE_TEXT_CHARS: usize = 50_000;
/// Most pixels of an uploaded picture: more than phones take by default, and 160 MB once decoded.
pub const PICTURE_PIXELS: u64 = 40_000_000;
/// Most memory for decoding one picture, in bytes: enough for [`PICTURE_PIXELS`], too little for a
/// decompression bomb.
pub const PICTURE_MEMORY_BYTES: u64 = 256 * 1024 * 1024;
/// The longer side of a stored picture, in pixels: sharp on a whole phone screen and on half a
/// desktop screen.
pub const PICTURE_SIDE: u32 = 1_600;
/// Most cases of one organisation in one edition: more than any organisation sends in, too few to
/// fill a disk.
pub const CASES_OF_AN_ORGANISATION: u8 = 50;
/// Most partners of one case: the largest agreement of 2024 had six.
pub const PARTNERS: i64 = 20;
/// Longest title of an agreement: that of a decree fits.
pub const AGREEMENT_CHARS: usize = 120;
/// Most recommendations of one organisation in one edition: each of them is a mail.
pub const RECOMMENDATIONS: i64 = 20;
/// Cards on one page of the gallery: 12 cards fill complete rows of one, two, three or four.
pub const CARDS_PER_PAGE: usize = 12;
/// Longest search text: longer than the first words of any title.
pub const SEARCH_CHARS: usize = 100;
/// A few sentences beside a request for an account.
pub const JOIN_NOTE_CHARS: usize = 500;
/// Open invitations that the members of one organisation may have sent: more than any organisation
/// has people who write cases, too few to send mail to a list of strangers.
pub const OPEN_COLLEAGUE_INVITATIONS: i64 = 20;
/// Invitations from one list: six times the neighbourhoods of Daejeon.
pub const LISTED_INVITATIONS: usize = 500;
/// Largest list of invitations, in bytes: every line with the longest name in Korean and the longest
/// address.
pub const LISTED_INVITATION_BYTES: usize =
    LISTED_INVITATIONS * (3 * ORGANISATION_NAME_CHARS + EMAIL_CHARS + 8);
/// One page; longer reasons belong in the minutes.
pub const REASON_CHARS: usize = 1_000;
/// Shortest reason to announce below the quorum: a single word is no reason that people can weigh.
pub const QUORUM_REASON_MIN_CHARS: usize = 10;
/// Longest reason to announce below the quorum: it stands at the head of the public result.
pub const QUORUM_REASON_CHARS: usize = 2_000;
/// Feedback that an organisation reads in one go.
pub const COMMENT_CHARS: usize = 2_000;
/// The record of one meeting; as long as the longest case.
pub const MINUTES_CHARS: usize = 10_000;
/// Names of tracks, districts, neighbourhoods, criteria and tiers: one line of a table head.
pub const NAME_CHARS: usize = 80;
/// Characters of a line about the organiser's office: a department, a number, hours.
pub const OFFICE_LINE_CHARS: usize = 200;

/// Longest description of a criterion, in characters of each language.
pub const CRITERION_TEXT_CHARS: usize = 200;

/// Most polls of one edition: people cannot follow a weighted sum of more.
pub const POLLS: usize = 8;
/// The weight in percent above which staff are warned that a poll goes by e-mail address. Anybody
/// can make any number of addresses, and one in twenty seldom decides between two cases.
pub const EMAIL_POLL_PERCENT: u64 = 5;
/// The greatest age in years that a poll may ask for: two digits.
pub const HIGHEST_MIN_AGE: u8 = 99;
/// Most picks on one ballot: people cannot compare more cases with care in one sitting.
pub const MAX_PICKS: u8 = 20;
/// Photographs of one edition: an album of a ceremony, small enough for one page.
pub const PHOTOGRAPHS: u8 = 40;
/// A rubric longer than this does not fit on one paper sheet.
pub const CRITERIA: usize = 30;
/// Highest score of one criterion: fine enough for every rubric, small enough that sums never
/// overflow.
pub const CRITERION_MAX: u32 = 1_000;
/// Judges on one panel.
pub const JUDGES: u32 = 200;
/// Kinds of award in one edition.
pub const TIERS: usize = 20;
/// Awards of one tier: bounded by the cases of an edition.
pub const TIER_COUNT: u32 = 5_000;
/// Denominator of a weight: a hundredth of a percent, finer than people can follow by hand.
pub const WEIGHT_DENOMINATOR: u64 = 10_000;
/// Longest text of a fraction: the points of an edition stay far below it, and parsing stays cheap.
pub const FRACTION_CHARS: usize = 400;

/// Most voters who may have to wait before the lines of their ballots are let out.
pub const RECORD_BALLOTS: u32 = 1_000;
/// Longest wait before fewer lines may be let out, in minutes: a day.
pub const RECORD_MINUTES: u32 = 24 * 60;

/// In bytes. The season of 2024 takes 14 kB; 5,000 cases of its kind take less than 2 MB.
pub const SEASON_BYTES: usize = 2 * 1024 * 1024;
/// Deepest nesting of brackets: the season file needs four levels, and its notes may have a few
/// more.
pub const SEASON_DEPTH: usize = 16;
/// Most problems reported at once: people fix the first ones before they read more.
pub const SEASON_PROBLEMS: usize = 100;
/// Tracks of one edition.
pub const TRACKS: usize = 50;
/// Districts of one edition: enough for all cities, counties and districts of Korea.
pub const DISTRICTS: usize = 300;
/// Neighbourhoods of one district: twenty times the largest of Daejeon (24).
pub const NEIGHBOURHOODS: usize = 500;
/// Most entries of one roll: twice the households of the largest housing estates.
pub const ROLL_ENTRIES: usize = 20_000;
/// A household, a seat or a member's number: one line of a slip.
pub const ROLL_LABEL_CHARS: usize = 60;
/// Largest roll, in bytes: all entries with the longest labels, in Korean.
pub const ROLL_BYTES: usize = ROLL_ENTRIES * (3 * ROLL_LABEL_CHARS + 2);
/// Cases of one edition: sixty from each of Daejeon's 82 neighbourhoods.
pub const CASES: usize = 5_000;
/// Hours for which a voter can appeal after two people have excluded a ballot, by the edition's clock:
/// a night and a day. Counts are not read before.
pub const APPEAL_HOURS: i64 = 24;
