//! What the readers read, and what they refuse.

mod hostile;

use crate::make::{hwp_paragraph, hwp_record, hwpx_paragraph, make_archive, make_hwp, make_hwpx};
use crate::{Block, DocumentText, FileKind, FileProblem, read_document, recognise_file};

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

fn row(cells: &[&str]) -> Block {
    Block::Row(cells.iter().map(|&cell| cell.to_owned()).collect())
}

fn hwpx(inside: &str) -> DocumentText {
    let file = make_hwpx(&[inside], "");
    assert_eq!(recognise_file(&file), Ok(FileKind::Hwpx));
    read_document(FileKind::Hwpx, &file).unwrap()
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

#[test]
fn an_hwpx_gives_its_text_with_tabs_breaks_and_signs_inside() {
    let text = "나눔<hp:tab width=\"1\"/>냉장고<hp:lineBreak/>둘째 &amp; 줄<hp:nbSpace/>끝\
        <hp:markpenBegin color=\"#FFFF00\"/>강조<hp:markpenEnd/>됨&#44032;";
    let read = hwpx(&hwpx_paragraph(text));
    assert_eq!(read.blocks, [paragraph("나눔\t냉장고\n둘째 & 줄 끝강조됨가")]);
}

#[test]
fn deleted_text_of_an_hwpx_is_unseen_also_over_runs() {
    let read = hwpx(
        "<hp:p><hp:run><hp:t>앞<hp:deleteBegin Id=\"1\"/>지운</hp:t></hp:run>\
        <hp:run><hp:t> 말<hp:deleteEnd Id=\"1\"/>뒤<hp:insertBegin Id=\"2\"/>새<hp:insertEnd Id=\"2\"/>\
        </hp:t></hp:run></hp:p>",
    );
    assert_eq!(read.blocks, [paragraph("앞뒤새")]);
    assert_eq!(read.unseen, ["지운 말"]);
}

#[test]
fn tables_of_an_hwpx_are_rows_and_a_table_in_a_cell_is_its_text() {
    let cell = |inside: &str| {
        format!("<hp:tc><hp:subList>{inside}</hp:subList><hp:cellAddr colAddr=\"0\"/></hp:tc>")
    };
    let inner = format!(
        "<hp:p><hp:run><hp:tbl><hp:tr>{}{}</hp:tr></hp:tbl></hp:run></hp:p>",
        cell(&hwpx_paragraph("안")),
        cell(&hwpx_paragraph("쪽")),
    );
    let two = format!("{}{}", hwpx_paragraph("첫 줄"), hwpx_paragraph("둘째 줄"));
    let table = format!(
        "<hp:p><hp:run><hp:tbl><hp:tr>{}{}</hp:tr><hp:tr>{}{}</hp:tr></hp:tbl></hp:run></hp:p>",
        cell(&hwpx_paragraph("사업명")),
        cell(&two),
        cell(&hwpx_paragraph("내용")),
        cell(&inner),
    );
    let read = hwpx(&table);
    assert_eq!(read.blocks, [row(&["사업명", "첫 줄\n둘째 줄"]), row(&["내용", "안 쪽"])]);
}

#[test]
fn notes_stand_behind_their_paragraph_and_memos_are_unseen() {
    let read = hwpx(
        "<hp:p><hp:run><hp:t>본문</hp:t><hp:ctrl><hp:footNote><hp:subList><hp:p><hp:run>\
        <hp:t>각주</hp:t></hp:run></hp:p></hp:subList></hp:footNote></hp:ctrl><hp:t> 계속</hp:t>\
        <hp:ctrl><hp:fieldBegin type=\"MEMO\"><hp:parameters><hp:stringParam>설정</hp:stringParam>\
        </hp:parameters><hp:subList><hp:p><hp:run><hp:t>메모</hp:t></hp:run></hp:p></hp:subList>\
        </hp:fieldBegin></hp:ctrl></hp:run></hp:p>",
    );
    assert_eq!(read.blocks, [paragraph("본문 계속"), paragraph("각주")]);
    assert_eq!(read.unseen, ["메모"]);
}

#[test]
fn sections_follow_the_spine_and_the_thumbnail_is_unseen() {
    let (first, second) = (hwpx_paragraph("하나"), hwpx_paragraph("둘"));
    let file = make_hwpx(&[&first, &second], "옛 전화 010-0000-0000");
    let read = read_document(FileKind::Hwpx, &file).unwrap();
    assert_eq!(read.blocks, [paragraph("하나"), paragraph("둘")]);
    assert_eq!(read.unseen, ["옛 전화 010-0000-0000"]);
    assert_eq!(read.all_lines().count(), 3);
    // A thumbnail that is a copy of the first page says nothing more.
    let file = make_hwpx(&[&first, &second], "<하나><둘>\r\n");
    assert_eq!(read_document(FileKind::Hwpx, &file).unwrap().unseen, [""; 0]);
}

#[test]
fn an_hwp_gives_its_text_tables_notes_and_what_is_unseen() {
    let control = |id: &[u8; 4]| {
        let mut id = *id;
        id.reverse();
        id
    };
    let cell = |column: u16, row: u16| {
        let mut data = vec![0; 8];
        data.extend(column.to_le_bytes());
        data.extend(row.to_le_bytes());
        data.resize(46, 0);
        hwp_record(72, 2, &data)
    };
    let table = [
        hwp_record(71, 1, &control(b"tbl ")),
        hwp_record(77, 2, &[0; 20]),
        cell(0, 0),
        hwp_paragraph(2, &units("사업명"), b""),
        cell(1, 0),
        hwp_paragraph(2, &units("나눔 냉장고"), b""),
        cell(0, 1),
        hwp_paragraph(2, &units("기관"), b""),
        cell(1, 1),
        hwp_paragraph(2, &units("한밭"), b""),
    ]
    .concat();
    let note = |id: &[u8; 4], text: &str| {
        [
            hwp_record(71, 1, &control(id)),
            hwp_record(72, 2, &[0; 16]),
            hwp_paragraph(2, &units(text), b""),
        ]
        .concat()
    };
    // A tab takes eight units, and so does the sign of a control.
    let mut text = units("앞");
    text.extend([9, 0, 0, 0, 0, 0, 0, 9]);
    text.extend(units("뒤"));
    text.push(10);
    text.extend(units("줄"));
    text.extend([11, 0, 0, 0, 0, 0, 0, 11, 13]);
    let belongs = [table, note(b"fn  ", "각주"), note(b"tcmt", "숨은 설명")].concat();
    let section = hwp_paragraph(0, &text, &belongs);
    for flags in [0, 1] {
        let file = make_hwp(std::slice::from_ref(&section), flags, "첫 쪽");
        assert_eq!(recognise_file(&file), Ok(FileKind::Hwp));
        let read = read_document(FileKind::Hwp, &file).unwrap();
        let rows = [row(&["사업명", "나눔 냉장고"]), row(&["기관", "한밭"])];
        assert_eq!(read.blocks[..2], rows);
        assert_eq!(read.blocks[2..], [paragraph("앞\t뒤\n줄"), paragraph("각주")]);
        assert_eq!(read.unseen, ["숨은 설명", "첫 쪽"]);
    }
}

#[test]
fn deleted_text_of_an_hwp_is_unseen() {
    let range: Vec<u8> = [1_u32, 3, 17 << 24].iter().flat_map(|word| word.to_le_bytes()).collect();
    let section = hwp_paragraph(0, &units("앞지움뒤"), &hwp_record(70, 1, &range));
    let read = read_document(FileKind::Hwp, &make_hwp(&[section], 1 | 1 << 14, "")).unwrap();
    assert_eq!(read.blocks, [paragraph("앞뒤")]);
    assert_eq!(read.unseen, ["지움"]);
}

#[test]
fn memos_of_an_hwp_are_unseen() {
    let memo = [
        hwp_record(93, 1, &[0; 4]),
        hwp_record(72, 1, &[0; 16]),
        hwp_paragraph(1, &units("메모"), b""),
    ]
    .concat();
    let section =
        [hwp_paragraph(0, &units("본문"), &memo), hwp_paragraph(0, &units("끝"), b"")].concat();
    let read = read_document(FileKind::Hwp, &make_hwp(&[section], 1, "")).unwrap();
    assert_eq!(read.blocks, [paragraph("본문"), paragraph("끝")]);
    assert_eq!(read.unseen, ["메모"]);
}

#[test]
fn a_long_record_and_many_sections_are_read() {
    let long = "가".repeat(5_000);
    let sections = [hwp_paragraph(0, &units(&long), b""), hwp_paragraph(0, &units("끝"), b"")];
    let read = read_document(FileKind::Hwp, &make_hwp(&sections, 1, "")).unwrap();
    assert_eq!(read.blocks, [paragraph(&long), paragraph("끝")]);
}

#[test]
fn a_distribution_document_and_a_password_are_told() {
    let section = [hwp_paragraph(0, &units("이 문서는 배포용 문서입니다"), b"")];
    let locked = make_hwp(&section, 1 | 1 << 2, "");
    assert_eq!(read_document(FileKind::Hwp, &locked), Err(FileProblem::Distribution));
    let password = make_hwp(&section, 1 | 1 << 1, "");
    assert_eq!(recognise_file(&password), Err(FileProblem::Password));
    let manifest =
        b"<m><file-entry full-path=\"Contents/section0.xml\"><encryption-data/></file-entry></m>";
    let hwpx = make_archive(&[
        ("mimetype", b"application/hwp+zip"),
        ("META-INF/manifest.xml", manifest),
        ("Contents/section0.xml", b"\x01\x02"),
    ]);
    assert_eq!(read_document(FileKind::Hwpx, &hwpx), Err(FileProblem::Password));
}

#[test]
fn office_documents_give_their_text_and_comments_are_unseen() {
    let word = make_archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "word/document.xml",
            "<w:document xmlns:w=\"w\"><w:body><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>\
            <w:t>첫</w:t><w:tab/><w:t>줄</w:t></w:r><w:del><w:r><w:delText>지움</w:delText></w:r></w:del>\
            </w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>칸</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body>\
            </w:document>"
                .as_bytes(),
        ),
        (
            "word/comments.xml",
            "<w:c xmlns:w=\"w\"><w:p><w:r><w:t>의견</w:t></w:r></w:p></w:c>".as_bytes(),
        ),
    ]);
    assert_eq!(recognise_file(&word), Ok(FileKind::Docx));
    let read = read_document(FileKind::Docx, &word).unwrap();
    assert_eq!(read.blocks, [paragraph("첫\t줄"), row(&["칸"])]);
    assert_eq!(read.unseen, ["지움", "의견"]);
    let slide = |text: &str| {
        format!(
            "<p:sld xmlns:a=\"a\" xmlns:p=\"p\"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
        )
    };
    let (second, tenth) = (slide("둘"), slide("열"));
    let slides = make_archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<p/>"),
        ("ppt/slides/slide10.xml", tenth.as_bytes()),
        ("ppt/slides/slide2.xml", second.as_bytes()),
    ]);
    assert_eq!(recognise_file(&slides), Ok(FileKind::Pptx));
    let read = read_document(FileKind::Pptx, &slides).unwrap();
    assert_eq!(read.blocks, [paragraph("둘"), paragraph("열")]);
}

