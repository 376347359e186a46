//! Documents of a case: how they arrive, what is looked for in them, and who gets them.

mod arrival;
mod scanner;

use backend::accounts::Role;
use backend::document_reader::DocumentReader;
use backend::file_store::FileStore;
use documents::make::{hwpx_paragraph, make_hwpx};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, files as words};
use sqlx::PgPool;

use crate::support::{Answer, House, SLUG, rows};

/// A house with a draft of a member. Its documents are kept in a folder and read by a process, as in real use.
struct Draft {
    house: House,
    pool: PgPool,
    member: String,
    page: String,
    track: String,
    place: String,
    folder: tempfile::TempDir,
}

impl Draft {
    async fn begin(pool: PgPool) -> Self {
        let house = House::in_phase(pool.clone(), Phase::Call).await;
        let folder = tempfile::tempdir().unwrap();
        let reader = DocumentReader::Process(env!("CARGO_BIN_EXE_hanpyo").into());
        let store = FileStore::in_folder(folder.path()).unwrap();
        let backend = house.backend.clone().with_document_reader(reader).with_file_store(store);
        let house = house.served_by(backend);
        let member = house.cookie_of(Role::Member).await;
        let [page, track, place] = house.begin_case(&member).await;
        Self { house, pool, member, page, track, place, folder }
    }

    fn case(&self) -> &str {
        self.page.rsplit('/').next().unwrap()
    }

    /// Sends the form of the case with a document, by this button.
    async fn send(&self, act: &str, (field, name): (&str, &str), file: &[u8]) -> Answer {
        let version: i32 =
            sqlx::query_scalar("select max(version) from cases where title = 'Fridge'")
                .fetch_one(&self.pool)
                .await
                .unwrap();
        let version = version.to_string();
        let texts = [
            ("title", "Fridge"),
            ("summary", "Open to all"),
            ("body", "A story"),
            ("track", &self.track),
            ("place", &self.place),
            ("version", &version),
            ("people_agree", "yes"),
            ("has_rights", "yes"),
            ("act", act),
        ];
        self.house.post_file((&self.page, &self.member), &texts, (field, name), file).await
    }

    async fn add(&self, name: &str, file: &[u8]) -> Answer {
        self.send("add_files", ("files", name), file).await
    }

    /// Returns the address of the case's only document.
    async fn only_file(&self) -> String {
        let id: uuid::Uuid =
            sqlx::query_scalar("select id from case_file").fetch_one(&self.pool).await.unwrap();
        format!("/files/{id}")
    }

    async fn set_state(&self, state: &str) {
        let set = "update cases set state = $1, submitted_at = now(), reason = case when $1 = 'rejected' then 'No' end";
        sqlx::query(set).bind(state).execute(&self.pool).await.unwrap();
    }

    async fn status(&self, path: &str, cookie: &str) -> StatusCode {
        self.house.get(path, cookie).await.status
    }

    /// Objects in the folder of documents.
    fn objects(&self) -> usize {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap().count()).sum()
    }
}

