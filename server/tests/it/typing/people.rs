//! Texts as people have them: typed, pasted from Word, HWP and PowerPoint, copied from a telephone or a
//! Mac. The same seed makes the same texts.

use unicode_normalization::UnicodeNormalization as _;

/// What people put into a field, one after another.
const PIECES: [&str; 44] = [
    "골목 냉장고",
    "표본복지관",
    "a",
    "Kim & Lee",
    "<b>굵게</b>",
    "\"따옴표\"",
    "'",
    "&amp;lt;",
    "100%",
    "1+1=2",
    "C:\\files\\한글",
    "https://council.example/?a=1&b=2#c",
    "010-1234-5678",
    "０１２３４５",
    "ＡＢＣ（주）",
    "㈔표본협회",
    "社會福祉",
    "ㅋㅋㅋㅠㅠ",
    "👩\u{200D}👩\u{200D}👧",
    "👍🏽",
    "🇰🇷",
    "é",
    "e\u{301}",
    "한\u{302F}",
    "\u{1112}\u{119E}\u{11AB}",
    "\u{F53A}",
    "·",
    "…",
    "—",
    "\u{A0}",
    "\u{3000}",
    "\t",
    "  ",
    "\u{200B}",
    "\u{FEFF}",
    "\u{AD}",
    "\u{202D}010\u{202C}",
    "\u{2066}abc\u{2069}",
    "\u{3164}",
    "\r\n",
    "\n",
    "\u{B}",
    "\u{2028}",
    "\u{7}",
];

/// A writer of texts.
pub(super) struct Typist(u64);

impl Typist {
    pub(super) fn with_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `end` (splitmix64).
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    /// Writes a text of up to nine pieces. Some are typed apart, as on a Mac; a few are one word of 300
    /// letters.
    pub(super) fn write(&mut self) -> String {
        let pieces = 1 + self.below(9);
        let text: String = (0..pieces).map(|_| PIECES[self.below(PIECES.len())]).collect();
        match self.below(20) {
            0 => "가".repeat(300),
            1..=5 => text.nfd().collect(),
            _ => text,
        }
    }
}

/// Returns what is seen of a text: composed letters, without blanks and without what has no look. It
/// knows nothing of how the product makes texts plain.
pub(super) fn seen(text: &str) -> String {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{FEFF}'
                | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    text.chars().filter(|c| !unseen(*c)).nfc().collect()
}

/// Returns the lines of a text, by every kind of line break.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Returns the characters that a page stands for.
pub(super) fn unescape(html: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'")];
    let text = named.iter().fold(html.to_owned(), |text, (name, sign)| text.replace(name, sign));
    text.replace("&amp;", "&")
}

/// Writes a form as a browser posts it.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        };
        // A browser writes every line break as these two.
        let text = text.replace("\r\n", "\n").replace(['\r', '\n'], "\r\n");
        text.bytes().map(byte).collect::<String>()
    };
    let pair = |(name, text): &(&str, &str)| format!("{}={}", escape(name), escape(text));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