#[test]
fn what_no_reader_looks_for_is_looked_through_all_the_same() {
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let word: (&str, &[u8]) = (
        "word/document.xml",
        b"<w:document xmlns:w='w'><w:p><w:r><w:t>Seen</w:t></w:r></w:p></w:document>",
    );
    let runs =
        b"<d><a:p xmlns:a='a'><a:r><a:t>010-12</a:t></a:r><a:r><a:t>34-5678</a:t></a:r></a:p></d>";
    let target = b"<R><Relationship Target='mailto:who@example.kr'/></R>";
    for (part, content, said) in [
        ("word/diagrams/data1.xml", &runs[..], "010-1234-5678"),
        ("word/comments/threaded.xml", &runs[..], "010-1234-5678"),
        ("docProps/core.xml", b"<c><creator>who@example.kr</creator></c>", "who@example.kr"),
        ("word/_rels/document.xml.rels", target, "mailto:who@example.kr"),
    ] {
        let file = crate::make::make_archive(&[types, word, (part, content)]);
        let text = read_document(FileKind::Docx, &file).unwrap();
        assert!(text.rest.iter().any(|line| line == said), "{part}: {:?}", text.rest);
        assert_eq!(text.blocks, [Block::Paragraph("Seen".to_owned())]);
    }
}