fn document(text: &str) -> Vec<u8> {
    make_hwpx(&[&hwpx_paragraph(text)], "")
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_is_given_to_those_who_may_see_its_case(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let added = draft.add("계획서.hwpx", &document("나눔 냉장고")).await;
    assert_eq!(added.header("location"), format!("{}?done=files_added", draft.page));
    let (file, house) = (draft.only_file().await, &draft.house);
    let colleague = house
        .cookie_of_account("two@agency.example", Role::Member, "동구 표본종합사회복지관")
        .await;
    let stranger =
        house.cookie_of_account("x@other.example", Role::Member, "서구 표본복지관").await;
    let (staff, judge) =
        (house.cookie_of(Role::Administrator).await, house.cookie_of(Role::Judge).await);
    let seat = "insert into panel_member (edition_id, judge_id) select edition.id, account.id from edition, account where role = 'judge' on conflict do nothing";
    sqlx::query(seat).execute(&draft.pool).await.unwrap();
    let readers = [draft.member.as_str(), &colleague, &staff, &judge, &stranger, ""];
    // Its organisation, its organisation, staff, judge, another organisation, nobody.
    for (phase, state, seen) in [
        (Phase::Call, "draft", [true, true, false, false, false, false]),
        (Phase::Call, "withdrawn", [true, true, false, false, false, false]),
        (Phase::Call, "submitted", [true, true, true, false, false, false]),
        (Phase::Screening, "accepted", [true, true, true, true, false, false]),
        (Phase::Screening, "rejected", [true, true, true, false, false, false]),
        (Phase::Voting, "rejected", [true, true, true, false, false, false]),
        (Phase::Voting, "accepted", [true; 6]),
    ] {
        house.stand_at(phase).await;
        draft.set_state(state).await;
        for (reader, seen) in readers.iter().zip(seen) {
            let expected = if seen { StatusCode::OK } else { StatusCode::NOT_FOUND };
            for path in [file.clone(), format!("{file}/text")] {
                assert_eq!(draft.status(&path, reader).await, expected, "{state} {path} {reader}");
            }
        }
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_is_sent_as_a_file_that_may_do_nothing(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    let bytes = document("나눔 냉장고");
    draft.add("../계획서 (1).exe", &bytes).await;
    let answer = draft.house.get(&draft.only_file().await, &draft.member).await;
    assert_eq!(answer.length, bytes.len());
    let name = "attachment; filename=\"___ _1_.exe.hwpx\"; filename*=UTF-8''%EA%B3%84%ED%9A%8D%EC%84%9C%20%281%29.exe.hwpx";
    for (header, value) in [
        ("content-type", "application/hwp+zip"),
        ("content-disposition", name),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "private, no-cache"),
    ] {
        assert_eq!(answer.header(header), value);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_with_personal_data_is_shown_as_masked_text_until_the_staff_decide(
    pool: PgPool,
) {
    let draft = Draft::begin(pool).await;
    draft.add("명단.hwpx", &document("문의 010-1234-5678 <hp:x/>누구나")).await;
    let (house, file) = (&draft.house, draft.only_file().await);
    let text = format!("{file}/text");
    let form = house.get(&draft.page, &draft.member).await;
    for said in [words::found_text(Lang::Ko), words::shown_text(Lang::Ko), "010-1234-5678"] {
        assert!(form.body.contains(said), "the author is told: {said}: {}", form.body);
    }
    let staff = house.cookie_of(Role::Administrator).await;
    draft.set_state("accepted").await;
    house.stand_at(Phase::Voting).await;
    let case = format!("/editions/{SLUG}/cases/{}", draft.case());
    let page = house.get(&case, "").await;
    assert!(page.body.contains(&format!("href=\"{text}\"")), "{}", page.body);
    assert!(!page.body.contains(&format!("href=\"{file}\"")));
    assert_eq!(draft.status(&file, "").await, StatusCode::NOT_FOUND);
    let shown = house.get(&text, "").await;
    assert!(
        shown.body.contains("***-****-****") && !shown.body.contains("010-1234"),
        "{}",
        shown.body
    );
    let screening = format!("/admin/{SLUG}/screening/{}", draft.case());
    let screened = house.get(&screening, &staff).await;
    assert!(screened.body.contains("010-1234-5678"), "the staff see what was found");
    let id = file.trim_start_matches("/files/");
    for (shown_as, whole, masked) in [("file", 200, 200), ("nothing", 404, 404), ("text", 404, 200)]
    {
        let decision = format!("file={id}&shown-{id}={shown_as}");
        let decided = house.post(&format!("{screening}/files"), &staff, &decision).await;
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
        assert_eq!(draft.status(&file, "").await.as_u16(), whole, "{shown_as}");
        assert_eq!(draft.status(&text, "").await.as_u16(), masked, "{shown_as}");
    }
    assert_eq!(rows(&draft.pool, "audit_event where action = 'case.file_shown'").await, 3);
    let member = house.post(&format!("{screening}/files"), &draft.member, "file=x").await;
    assert_eq!(member.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_leaves_with_its_case_and_nothing_of_it_stays(pool: PgPool) {
    let draft = Draft::begin(pool).await;
    draft.add("one.hwpx", &document("one")).await;
    let file = draft.only_file().await;
    let act = format!("remove_file.{}", file.trim_start_matches("/files/"));
    draft.set_state("submitted").await;
    let late = draft.send(&act, ("none", ""), b"").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "what was sent in stays as it is");
    draft.set_state("withdrawn").await;
    let removed = draft.send(&act, ("none", ""), b"").await;
    assert_eq!(removed.header("location"), format!("{}?done=file_removed", draft.page));
    assert_eq!(draft.status(&file, &draft.member).await, StatusCode::NOT_FOUND);
    draft.house.backend.delete_unused_files().await.unwrap();
    assert_eq!(draft.objects(), 1, "an upload that is being written has no row of a document yet");
    let age = "update stored_object set made_at = now() - interval '61 minutes'";
    sqlx::query(age).execute(&draft.pool).await.unwrap();
    draft.add("two.hwpx", &document("two")).await;
    sqlx::query(age).execute(&draft.pool).await.unwrap();
    draft.house.backend.delete_unused_files().await.unwrap();
    assert_eq!((draft.objects(), rows(&draft.pool, "stored_object").await), (1, 1));
    assert_eq!(draft.status(&draft.only_file().await, &draft.member).await, StatusCode::OK);
}
