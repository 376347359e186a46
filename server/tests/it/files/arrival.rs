//! How documents arrive: with a form, and in pieces by tus 1.0.

use std::fmt::Write as _;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use documents::make::{hwp_paragraph, hwpx_paragraph, make_archive, make_hwp, make_hwpx};
use http::{Request, header};
use phrases::errors;

use super::*;

impl Draft {
    /// Sends a request of the protocol.
    async fn tus(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.tus_as(&self.member, method, path, headers, body).await
    }

    async fn tus_as(
        &self,
        cookie: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header("tus-resumable", "1.0.0");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.house.send(request.body(Body::from(body.to_vec())).unwrap()).await
    }

    async fn begin_upload(&self, name: &str, length: usize) -> Answer {
        let metadata = format!("filename {}", STANDARD.encode(name));
        let length = length.to_string();
        let headers = [("upload-length", length.as_str()), ("upload-metadata", &metadata)];
        self.tus("POST", &format!("{}/uploads", self.page), &headers, b"").await
    }

    async fn piece(&self, upload: &str, from: usize, bytes: &[u8]) -> Answer {
        let from = from.to_string();
        let kind = ("content-type", "application/offset+octet-stream");
        self.tus("PATCH", upload, &[kind, ("upload-offset", &from)], bytes).await
    }

