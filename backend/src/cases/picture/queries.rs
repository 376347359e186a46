//! SQL of pictures.

use domain::ids::{CaseId, PictureId};
use sqlx::PgConnection;

use super::ShrunkPicture;
use crate::Result;

/// Stores the description of a case's picture, if the case has a picture.
pub(in crate::cases) async fn update_picture_alt(
    connection: &mut PgConnection,
    case: CaseId,
    alt: &str,
) -> Result<()> {
    sqlx::query!("update picture set alt = $2 where case_id = $1", case.0, alt)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores the picture of a case and deletes an older one.
pub(in crate::cases) async fn replace_picture(
    connection: &mut PgConnection,
    id: PictureId,
    case: CaseId,
    picture: &ShrunkPicture,
    alt: &str,
) -> Result<()> {
    delete_picture(connection, case).await?;
    sqlx::query!(
        "
        insert into picture (id, case_id, alt, media_type, width, height, bytes)
        values ($1, $2, $3, 'image/jpeg', $4, $5, $6)
        ",
        id.0,
        case.0,
        alt,
        i32::try_from(picture.width).unwrap_or(i32::MAX),
        i32::try_from(picture.height).unwrap_or(i32::MAX),
        picture.bytes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the picture of a case.
pub(in crate::cases) async fn delete_picture(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<()> {
    sqlx::query!("delete from picture where case_id = $1", case.0).execute(connection).await?;
    Ok(())
}

/// Returns the case of a picture.
pub(in crate::cases) async fn case_of_picture(
    connection: &mut PgConnection,
    id: PictureId,
) -> Result<Option<CaseId>> {
    let case = sqlx::query_scalar!(
        r#"select case_id as "case_id: CaseId" from picture where id = $1"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(case)
}

/// Returns the media type and the bytes of a picture.
pub(in crate::cases) async fn picture_bytes(
    connection: &mut PgConnection,
    id: PictureId,
) -> Result<Option<(String, Vec<u8>)>> {
    let row = sqlx::query!("select media_type, bytes from picture where id = $1", id.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| (row.media_type, row.bytes)))
}
