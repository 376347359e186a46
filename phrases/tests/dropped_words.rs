//! Refuses words that were dropped from the texts and from the season files that come with the
//! program, with the words that took their place.
//!
//! `docs/words.md` is the glossary. A word that is dropped there gets a line here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Korean words that were dropped, and their replacements. They are found anywhere in a text.
const DROPPED_KOREAN: &[(&str, &str)] = &[
    ("23:59", "자정까지(24:00)"),
    ("감사 기록", "작업 이력"),
    ("개 중", "건 중"),
    ("개 골라", "건 골라"),
    ("개까지 고", "건까지 고"),
    ("개를 골", "건을 골"),
    ("거두", "취소하"),
    ("견주", "비교"),
    ("겨룬", "심사 대상"),
    ("곳까지", "건까지"),
    ("관리자", "운영자"),
    ("굳어", "확정"),
    ("까닭", "사유"),
    ("꼭 1", "정확히 1"),
    ("꼭 {", "정확히 {"),
    ("낸 뒤", "투표한 뒤"),
    ("낸 투표", "한 투표"),
    ("놓인 곳", "설치 장소"),
    ("다 적음", "작성 완료"),
    ("단추", "버튼"),
    ("닫는 때", "종료 일시"),
    ("답을 기다리는", "수락 대기 중인"),
    ("대차", "집계 대조표"),
    ("돌려보내", "채택하지 않"),
    ("때를", "일시를"),
    ("때부터", "시각부터"),
    ("로 가름", "우선"),
    ("로그인하는 주소", "로그인하는 링크"),
    ("를 적", "를 입력하"),
    ("마무리", "종료"),
    ("마지막 점", "최신 서명본"),
    ("맞지 않음", "불일치"),
    ("메일", "이메일"),
    ("모시", "위촉하"),
    ("모셨", "위촉했"),
    ("모인 표", "총 득표수"),
    ("무엇은", "확인할 수 없는 것"),
    ("물러나", "심사 회피"),
    ("물러남", "회피"),
    ("반려", "미채택"),
    ("본인 확인", "이메일 인증, 휴대전화 인증, 투표자 인증"),
    ("봉인 열기", "검증 자료"),
    ("보낸 주소", "보낸 링크"),
    ("볼 때마다", "접속할 때마다"),
    ("분야", "부문"),
    ("분수로", "분수"),
    ("살펴보고 결정", "검토하고 결정"),
    ("살펴본 뒤", "검토한 뒤"),
    ("살펴볼", "적격심사 대기"),
    ("삭제일", "파기일"),
    ("서명된 줄", "서명된 기록 건수"),
    ("순위와 발표", "집계와 발표"),
    ("시즌 파일", "회차 설정 파일"),
    ("심의 기록", "심의 결과"),
    ("씩 적", "씩 입력하"),
    ("아래 주소에서 이름", "아래 링크에서 이름"),
    ("여는 곳", "주최 기관"),
    ("여는 때", "시작 일시"),
    ("열쇠", "키"),
    ("운영 기관", "주최 기관"),
    ("은(는)", "a wording without a particle after the value"),
    ("을 적", "을 입력하"),
    ("을(를)", "a wording without a particle after the value"),
    ("의 주소는 이제", "의 링크는 이제"),
    ("이(가)", "a wording without a particle after the value"),
    ("인증 번호", "인증번호"),
    ("저절로", "자동으로"),
    ("적격 심사", "적격심사"),
    ("적어 주", "입력해 주"),
    ("적으세요", "입력해 주세요"),
    ("적으신", "입력하신"),
    ("적지 마", "입력하지 마"),
    ("적지 않", "작성하지 않"),
    ("전자우편", "이메일"),
    ("접수 번호", "확인증 번호"),
    ("접수증", "투표 확인증"),
    ("제출한 때", "제출 일시"),
    ("주소가 담긴", "링크가 담긴"),
    ("지문", "확인값(해시)"),
    ("짧은 이름", "주소에 쓰는 영문 이름"),
    ("초대되셨", "초대합니다"),
    ("칸을 채워", "비어 있는 항목"),
    ("투표를 접수", "투표가 완료"),
    ("편지함", "메일함"),
    ("하는 때", "일시"),
    ("한 때", "일시"),
    ("함께 쓰는 기기", "공용 기기"),
    ("함께하는 사례", "참가 사례"),
    ("함께함", "위촉"),
    ("확인 번호", "인증번호"),
    ("확인하는 말", "확인 문구"),
];

/// Korean words in which a dropped word is right.
const KEPT_KOREAN: &[&str] = &[
    // Words that other programs write over the column of addresses in a list.
    "메일 이메일 전자우편",
    // The word for a message, and compounds with the short one.
    "이메일",
    "메일함",
    "메일 서버",
    "메일 서비스",
    // These begin like a form of 적다.
    "적용",
    "적격심사",
    // The number of a receipt ends like the old word for a code.
    "확인증 번호",
    // Messages and what a browser sends are sent (보낸), not cast.
    "보낸 뒤",
    "보낸 투표",
    // A sentence about the arithmetic, not the head of a column.
    "분수로 하며",
];

