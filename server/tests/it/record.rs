//! The public record over HTTP: what is served, how long it may be cached, and invalid addresses.

use backend::accounts::Admin;
use domain::record::checkpoint::Checkpoint;
use domain::record::key::{Signer, VerifierKey};
use domain::record::note::Note;
use domain::record::observed::{ResultStatement, read_statements};
use domain::record::tree::Hash;
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, errors, record as say};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::House;

const BASE: &str = "/record/daejeon-2024";

/// Returns a site whose vote has opened, with this many ballots in its record, and their ids.
async fn with_ballots(pool: PgPool, ballots: u8) -> (House, Vec<Uuid>) {
    let house = House::in_phase(pool, Phase::Voting).await;
    house.backend.open_and_close_polls().await.unwrap();
    house.backend.sequence_records().await.unwrap();
    let edition = house.edition().await;
    let mut ids = Vec::new();
    for voter in 0..ballots {
        let id = Uuid::new_v4();
        let (voter, commitment) = (hex::encode([voter; 32]), hex::encode([7; 32]));
        let line = format!("ballot/v1 citizens {} {voter} {commitment} 2024-11-28", id.simple());
        sqlx::query(
            "insert into waiting (edition_id, rank, ballot_id, line) values ($1, 2, $2, $3)",
        )
        .bind(edition.id.0)
        .bind(id)
        .bind(line)
        .execute(&house.pool)
        .await
        .unwrap();
        ids.push(id);
    }
    house.backend.sequence_records().await.unwrap();
    (house, ids)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_record_is_read_and_checked_from_outside(pool: PgPool) {
    let (house, ids) = with_ballots(pool, 3).await;
    let key: VerifierKey =
        house.get(&format!("{BASE}/key"), "").await.body.trim_end().parse().unwrap();
    assert_eq!(key.key_name(), "127.0.0.1:3000/record/daejeon-2024");
    let note: Note = house.get(&format!("{BASE}/checkpoint"), "").await.body.parse().unwrap();
    let checkpoint = Checkpoint::from_signed_note(&note, &key).unwrap();
    assert_eq!(checkpoint.size, 5);
    let entries = house.get(&format!("{BASE}/entries/000.p/5"), "").await.body;
    let leaves: Vec<Hash> =
        entries.lines().map(|line| domain::record::tree::leaf_hash(line.as_bytes())).collect();
    assert_eq!(domain::record::tree::compute_tree_root(&leaves), checkpoint.root);
    let rulebook = house.get(&format!("{BASE}/rulebook.json"), "").await;
    let sealed = format!("rulebook/v1 daejeon-2024 {}", Hash::sha256_of(rulebook.body.as_bytes()));
    assert_eq!(entries.lines().next().unwrap(), sealed);
    let proof = house.get(&format!("{BASE}/proof/{}", ids[1].simple()), "").await.body;
    let proof: backend::record::EntryWithProof = proof.parse().unwrap();
    proof.proof.verify_entry(proof.entry.to_string().as_bytes(), &key).unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn tiles_may_be_kept_for_ever_and_checkpoints_for_a_moment_and_every_origin_may_read(
    pool: PgPool,
) {
    let (house, _) = with_ballots(pool, 3).await;
    let for_ever = "public, max-age=31536000, immutable";
    let moment = "public, max-age=1, must-revalidate";
    for (path, kind, keep) in [
        ("checkpoint", "text/plain; charset=utf-8", moment),
        ("key", "text/plain; charset=utf-8", moment),
        ("tile/0/000.p/5", "application/octet-stream", for_ever),
        ("tile/0/000.p/2", "application/octet-stream", for_ever),
        ("tile/entries/000.p/5", "application/octet-stream", for_ever),
        ("entries/000.p/5", "text/plain; charset=utf-8", for_ever),
        ("rulebook.json", "application/json", for_ever),
    ] {
        let answer = house.get(&format!("{BASE}/{path}"), "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("cache-control"), keep, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_senseless_address_is_not_found_and_nothing_breaks(pool: PgPool) {
    let (house, ids) = with_ballots(pool, 3).await;
    let waits = Uuid::new_v4().simple().to_string();
    let upper = ids[0].simple().to_string().to_uppercase();
    let paths = [
        "tile/0/000",
        "tile/0/000.p/6",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/001",
        "tile/1/000.p/1",
        "tile/7/000",
        "tile/8/000",
        "tile/-1/000",
        "tile/00/000",
        "tile/0/x000/000",
        "tile/0/0",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x018/x446/x744/x073/x709/x551/615",
        "tile/0/x099/x999/x999/x999/x999/x999/999",
        "tile/entries/x036/x028/x797/x018/x963/x967.p/1",
        "tile/entries/001",
        "tile/entries/",
        "tile/%2e%2e/%2e%2e",
        "tile/%00",
        "tile/0/000.p/%EF%BC%95",
        "entries/x018/x446/x744/x073/x709/x551/615",
        "entries/000",
        "entries/000.p/",
        "entries/000.p/5/",
        "entries/../key",
        &format!("proof/{upper}"),
        "proof/nothing",
        "nothing",
    ];
    for path in paths {
        let answer = house.get(&format!("{BASE}/{path}"), "").await;
        let status = answer.status;
        let plain = status == StatusCode::NOT_FOUND || status == StatusCode::BAD_REQUEST;
        assert!(plain, "{path}: {status}");
        assert!(!answer.header("cache-control").contains("public"), "{path} would be kept");
    }
    // One that waits and one that nobody has cast are answered alike: nothing is there yet.
    let invented = uuid::Uuid::new_v4().simple().to_string();
    for ballot in [&waits, &invented] {
        let answer = house.get(&format!("{BASE}/proof/{ballot}"), "").await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
        assert!(!answer.header("cache-control").contains("public"));
    }
    let elsewhere = house.get("/record/no-such-edition/checkpoint", "").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_page_says_what_the_record_is_before_and_after_it_begins(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let early = house.get(BASE, "").await;
    assert_eq!(early.status, StatusCode::OK);
    assert!(early.body.contains("아직 기록이 없습니다"), "{}", early.body);
    assert_eq!(house.get(&format!("{BASE}/checkpoint"), "").await.status, StatusCode::NOT_FOUND);
    house.stand_at(Phase::Deliberation).await;
    house.backend.open_and_close_polls().await.unwrap();
    house.backend.sequence_records().await.unwrap();
    let key = house.get(&format!("{BASE}/key"), "").await.body;
    let english = house.get(&format!("{BASE}?lang=en"), "").await.body;
    assert!(english.contains(key.trim_end()), "{english}");
    for words in
        ["Signed lines", "Received", "hanpyo-audit fetch http://127.0.0.1:3000/record/daejeon-2024"]
    {
        assert!(english.contains(words), "{words}: {english}");
    }
}

/// Returns a site whose result is public and in the record, with the result's index and hash.
async fn with_result(pool: PgPool) -> (House, u64, Hash) {
    let (house, _) = with_ballots(pool, 0).await;
    let edition = house.stand_at(Phase::Deliberation).await;
    let hash = Hash::sha256_of(b"{}");
    sqlx::query(
        "insert into result (edition_id, document, sha256, approved_by) values ($1, '{}', $2, $3)",
    )
    .bind(edition.id.0)
    .bind(hash.as_bytes().as_slice())
    .bind(Uuid::new_v4())
    .execute(&house.pool)
    .await
    .unwrap();
    sqlx::query("insert into waiting (edition_id, rank, line) values ($1, 6, $2)")
        .bind(edition.id.0)
        .bind(format!("result/v1 daejeon-2024 {hash}"))
        .execute(&house.pool)
        .await
        .unwrap();
    sqlx::query("update edition set released_at = $1")
        .bind(edition.now)
        .execute(&house.pool)
        .await
        .unwrap();
    house.backend.sequence_records().await.unwrap();
    let size = house.backend.edition_record(edition.id).await.unwrap().unwrap().signed_size;
    (house, size - 1, hash)
}

/// Encodes a field as a browser sends it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_observer_signs_the_result_by_a_link_and_everybody_sees_it(pool: PgPool) {
    let (house, index, result) = with_result(pool).await;
    let edition = house.edition().await;
    let admin = Admin::local_operator();
    let link = house.backend.make_observer_link(&admin, &edition, "시민단체", 10).await.unwrap();
    let page = format!("{BASE}?observer={link}");
    let (form, told) = (say::sign(Lang::Ko), say::observed(Lang::Ko));
    let shown = house.get(&page, "").await.body;
    assert!(shown.contains(form) && !shown.contains(told), "{shown}");
    assert!(!house.get(BASE, "").await.body.contains(form), "only with a link");
    let nobody = house.get(&format!("{BASE}/observed"), "").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);

    let origin = "127.0.0.1:3000/record/daejeon-2024".to_owned();
    let signer = Signer::from_seed("press.example/observer", &[1; 32]).unwrap();
    let signed = ResultStatement { origin, index, result }.sign(&signer).unwrap();
    let note = signed.signed_note().to_string().replace('\n', "\r\n");
    let fields = |key: &str| format!("key={}&note={}", encoded(key), encoded(&note));
    let faulty = house.post(&page, "", &fields("no key")).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.body.contains(errors::malformed(Lang::Ko)), "{}", faulty.body);
    assert!(faulty.body.contains("hanpyo-observed/v1\r\n"), "what was typed: {}", faulty.body);
    let right = fields(&signed.observer_key().to_string());
    let strange = house.post(&format!("{BASE}?observer=nobody"), "", &right).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(strange.body.contains(errors::link_invalid(Lang::Ko)), "{}", strange.body);

    let taken = house.post(&page, "", &right).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    let done = house.get(taken.header("location"), "").await.body;
    assert!(done.contains(say::signed(Lang::Ko)), "{done}");
    let public = house.get(BASE, "").await.body;
    for words in [told, "시민단체", "press.example/observer"] {
        assert!(public.contains(words), "{words}: {public}");
    }
    let file = house.get(&format!("{BASE}/observed"), "").await;
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    let read: Vec<_> = read_statements(&file.body).collect::<Result<_, _>>().unwrap();
    assert_eq!(read, [signed]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_empty_form_says_what_a_check_needs(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let sentence = phrases::verify::empty(phrases::Lang::Ko);
    let shown = house.get("/verify", "").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.body.contains(sentence), "nobody has asked for anything yet");
    let posted = house.post("/verify", "", "receipt=&key=").await;
    assert_eq!(posted.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(posted.body.contains(sentence), "{}", posted.body);
}
