//! The limits of connections to the database.

use sqlx::{ConnectOptions as _, PgPool};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_migration_may_take_as_long_as_it_needs(pool: PgPool) {
    let url = pool.connect_options().to_url_lossy();
    let limit = "show statement_timeout";
    let mut migrating = backend::connect_for_migrations(url.as_str()).await.unwrap();
    let of_migrations: String = sqlx::query_scalar(limit).fetch_one(&mut migrating).await.unwrap();
    assert_eq!(of_migrations, "0");
    let ordinary = backend::connect_to_database(url.as_str(), 1).await.unwrap();
    let of_requests: String = sqlx::query_scalar(limit).fetch_one(&ordinary).await.unwrap();
    assert_eq!(of_requests, "30s");
    // Nothing is left to do, and nothing is done twice.
    backend::apply_migrations(url.as_str()).await.unwrap();
}
