//! Tables of lists, with the marks and headings that spreadsheets write.

use super::*;

const HEADINGS: HeadingWords<'_> = HeadingWords {
    email: &["mail", "메일", "전자우편"],
    organisation: &["organi", "기관"],
    totals: &["합계"],
};

fn parse(text: &str) -> InvitationList {
    parse_invitation_list(text, HEADINGS)
}

fn people(text: &str) -> Vec<(usize, String, String)> {
    let list = parse(text);
    assert_eq!(list.faults, [], "{text}");
    let member = |listed: ListedMember| {
        (listed.line, listed.organisation.to_string(), listed.email.to_string())
    };
    list.members.into_iter().map(member).collect()
}

#[test]
fn commas_semicolons_tabs_quotes_and_headings_give_the_same_list() {
    let expected = [
        (2, "가양동 협의체".to_owned(), "gayang@example.kr".to_owned()),
        (3, "중구, 복지관".to_owned(), "jung@example.kr".to_owned()),
    ];
    for text in [
        "기관,전자우편\n가양동 협의체,gayang@example.kr\n\"중구, 복지관\",jung@example.kr\n",
        "\u{FEFF}기관명;이메일\r\n가양동 협의체;gayang@example.kr\r\n중구, 복지관;jung@example.kr",
        "E-mail\tOrganisation\ngayang@example.kr\t가양동 협의체\njung@example.kr\t중구, 복지관",
    ] {
        assert_eq!(people(text), expected, "{text}");
        assert!(parse(text).heading.is_some());
    }
}

#[test]
fn without_a_heading_the_cell_with_an_address_is_the_address() {
    let text = "가양동 협의체,gayang@example.kr\n,\n\njung@example.kr,중구 복지관";
    let list = parse(text);
    assert_eq!((list.heading, list.faults.len()), (None, 0));
    assert_eq!(list.members.iter().map(|listed| listed.line).collect::<Vec<_>>(), [1, 4]);
}

#[test]
fn a_first_line_that_lacks_its_address_is_no_heading() {
    let list = parse("가양동 기관\n중구,jung@example.kr");
    assert_eq!(list.heading, None);
    assert_eq!(list.faults, [ListedFault { line: 1, problem: ListedProblem::NoEmail }]);
    assert_eq!(list.members.len(), 1);
}

#[test]
fn doubles_are_left_out_and_faults_have_their_lines() {
    let text =
        "기관,메일\n가,a@example.kr\n나,A@example.kr\n다,no address\n라,x@y\n,b@example.kr\n마";
    let list = parse(text);
    assert_eq!((list.members.len(), list.doubles), (1, vec![(3, 2)]));
    let faults: Vec<_> = list.faults.iter().map(|fault| (fault.line, fault.problem)).collect();
    let expected = [
        (4, ListedProblem::Email),
        (5, ListedProblem::Email),
        (6, ListedProblem::Organisation),
        (7, ListedProblem::NoEmail),
    ];
    assert_eq!(faults, expected);
}

#[test]
fn a_separator_that_is_named_and_a_row_of_totals_are_no_people() {
    let list = parse("sep=;\n기관;메일\n가;a@example.kr\n합계;1\n");
    assert_eq!((list.members.len(), list.faults.len(), list.totals), (1, 0, vec![4]));
    assert_eq!(list.members[0].line, 3);
}

#[test]
fn a_list_that_is_too_long_says_where() {
    let text: Vec<String> =
        (0..=LISTED_INVITATIONS).map(|number| format!("기관,a{number}@example.kr")).collect();
    let list = parse(&text.join("\n"));
    assert_eq!(list.members.len(), LISTED_INVITATIONS);
    let last = ListedFault { line: LISTED_INVITATIONS + 1, problem: ListedProblem::TooMany };
    assert_eq!(list.faults, [last]);
}

#[test]
fn a_list_that_is_written_is_read_again() {
    let text = "\"가 \"\"나\"\" 다\",a@example.kr\n\"여러\n줄\",b@example.kr\n라,c@example.kr";
    let list = parse(text);
    assert!(list.faults.is_empty(), "a line break in a cell is a blank");
    let again = parse(&write_invitation_list(&list.members));
    let plain = |list: &InvitationList| {
        let pair = |listed: &ListedMember| (listed.organisation.clone(), listed.email.clone());
        list.members.iter().map(pair).collect::<Vec<_>>()
    };
    assert_eq!(plain(&again), plain(&list));
    assert_eq!(list.members[2].line, 4, "a quoted cell may have several lines");
}

proptest::proptest! {
    #[test]
    fn every_text_is_read_without_a_panic(text in "[\",;\t\r\n@a가. ]{0,60}") {
        let list = parse(&text);
        proptest::prop_assert!(list.members.len() + list.faults.len() <= text.lines().count() + 60);
    }
}

#[test]
fn a_row_with_two_addresses_is_a_fault() {
    let faults = parse("가양동 협의체,kim@example.kr,lee@example.kr").faults;
    assert_eq!(faults, [ListedFault { line: 1, problem: ListedProblem::Email }]);
    let nameless = parse("1,kim@example.kr").faults;
    assert_eq!(nameless, [ListedFault { line: 1, problem: ListedProblem::Organisation }]);
    let named = people("1,가양동 협의체,kim@example.kr");
    assert_eq!(named, [(1, "가양동 협의체".to_owned(), "kim@example.kr".to_owned())]);
}

#[test]
fn titles_repeated_headings_and_ditto_marks_are_understood_and_told() {
    let text =
        "2026년 협의체 명부\n기관,이메일\n가양동,kim@example.kr\n〃,lee@example.kr\n기관,이메일\n";
    let list = parse(text);
    let organisations: Vec<_> =
        list.members.iter().map(|listed| listed.organisation.as_str()).collect();
    assert_eq!(organisations, ["가양동", "가양동"]);
    assert_eq!((list.headings, list.dittos, list.faults), (vec![1, 5], vec![4], vec![]));
    // Nothing stands above, and nobody shares an address.
    let faults = parse("기관,이메일\n〃,kim@example.kr\n나복지관,〃").faults;
    let fault = |line, problem| ListedFault { line, problem };
    let expected = [fault(2, ListedProblem::Organisation), fault(3, ListedProblem::Email)];
    assert_eq!(faults, expected);
}
