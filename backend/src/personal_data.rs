//! Personal data in what people write: numbers of residents, foreigners, telephones, accounts and cards, and
//! addresses of mail and of streets. Found by rules, shown to the author, stored nowhere.
//!
//! The shapes are those of the Personal Information Protection Act's guides for public websites (개인정보
//! 보호위원회, 홈페이지 개인정보 노출방지 안내서). A resident number that was issued since October 2020 has no check
//! digit, so none is asked for. How much is found on labelled sentences stands in docs/privacy.md.

mod patterns;

use std::ops::Range;

use domain::text::{is_dash, narrow_letter};
use patterns::{
    ACCOUNT, BANK, BARE_LOT, CARD, CORPORATION, DAY, DWELLING, EMAIL, LOT, OTHER_NUMBER, PHONE,
    REGISTERED, STREET, begins_with_counter, begins_with_particle, ends_like_street, is_action,
    is_registered, is_street_word,
};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalKind {
    /// 주민등록번호.
    Resident,
    /// 외국인등록번호.
    Foreigner,
    /// A telephone number, of a person or of an office.
    Phone,
    /// An e-mail address.
    Email,
    /// An address that leads to a building or a dwelling.
    Address,
    /// A bank account.
    Account,
    /// A payment card.
    Card,
}

impl PersonalKind {
    /// All kinds, in the order in which a number is tried as one.
    pub const ALL: [Self; 7] = [
        Self::Email,
        Self::Resident,
        Self::Foreigner,
        Self::Card,
        Self::Phone,
        Self::Account,
        Self::Address,
    ];
}

/// A piece of personal data in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalPiece {
    /// What it is.
    pub kind: PersonalKind,
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
}

/// Finds the personal data of a text, in the order of the text. No two pieces overlap.
#[must_use]
pub fn find_personal_data(text: &str) -> Vec<PersonalPiece> {
    let plain = PlainText::from_text(text);
    let mut pieces = Vec::new();
    for kind in PersonalKind::ALL {
        for range in plain.find_kind(kind) {
            let overlaps = |piece: &PersonalPiece| {
                piece.range.start < range.end && range.start < piece.range.end
            };
            if !pieces.iter().any(overlaps) {
                pieces.push(PersonalPiece { kind, range });
            }
        }
    }
    pieces.sort_by_key(|piece| piece.range.start);
    for piece in &mut pieces {
        piece.range = plain.original_range(&piece.range);
    }
    pieces
}

/// Returns the text with a star for each digit of these pieces, and for each letter of an e-mail address. The pieces are
/// those that [`find_personal_data`] has found in this text, or some of them.
#[must_use]
pub fn mask_pieces(text: &str, pieces: &[PersonalPiece]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for PersonalPiece { kind, range } in pieces {
        masked.push_str(&text[from..range.start]);
        masked.extend(text[range.clone()].chars().map(|sign| mask_sign(*kind, sign)));
        from = range.end;
    }
    masked.push_str(&text[from..]);
    masked
}

fn mask_sign(kind: PersonalKind, sign: char) -> char {
    let hidden = match kind {
        PersonalKind::Email => sign.is_alphanumeric(),
        _ => narrow_letter(sign).is_ascii_digit(),
    };
    if hidden { '*' } else { sign }
}

/// A text with one kind of digit, dash and blank, and where each of its bytes came from.
struct PlainText {
    text: String,
    /// For each byte of the text, the first byte of its sign in the original; at the end the original's length.
    origins: Vec<usize>,
}

impl PlainText {
    fn from_text(original: &str) -> Self {
        let (mut text, mut origins) = (String::with_capacity(original.len()), Vec::new());
        for (place, sign) in original.char_indices() {
            let plain = match narrow_letter(sign) {
                dash if is_dash(dash) => '-',
                '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => continue,
                '\n' => '\n',
                blank if blank.is_whitespace() => ' ',
                other => other,
            };
            origins.resize(text.len() + plain.len_utf8(), place);
            text.push(plain);
        }
        origins.push(original.len());
        Self { text, origins }
    }

