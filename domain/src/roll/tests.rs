//! Codes as they are typed, lists as they are pasted, seats as they are numbered.

use proptest::prelude::*;

use super::{
    RollCode, RollLabel, RollLineFault, RollLineProblem, RollList, RollListWords, number_seats,
    parse_roll_list, write_roll_list,
};
use crate::limits;
use crate::text::FieldProblem;

fn texts(labels: &[RollLabel]) -> Vec<&str> {
    labels.iter().map(RollLabel::label_text).collect()
}

fn read_list(text: &str) -> Result<RollList, Vec<RollLineFault>> {
    let words =
        RollListWords { headings: &["동", "호", "세대주", "번호"], totals: &["합계"] };
    parse_roll_list(text, words)
}

proptest! {
    #[test]
    fn every_code_is_read_back_from_its_groups(bits in any::<[u8; 10]>()) {
        let code = RollCode::from_bits(bits);
        let groups = code.groups_of_four();
        prop_assert!(groups.iter().all(|group| group.len() == 4));
        prop_assert!(!groups.concat().contains(['I', 'L', 'O', 'U']));
        for typed in [groups.concat(), groups.join("-"), groups.join(" ").to_lowercase()] {
            prop_assert!(RollCode::parse_typed_code(&typed).unwrap() == code);
        }
    }
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let right = RollCode::parse_typed_code("01AB-CDEF-GHJK-MNPQ").unwrap();
    for typed in [
        "oIab cdef ghjk mnpq",
        "OLABCDEFGHJKMNPQ",
        "  01ab–cdef.ghjk‑mnpq ",
        "０１ＡＢＣＤＥＦＧＨＪＫＭＮＰＱ",
    ] {
        assert!(RollCode::parse_typed_code(typed).unwrap() == right, "{typed}");
    }
    assert_eq!(RollCode::parse_typed_code(" - ").err(), Some(FieldProblem::Missing));
    for wrong in ["01AB", "01AB-CDEF-GHJK-MNPQR", "01AB-CDEF-GHJK-MNPU", "한표번호"] {
        assert_eq!(
            RollCode::parse_typed_code(wrong).err(),
            Some(FieldProblem::Malformed),
            "{wrong}"
        );
    }
}

#[test]
fn a_list_is_read_line_by_line_and_columns_become_words() {
    let list = "\u{FEFF}101동,1203호\r\n\r\n\"회원 7\"\t갑\n";
    let read = read_list(list).unwrap();
    assert_eq!(read.heading, None);
    let lines = |list: &RollList| {
        let pair = |(line, label): &(usize, RollLabel)| (*line, label.label_text().to_owned());
        list.labels.iter().map(pair).collect::<Vec<_>>()
    };
    let expected = [(1, "101동 1203호".to_owned()), (3, "회원 7 갑".to_owned())];
    assert_eq!(lines(&read), expected);
    let again = read_list(&write_roll_list(&read.labels)).unwrap();
    assert_eq!(again.labels.len(), 2);
}

#[test]
fn one_row_is_one_entry_and_headings_separators_and_totals_are_none() {
    let list =
        "sep=,\r\n동,호,세대주\r\n\"101동\n1203호\",\"김가나\"\r\n102동,3호,이\r\n합계,,2\r\n";
    let read = read_list(list).unwrap();
    assert_eq!(read.heading.as_deref(), Some("동 호 세대주"));
    let labels: Vec<_> = read.labels.iter().map(|(_, label)| label.label_text()).collect();
    assert_eq!(labels, ["101동 1203호 김가나", "102동 3호 이"]);
    assert_eq!(read.totals, [6]);
    assert_eq!(read_list("번호 1\n번호 2").unwrap().heading, None, "digits are entries");
}

#[test]
fn a_list_is_read_as_offices_write_it() {
    // A word that nobody knows among those of a heading, and totals with numbers behind them.
    let list = "번호,동,호,관리비고\n1,101동,1203호,\n2,102동,3호,\n합계 12세대,,,\n합계: 2,,,";
    let read = read_list(list).unwrap();
    assert_eq!(read.heading.as_deref(), Some("번호 동 호 관리비고"));
    assert_eq!((read.labels.len(), read.totals.len()), (2, 2));
    assert_eq!(read_list("김가나,이다라,박마바").unwrap().heading, None, "three people");
    // Breaks of Word and PowerPoint, and dashes of every kind.
    assert_eq!(read_list("A1\u{B}A2\u{C}A3\u{2028}A4\u{85}A5").unwrap().labels.len(), 5);
    let faults = read_list("101-1203\n101‐1203\n101–1203\n101－1203").unwrap_err();
    assert_eq!(faults.len(), 3, "one household");
}

