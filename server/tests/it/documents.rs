//! A case is filled from a document, which a process of its own reads.

use backend::accounts::Role;
use backend::document_reader::DocumentReader;
use documents::make::{hwp_paragraph, hwpx_paragraph, make_archive, make_hwp, make_hwpx};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, cases as words, errors};
use sqlx::PgPool;

use crate::support::{Answer, House, rows};

/// Sends the form of a case with a document, by the button that takes its text.
async fn fill(
    house: &House,
    (page, cookie): (&str, &str),
    texts: &[(&str, &str)],
    file: &[u8],
) -> Answer {
    let texts = [texts, &[("act", "fill")]].concat();
    house.post_file((page, cookie), &texts, ("document", "신청서.hwpx"), file).await
}

/// A house whose documents are read as in real use, and a draft of a member.
async fn draft(pool: PgPool) -> (House, String, String, String) {
    let house = House::in_phase(pool, Phase::Call).await;
    let reader = DocumentReader::Process(env!("CARGO_BIN_EXE_hanpyo").into());
    let house = house.served_by(house.backend.clone().with_document_reader(reader));
    let member = house.cookie_of(Role::Member).await;
    let [case, track, _] = house.begin_case(&member).await;
    (house, case, member, track)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_author_sees_the_text_of_a_document_before_anything_is_stored(pool: PgPool) {
    let (house, case, member, track) = draft(pool.clone()).await;
    let form = [
        "제목: 나눔 냉장고",
        "요약: 누구나 &lt;b&gt; 여닫습니다",
        "문의는 010-1234-5678로<hp:deleteBegin/> 지운 말<hp:deleteEnd/>",
    ];
    let file = make_hwpx(&[&form.map(hwpx_paragraph).concat()], "첫 쪽");
    let texts = [("title", "Fridge"), ("track", track.as_str()), ("version", "1")];
    let filled = fill(&house, (&case, &member), &texts, &file).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    for said in [
        &*words::fill_done(Lang::Ko, "신청서.hwpx"),
        words::fill_kept(Lang::Ko),
        words::fill_unsaved(Lang::Ko),
        &*words::fill_unseen(Lang::Ko, 2),
        "value=\"Fridge\"",
        "누구나 &lt;b&gt; 여닫습니다</textarea>",
        "문의는 010-1234-5678로</textarea>",
        // What looks like personal data is told as soon as it is in the form.
        words::personal_phone(Lang::Ko),
    ] {
        assert!(filled.body.contains(said), "{said}: {}", filled.body);
    }
    assert!(!filled.body.contains("지운 말"));
    assert_eq!(rows(&pool, "cases where title = 'Fridge' and body = '' and summary = ''").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_that_cannot_be_read_is_told_with_a_clear_word(pool: PgPool) {
    let (house, case, member, track) = draft(pool.clone()).await;
    let units: Vec<u16> = "배포용".encode_utf16().collect();
    let hwp = |flags| make_hwp(&[hwp_paragraph(0, &units, b"")], flags, "");
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let zeros = vec![0; 140 * 1024 * 1024];
    let bomb =
        make_archive(&[("mimetype", b"application/hwp+zip"), ("Contents/section0.xml", &zeros)]);
    for (file, sentence) in [
        (Vec::new(), errors::document_damaged(Lang::Ko)),
        (b"<html>".to_vec(), errors::document_unknown(Lang::Ko)),
        (hwp(0)[..900].to_vec(), errors::document_damaged(Lang::Ko)),
        (hwp(1 | 1 << 1), errors::document_password(Lang::Ko)),
        (hwp(1 | 1 << 2), errors::document_distribution(Lang::Ko)),
        (make_hwpx(&[""], ""), errors::document_no_text(Lang::Ko)),
        (
            make_archive(&[types, ("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"")]),
            errors::document_macros(Lang::Ko),
        ),
        (bomb, errors::document_too_large(Lang::Ko)),
        (b"%PDF-1.7\n%%EOF".to_vec(), errors::document_damaged(Lang::Ko)),
    ] {
        let version: i32 = sqlx::query_scalar("select version from cases where title = 'Fridge'")
            .fetch_one(&pool)
            .await
            .unwrap();
        let version = version.to_string();
        let texts =
            [("title", "Fridge"), ("summary", "Kept"), ("track", &*track), ("version", &*version)];
        let answer = fill(&house, (&case, &member), &texts, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}: {}", answer.body);
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(answer.body.contains("Kept</textarea>"), "{sentence}: {}", answer.body);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_reader_that_ends_or_says_nothing_costs_its_document_alone(pool: PgPool) {
    let (house, case, member, track) = draft(pool).await;
    let file = make_hwpx(&[&hwpx_paragraph("나눔 냉장고")], "");
    let texts = [("title", "Fridge"), ("track", track.as_str()), ("version", "1")];
    let with_program = |program: &str| {
        let reader = DocumentReader::Process(program.into());
        house.served_by(house.backend.clone().with_document_reader(reader))
    };
    let failed = fill(&with_program("/bin/false"), (&case, &member), &texts, &file).await;
    assert!(failed.body.contains(errors::document_damaged(Lang::Ko)), "{}", failed.body);
    // A program that is not there is no fault of the file.
    let texts = [("title", "Fridge"), ("track", track.as_str()), ("version", "2")];
    let missing = fill(&with_program("/no/such/program"), (&case, &member), &texts, &file).await;
    assert_eq!(missing.status, StatusCode::SERVICE_UNAVAILABLE, "{}", missing.body);
    assert_eq!(house.get(&case, &member).await.status, StatusCode::OK);
}
