//! Visits every address of the site as every kind of visitor.

use std::collections::BTreeMap;

use app::routes::route_table;
use backend::accounts::{Admin, Role};
use sqlx::PgPool;
use uuid::Uuid;

use super::{cast, masks, proven};
use crate::support::{Answer, House, SLUG};

/// The addresses beside the pages. There are no metrics yet; if they are added, they are visited.
const FILES: [&str; 4] = ["/healthz", "/metrics", "/robots.txt", "/site.webmanifest"];
/// How long the observer's link is valid, in days.
const DAYS: i32 = 45;

/// A kind of visitor.
struct Visitor {
    name: &'static str,
    cookie: String,
    /// The query that this visitor adds to addresses of the record.
    query: String,
}

impl Visitor {
    /// Returns a visitor with this cookie, in English, and with a fixed order of the cases.
    fn new(name: &'static str, cookie: &str) -> Self {
        let cookie = format!("{cookie}; lang=en; seed=00000000000000000000000000000007");
        Self { name, cookie, query: String::new() }
    }
}

/// A walk over all addresses that is the same each time.
pub(super) struct Walk {
    visitors: Vec<Visitor>,
    case: Uuid,
    ballot: Uuid,
}

impl Walk {
    /// Prepares all visitors. One of them votes for the last of these cases, which no other picks.
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
        let (admin, edition) = (Admin::local_operator(), house.edition().await);
        let observer = house.backend.make_observer_link(&admin, &edition, "Observer", DAYS).await;
        let query = format!("?observer={}", observer.unwrap());
        visitors.push(Visitor { query, ..Visitor::new("observer", "") });
        let ballot = sqlx::query_scalar("select id from ballot");
        let ballot = ballot.fetch_one(&house.pool).await.unwrap();
        Self { visitors, case, ballot }
    }

    /// Returns what each visitor sees, by visitor and address.
    pub(super) async fn pages(&self, house: &House) -> BTreeMap<String, String> {
        let size = size(&house.pool).await;
        let routes = route_table().into_iter().map(|route| route.path).chain(FILES);
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

    /// Returns the addresses of a route, with existing values for its arguments.
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

/// Returns the number of lines that the checkpoint of the record covers.
pub(crate) async fn size(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select signed_size from record").fetch_one(pool).await.unwrap()
}

/// Returns a response in a form that can be compared. Of tiles and bundles it keeps the length:
/// tiles hold only hashes, and the lines of bundles are visited as text too.
fn looked(answer: &Answer) -> String {
    let body = if answer.header("content-type") == "application/octet-stream" {
        format!("{} bytes", answer.length)
    } else {
        masks::page(&answer.body)
    };
    format!("{} {} {body}", answer.status, answer.header("location"))
}