    fn original_range(&self, range: &Range<usize>) -> Range<usize> {
        self.origins[range.start]..self.origins[range.end]
    }

    fn find_kind(&self, kind: PersonalKind) -> Vec<Range<usize>> {
        match kind {
            PersonalKind::Email => self.find_all(&EMAIL, |_| true),
            PersonalKind::Resident => self.find_all(&REGISTERED, |found| {
                self.is_registered_person(found, &['1', '2', '3', '4'])
            }),
            PersonalKind::Foreigner => self.find_all(&REGISTERED, |found| {
                self.is_registered_person(found, &['5', '6', '7', '8'])
            }),
            PersonalKind::Card => {
                self.find_all(&CARD, |found| passes_luhn(&self.text[found.clone()]))
            }
            PersonalKind::Phone => {
                let phones = self.find_all(&PHONE, |found| {
                    // A number that several offices share looks like a span: 하루 1600-1900킬로칼로리.
                    let span =
                        self.text[found.clone()].starts_with('1') && self.is_counted(found.end);
                    let sum = found.len() < 12 && self.counts_sum(found);
                    self.stands_alone(found) && !span && !sum
                });
                phones.into_iter().map(|found| self.without_open_bracket(found)).collect()
            }
            PersonalKind::Account => self.find_all(&ACCOUNT, |found| self.is_account(found)),
            PersonalKind::Address => self.find_addresses(),
        }
    }

    /// Whether plain digits are a sum of money.
    fn counts_sum(&self, found: &Range<usize>) -> bool {
        let plain = self.text[found.clone()].chars().all(|sign| sign.is_ascii_digit());
        plain && begins_with_counter(self.words_behind(found.end, 1))
    }

    /// Leaves out a bracket before a number that is not closed in it: `(010-1234-5678)` is in brackets, `(042)270-1234`
    /// has one.
    fn without_open_bracket(&self, found: Range<usize>) -> Range<usize> {
        let number = &self.text[found.clone()];
        let open = number.starts_with('(') && !number.contains(')');
        found.start + usize::from(open)..found.end
    }

    /// Returns what the first group of a pattern finds, wherever it is right. What is not right may begin another
    /// find one sign later.
    fn find_all(
        &self,
        pattern: &Regex,
        is_right: impl Fn(&Range<usize>) -> bool,
    ) -> Vec<Range<usize>> {
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(groups) = pattern.captures_at(&self.text, from) {
            let Some(whole) = groups.get(1) else { break };
            if is_right(&whole.range()) {
                found.push(whole.range());
                from = whole.end();
            } else {
                let first = self.text[whole.start()..].chars().next().map_or(1, char::len_utf8);
                from = whole.start() + first;
            }
        }
        found
    }

    /// Whether no digit, and no digit behind a dash or a point, touches a number.
    fn stands_alone(&self, range: &Range<usize>) -> bool {
        !begins_with_digit(self.text[..range.start].chars().rev())
            && !begins_with_digit(self.text[range.end..].chars())
    }

    /// The words shortly before a place, within one line.
    fn words_before(&self, place: usize, letters: usize) -> &str {
        let before = &self.text[..place];
        let start =
            before.char_indices().rev().take(letters).last().map_or(place, |(start, _)| start);
        before[start..].rsplit('\n').next().unwrap_or_default()
    }

    /// The words shortly behind a place, within one line.
    fn words_behind(&self, place: usize, letters: usize) -> &str {
        let behind = &self.text[place..];
        let end = behind.char_indices().nth(letters).map_or(behind.len(), |(end, _)| end);
        behind[..end].split('\n').next().unwrap_or_default()
    }

