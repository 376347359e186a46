//! Broken and hostile files of our own making: each ends in a word for what is wrong, or is read as far as it means something.

use std::collections::BTreeSet;

use super::units;
use crate::make::{hwp_paragraph, hwp_record, hwpx_paragraph, make_archive, make_hwp, make_hwpx};
use crate::{FileProblem, read_document, recognise_file};

/// What is wrong with a file, the file, and what becomes of it.
type Bad<T> = (&'static str, T, Result<usize, FileProblem>);

/// What becomes of a file: how many blocks are read, or the word for what is wrong.
fn judge(file: &[u8]) -> Result<usize, FileProblem> {
    read_document(recognise_file(file)?, file).map(|text| text.blocks.len())
}

fn text_hwp() -> Vec<u8> {
    make_hwp(&[hwp_paragraph(0, &units("나눔 냉장고"), b"")], 1, "나눔")
}

fn text_hwpx() -> Vec<u8> {
    make_hwpx(&[&hwpx_paragraph("나눔 냉장고")], "나눔")
}

/// Sections of an HWPX that are no good.
fn bad_sections() -> Vec<Bad<String>> {
    let deep = |levels: usize| format!("{}{}", "<hp:p>".repeat(levels), "</hp:p>".repeat(levels));
    let entities = "<!DOCTYPE x [<!ENTITY a \"가나다라\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    vec![
        ("an element that does not end", "<hp:p><hp:run>".into(), Err(FileProblem::Damaged)),
        ("ends that cross", "<hp:p><hp:run></hp:p></hp:run>".into(), Err(FileProblem::Damaged)),
        ("an end without a beginning", "</hp:p>".into(), Err(FileProblem::Damaged)),
        ("nesting without end", deep(100_000), Err(FileProblem::TooLarge)),
        ("nesting that is deep and real", deep(300), Ok(0)),
        (
            "a reference to a sign that is none",
            hwpx_paragraph("&#xFFFFFFFF;"),
            Err(FileProblem::Damaged),
        ),
        ("an entity that nobody declared", hwpx_paragraph("앞&secret;뒤"), Ok(1)),
        ("entities of entities", format!("{entities}{}", hwpx_paragraph("앞&b;뒤")), Ok(1)),
        ("a tag that is cut", "<hp:p><hp:run><hp:t>가</hp:t".into(), Err(FileProblem::Damaged)),
        ("a row outside a table", "<hp:tr><hp:tc/></hp:tr>".into(), Ok(0)),
        ("a cell outside a table", format!("<hp:tc>{}</hp:tc>", hwpx_paragraph("칸")), Ok(1)),
        ("text outside a paragraph", "<hp:t>글</hp:t>".into(), Ok(1)),
        ("a deletion that never ends", hwpx_paragraph("<hp:deleteBegin/>지운 말"), Ok(0)),
        ("a deletion that never began", hwpx_paragraph("글<hp:deleteEnd/>"), Ok(1)),
        (
            "more text than a document has",
            hwpx_paragraph(&"가".repeat(1_000_001)),
            Err(FileProblem::TooLarge),
        ),
        ("nothing", String::new(), Ok(0)),
        ("a hundred thousand empty paragraphs", "<hp:p/>".repeat(100_000), Ok(0)),
        ("an attribute twice", "<hp:p a=\"1\" a=\"2\"/>".into(), Ok(0)),
        ("an attribute without quotes", "<hp:textart text=가/>".into(), Ok(0)),
        ("a table of nothing", "<hp:tbl><hp:tr/><hp:tr/></hp:tbl>".into(), Ok(0)),
        ("a programme in the text", hwpx_paragraph("&lt;script&gt;alert(1)&lt;/script&gt;"), Ok(1)),
        ("a null", hwpx_paragraph("가\0나"), Ok(1)),
    ]
}

/// Sections of an HWP that are no good.
fn bad_records() -> Vec<Bad<Vec<u8>>> {
    let cut = |by: usize| {
        let mut section = hwp_paragraph(0, &units("나눔 냉장고"), b"");
        section.truncate(section.len() - by);
        section
    };
    let mut endless = 0xFFF0_0043_u32.to_le_bytes().to_vec();
    endless.extend(u32::MAX.to_le_bytes());
    let levels: Vec<u8> = (0..1_000).flat_map(|level| hwp_record(66, level, &[])).collect();
    let climbs: Vec<u8> = (0..190).flat_map(|level| hwp_record(71, level, b" lbt")).collect();
    vec![
        ("a record that is cut", cut(3), Err(FileProblem::Damaged)),
        ("a header that is cut", vec![66, 0], Err(FileProblem::Damaged)),
        (
            "a long record without its length",
            0xFFF0_0043_u32.to_le_bytes().into(),
            Err(FileProblem::Damaged),
        ),
        ("a record of four gigabytes", endless, Err(FileProblem::Damaged)),
        ("levels without end", levels, Err(FileProblem::TooLarge)),
        ("tables in tables in tables", climbs, Ok(0)),
        ("unknown tags", hwp_record(1023, 0, b"?"), Ok(0)),
        ("nothing", Vec::new(), Ok(0)),
    ]
}

