//! Visits every address of the site as every kind of visitor.

use std::collections::BTreeMap;

use app::routes::route_table;
use sqlx::PgPool;
use uuid::Uuid;

use super::masks;
use crate::support::{Answer, House};
use crate::visitors::{Visitor, addresses, everybody};

/// The addresses beside the pages. There are no metrics yet; if they are added, they are visited.
const FILES: [&str; 4] = ["/healthz", "/metrics", "/robots.txt", "/site.webmanifest"];

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
        let visitors = everybody(house, own).await;
        let ballot = sqlx::query_scalar("select id from ballot");
        let ballot = ballot.fetch_one(&house.pool).await.unwrap();
        Self { visitors, case, ballot }
    }

    /// Returns what each visitor sees, by visitor and address.
    pub(super) async fn pages(&self, house: &House) -> BTreeMap<String, String> {
        let size = size(&house.pool).await;
        let routes = route_table().into_iter().map(|route| route.path).chain(FILES);
        let mut seen = BTreeMap::new();
        for path in routes.flat_map(|route| addresses(route, self.case, self.ballot, size)) {
            for visitor in &self.visitors {
                let name = visitor.name;
                let cookies = visitor.cookies("en", "");
                let answer = house.get(&visitor.address(&path), &cookies).await;
                assert!(!answer.status.is_server_error(), "{name} {path}");
                seen.insert(format!("{name} {path}"), looked(&answer));
            }
        }
        seen
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
