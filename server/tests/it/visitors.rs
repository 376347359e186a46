//! Everybody who opens a page, and every address there is.

use backend::accounts::{Admin, Role};
use backend::judging::SheetSaveOutcome;
use domain::ids::CaseId;
use domain::sheet::ScoreForm;
use uuid::Uuid;

use crate::dark::{cast, proven};
use crate::support::{House, SLUG};

/// For how many days the observer's link works.
const DAYS: i32 = 45;

/// Somebody who opens pages.
pub(crate) struct Visitor {
    pub(crate) name: &'static str,
    cookie: String,
    query: String,
}

impl Visitor {
    fn new(name: &'static str, cookie: &str) -> Self {
        Self { name, cookie: cookie.to_owned(), query: String::new() }
    }

    /// The cookies of this visitor, with an order of the cases that stays.
    pub(crate) fn cookies(&self, lang: &str, theme: &str) -> String {
        let seed = "seed=00000000000000000000000000000007";
        format!("{}; lang={lang}; look={theme}.2; {seed}", self.cookie)
    }

    /// The address as this visitor opens it: an observer carries a secret on the record's pages.
    pub(crate) fn address(&self, path: &str) -> String {
        let query = if path.starts_with("/record/") { self.query.as_str() } else { "" };
        format!("{path}{query}")
    }
}

/// A visitor of every kind. One of them has voted for this case.
pub(crate) async fn everybody(house: &House, case: Uuid) -> Vec<Visitor> {
    let mut visitors = vec![Visitor::new("nobody", "")];
    for role in [Role::Administrator, Role::Judge, Role::Member] {
        visitors.push(Visitor::new(role.as_str(), &house.cookie_of(role).await));
    }
    let machine = house.post(&house.kiosk_link().await, "", "").await;
    visitors.push(Visitor::new("kiosk", &machine.cookies()));
    let picks = format!("/editions/{SLUG}/picks");
    let picks = house.post(&picks, "", &format!("case={case}")).await.cookies();
    let verified = format!("__Host-voter={}; {picks}", proven(house).await);
    visitors.push(Visitor::new("verified", &verified));
    let voter = proven(house).await;
    cast(house, &voter, &[case]).await;
    visitors.push(Visitor::new("voted", &format!("__Host-voter={voter}")));
    let (admin, edition) = (Admin::local_operator(), house.edition().await);
    let observer = house.backend.make_observer_link(&admin, &edition, "Observer", DAYS).await;
    let query = format!("?observer={}", observer.unwrap());
    visitors.push(Visitor { query, ..Visitor::new("observer", "") });
    visitors
}

/// The addresses of a route, with what exists in the place of each argument.
pub(crate) fn addresses(route: &str, case: Uuid, ballot: Uuid, size: i64) -> Vec<String> {
    let path = route
        .replace("{edition}", SLUG)
        .replace("{poll}", "citizens")
        .replace("{case}", &case.to_string())
        .replace("{picture}", &Uuid::nil().to_string())
        .replace("{draft}", &Uuid::nil().to_string())
        .replace("{step}", "basics")
        .replace("{token}", "no-such-token")
        .replace("{file}", "citizens.csv")
        .replace("{ballot}", &ballot.simple().to_string());
    let tiles: &[&str] = match route {
        "/record/{edition}/tile/{*path}" => &["0/000", "entries/000"],
        "/record/{edition}/entries/{*path}" => &["000"],
        _ => &[""],
    };
    tiles.iter().map(|tile| path.replace("{*path}", &format!("{tile}.p/{size}"))).collect()
}

/// The judge of the walk scores and signs every case, each with other points.
pub(crate) async fn sign_every_sheet(house: &House, visitors: &[Visitor]) {
    let (edition, pool) = (house.edition().await, &house.pool);
    let accepted = "select id from cases where state = 'accepted' order by id";
    let cases: Vec<Uuid> = sqlx::query_scalar(accepted).fetch_all(pool).await.unwrap();
    let judge = visitors.iter().find(|visitor| visitor.name == Role::Judge.as_str()).unwrap();
    let token = judge.cookie.trim_start_matches("__Host-session=");
    let judge =
        house.backend.resume_session(token).await.unwrap().unwrap().require_judge().unwrap();
    let open = || edition.judging_open().unwrap();
    for (number, case) in (0_u32..).zip(cases) {
        let rubric = &edition.rulebook.panel.rubric;
        let form = ScoreForm {
            scores: (0_u32..).take(rubric.len()).map(|at| Some((number * 7 + at) % 10)).collect(),
            comment: format!("Comment {number}"),
            note: format!("Note {number}"),
        };
        let case = CaseId(case);
        let saved = house.backend.save_sheet(&judge, open(), &edition, case, 0, &form).await;
        let SheetSaveOutcome::Saved { version, .. } = saved.unwrap() else {
            panic!("a first sheet is new")
        };
        house.backend.sign_sheet(&judge, open(), &edition, case, version).await.unwrap();
    }
}