/// Paragraphs of an HWP that are no good.
fn bad_paragraphs() -> Vec<Bad<Vec<u8>>> {
    let control = |id: &[u8]| hwp_record(71, 1, &id.iter().rev().copied().collect::<Vec<_>>());
    let table =
        |belongs: &[u8]| hwp_paragraph(0, &[], &[control(b"tbl "), belongs.to_vec()].concat());
    vec![
        ("half a pair of units", hwp_paragraph(0, &[0xD800, 0xAC00], b""), Ok(1)),
        (
            "an odd byte of text",
            [hwp_record(66, 0, &[]), hwp_record(67, 1, &[0, 0xAC, 9])].concat(),
            Ok(1),
        ),
        ("a control at the end of the text", hwp_paragraph(0, &[0xAC00, 11, 0], b""), Ok(1)),
        ("a tab at the end of the text", hwp_paragraph(0, &[0xAC00, 9], b""), Ok(1)),
        ("text without a paragraph", hwp_record(67, 0, &[0, 0xAC]), Ok(0)),
        ("a control without a name", hwp_paragraph(0, &[0xAC00], &hwp_record(71, 1, b"lb")), Ok(1)),
        ("a table without cells", table(b""), Ok(0)),
        (
            "a cell without an address",
            table(&[hwp_record(72, 2, &[0; 4]), hwp_paragraph(2, &units("칸"), b"")].concat()),
            Ok(1),
        ),
        (
            "an equation that is cut",
            hwp_paragraph(0, &[0xAC00], &hwp_record(88, 1, &[0, 0, 0, 0, 255, 255, 65])),
            Ok(1),
        ),
        (
            "ranges that go back",
            hwp_paragraph(
                0,
                &units("가나"),
                &hwp_record(70, 1, &[9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 17]),
            ),
            Ok(1),
        ),
        (
            "a range that is cut",
            hwp_paragraph(0, &units("가나"), &hwp_record(70, 1, &[9, 0, 0])),
            Ok(1),
        ),
    ]
}

/// Whole files of other kinds.
fn bad_kinds() -> Vec<Bad<Vec<u8>>> {
    let heic = [&[0, 0, 0, 24][..], b"ftypheic\0\0\0\0"].concat();
    let mut hwp3 = b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05".to_vec();
    hwp3.resize(4_096, 7);
    vec![
        ("no byte", Vec::new(), Err(FileProblem::Empty)),
        ("a byte", vec![0], Err(FileProblem::UnknownKind)),
        ("a text", "나눔 냉장고".into(), Err(FileProblem::UnknownKind)),
        (
            "a page that calls itself a document",
            b"<html><script>alert(1)</script></html>".to_vec(),
            Err(FileProblem::UnknownKind),
        ),
        (
            "a drawing with a program",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec(),
            Err(FileProblem::UnknownKind),
        ),
        ("a program of Windows", b"MZ\x90\0\x03\0\0\0".to_vec(), Err(FileProblem::UnknownKind)),
        ("a program of Linux", b"\x7fELF\x02\x01\x01\0".to_vec(), Err(FileProblem::UnknownKind)),
        ("a picture of a telephone", heic, Err(FileProblem::Heic)),
        ("Hangul 3.0", hwp3, Err(FileProblem::OldForm)),
        ("the mark of an archive alone", b"PK\x03\x04".to_vec(), Err(FileProblem::Damaged)),
        (
            "the mark of a compound file alone",
            crate::hwp::COMPOUND_FILE_MARK.to_vec(),
            Err(FileProblem::Damaged),
        ),
    ]
}

