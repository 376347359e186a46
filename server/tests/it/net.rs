//! A net under changes of structure: every address, for every visitor, in both languages, in every
//! theme and on a shared machine, compared with a kept copy.
//!
//! The kept copy is one file for each phase of the season in `net/`: a line for each address and
//! visitor, with the status of each answer and a hash of its text. When a page changes on purpose,
//! `HANPYO_NET=keep ./dev test rust -- net::` writes the files anew. Every run also writes the answers themselves to
//! `target/net`, so that two runs can be compared with `diff -r`.

mod masks;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use app::routes::route_table;
use axum::body::Body;
use backend::accounts::Admin;
use backend::awards::{AnnouncementForm, ReleaseTime};
use domain::schedule::Phase;
use http::{Request, header};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{Answer, House, rule};
use crate::visitors::{Visitor, addresses, everybody, sign_every_sheet};

/// The themes of the site; the empty one follows the system.
const THEMES: [&str; 4] = ["", "light", "dark", "contrast"];
const LANGUAGES: [&str; 2] = ["ko", "en"];

/// What one walk saw: a line for each address and visitor.
struct Net {
    name: &'static str,
    seen: BTreeMap<String, Vec<(String, String)>>,
}

impl Net {
    fn new(name: &'static str) -> Self {
        Self { name, seen: BTreeMap::new() }
    }

    fn add(&mut self, key: String, variant: String, answer: &Answer) {
        assert!(!answer.status.is_server_error(), "{} {key}: {}", self.name, answer.body);
        self.seen.entry(key).or_default().push((variant, masks::text_of(answer)));
    }

    /// GET of every address by everybody, in these themes.
    async fn walk(&mut self, house: &House, visitors: &[Visitor], case: Uuid, themes: &[&str]) {
        let size = crate::dark::signed_size(&house.pool).await;
        hold_leases(&house.pool).await;
        for path in
            route_table().iter().flat_map(|route| addresses(route.path, case, Uuid::nil(), size))
        {
            for visitor in visitors {
                for (lang, theme) in
                    LANGUAGES.iter().flat_map(|l| themes.iter().map(move |t| (l, t)))
                {
                    let cookie = visitor.cookies(lang, theme);
                    let answer = house.get(&visitor.address(&path), &cookie).await;
                    let variant = format!("{lang}-{theme}");
                    self.add(format!("GET {} {path}", visitor.name), variant, &answer);
                }
            }
        }
    }

    /// The pages of the site for a browser without any cookie, which come from the page cache.
    async fn walk_without_cookie(&mut self, house: &House, case: Uuid) {
        for path in
            route_table().iter().flat_map(|route| addresses(route.path, case, Uuid::nil(), 0))
        {
            // The gallery is in another order for each new visitor.
            if path.contains("/cases") {
                continue;
            }
            for lang in LANGUAGES {
                let request = Request::get(&path).header(header::ACCEPT_LANGUAGE, lang);
                let answer = house.send(request.body(Body::empty()).unwrap()).await;
                self.add(format!("GET first {path}"), lang.to_owned(), &answer);
            }
        }
    }

    /// An empty form to every address: what is refused, and how. Nobody has tried before, because the
    /// windows of the limits follow the wall clock and one may end between two forms.
    async fn post(&mut self, house: &House, visitors: &[Visitor], case: Uuid) {
        hold_leases(&house.pool).await;
        for path in
            route_table().iter().flat_map(|route| addresses(route.path, case, Uuid::nil(), 0))
        {
            if path == "/sign-out" || path == "/account" {
                continue; // They end the session of the walk.
            }
            for visitor in visitors {
                for lang in LANGUAGES {
                    let cookie = visitor.cookies(lang, "");
                    sqlx::query("delete from attempt").execute(&house.pool).await.unwrap();
                    let answer = house.post(&visitor.address(&path), &cookie, "").await;
                    self.add(format!("POST {} {path}", visitor.name), lang.to_owned(), &answer);
                }
            }
        }
    }

    /// One line for each address and visitor.
    fn lines(&self) -> String {
        let mut lines = String::new();
        for (key, answers) in &self.seen {
            let mut hash = Sha256::new();
            let mut statuses: Vec<&str> = Vec::new();
            for (variant, text) in answers {
                hash.update(format!("{variant}\n{text}\n"));
                statuses.push(&text[..3]);
            }
            statuses.dedup();
            let hash = &hex::encode(hash.finalize())[..16];
            writeln!(lines, "{} {key} {} {hash}", self.name, statuses.join(",")).unwrap();
        }
        lines
    }

