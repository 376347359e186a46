//! Finding words in Korean and English texts as people type them: without blanks, letter by letter of the keyboard.
//!
//! A text becomes the keys of the Korean standard keyboard (두벌식, KS X 5002) that type it: 돌봄 becomes `ehfqha`. So a
//! word is found while its last letter is being typed (돌보), with the keyboard left in English (`ehfqha`) or in Korean
//! (ㅊㅁㄱㄷ for care), and inside a compound, whatever the blanks are (돌봄이음, 돌봄 이음). And one wrong key is one
//! wrong sign, not a wrong syllable.

use crate::text::{is_dash, narrow_letter, tidy_line};

/// Keys of the first, the middle and the last part of a syllable, in the order of Unicode.
const FIRST: [&str; 19] =
    ["r", "r", "s", "e", "e", "f", "a", "q", "q", "t", "t", "d", "w", "w", "c", "z", "x", "v", "g"];
const MIDDLE: [&str; 21] = [
    "k", "o", "i", "o", "j", "p", "u", "p", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b",
    "m", "ml", "l",
];
const LAST: [&str; 28] = [
    "", "r", "r", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a",
    "q", "qt", "t", "t", "d", "w", "c", "z", "x", "v", "g",
];
/// Keys of single letters, from U+3131 to U+3163.
const SINGLE: [&str; 51] = [
    "r", "r", "rt", "s", "sw", "sg", "e", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a",
    "q", "q", "qt", "t", "t", "d", "w", "w", "c", "z", "x", "v", "g", "k", "o", "i", "o", "j", "p",
    "u", "p", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml", "l",
];

/// Fewest keys of a word in which one key may be wrong: of a shorter one too little would be left.
const TYPO_KEYS: usize = 5;

/// Returns the keys that type a text, without blanks and marks between words. Shift is left out: ㄲ and ㄱ are one key.
#[must_use]
pub fn keyboard_keys(text: &str) -> String {
    let mut keys = String::with_capacity(text.len());
    for sign in tidy_line(text).chars().map(narrow_letter) {
        let code = u32::from(sign);
        match sign {
            '\u{AC00}'..='\u{D7A3}' => {
                let place = usize::try_from(code - 0xAC00).unwrap_or_default();
                keys.push_str(FIRST[place / 588]);
                keys.push_str(MIDDLE[place / 28 % 21]);
                keys.push_str(LAST[place % 28]);
            }
            '\u{3131}'..='\u{3163}' => {
                keys.push_str(SINGLE[usize::try_from(code - 0x3131).unwrap_or_default()]);
            }
            sign if sign.is_whitespace() || is_dash(sign) || is_mark(sign) => {}
            sign => keys.extend(sign.to_lowercase()),
        }
    }
    keys
}

/// A case as the keys that type it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseKeys {
    /// Title, English title, organisation and summary, one a line, so that no word goes over the end of a field.
    pub head: String,
    /// The story.
    pub story: String,
}

impl CaseKeys {
    /// Returns the keys of a case from its title, English title, organisation and summary, and its story.
    #[must_use]
    pub fn from_texts(head: [&str; 4], story: &str) -> Self {
        Self { head: head.map(keyboard_keys).join("\n"), story: keyboard_keys(story) }
    }
}

/// Marks that people leave out or put in: dots, commas, quotes and brackets.
fn is_mark(sign: char) -> bool {
    ".,·ㆍ・'\"‘’“”()[]「」『』<>〈〉《》".contains(sign)
}

/// What somebody looks for: the keys of each word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// Reads what was typed, at most `max` letters of it.
    #[must_use]
    pub fn parse_search(text: &str, max: usize) -> Self {
        let text: String = tidy_line(text).chars().take(max).collect();
        let words = text.split_whitespace().map(keyboard_keys);
        Self(words.filter(|word| !word.is_empty()).collect())
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the keys of each word.
    #[must_use]
    pub fn word_keys(&self) -> &[String] {
        &self.0
    }

    /// Returns the longest word, which fewest texts have.
    #[must_use]
    pub fn longest_word(&self) -> &str {
        self.0.iter().max_by_key(|word| word.len()).map_or("", String::as_str)
    }

    /// Returns all words but the longest.
    pub fn other_words(&self) -> impl Iterator<Item = &str> {
        let longest = self.longest_word();
        self.0.iter().map(String::as_str).filter(move |word| *word != longest)
    }

    /// Cuts the longest word into two halves. With one wrong key one half is still right. `None` if it is too short to
    /// have a wrong key.
    #[must_use]
    pub fn halves(&self) -> Option<(&str, &str)> {
        let word = self.longest_word();
        let count = word.chars().count();
        let middle = word.char_indices().nth(count / 2).map(|(place, _)| place)?;
        (count >= TYPO_KEYS).then(|| word.split_at(middle))
    }

    /// Returns how well fields fit that are given in the order of their weight: the place of the first field that has
    /// every word; as many as there are fields if only all of them together have. `None` if a word is nowhere.
    #[must_use]
    pub fn rank_fields(&self, fields: &[&str], has: impl Fn(&str, &str) -> bool) -> Option<usize> {
        let all = |field: &&str| self.0.iter().all(|word| has(field, word));
        let together = || {
            let somewhere = |word: &String| fields.iter().any(|field| has(field, word));
            self.0.iter().all(somewhere).then_some(fields.len())
        };
        fields.iter().position(all).or_else(together)
    }
}

