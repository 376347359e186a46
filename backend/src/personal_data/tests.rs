//! Labelled sentences, spellings and look-alikes.

use std::collections::BTreeMap;

use super::{PersonalKind, find_personal_data, mask_pieces};

/// Sentences of our own with each piece as `⟦kind:text⟧`.
const LABELLED: &str = include_str!("../../tests/data/personal-data.txt");

fn kind_named(name: &str) -> PersonalKind {
    match name {
        "resident" => PersonalKind::Resident,
        "foreigner" => PersonalKind::Foreigner,
        "phone" => PersonalKind::Phone,
        "email" => PersonalKind::Email,
        "address" => PersonalKind::Address,
        "account" => PersonalKind::Account,
        "card" => PersonalKind::Card,
        other => panic!("no kind {other}"),
    }
}

/// A sentence without its marks, and each piece with its kind and place.
fn read_labelled(line: &str) -> (String, Vec<(PersonalKind, std::ops::Range<usize>)>) {
    let (mut text, mut pieces, mut rest) = (String::new(), Vec::new(), line);
    while let Some((before, marked)) = rest.split_once('⟦') {
        let (piece, behind) = marked.split_once('⟧').expect("a closed mark");
        let (kind, words) = piece.split_once(':').expect("a kind");
        text.push_str(before);
        pieces.push((kind_named(kind), text.len()..text.len() + words.len()));
        text.push_str(words);
        rest = behind;
    }
    text.push_str(rest);
    (text, pieces)
}

/// How often a kind was there and found, and how often it was said and right.
#[derive(Default)]
struct Score {
    there: u32,
    found: u32,
    said: u32,
    right: u32,
}

/// Recall: of the pieces of a kind those whose every digit (or, of an e-mail address, letter) a mask would hide.
/// Precision: of what is called that kind, what touches such a piece.
fn score_labelled() -> (BTreeMap<PersonalKind, Score>, Vec<String>) {
    let (mut scores, mut faults) = (BTreeMap::<PersonalKind, Score>::new(), Vec::new());
    for line in LABELLED.lines().filter(|line| !line.starts_with('#')) {
        let (text, pieces) = read_labelled(line);
        let found = find_personal_data(&text);
        for (kind, range) in &pieces {
            let same: Vec<_> = found.iter().filter(|piece| piece.kind == *kind).collect();
            let hidden = text[range.clone()].char_indices().all(|(at, sign)| {
                let counts = match kind {
                    PersonalKind::Email => sign.is_alphanumeric(),
                    _ => domain::text::narrow_letter(sign).is_ascii_digit(),
                };
                let place = range.start + at;
                !counts || same.iter().any(|piece| piece.range.contains(&place))
            });
            let score = scores.entry(*kind).or_default();
            score.there += 1;
            score.found += u32::from(hidden);
            if !hidden {
                faults.push(format!("missed {kind:?}: {}", line));
            }
        }
        for piece in &found {
            let right = pieces.iter().any(|(kind, range)| {
                *kind == piece.kind
                    && range.start < piece.range.end
                    && piece.range.start < range.end
            });
            let score = scores.entry(piece.kind).or_default();
            score.said += 1;
            score.right += u32::from(right);
            if !right {
                faults.push(format!(
                    "wrong {:?} ‘{}’: {line}",
                    piece.kind,
                    &text[piece.range.clone()]
                ));
            }
        }
    }
    (scores, faults)
}

#[test]
fn labelled_sentences_are_told_apart_as_well_as_the_documents_say() {
    let (scores, faults) = score_labelled();
    let lines = LABELLED.lines().filter(|line| !line.starts_with('#')).count();
    assert!(lines >= 2_000, "{lines} sentences");
    let mut low = Vec::new();
    for kind in PersonalKind::ALL {
        let Score { there, found, said, right } = &scores[&kind];
        println!("{kind:?}: recall {found}/{there}, precision {right}/{said}");
        if found * 100 < there * 98 || right * 100 < said * 95 {
            low.push(kind);
        }
    }
    for fault in &faults {
        println!("{fault}");
    }
    assert!(low.is_empty(), "recall below 0.98 or precision below 0.95: {low:?}");
}

/// Each kind, and what it finds in a text.
fn found_in(text: &str) -> Vec<(PersonalKind, &str)> {
    find_personal_data(text).into_iter().map(|piece| (piece.kind, &text[piece.range])).collect()
}

#[test]
fn every_kind_is_found_in_its_spellings_and_masked() {
    use PersonalKind::{Account, Address, Card, Email, Foreigner, Phone, Resident};
    for (text, kind, piece) in [
        ("번호 900101-1234568 입니다", Resident, "900101-1234568"),
        ("９００１０１－４２３４５６８", Resident, "９００１０１－４２３４５６８"),
        ("외국인 880229 - 5123456.", Foreigner, "880229 - 5123456"),
        ("(042)270-1234로", Phone, "(042)270-1234"),
        ("담당(010-1234-5678)에게", Phone, "010-1234-5678"),
        ("+82 10 1234 5678", Phone, "+82 10 1234 5678"),
        ("01012345678", Phone, "01012345678"),
        ("대표 1588-0000", Phone, "1588-0000"),
        ("kim.lee+1@mail.agency.example로", Email, "kim.lee+1@mail.agency.example"),
        ("농협 301-0123-4567-81(예금주 모임)", Account, "301-0123-4567-81"),
        ("4111 1111 1111 1111", Card, "4111 1111 1111 1111"),
        (
            "대전광역시 서구 둔산로 100, 101동 1203호에",
            Address,
            "대전광역시 서구 둔산로 100, 101동 1203호",
        ),
        ("중구 은행동 123-45번지", Address, "중구 은행동 123-45번지"),
        ("둔산로100번길 12-3", Address, "둔산로100번길 12-3"),
    ] {
        assert_eq!(found_in(text), [(kind, piece)], "{text}");
        let masked = mask_pieces(text, &find_personal_data(text));
        assert!(find_personal_data(&masked).is_empty(), "{text}: {masked}");
        assert_eq!(masked.chars().count(), text.chars().count(), "{text}");
    }
}

#[test]
fn what_only_looks_alike_is_left_alone() {
    for text in [
        "1,234,567원을 모았고 2024.10.01.~2024.11.30.에 열었습니다",
        "사업자등록번호 123-45-67890, 법인등록번호 110111-1234567",
        "바코드 8801234567890, ISBN 979-11-1234-567-8",
        "앞으로 100명, 무료로 30분, 별도로 12회, 서로 3곳",
        "101동 대표 회의, 5호점, 제12조제3항, 복지정책과-1234(2024.3.2.)",
        "4111 1111 1111 1112",
        "1592-1598년의 기록과 2023-2024년 계획",
        "900101-1******",
        "@handle 과 1.2.3.4 판, 112와 1366",
    ] {
        assert_eq!(found_in(text), [], "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn every_text_is_masked_without_a_panic_and_keeps_its_letters(
        text in "[0-9가로길동호 @.\\-–０-９\u{200B}a-c\n()+,]{0,80}"
    ) {
        let masked = mask_pieces(&text, &find_personal_data(&text));
        proptest::prop_assert_eq!(masked.chars().count(), text.chars().count());
        for piece in find_personal_data(&text) {
            proptest::prop_assert!(!text[piece.range].is_empty());
        }
    }
}
