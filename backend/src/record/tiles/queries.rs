//! SQL of the tiles.

use domain::ids::EditionId;
use sqlx::PgConnection;

use super::TileRow;
use crate::Result;

/// Reads those of the given tiles that exist.
pub(in crate::record) async fn read_tiles(
    connection: &mut PgConnection,
    edition: EditionId,
    levels: &[i16],
    indexes: &[i64],
) -> Result<Vec<TileRow>> {
    let rows = sqlx::query_as!(
        TileRow,
        "
        select tile.level, tile.index, tile.hashes
        from unnest($2::smallint[], $3::bigint[]) as asked (level, index)
        join tile on tile.edition_id = $1
            and tile.level = asked.level
            and tile.index = asked.index
        ",
        edition.0,
        levels,
        indexes,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Stores new tiles, and tiles that extend the stored ones. Returns the number of tiles written.
pub(super) async fn write_tiles(
    connection: &mut PgConnection,
    edition: EditionId,
    rows: &[TileRow],
) -> Result<u64> {
    let levels: Vec<i16> = rows.iter().map(|row| row.level).collect();
    let indexes: Vec<i64> = rows.iter().map(|row| row.index).collect();
    let hashes: Vec<Vec<u8>> = rows.iter().map(|row| row.hashes.clone()).collect();
    let done = sqlx::query!(
        "
        insert into tile (edition_id, level, index, hashes)
        select $1, added.level, added.index, added.hashes
        from unnest($2::smallint[], $3::bigint[], $4::bytea[]) as added (level, index, hashes)
        on conflict (edition_id, level, index) do update set hashes = excluded.hashes
        where substring(excluded.hashes for octet_length(tile.hashes)) = tile.hashes
        ",
        edition.0,
        &levels,
        &indexes,
        &hashes,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
