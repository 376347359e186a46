//! The shapes and the words by which personal data is known. They are looked for and never shown, so they are here and not
//! in the catalogue.

use std::sync::LazyLock;

use regex::Regex;

/// Announces the number of a corporation, which looks like a resident's.
pub(super) static CORPORATION: LazyLock<Regex> = LazyLock::new(|| pattern("법인"));

/// Words that end like a street and are none.
const ADVERBS: [&str; 43] = [
    "계좌이체로",
    "산책로",
    "둘레길",
    "서로",
    "바로",
    "새로",
    "주로",
    "따로",
    "홀로",
    "별로",
    "도로",
    "대로",
    "그대로",
    "제대로",
    "함부로",
    "스스로",
    "별도로",
    "무료로",
    "유료로",
    "최초로",
    "실제로",
    "차례로",
    "토대로",
    "기초로",
    "위주로",
    "주제로",
    "추가로",
    "전체로",
    "계기로",
    "종류로",
    "순서로",
    "단위로",
    "대표로",
    "기회로",
    "목표로",
    "평균로",
    "경로",
    "진로",
    "회로",
    "수로",
    "통로",
    "선로",
    "피로",
];

/// Whether a word is surely a street, also with no place before it.
pub(super) fn is_street_word(word: &str) -> bool {
    word.ends_with("대로") && word.chars().count() > 3 || word.contains("번길")
}

/// Whether a word that ends like a street may be one.
pub(super) fn ends_like_street(word: &str) -> bool {
    !word.ends_with("으로") && word.chars().count() >= 2 && !ADVERBS.contains(&word)
}

/// Whether a word ends like a neighbourhood and is none.
pub(super) fn is_action(word: &str) -> bool {
    ACTIONS.contains(&word)
}

/// Whether what follows the number of a building begins with a particle, or with more of the address.
pub(super) fn begins_with_particle(text: &str) -> bool {
    PARTICLES.iter().any(|particle| text.starts_with(particle))
}

/// Whether a text begins with a word of counting.
pub(super) fn begins_with_counter(text: &str) -> bool {
    text.starts_with(COUNTERS)
}

/// Whether a registration number is announced.
pub(super) fn is_registered(before: &str) -> bool {
    before.contains("등록번호")
}

/// What may follow the number of a building.
const PARTICLES: [&str; 27] = [
    "나", "번", "에", "의", "로", "으로", "은", "는", "이", "가", "을", "를", "와", "과", "였",
    "라", "입", "번지", "호", "층", "지하", "인", "까지", "부터", "앞", "옆", "소재",
];

/// Words that end like a neighbourhood and are none.
const ACTIONS: [&str; 16] = [
    "활동", "운동", "이동", "행동", "아동", "노동", "공동", "변동", "자동", "수동", "감동", "작동",
    "출동", "연동", "협동", "충동",
];

/// Words of counting behind a number and a blank.
const COUNTERS: [char; 12] =
    ['명', '건', '회', '개', '원', '년', '월', '일', '시', '분', '곳', '세'];

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "the patterns are in this file, and a test runs each")]
    Regex::new(text).expect("a pattern of this file")
}

/// An e-mail address.
pub(super) static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([A-Za-z0-9][A-Za-z0-9._%+\-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,})",
    )
});

/// Six digits and seven, as a resident or a foreigner is numbered.
pub(super) static REGISTERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(\d{6} ?[-. ]? ?[1-8]\d{6})"));

/// Sixteen digits of a card, or fifteen.
pub(super) static CARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"((?:[2-69]\d{3}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}|3[47]\d{2}[- ]?\d{6}[- ]?\d{5}))")
});

/// A telephone number in its usual spellings.
pub(super) static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    let gap = r"[-. ]{0,3}";
    let area = r"(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])";
    let own = r"(?:1[016-9]|70|50[2-8]?|80|303)";
    let shared = r"1(?:522|533|544|551|566|577|588|599|600|644|660|661|666|668|670|688|800|811|833|855|877|899)";
    pattern(&format!(
        r"((?:\(?\+?82\)?{gap}\(?0?\)?{gap}|\(?0)(?:{area}|{own})\)?{gap}\d{{3,4}}{gap}\d{{4}}|{shared}[-. ]\d{{4}})"
    ))
});

/// Groups of digits, as accounts are written.
pub(super) static ACCOUNT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(\d{2,6}(?:[- ]\d{1,8}){1,4}|\d{10,16})"));

/// Names an account beside a number.
pub(super) static BANK: LazyLock<Regex> = LazyLock::new(|| {
    pattern("은행|뱅크|농협|수협|신협|축협|우체국|새마을금고|증권|계좌|통장|입금|송금|이체|예금주")
});

/// Words directly before numbers of other kinds.
pub(super) static OTHER_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        "(?:사업자|법인|고유번호증?|등록번호|문서|우편|전화|팩스|FAX|fax|TEL|Tel)",
        "[^0-9가-힣]{0,3}(?:번호)?[^0-9가-힣]{0,3}$|제 ?$"
    ))
});

/// A day.
pub(super) static DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-[0-3]\d"));

/// A block and a dwelling, or a building and a dwelling.
pub(super) static DWELLING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"((?:\d{1,4}|[가나다라A-Z])동 ?(?:지하 ?)?\d{2,4}호",
        r"|[가-힣A-Za-z0-9]{1,12}(?:아파트|빌라|빌|연립|맨션|오피스텔|원룸|주택|타운|하이츠|캐슬|자이|푸르지오|래미안|아이파크) ?",
        r"(?:\d{1,4}동 ?)?(?:지하 ?)?\d{1,4}호)"
    ))
});

/// A lot: a neighbourhood, a village or a district before `123번지`, or before `123-4` behind a district.
pub(super) static LOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"((?:[가-힣]{1,7}(?:시|도|군|구) ?){0,3}(?:[가-힣]{1,6}(?:읍|면) ?)?[가-힣]{1,6}\d?(?:동|리|가)(?:\d가)? ?",
        r"(?:산 ?)?\d{1,4}(?:-\d{1,4})? ?번지(?: ?\d{1,4}호)?",
        r"|(?:[가-힣]{1,7}(?:시|도|군|구) ){1,3}(?:[가-힣]{1,6}(?:읍|면) ?)?[가-힣]{1,6}(?:동|리)(?:\d가)? (?:산 ?)?\d{1,4}-\d{1,4})"
    ))
});

/// A neighbourhood with a lot of two numbers, and nothing before it.
pub(super) static BARE_LOT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([가-힣]{1,5}\d?(?:동|리) (?:산 ?)?\d{2,4}-\d{1,4})"));

/// A street with the number of a building, and all that belongs to the address before and behind it.
pub(super) static STREET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"((?P<place>(?:[가-힣]{1,8}(?:특별시|광역시|특별자치시|특별자치도|시|도|군|구|읍|면) ?){1,4})?",
        r"(?P<street>[가-힣0-9·]{1,12}(?:대로|로|길)(?: ?\d{1,4}(?:번|가)?길)?) ?(?:지하 ?)?\d{1,4}(?:-\d{1,4})?",
        r"(?:(?:번지)?,? ?(?:[가-힣A-Za-z]{1,10}(?:빌딩|회관|상가|타워|프라자|플라자|센터|아파트|빌라|오피스텔) ?)?",
        r"(?:\d{1,4}동 ?)?(?:지하 ?)?\d{1,4}(?:호|층)(?: ?\d{1,4}호)?)?)"
    ))
});
