//! SQL about the database itself. It runs before the schema exists, so it is not checked at compile
//! time.

use sqlx::{Executor as _, PgConnection, PgPool};

/// Creates Hanpyo's database in a private cluster if it does not exist.
pub(crate) async fn create_database(connection: &mut PgConnection) -> sqlx::Result<()> {
    let exists: Option<i32> =
        sqlx::query_scalar("select 1 from pg_database where datname = 'hanpyo'")
            .fetch_optional(&mut *connection)
            .await?;
    if exists.is_none() {
        connection.execute("create database hanpyo").await?;
    }
    Ok(())
}

/// Returns the version of PostgreSQL, and whether `fsync` is on.
pub(crate) async fn version_and_fsync(pool: &PgPool) -> sqlx::Result<(String, bool)> {
    let version = sqlx::query_scalar("show server_version").fetch_one(pool).await?;
    let fsync: String = sqlx::query_scalar("show fsync").fetch_one(pool).await?;
    Ok((version, fsync == "on"))
}

/// Returns the major version of PostgreSQL.
pub(crate) async fn major_version(pool: &PgPool) -> sqlx::Result<u32> {
    let number: String = sqlx::query_scalar("show server_version_num").fetch_one(pool).await?;
    Ok(number.parse::<u32>().unwrap_or_default() / 10_000)
}

/// Returns the version of the newest applied migration; `None` if no migration was applied.
pub(crate) async fn newest_migration(pool: &PgPool) -> sqlx::Result<Option<i64>> {
    let table: Option<String> =
        sqlx::query_scalar("select to_regclass('_sqlx_migrations')::text").fetch_one(pool).await?;
    match table {
        None => Ok(None),
        Some(_) => {
            sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
                .fetch_one(pool)
                .await
        }
    }
}