    /// Writes the answers to this folder of `target/net`.
    fn write_answers(&self, name: &str) {
        let folder = root().join("target/net").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (key, answers) in &self.seen {
            let name = key.replace([' ', '/', '{', '}', '?', '*'], "_");
            let text: Vec<_> =
                answers.iter().map(|(variant, text)| format!("== {variant}\n{text}\n")).collect();
            std::fs::write(folder.join(name), text.concat().replace('>', ">\n")).unwrap();
        }
    }

    /// Compares the walk with the kept copy, or writes that anew.
    fn compare(&self) {
        self.write_answers(self.name);
        let kept = root().join("server/tests/it/net").join(format!("{}.txt", self.name));
        let lines = self.lines();
        if std::env::var("HANPYO_NET").is_ok_and(|word| word == "keep") {
            std::fs::write(kept, lines).unwrap();
            return;
        }
        let before = std::fs::read_to_string(kept).unwrap_or_default();
        let gone: Vec<_> = before.lines().filter(|line| !lines.contains(line)).collect();
        let new: Vec<_> = lines.lines().filter(|line| !before.contains(line)).collect();
        let same = gone.is_empty() && new.is_empty();
        if !same {
            // They stay here when the walk is run again.
            self.write_answers(&format!("{}-differs", self.name));
        }
        assert!(
            same,
            "pages differ from the kept copy. Kept:\n{}\nNow:\n{}",
            gone.join("\n"),
            new.join("\n")
        );
    }
}

/// The record's page says who holds the lease until it ends, and a walk may take longer.
async fn hold_leases(pool: &PgPool) {
    let sql = "update record set lease_until = now() + interval '1 hour' where holder is not null";
    sqlx::query(sql).execute(pool).await.unwrap();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The identifiers of the cases are random, and the order of the gallery follows from them: here
/// they follow from the title.
async fn fix_case_ids(pool: &PgPool) -> Uuid {
    let mut connection = pool.acquire().await.unwrap();
    for sql in [
        "set session_replication_role = replica",
        "update cases set id = md5(title)::uuid",
        "set session_replication_role = default",
    ] {
        sqlx::query(sql).execute(&mut *connection).await.unwrap();
    }
    let first = "select id from cases where state = 'accepted' order by id limit 1";
    sqlx::query_scalar(first).fetch_one(&mut *connection).await.unwrap()
}

/// The season with its vote open, on shared machines too, and somebody of every kind.
async fn open_season(pool: &PgPool) -> (House, Vec<Visitor>, Uuid) {
    let house = crate::dark::season_before_vote(pool).await;
    let case = fix_case_ids(pool).await;
    // One judge signs in this walk.
    rule(pool, "{panel,quorum}", "1").await;
    crate::dark::open_vote(&house).await;
    let visitors = everybody(&house, case).await;
    house.backend.sequence_records().await.unwrap();
    (house, visitors, case)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn during_the_vote_every_page_in_every_theme_is_as_kept(pool: PgPool) {
    let (house, visitors, case) = open_season(&pool).await;
    let mut net = Net::new("vote");
    net.walk(&house, &visitors, case, &THEMES).await;
    net.walk_without_cookie(&house, case).await;
    net.post(&house, &visitors, case).await;
    net.compare();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn before_the_vote_every_page_is_as_kept(pool: PgPool) {
    let (house, visitors, case) = open_season(&pool).await;
    let mut net = Net::new("call");
    house.stand_at(Phase::Call).await;
    net.walk(&house, &visitors, case, &[""]).await;
    net.post(&house, &visitors, case).await;
    net.compare();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn from_the_judging_to_the_result_every_page_is_as_kept(pool: PgPool) {
    let (house, visitors, case) = open_season(&pool).await;
    let mut judging = Net::new("judging");
    house.stand_at(Phase::Judging).await;
    house.backend.open_and_close_polls().await.unwrap();
    house.backend.sequence_records().await.unwrap();
    judging.walk(&house, &visitors, case, &[""]).await;
    judging.post(&house, &visitors, case).await;
    judging.compare();
    sign_every_sheet(&house, &visitors).await;
    let edition = house.stand_at(Phase::Deliberation).await;
    let mut decision = Net::new("decision");
    decision.walk(&house, &visitors, case, &[""]).await;
    decision.post(&house, &visitors, case).await;
    decision.compare();
    let announcement = AnnouncementForm {
        when: ReleaseTime::Now,
        minutes: "Agreed.".to_owned(),
        confirm: "announce".to_owned(),
        without_judges: true,
    };
    let open = edition.deliberation_open().unwrap();
    let admin = Admin::local_operator();
    house.backend.announce_result(&admin, open, &edition, &announcement).await.unwrap();
    house.stand_at(Phase::Announced).await;
    house.backend.sequence_records().await.unwrap();
    let mut result = Net::new("result");
    result.walk(&house, &visitors, case, &[""]).await;
    result.post(&house, &visitors, case).await;
    result.compare();
}