    /// Whether a number has a day of birth and one of these signs of sex and century behind it, and is neither a
    /// corporation's nor the bar code of a Korean article.
    fn is_registered_person(&self, range: &Range<usize>, centuries: &[char]) -> bool {
        let digits: Vec<char> =
            self.text[range.clone()].chars().filter(char::is_ascii_digit).collect();
        let number = |of: Range<usize>| digits[of].iter().collect::<String>().parse().unwrap_or(0);
        let day_of_birth = (1..=12).contains(&number(2..4)) && (1..=31).contains(&number(4..6));
        let before = self.words_before(range.start, 14);
        let plain = range.len() == digits.len();
        let article = plain && digits.starts_with(&['8', '8', '0']) && !is_registered(before);
        day_of_birth
            && digits.get(6).is_some_and(|century| centuries.contains(century))
            && !CORPORATION.is_match(before)
            && !article
            && self.stands_alone(range)
    }

    /// Whether a bank or an account is named beside a number that is neither an enterprise's nor a day.
    fn is_account(&self, range: &Range<usize>) -> bool {
        let digits = self.text[range.clone()].chars().filter(char::is_ascii_digit).count();
        let named = |words: &str| BANK.is_match(words);
        (10..=16).contains(&digits)
            && self.stands_alone(range)
            && !DAY.is_match(&self.text[range.clone()])
            && !OTHER_NUMBER.is_match(self.words_before(range.start, 12))
            && (named(self.words_before(range.start, 26))
                || named(self.words_behind(range.end, 30)))
    }

    fn find_addresses(&self) -> Vec<Range<usize>> {
        let mut found = self.find_all(&DWELLING, |_| true);
        found.extend(self.find_all(&LOT, |_| true));
        found.extend(self.find_all(&BARE_LOT, |lot| {
            let words = self.text[lot.clone()].split(' ').next().unwrap_or_default();
            !is_action(words) && !self.is_counted(lot.end)
        }));
        for groups in STREET.captures_iter(&self.text) {
            let (Some(whole), Some(street)) = (groups.get(1), groups.name("street")) else {
                continue;
            };
            if self.is_street(street.as_str(), groups.name("place").is_some(), whole.end()) {
                found.push(whole.range());
            }
        }
        join_neighbours(&self.text, found)
    }

    /// Whether a number that ends here counts something: a word, a unit or a fraction follows.
    fn is_counted(&self, end: usize) -> bool {
        let next = self.words_behind(end, 3);
        let word = next.starts_with(|sign: char| ('\u{AC00}'..='\u{D7A3}').contains(&sign))
            && !begins_with_particle(next);
        let signs = next.trim_start().starts_with(['%', '~', ':', '㎡', '㎞']);
        let unit = next.trim_start().starts_with(|sign: char| sign.is_ascii_alphabetic());
        let more = next
            .strip_prefix([',', '.'])
            .is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()));
        let counter = next.strip_prefix(' ').is_some_and(begins_with_counter);
        word || signs || unit || more || counter
    }

    /// Whether a word with a number is a street with its building. Many words end like a street: 앞으로 100명.
    fn is_street(&self, street: &str, after_a_place: bool, end: usize) -> bool {
        let known = after_a_place || is_street_word(street);
        !self.is_counted(end) && (known || ends_like_street(street))
    }
}

/// Whether signs begin with a digit, or with a mark of numbers and a digit.
fn begins_with_digit(mut signs: impl Iterator<Item = char>) -> bool {
    match signs.next() {
        Some('-' | '.' | ',' | '/') => signs.next().is_some_and(|sign| sign.is_ascii_digit()),
        sign => sign.is_some_and(|sign| sign.is_ascii_digit()),
    }
}

/// Joins pieces that stand beside each other, such as a street and the dwelling behind its building.
fn join_neighbours(text: &str, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(last)
                if range.start <= last.end
                    || text[last.end..range.start]
                        .chars()
                        .all(|sign| matches!(sign, ' ' | ',' | '(')) =>
            {
                last.end = last.end.max(range.end);
            }
            _ => joined.push(range),
        }
    }
    joined
}

/// Whether the digits pass the check of card numbers (ISO/IEC 7812, Luhn).
fn passes_luhn(number: &str) -> bool {
    let digits = number.chars().rev().filter_map(|sign| sign.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
