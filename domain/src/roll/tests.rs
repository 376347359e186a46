//! Codes as they are typed, lists as they are pasted, seats as they are numbered.

use proptest::prelude::*;

use super::{RollCode, RollLabel, RollLineFault, RollLineProblem, number_seats, parse_roll_list};
use crate::limits;
use crate::text::FieldProblem;

fn texts(labels: &[RollLabel]) -> Vec<&str> {
    labels.iter().map(RollLabel::label_text).collect()
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
    let read = parse_roll_list(list).unwrap();
    let read: Vec<_> = read.iter().map(|(line, label)| (*line, label.label_text())).collect();
    assert_eq!(read, [(1, "101동 1203호"), (3, "회원 7 갑")]);
}

#[test]
fn a_list_names_every_line_that_is_wrong() {
    let long = "가".repeat(limits::ROLL_LABEL_CHARS + 1);
    let list = format!("a\nb\na\n{long}\nb");
    let too_long = FieldProblem::TooLong { max: limits::ROLL_LABEL_CHARS };
    let faults = parse_roll_list(&list).unwrap_err();
    let expected = [
        RollLineFault { line: 3, problem: RollLineProblem::Twice { first: 1 } },
        RollLineFault { line: 4, problem: RollLineProblem::Label(too_long) },
        RollLineFault { line: 5, problem: RollLineProblem::Twice { first: 2 } },
    ];
    assert_eq!(faults, expected);
    let many: String = (0..=limits::ROLL_ENTRIES).map(|number| format!("{number}\n")).collect();
    let problem = RollLineProblem::TooMany;
    let line = limits::ROLL_ENTRIES + 1;
    assert_eq!(parse_roll_list(&many).unwrap_err(), [RollLineFault { line, problem }]);
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
    assert_eq!(number_seats("A1", max + 1, 0), Err(FieldProblem::TooLong { max }));
}