/// Archives that are no HWPX, or none that can be read.
fn bad_archives() -> Vec<Bad<Vec<u8>>> {
    let mime: (&str, &[u8]) = ("mimetype", b"application/hwp+zip");
    let zeros = vec![0; 140 * 1024 * 1024];
    let parts: Vec<String> = (0..10_001).map(|number| format!("p{number}")).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let unspoken = [mime, ("Contents/section2.xml", b"<s/>"), ("Contents/section10.xml", b"<s/>")];
    let gone = b"<p><item id=\"a\" href=\"../../etc/section0.xml\"/><itemref idref=\"a\"/></p>";
    vec![
        (
            "an archive of anything",
            make_archive(&[("a.exe", b"MZ")]),
            Err(FileProblem::UnknownKind),
        ),
        ("an archive of ten thousand parts", make_archive(&parts), Err(FileProblem::TooLarge)),
        (
            "an EPUB",
            make_archive(&[("mimetype", b"application/epub+zip")]),
            Err(FileProblem::UnknownKind),
        ),
        ("a mark that is not first", make_archive(&[("a", b""), mime]), Err(FileProblem::Damaged)),
        ("an HWPX of its mark alone", make_archive(&[mime]), Err(FileProblem::Damaged)),
        ("an HWPX without a list of parts", make_archive(&unspoken), Ok(0)),
        (
            "an HWPX whose list leads out of it",
            make_archive(&[mime, ("Contents/content.hpf", gone)]),
            Err(FileProblem::Damaged),
        ),
        (
            "an HWPX that is no text",
            make_archive(&[mime, ("Contents/section0.xml", b"\xFF\xFE<\0s\0/\0>\0")]),
            Err(FileProblem::Damaged),
        ),
        (
            "an HWPX that unpacks to very much",
            make_archive(&[mime, ("Contents/section0.xml", &zeros)]),
            Err(FileProblem::TooLarge),
        ),
    ]
}

/// Documents of offices that are no good.
fn bad_documents() -> Vec<Bad<Vec<u8>>> {
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let zeros = vec![0; 140 * 1024 * 1024];
    vec![
        (
            "a Word text with a program",
            make_archive(&[types, ("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"x")]),
            Err(FileProblem::Macros),
        ),
        ("a Word text without text", make_archive(&[types, ("word/document.xml", b"")]), Ok(0)),
        (
            "a Word text of half a page",
            make_archive(&[types, ("word/document.xml", b"<d><p>")]),
            Err(FileProblem::Damaged),
        ),
        (
            "a workbook of nothing",
            make_archive(&[types, ("xl/workbook.xml", b"")]),
            Err(FileProblem::Damaged),
        ),
        ("slides without slides", make_archive(&[types, ("ppt/presentation.xml", b"<p/>")]), Ok(0)),
        ("an HWP without sections", make_hwp(&[], 1, ""), Err(FileProblem::Damaged)),
        (
            "an HWP that is not packed as it says",
            make_hwp(&[vec![0xFF; 64]], 0, ""),
            Err(FileProblem::Damaged),
        ),
        ("an HWP that unpacks to very much", make_hwp(&[zeros], 1, ""), Err(FileProblem::TooLarge)),
    ]
}

#[test]
fn every_hostile_file_ends_in_a_word() {
    let mut seen = BTreeSet::new();
    let mut check = |what: String, file: &[u8], expected: Result<usize, FileProblem>| {
        assert_eq!(judge(file), expected, "{what}");
        assert!(seen.insert(what));
    };
    for (what, section, expected) in bad_sections() {
        check(format!("HWPX: {what}"), &make_hwpx(&[&section], ""), expected);
    }
    for (what, section, expected) in bad_records().into_iter().chain(bad_paragraphs()) {
        check(format!("HWP: {what}"), &make_hwp(&[section], 1, ""), expected);
    }
    for (what, file, expected) in
        bad_kinds().into_iter().chain(bad_archives()).chain(bad_documents())
    {
        check(what.to_owned(), &file, expected);
    }
    assert!(seen.len() >= 60, "{}", seen.len());
}

#[test]
fn a_file_that_ends_early_is_never_read_as_a_whole_one() {
    for file in [text_hwp(), text_hwpx()] {
        let whole = judge(&file);
        assert_eq!(whole, Ok(1));
        for end in (0..file.len()).step_by(41) {
            // The last sector of a compound file may be free, so its end may be missing without harm.
            let read = judge(&file[..end]);
            assert!(
                read.is_err() || (read == whole && end > file.len() - 4_096),
                "{end}: {read:?}"
            );
        }
    }
}

#[test]
fn a_byte_that_is_changed_makes_another_text_or_a_word_and_never_a_crash() {
    for file in [text_hwp(), text_hwpx()] {
        for place in (0..file.len()).step_by(7) {
            let mut changed = file.clone();
            changed[place] ^= 0x55;
            let _ = judge(&changed);
        }
    }
}
