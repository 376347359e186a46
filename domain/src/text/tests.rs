//! What people may type.

use super::*;

fn check<T: ToString>(
    parse: impl Fn(&str) -> Result<T, FieldProblem>,
    table: &[(&str, Result<&str, FieldProblem>)],
) {
    for (text, expected) in table {
        let parsed = parse(text).map(|value| value.to_string());
        assert_eq!(parsed, expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn an_email_is_one_plain_address_in_lower_case() {
    let long = format!("{}@example.kr", "a".repeat(300));
    check(
        Email::parse,
        &[
            (" Kim.Lee+vote@Example.KR ", Ok("kim.lee+vote@example.kr")),
            ("a@b.co", Ok("a@b.co")),
            ("Kim <kim@b.co>", Ok("kim@b.co")),
            ("mailto:kim@b.co", Ok("kim@b.co")),
            ("kim@b.co.", Ok("kim@b.co")),
            ("kim＠b.co;", Ok("kim@b.co")),
            ("", Err(FieldProblem::Missing)),
            ("kim", Err(FieldProblem::Malformed)),
            ("kim@localhost", Err(FieldProblem::Malformed)),
            ("a@b@c.kr", Err(FieldProblem::Malformed)),
            ("a b@c.kr", Err(FieldProblem::Malformed)),
            (".a@c.kr", Err(FieldProblem::Malformed)),
            ("a@-c.kr", Err(FieldProblem::Malformed)),
            ("a@1.2.3.4", Err(FieldProblem::Malformed)),
            ("김@한국.kr", Err(FieldProblem::Malformed)),
            ("a@c.kr\r\nBcc: x@y.kr", Err(FieldProblem::Malformed)),
            (&long, Err(FieldProblem::TooLong { max: 254, over: 57 })),
        ],
    );
}

#[test]
fn the_spellings_of_a_mailbox_fold_to_one_address() {
    for (typed, folded) in [
        ("kim@mail.example", "kim@mail.example"),
        ("Kim.Lee+Vote@Mail.Example", "kim.lee@mail.example"),
        ("kim+a+b@mail.example", "kim@mail.example"),
        ("kim+@mail.example", "kim@mail.example"),
        // Google ignores dots and has two names.
        ("K.i.m+1@gmail.com", "kim@gmail.com"),
        ("k.im@googlemail.com", "kim@gmail.com"),
        // The others deliver addresses with other dots to other people.
        ("k.im+1@outlook.com", "k.im@outlook.com"),
        ("k.im+1@hotmail.com", "k.im@hotmail.com"),
        ("k.im+1@naver.com", "k.im@naver.com"),
        ("k.im+1@daum.net", "k.im@daum.net"),
        ("k.im+1@hanmail.net", "k.im@hanmail.net"),
        ("k.im+1@kakao.com", "k.im@kakao.com"),
        ("k.im+1@icloud.com", "k.im@icloud.com"),
        // A domain that only looks like Google's.
        ("k.im@gmail.com.example", "k.im@gmail.com.example"),
        ("k.im@mygmail.com", "k.im@mygmail.com"),
        // Nothing before the `+`: it is no tag.
        ("+kim@mail.example", "+kim@mail.example"),
        ("+k.im@gmail.com", "+kim@gmail.com"),
        ("++@mail.example", "++@mail.example"),
        // Signs that are no tag anywhere.
        ("kim-1@mail.example", "kim-1@mail.example"),
        ("o'kim=1@mail.example", "o'kim=1@mail.example"),
    ] {
        let email = Email::parse(typed).unwrap();
        assert_eq!(email.folded_address(), folded, "{typed}");
        let again = Email::parse(folded).unwrap();
        assert_eq!(again.folded_address(), folded, "folding twice changes nothing: {typed}");
    }
}

#[test]
fn an_address_knows_its_tag_and_its_domain() {
    for (typed, tagged, domain) in [
        ("kim@Mail.example", false, "mail.example"),
        ("kim+1@mail.example", true, "mail.example"),
        ("kim+@a.mail.example", true, "a.mail.example"),
        ("+kim@mail.example", false, "mail.example"),
        ("k.im@gmail.com", false, "gmail.com"),
    ] {
        let email = Email::parse(typed).unwrap();
        assert_eq!((email.has_tag(), email.mail_domain()), (tagged, domain), "{typed}");
    }
}

#[test]
fn a_title_is_one_visible_line_counted_in_characters() {
    let (full, over) = ("가".repeat(80), "가".repeat(81));
    check(
        CaseTitle::parse,
        &[
            ("  골목 안부 우체통\u{3164} ", Ok("골목 안부 우체통")),
            (&full, Ok(&full)),
            (&over, Err(FieldProblem::TooLong { max: 80, over: 1 })),
            ("\u{3164}\u{200B} ", Err(FieldProblem::Missing)),
            ("두\n줄", Ok("두 줄")),
            ("a\u{202E}b\u{202C}", Ok("ab")),
            ("a\u{0}b", Ok("ab")),
        ],
    );
}

#[test]
fn a_body_keeps_its_lines_and_forgets_the_carriage_returns_of_forms() {
    check(
        CaseBody::parse_case_body,
        &[("첫 줄\r\n둘째\t줄\r\n", Ok("첫 줄\n둘째 줄")), ("종\u{7}", Ok("종"))],
    );
}

#[test]
fn a_reason_to_announce_below_the_quorum_is_ten_to_two_thousand_characters() {
    let check = |length: usize, expected: Option<FieldProblem>| {
        let parsed = QuorumReason::parse_quorum_reason(&"가".repeat(length));
        assert_eq!(parsed.err(), expected, "{length}");
    };
    check(0, Some(FieldProblem::Missing));
    check(9, Some(FieldProblem::TooShort { min: 10 }));
    check(10, None);
    check(2_000, None);
    check(2_001, Some(FieldProblem::TooLong { max: 2_000, over: 1 }));
}

#[test]
fn a_slug_is_small_letters_digits_and_single_hyphens() {
    check(
        Slug::parse,
        &[
            ("daejeon-2024", Ok("daejeon-2024")),
            ("a", Err(FieldProblem::TooShort { min: 2 })),
            ("Daejeon", Err(FieldProblem::Malformed)),
            ("a--b", Err(FieldProblem::Malformed)),
            ("-ab", Err(FieldProblem::Malformed)),
            ("대전", Err(FieldProblem::Malformed)),
        ],
    );
}

#[test]
fn a_password_is_long_enough_kept_as_typed_and_never_written_out() {
    let problem = |text: &str| Password::parse_password(text).err();
    assert_eq!(problem(""), Some(FieldProblem::Missing));
    assert_eq!(problem("아홉글자비밀번호임"), Some(FieldProblem::TooShort { min: 10 }));
    assert_eq!(problem(&"가".repeat(86)), Some(FieldProblem::TooLong { max: 256, over: 2 }));
    let password = Password::parse_password(" 열 글자가 넘는 말 ").unwrap();
    assert_eq!(password.as_str(), " 열 글자가 넘는 말 ");
    assert_eq!(format!("{password:?}"), "Password(hidden)");
}

#[test]
fn a_text_from_the_wire_is_parsed_like_a_typed_one() {
    assert!(serde_json::from_str::<CaseTitle>("\"\"").is_err());
    let title: CaseTitle = serde_json::from_str("\" 제목 \"").unwrap();
    assert_eq!(serde_json::to_string(&title).unwrap(), "\"제목\"");
}
