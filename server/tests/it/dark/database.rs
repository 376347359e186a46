//! Every table and view that a reader with the database's password sees, cell by cell.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::masks::masked;

/// The columns that differ in any two votes: random numbers, keys, ciphertexts, hashes, and the
/// times of a vote or a visit. All other columns must be equal to the byte.
const DIFFER: [&str; 22] = [
    "ballot.admitted_at",
    "ballot.cast_by",
    "ballot.commitment",
    "ballot.id",
    "ballot.idempotency_key",
    "ballot.sealed",
    "ballot.voter_key",
    "ballot_trace.ballot_id",
    "ballot_trace.cast_at",
    "entry.ballot_id",
    "entry.line",
    "record.checkpoint",
    "record.frontier",
    "record.lease_until",
    "record.signed_root",
    "session.expires_at",
    "session.last_seen_at",
    "tile.hashes",
    "voter_session.ballot_id",
    "voter_session.expires_at",
    "voter_session.id_hash",
    "voter_session.voter_key",
];

/// The rows of each table and view, sorted, because their order is not fixed.
pub(super) type Tables = BTreeMap<String, Vec<String>>;

/// Reads all tables and views except the copies that the test keeps.
pub(super) async fn tables(pool: &PgPool, cases: &[Uuid]) -> Tables {
    // Tables, partitioned tables, views, materialised views and foreign tables.
    let names = "select format('%I.%I', nspname, relname)
        from pg_class
        join pg_namespace on pg_namespace.oid = relnamespace
        where relkind in ('r', 'p', 'v', 'm', 'f')
            and nspname !~ '^pg_'
            and nspname not in ('information_schema', 'before')";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(pool).await.unwrap();
    let mut tables = Tables::new();
    for name in names {
        let sql = format!("select to_jsonb(whole_row) from {name} as whole_row");
        let sql = sqlx::AssertSqlSafe(sql);
        let rows: Vec<Value> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
        let mut rows: Vec<String> = rows.iter().map(|row| shown(&name, row, cases)).collect();
        rows.sort_unstable();
        tables.insert(name, rows);
    }
    tables
}

/// Returns a row in a form that can be compared.
fn shown(name: &str, row: &Value, cases: &[Uuid]) -> String {
    let cell = |(column, value): (&String, &Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let place = format!("{name}.{column}");
        if !DIFFER.iter().any(|known| place.strip_prefix("public.") == Some(*known)) {
            return format!("{column}: {text}");
        }
        for case in cases {
            for form in [case.to_string(), case.simple().to_string()] {
                assert!(!text.contains(&form), "{place} names what was picked");
            }
        }
        format!("{column}: {}", shape(&text))
    };
    row.as_object().unwrap().iter().map(cell).collect::<Vec<_>>().join(", ")
}

/// Returns what an unreadable cell reveals: its length, and the words between its random parts.
fn shape(text: &str) -> String {
    match text.strip_prefix("\\x") {
        Some(digits) => format!("{} bytes", digits.len() / 2),
        None => masked(text),
    }
}

/// Checks that the comparison can fail: it sees tables and views that count, and lengths.
#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_table_or_a_view_that_counts_is_seen(pool: PgPool) {
    for sql in [
        "create table standing (case_id uuid, votes bigint)",
        "insert into standing values ('00000000-0000-4000-8000-000000000001', 9)",
        "create view standings as select * from standing",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let before = tables(&pool, &[]).await;
    sqlx::query("update standing set votes = 0").execute(&pool).await.unwrap();
    let after = tables(&pool, &[]).await;
    assert!(before.contains_key("public.ballot"), "{:?}", before.keys());
    for name in ["public.standing", "public.standings"] {
        assert_ne!(before[name], after[name], "{name}");
    }
    assert_ne!(shape("\\x00ff"), shape("\\x00ff00"));
    assert_ne!(shape("ballot/v1 citizens 9"), shape("ballot/v1 citizens 0"));
}