/// English words that were dropped, and their replacements. They are found as whole words, in
/// capitals or not.
const DROPPED_ENGLISH: &[(&str, &str)] = &[
    ("23:59", "24:00 (midnight)"),
    ("a e-mail", "an e-mail"),
    ("away from real time", "offset from real time"),
    ("broke on our side", "went wrong"),
    ("can it spread", "transferability"),
    ("cipher", "one-way value"),
    ("ciphers", "one-way values"),
    ("commits to", "matches"),
    ("does not hold", "failed"),
    ("encouragement prize", "merit award"),
    ("favourite", "case with most votes"),
    ("good for", "valid for"),
    ("good until", "valid until"),
    ("holds", "verified"),
    ("in the house", "a plain sentence"),
    ("mail", "e-mail"),
    ("mails", "e-mails"),
    ("mend", "fix, correct"),
    ("mended", "fixed, corrected"),
    ("move the windows", "change the schedule"),
    ("not for you", "you do not have access"),
    ("places to mend", "problems to fix"),
    ("set at present", "currently"),
    ("step back", "recuse"),
    ("stepped back", "recused"),
    ("tell it to nobody", "do not share it"),
    ("the windows", "the schedule, the periods"),
    ("turned back", "one-way"),
    ("where to go", "date and time"),
    ("who you are", "verify yourself"),
    ("whoever", "anybody who, somebody who"),
    ("whom the link is for", "who is this link for?"),
];

/// English words in which a dropped word is right.
const KEPT_ENGLISH: &[&str] = &[
    // It names a program, not a message.
    "mail server",
    // The page of a season file: it contains the parts of a season.
    "season file holds",
    // "Do not write what shows who you are" is about a person, not about a step of the vote.
    "shows who you are",
];

/// Returns the JSON files of a folder of the repository, with their paths in it.
fn read_json_files(folder: &str) -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    let mut files: Vec<_> = entries.filter(is_json).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        (name, serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
    };
    files.iter().map(read).collect()
}

/// Returns the texts of one language with their places: all phrases, and the season files without
/// their cases, because organisations write those.
fn read_texts(language: &str) -> Vec<(String, String)> {
    let mut files = read_json_files("phrases/text");
    for (file, mut season) in read_json_files("data") {
        season.as_object_mut().unwrap().remove("cases");
        files.push((file, season));
    }
    let mut texts = Vec::new();
    for (file, content) in files {
        collect_texts(&file, &content, language, &mut texts);
    }
    texts
}

/// Collects the texts of a value except those of the other language.
fn collect_texts(place: &str, value: &Value, language: &str, texts: &mut Vec<(String, String)>) {
    if let Some(text) = value.as_str() {
        texts.push((place.to_owned(), text.to_owned()));
    } else if let Some(items) = value.as_array() {
        for (number, item) in items.iter().enumerate() {
            collect_texts(&format!("{place} {number}"), item, language, texts);
        }
    } else if let Some(entries) = value.as_object() {
        for (key, entry) in entries {
            let other_language = ["ko", "en"].contains(&key.as_str()) && key != language;
            if !other_language {
                collect_texts(&format!("{place} {key}"), entry, language, texts);
            }
        }
    }
}

/// Returns whether a word is in a text, not as a part of a longer or hyphenated word.
fn contains_word(text: &str, word: &str) -> bool {
    let inside = |sign: char| sign.is_alphanumeric() || sign == '-';
    text.match_indices(word).any(|(at, found)| {
        !text[..at].ends_with(inside) && !text[at + found.len()..].starts_with(inside)
    })
}

/// Returns a line for each dropped word in the texts of one language, with what to write instead.
fn list_dropped(
    language: &str,
    dropped: &[(&str, &str)],
    is_in: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for (place, text) in read_texts(language) {
        for (word, better) in dropped.iter().filter(|(word, _)| is_in(&text, word)) {
            found.push(format!("{place}: {word} → {better}"));
        }
    }
    found
}

/// Returns a text without the passages in which a dropped word is right.
fn remove_kept(text: &str, kept: &[&str]) -> String {
    kept.iter().fold(text.to_owned(), |text, kept| text.replace(kept, ""))
}

fn contains_korean(text: &str, word: &str) -> bool {
    remove_kept(text, KEPT_KOREAN).contains(word)
}

fn contains_english(text: &str, word: &str) -> bool {
    contains_word(&remove_kept(&text.to_lowercase(), KEPT_ENGLISH), word)
}

#[test]
fn no_text_uses_a_korean_word_that_was_dropped() {
    let found = list_dropped("ko", DROPPED_KOREAN, contains_korean);
    assert!(found.is_empty(), "use the words of docs/words.md:\n{}", found.join("\n"));
}

#[test]
fn no_text_uses_an_english_word_that_was_dropped() {
    let found = list_dropped("en", DROPPED_ENGLISH, contains_english);
    assert!(found.is_empty(), "use the words of docs/words.md:\n{}", found.join("\n"));
}

#[test]
fn dropped_words_are_found_as_whole_words_in_any_case() {
    assert!(contains_english("Places to mend: {count}", "mend"));
    assert!(contains_english("Tell it to nobody.", "tell it to nobody"));
    assert!(contains_english("Look into your mail", "mail"));
    assert!(!contains_english("Your e-mail address", "mail"));
    assert!(!contains_english("One mailbox", "mail"));
    assert!(!contains_english("We recommend it", "mend"));
    assert!(!contains_english("Check the mail server.", "mail"));
    assert!(contains_korean("인증 번호를 입력해 주세요", "인증 번호"));
    assert!(!contains_korean("확인증 번호", "인증 번호"));
    assert!(contains_korean("메일을 보냈습니다", "메일"));
    assert!(!contains_korean("이메일을 보냈습니다. 메일함을 확인해 주세요", "메일"));
    assert!(contains_korean("설명을 적으면", "을 적"));
    assert!(!contains_korean("설정을 적용하기", "을 적"));
}

#[test]
fn season_files_are_read_in_one_language_and_without_their_cases() {
    let texts = read_texts("en");
    let is_there = |text: &str| texts.iter().any(|(_, found)| found == text);
    assert!(is_there("Transferability") && is_there("Merit award"));
    assert!(!is_there("장려상") && !is_there("The alley letterbox that asks how you are"));
}