/// Whether a text of keys has a word with at most one wrong, missing or additional key. A word of fewer than five keys
/// must be right.
#[must_use]
pub fn has_nearly(keys: &str, word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    if word.len() < TYPO_KEYS {
        return keys.contains(&word.iter().collect::<String>());
    }
    // How many keys are wrong if the word's beginning of each length ends at this place of the text (Sellers 1980).
    let mut wrong: Vec<usize> = (0..=word.len()).collect();
    for key in keys.chars() {
        let mut before = wrong[0];
        for length in 1..=word.len() {
            let replaced = before + usize::from(word[length - 1] != key);
            before = wrong[length];
            wrong[length] = replaced.min(wrong[length] + 1).min(wrong[length - 1] + 1);
        }
        if wrong[word.len()] <= 1 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{CaseKeys, SearchWords, has_nearly, keyboard_keys};

    #[test]
    fn a_text_is_the_keys_that_type_it() {
        for (text, keys) in [
            ("돌봄", "ehfqha"),
            ("돌봄 이음", "ehfqhadldma"),
            ("값진 꿈", "rkqtwlsrna"),
            ("돌보", "ehfqh"),
            ("ㅊㅁㄱㄷ", "care"),
            ("ＣＡＲＥ 119-안심", "care119dkstla"),
            ("\u{1103}\u{1169}\u{11AF}\u{1107}\u{1169}\u{11B7}", "ehfqha"),
            ("이음·돌봄 (2024)", "dldmaehfqha2024"),
            ("100% 나눔_장터", "100%sksna_wkdxj"),
        ] {
            assert_eq!(keyboard_keys(text), keys, "{text}");
        }
        let keys = CaseKeys::from_texts(["밥", "", "복지관", "반 찬"], "A");
        assert_eq!((&*keys.head, &*keys.story), ("qkq\n\nqhrwlrhks\nqkscks", "a"));
    }

    fn rank(search: &str, fields: [&str; 3]) -> Option<usize> {
        let fields = fields.map(keyboard_keys);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        SearchWords::parse_search(search, 100)
            .rank_fields(&fields, |field, word| field.contains(word))
    }

    #[test]
    fn words_are_found_inside_others_and_the_title_comes_first() {
        let case = ["돌봄이음 골목", "대덕구 복지관", "밥을 함께 먹고 안부를 묻습니다"];
        assert_eq!(rank("돌봄", case), Some(0));
        assert_eq!(rank("돌봄 이음", case), Some(0));
        assert_eq!(rank("ehfqha", case), Some(0));
        assert_eq!(rank("복지", case), Some(1));
        assert_eq!(rank("안부를  밥", case), Some(2));
        assert_eq!(rank("돌봄 복지관", case), Some(3), "together");
        assert_eq!(rank("돌봄 도서관", case), None);
        assert_eq!(rank("", case), Some(0), "nothing to look for");
    }

    #[test]
    fn one_wrong_key_is_forgiven_in_a_word_that_is_long_enough() {
        let keys = keyboard_keys("이웃이 함께한 돌봄 이음 사업");
        for near in ["돌붐", "돌봉", "도봄", "돌봄ㅣ", "함께항", "이음사억"] {
            assert!(has_nearly(&keys, &keyboard_keys(near)), "{near}");
        }
        for far in ["돌집", "달빛", "함성", "봄꽃"] {
            assert!(!has_nearly(&keys, &keyboard_keys(far)), "{far}");
        }
        assert!(!has_nearly("ehfqha", "rkd"), "too short to be wrong");
        let search = SearchWords::parse_search("돌봄 이음마을", 100);
        assert_eq!(search.halves(), Some(("dldma", "akdmf")));
        assert_eq!(SearchWords::parse_search("밥", 100).halves(), None);
    }

    proptest::proptest! {
        #[test]
        fn every_part_of_a_text_is_found_in_it(text in "[가-힣a-z ]{1,30}", from in 0..30_usize, length in 1..10_usize) {
            let part: String = text.chars().skip(from).take(length).collect();
            proptest::prop_assert!(keyboard_keys(&text).contains(&keyboard_keys(&part)));
            proptest::prop_assert!(has_nearly(&keyboard_keys(&text), &keyboard_keys(&part)));
        }
    }
}