#[test]
fn titles_repeated_headings_and_ditto_marks_are_understood_and_told() {
    let list =
        "2026년 세대 명부\n\n동,호\n101동,1호\n〃,2호\n ″ ,3호\n동 , 호\n\"\"\"\",4호\n합계,4";
    let read = read_list(list).unwrap();
    let labels: Vec<_> =
        read.labels.iter().map(|(line, label)| (*line, label.label_text())).collect();
    assert_eq!(labels, [(4, "101동 1호"), (5, "101동 2호"), (6, "101동 3호"), (8, "101동 4호")]);
    assert_eq!(read.heading.as_deref(), Some("동 호"));
    assert_eq!((read.headings, read.dittos, read.totals), (vec![1, 7], vec![5, 6, 8], vec![9]));
    // Nothing stands above the first mark, and what is no heading is an entry.
    let open = RollLineFault { line: 1, problem: RollLineProblem::Label(FieldProblem::NotAllowed) };
    assert_eq!(read_list("〃,1호\n101동,1호").unwrap_err(), [open]);
    let read = read_list("〃 1호\n세대 명부\n101동 1호").unwrap();
    assert_eq!((read.labels.len(), read.headings.len(), read.dittos.len()), (3, 0, 0));
    // One column of ditto marks is one household twice.
    assert_eq!(
        read_list("101동 1호\n〃").unwrap_err()[0].problem,
        RollLineProblem::Twice { first: 1 }
    );
}

#[test]
fn what_looks_the_same_is_one_entry() {
    for (one, other) in [
        ("101동 1203호", "101동  1203호"),
        ("A1", "a1"),
        ("Ａ１", "A1"),
        ("101동\u{3000}1203호", "101동 1203호"),
        ("101동\u{200B} 1203호", "101동 1203호"),
    ] {
        let faults = read_list(&format!("{one}\n{other}")).unwrap_err();
        let twice = RollLineFault { line: 2, problem: RollLineProblem::Twice { first: 1 } };
        assert_eq!(faults, [twice], "{one} {other}");
    }
    // Columns do not run into each other.
    assert_eq!(read_list("1,11\n11,1").unwrap().labels.len(), 2);
}

#[test]
fn a_list_names_every_line_that_is_wrong() {
    let long = "가".repeat(limits::ROLL_LABEL_CHARS + 1);
    let list = format!("a\nb\na\n{long}\nb");
    let too_long = FieldProblem::TooLong { max: limits::ROLL_LABEL_CHARS, over: 1 };
    let faults = read_list(&list).unwrap_err();
    let expected = [
        RollLineFault { line: 3, problem: RollLineProblem::Twice { first: 1 } },
        RollLineFault { line: 4, problem: RollLineProblem::Label(too_long) },
        RollLineFault { line: 5, problem: RollLineProblem::Twice { first: 2 } },
    ];
    assert_eq!(faults, expected);
    let many: String = (0..=limits::ROLL_ENTRIES).map(|number| format!("{number}\n")).collect();
    let problem = RollLineProblem::TooMany;
    let line = limits::ROLL_ENTRIES + 1;
    assert_eq!(read_list(&many).unwrap_err(), [RollLineFault { line, problem }]);
}

#[test]
fn seats_go_on_with_the_next_letter() {
    assert_eq!(texts(&number_seats("a1", 5, 2).unwrap()), ["A1", "A2", "B1", "B2", "C1"]);
    assert_eq!(texts(&number_seats("Z9", 3, 1).unwrap()), ["Z9", "AA9", "AB9"]);
    assert_eq!(texts(&number_seats("B7", 2, 0).unwrap()), ["B7", "B8"]);
    assert_eq!(number_seats("A1", 0, 0), Err(FieldProblem::Missing));
    for wrong in ["", "1", "A", "A0", "ABC1", "가1", "A-1"] {
        assert_eq!(number_seats(wrong, 3, 0), Err(FieldProblem::Malformed), "{wrong}");
    }
    let max = limits::ROLL_ENTRIES;
    assert_eq!(number_seats("A1", max + 1, 0), Err(FieldProblem::TooLong { max, over: 1 }));
}
