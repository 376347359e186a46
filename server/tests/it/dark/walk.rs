//! Everybody who may look, and every address there is.

use std::collections::BTreeMap;

use app::routes::table;
use backend::accounts::{Admin, Role};
use sqlx::PgPool;
use uuid::Uuid;

use super::{cast, masks, proven};
use crate::support::{Answer, House, SLUG};

/// What is served beside the pages. There are no metrics; whoever adds some finds them walked.
const FILES: [&str; 4] = ["/healthz", "/metrics", "/robots.txt", "/site.webmanifest"];
/// For how long the observer's link works.
const DAYS: i32 = 45;

/// Somebody who looks.
struct Visitor {
    name: &'static str,
    cookie: String,
    /// What stands behind the addresses of the record.
    query: String,
}

impl Visitor {
    /// A browser with this cookie, in English, and with an order of the cases that stays.
    fn new(name: &'static str, cookie: &str) -> Self {
        let cookie = format!("{cookie}; lang=en; seed=00000000000000000000000000000007");
        Self { name, cookie, query: String::new() }
    }
}

/// A walk that is the same each time.
pub(super) struct Walk {
    visitors: Vec<Visitor>,
    case: Uuid,
    ballot: Uuid,
}

impl Walk {
    /// Lets everybody in. One of them votes for the last of these cases, which nobody else picks.
    pub(super) async fn prepare(house: &House, cases: &[Uuid]) -> Self {
        let (case, own) = (cases[0], cases[cases.len() - 1]);
        let mut visitors = vec![Visitor::new("nobody", "")];
        for role in [Role::Administrator, Role::Judge, Role::Member] {
            visitors.push(Visitor::new(role.as_str(), &house.cookie_of(role).await));
        }
        let machine = house.post(&house.kiosk_link().await, "", "").await;
        visitors.push(Visitor::new("kiosk", &machine.cookies()));
        let picks = format!("/editions/{SLUG}/picks");
        let picks = house.post(&picks, "", &format!("case={own}")).await.cookies();
        let verified = format!("__Host-voter={}; {picks}", proven(house).await);
        visitors.push(Visitor::new("verified", &verified));
        let voter = proven(house).await;
        cast(house, &voter, &[own]).await;
        visitors.push(Visitor::new("voted", &format!("__Host-voter={voter}")));
        let (admin, edition) = (Admin::operator(), house.edition().await);
        let observer = house.backend.make_observer_link(&admin, &edition, "Observer", DAYS).await;
        let query = format!("?observer={}", observer.unwrap());
        visitors.push(Visitor { query, ..Visitor::new("observer", "") });
        let ballot = sqlx::query_scalar("select id from ballot");
        let ballot = ballot.fetch_one(&house.pool).await.unwrap();
        Self { visitors, case, ballot }
    }

    /// What everybody sees, by who they are and the address.
    pub(super) async fn pages(&self, house: &House) -> BTreeMap<String, String> {
        let size = size(&house.pool).await;
        let routes = table().into_iter().map(|route| route.path).chain(FILES);
        let mut seen = BTreeMap::new();
        for path in routes.flat_map(|route| self.addresses(route, size)) {
            for Visitor { name, cookie, query } in &self.visitors {
                let query = if path.starts_with("/record/") { query.as_str() } else { "" };
                let answer = house.get(&format!("{path}{query}"), cookie).await;
                assert!(!answer.status.is_server_error(), "{name} {path}");
                seen.insert(format!("{name} {path}"), looked(&answer));
            }
        }
        seen
    }

    /// The addresses of a route, with what exists in the place of each argument.
    fn addresses(&self, route: &'static str, size: i64) -> Vec<String> {
        let path = route
            .replace("{edition}", SLUG)
            .replace("{poll}", "citizens")
            .replace("{case}", &self.case.to_string())
            .replace("{picture}", &Uuid::nil().to_string())
            .replace("{token}", "no-such-token")
            .replace("{file}", "citizens.csv")
            .replace("{ballot}", &self.ballot.simple().to_string());
        let all: &[&str] = match route {
            "/record/{edition}/tile/{*path}" => &["0/000", "entries/000"],
            "/record/{edition}/entries/{*path}" => &["000"],
            _ => &[""],
        };
        all.iter().map(|all| path.replace("{*path}", &format!("{all}.p/{size}"))).collect()
    }
}

/// The lines of the record that its checkpoint speaks of.
pub(crate) async fn size(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select signed_size from record").fetch_one(pool).await.unwrap()
}

/// An answer as it can be compared. Tiles are nothing but hashes, and the lines in bundles are
/// walked as text too.
fn looked(answer: &Answer) -> String {
    let body = if answer.header("content-type") == "application/octet-stream" {
        format!("{} bytes", answer.length)
    } else {
        masks::page(&answer.body)
    };
    format!("{} {} {body}", answer.status, answer.header("location"))
}