    async fn offset(&self, upload: &str) -> String {
        self.tus("HEAD", upload, &[], b"").await.header("upload-offset").to_owned()
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_arrives_in_pieces_and_goes_on_after_a_lost_answer(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let file = document("나눔 냉장고");
    let begun = draft.begin_upload("계획서.hwpx", file.len()).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    let upload = begun.header("location").to_owned();
    assert_eq!(draft.piece(&upload, 0, &file[..100]).await.header("upload-offset"), "100");
    // The answer was lost: the same piece again does not follow, and the client asks where it stands.
    assert_eq!(draft.piece(&upload, 0, &file[..100]).await.status, StatusCode::CONFLICT);
    assert_eq!(draft.piece(&upload, 200, &file[200..]).await.status, StatusCode::CONFLICT, "a gap");
    assert_eq!(draft.offset(&upload).await, "100");
    let more = [&file[100..], b"x"].concat();
    assert_eq!(draft.piece(&upload, 100, &more).await.status, StatusCode::CONFLICT, "too long");
    assert_eq!(draft.piece(&upload, 100, &file[100..300]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(rows(&draft.pool, "case_file").await, 0, "not before its last byte");
    let last = draft.piece(&upload, 300, &file[300..]).await;
    assert_eq!(
        (last.status, last.header("upload-offset")),
        (StatusCode::NO_CONTENT, &*file.len().to_string())
    );
    assert_eq!(draft.offset(&upload).await, file.len().to_string());
    let answer = draft.house.get(&draft.only_file().await, &draft.member).await;
    assert_eq!(answer.length, file.len());
    // The same document again is the one that is there.
    draft.add("again.hwpx", &file).await;
    assert_eq!(rows(&draft.pool, "case_file where name = '계획서.hwpx'").await, 1);
    assert_eq!(rows(&draft.pool, "case_file").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_upload_belongs_to_its_organisation_and_speaks_one_version(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let file = document("나눔 냉장고");
    let upload = draft.begin_upload("a.hwpx", file.len()).await.header("location").to_owned();
    let stranger =
        draft.house.cookie_of_account("x@other.example", Role::Member, "서구 표본복지관").await;
    let kind = [("content-type", "application/offset+octet-stream"), ("upload-offset", "0")];
    for (method, headers) in [("HEAD", &[][..]), ("PATCH", &kind[..]), ("DELETE", &[])] {
        let answer = draft.tus_as(&stranger, method, &upload, headers, &file).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
        let nobody = draft.tus_as("", method, &upload, headers, &file).await;
        assert!(!nobody.status.is_success(), "{method}: {}", nobody.status);
    }
    let uploads = format!("{}/uploads", draft.page);
    let foreign = draft.tus_as(&stranger, "POST", &uploads, &[("upload-length", "9")], b"").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(rows(&draft.pool, "case_file").await, 0);
    let old = draft.tus("HEAD", &upload, &[("tus-resumable", "0.2.2")], b"").await;
    assert_eq!(old.status, StatusCode::OK, "the first of two versions counts");
    let request = Request::head(&upload).header(header::COOKIE, &draft.member);
    let none = draft.house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (none.status, none.header("tus-version")),
        (StatusCode::PRECONDITION_FAILED, "1.0.0")
    );
    let plain = draft.tus("PATCH", &upload, &[("upload-offset", "0")], &file).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let able = draft.tus("OPTIONS", &format!("{}/uploads", draft.page), &[], b"").await;
    assert_eq!(able.header("tus-extension"), "creation,termination");
    assert_eq!(draft.tus("DELETE", &upload, &[], b"").await.status, StatusCode::NO_CONTENT);
    assert_eq!(draft.tus("HEAD", &upload, &[], b"").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_is_on_its_way_when_the_call_closes_does_not_arrive(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let file = document("나눔 냉장고");
    let upload = draft.begin_upload("a.hwpx", file.len()).await.header("location").to_owned();
    draft.piece(&upload, 0, &file[..100]).await;
    draft.house.stand_at(Phase::Screening).await;
    let late = draft.piece(&upload, 100, &file[100..]).await;
    // Not 409, after which clients ask how far they have come and send it again.
    assert_eq!(late.status, StatusCode::FORBIDDEN, "{}", late.body);
    assert_eq!(rows(&draft.pool, "case_file").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_a_case_has_no_room_for_is_refused_before_it_is_sent(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let megabyte = 1024 * 1024;
    let large = draft.begin_upload("a.pdf", 20 * megabyte + 1).await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(large.body.contains(errors::file_too_large(Lang::Ko)), "{}", large.body);
    let empty = draft.begin_upload("a.pdf", 0).await;
    assert!(empty.body.contains(errors::file_empty(Lang::Ko)), "{}", empty.body);
    for number in 0..10 {
        let added = draft.add("a.hwpx", &document(&format!("text {number}"))).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let many = errors::too_many_files(Lang::Ko, 10);
    assert!(draft.begin_upload("a.pdf", 9).await.body.contains(&many));
    let eleventh = draft.add("a.hwpx", &document("one more")).await;
    assert!(
        eleventh.body.contains(&many) && eleventh.body.contains("A story"),
        "{}",
        eleventh.body
    );
    sqlx::query("update case_file set length = 6291456").execute(&draft.pool).await.unwrap();
    sqlx::query("delete from case_file where id in (select id from case_file limit 1)")
        .execute(&draft.pool)
        .await
        .unwrap();
    let total = draft.begin_upload("a.pdf", 7 * megabyte).await;
    assert!(total.body.contains(errors::files_too_large(Lang::Ko)), "{}", total.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_that_is_not_taken_is_told_with_its_name_and_a_clear_word(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let units: Vec<u16> = "글".encode_utf16().collect();
    let hwp = |flags| make_hwp(&[hwp_paragraph(0, &units, b"")], flags, "");
    let types: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
    let with_macros =
        make_archive(&[types, ("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"")]);
    for (file, sentence) in [
        (b"<html>".to_vec(), errors::file_unknown(Lang::Ko)),
        (b"\x89PNG\r\n".to_vec(), errors::file_unknown(Lang::Ko)),
        (b"\0\0\0\x18ftypheic\0\0".to_vec(), errors::file_heic(Lang::Ko)),
        (hwp(0)[..900].to_vec(), errors::document_damaged(Lang::Ko)),
        (hwp(1 | 1 << 1), errors::document_password(Lang::Ko)),
        (hwp(1 | 1 << 2), errors::file_distribution(Lang::Ko)),
        (with_macros, errors::document_macros(Lang::Ko)),
        (b"%PDF-1.7\n%%EOF".to_vec(), errors::document_damaged(Lang::Ko)),
    ] {
        let answer = draft.add("이름.pdf", &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        let told = errors::file_refused(Lang::Ko, "이름.pdf", sentence);
        assert!(answer.body.contains(&told), "{told}: {}", answer.body);
        // And by pieces, where the script shows the answer beside the document.
        let begun = draft.begin_upload("이름.pdf", file.len()).await;
        let upload = begun.header("location").to_owned();
        let answer = draft.piece(&upload, 0, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(answer.body.contains(&told), "{}", answer.body);
        assert_eq!(draft.tus("HEAD", &upload, &[], b"").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(rows(&draft.pool, "case_file").await, 0);
    let chosen = draft.send("add_files", ("none", ""), b"").await;
    assert!(chosen.body.contains(errors::file_none(Lang::Ko)), "{}", chosen.body);
    assert!(chosen.body.contains("id=\"error-files\""), "{}", chosen.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn documents_that_came_and_went_leave_room_and_can_come_again(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let file = document("나눔 냉장고");
    let mut first = String::new();
    for round in 0..25 {
        let upload = draft.begin_upload("a.hwpx", file.len()).await.header("location").to_owned();
        assert_eq!(draft.piece(&upload, 0, &file).await.status, StatusCode::NO_CONTENT, "{round}");
        let act = format!("remove_file.{}", draft.only_file().await.trim_start_matches("/files/"));
        for _ in 0..2 {
            // The second press finds nothing, which is what was wanted.
            let removed = draft.send(&act, ("none", ""), b"").await;
            assert_eq!(removed.header("location"), format!("{}?done=file_removed", draft.page));
        }
        if round == 0 {
            first = upload;
        }
    }
    // A page that asks for the finished upload of a document that is gone begins anew.
    assert_eq!(draft.tus("HEAD", &first, &[], b"").await.status, StatusCode::NOT_FOUND);
    let oldest = draft.begin_upload("b.hwpx", 9).await.header("location").to_owned();
    for _ in 0..25 {
        assert_eq!(draft.begin_upload("c.hwpx", 9).await.status, StatusCode::CREATED);
    }
    assert_eq!(draft.tus("HEAD", &oldest, &[], b"").await.status, StatusCode::NOT_FOUND);
    assert_eq!(rows(&draft.pool, "upload").await, 20);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_that_wants_a_look_is_not_sent_in_unseen(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let sent = draft.send("submit", ("files", "a.hwpx"), &document("010-1234-5678")).await;
    assert_eq!(sent.header("location"), format!("{}?done=files_added", draft.page));
    let clean = draft.send("submit", ("files", "b.hwpx"), &document("clean")).await;
    assert_eq!(clean.header("location"), format!("{}?done=submitted", draft.page));
    let own = draft.house.get(&draft.page, &draft.member).await;
    assert!(own.body.contains(words::shown_text(Lang::Ko)), "{}", own.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_text_of_a_document_is_shown_in_full_paragraphs_and_tables(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let mut body = hwpx_paragraph("first <b> & \u{202E}last");
    write!(body, "{}", hwpx_paragraph("second")).unwrap();
    draft
        .add(
            "a.hwpx",
            &make_hwpx(&[&body.replace("<b>", "&lt;b&gt;").replace(" & ", " &amp; ")], ""),
        )
        .await;
    let text = draft.house.get(&format!("{}/text", draft.only_file().await), &draft.member).await;
    assert!(text.body.contains("first &lt;b&gt; &amp; last"), "{}", text.body);
    assert!(text.body.contains("second"));
}
