//! SQL of editions and their places.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{DistrictId, EditionId, NeighbourhoodId, PollId, TrackId};
use domain::rulebook::{PollRules, Rulebook};
use domain::schedule::{Schedule, Window, Windows};
use domain::text::Bilingual;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{District, Edition, Neighbourhood, Poll, Track};
use crate::Result;

/// A row of the query that reads editions.
struct EditionRow {
    id: EditionId,
    polls: Json<Vec<PollRow>>,
    slug: String,
    title_ko: String,
    title_en: String,
    host_ko: String,
    host_en: String,
    call_opens: DateTime<Utc>,
    call_closes: DateTime<Utc>,
    voting_opens: DateTime<Utc>,
    voting_closes: DateTime<Utc>,
    judging_opens: DateTime<Utc>,
    judging_closes: DateTime<Utc>,
    announcement: DateTime<Utc>,
    rulebook: Json<Rulebook>,
    sealed: bool,
    counts_read: bool,
    rehearsal: bool,
    clock_offset_seconds: i64,
    published_at: Option<DateTime<Utc>>,
    released_at: Option<DateTime<Utc>>,
    archived_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

/// A poll in the JSON of its edition's row.
#[derive(serde::Deserialize)]
struct PollRow {
    id: PollId,
    slug: String,
    opened_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

/// Joins the rows of the polls with their rules, in the order of the rulebook.
fn join_polls_with_rules(rows: &[PollRow], rulebook: &Rulebook, voting: Window) -> Vec<Poll> {
    let poll = |rules: &PollRules| {
        let row = rows.iter().find(|row| row.slug == rules.slug)?;
        let window = rules.window.unwrap_or(voting);
        let PollRow { id, opened_at, closed_at, .. } = *row;
        Some(Poll { id, rules: rules.clone(), window, opened_at, closed_at })
    };
    rulebook.polls.iter().filter_map(poll).collect()
}

impl From<EditionRow> for Edition {
    fn from(row: EditionRow) -> Self {
        let windows = Windows {
            call: Window { opens: row.call_opens, closes: row.call_closes },
            voting: Window { opens: row.voting_opens, closes: row.voting_closes },
            judging: Window { opens: row.judging_opens, closes: row.judging_closes },
            announcement: row.announcement,
        };
        Self {
            id: row.id,
            polls: join_polls_with_rules(&row.polls.0, &row.rulebook.0, windows.voting),
            slug: row.slug,
            title: Bilingual::new(row.title_ko, row.title_en),
            host: Bilingual::new(row.host_ko, row.host_en),
            schedule: Schedule {
                windows,
                published: row.published_at.is_some(),
                released_at: row.released_at,
                archived_at: row.archived_at,
            },
            rulebook: row.rulebook.0,
            sealed: row.sealed,
            counts_read: row.counts_read,
            rehearsal: row.rehearsal,
            clock_offset_seconds: row.clock_offset_seconds,
            now: row.now,
        }
    }
}

/// Returns all editions, newest first.
pub(crate) async fn all_editions(connection: &mut PgConnection) -> Result<Vec<Edition>> {
    read_editions(connection, None).await
}

/// Returns the edition with this short name.
pub(crate) async fn find_edition(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Option<Edition>> {
    Ok(read_editions(connection, Some(slug)).await?.pop())
}

/// Reads the edition with this short name. Without a name it reads all editions.
async fn read_editions(connection: &mut PgConnection, slug: Option<&str>) -> Result<Vec<Edition>> {
    let rows = sqlx::query_as!(
        EditionRow,
        r#"
        select
            edition.id as "id: EditionId",
            (
                select jsonb_agg(
                    jsonb_build_object(
                        'id', poll.id,
                        'slug', poll.slug,
                        'opened_at', poll.opened_at,
                        'closed_at', poll.closed_at
                    )
                    order by poll.position
                )
                from poll
                where poll.edition_id = edition.id
            ) as "polls!: Json<Vec<PollRow>>",
            slug,
            title_ko,
            title_en,
            host_ko,
            host_en,
            call_opens,
            call_closes,
            voting_opens,
            voting_closes,
            judging_opens,
            judging_closes,
            announcement,
            rulebook as "rulebook: Json<Rulebook>",
            exists (select from record where record.edition_id = edition.id) as "sealed!",
            counts_read_at is not null as "counts_read!",
            rehearsal,
            clock_offset_seconds,
            published_at,
            released_at,
            archived_at,
            -- Not now(): a transaction that waited for a lock must see the instant after the wait.
            clock_timestamp() + make_interval(secs => clock_offset_seconds) as "now!"
        from edition
        where slug = $1 or $1 is null
        order by call_opens desc, slug
        "#,
        slug,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Edition::from).collect())
}

/// Returns the tracks of an edition in their order.
pub(super) async fn tracks_in_order(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<Track>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: TrackId", slug, name_ko, name_en
        from track
        where edition_id = $1
        order by position
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Track {
            id: row.id,
            slug: row.slug,
            name: Bilingual::new(row.name_ko, row.name_en),
        })
        .collect())
}

/// Returns the districts of an edition with their neighbourhoods, in their order.
pub(super) async fn districts_in_order(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<District>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: DistrictId", slug, name_ko, name_en
        from district
        where edition_id = $1
        order by position
        "#,
        edition.0,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut within = neighbourhoods_by_district(connection, edition).await?;
    Ok(rows
        .into_iter()
        .map(|row| District {
            neighbourhoods: within.remove(&row.id).unwrap_or_default(),
            id: row.id,
            slug: row.slug,
            name: Bilingual::new(row.name_ko, row.name_en),
        })
        .collect())
}

async fn neighbourhoods_by_district(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<HashMap<DistrictId, Vec<Neighbourhood>>> {
    let rows = sqlx::query!(
        r#"
        select
            id as "id: NeighbourhoodId",
            district_id as "district_id: DistrictId",
            name
        from neighbourhood
        where edition_id = $1
        order by position
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    let mut within: HashMap<DistrictId, Vec<Neighbourhood>> = HashMap::new();
    for row in rows {
        let neighbourhood = Neighbourhood { id: row.id, name: row.name };
        within.entry(row.district_id).or_default().push(neighbourhood);
    }
    Ok(within)
}

/// Moves the windows. The table's constraints refuse a wrong order. Returns false if the release
/// is set, even if it was set after the caller read the edition.
pub(super) async fn update_windows(
    connection: &mut PgConnection,
    edition: EditionId,
    windows: &Windows,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update edition
        set call_opens = $2,
            call_closes = $3,
            voting_opens = $4,
            voting_closes = $5,
            judging_opens = $6,
            judging_closes = $7,
            announcement = $8
        where id = $1 and released_at is null
        ",
        edition.0,
        windows.call.opens,
        windows.call.closes,
        windows.voting.opens,
        windows.voting.closes,
        windows.judging.opens,
        windows.judging.closes,
        windows.announcement,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the clock of a rehearsal and forgets that counts were read, with the tables that were stored for
/// it, because the season is practised again. Returns false if the edition is not a rehearsal.
pub(super) async fn update_clock_offset(
    connection: &mut PgConnection,
    edition: EditionId,
    offset_seconds: i64,
) -> Result<bool> {
    sqlx::query!(
        "
        delete from published
        using poll, edition
        where poll.id = published.poll_id
            and edition.id = poll.edition_id
            and edition.id = $1
            and edition.rehearsal
            and edition.released_at is null
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query!(
        "
        update edition set clock_offset_seconds = $2, counts_read_at = null
        where id = $1 and rehearsal
        ",
        edition.0,
        offset_seconds,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that counts are read from now on. Returns false if that was noted before.
pub(crate) async fn mark_counts_read(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update edition set counts_read_at = clock_timestamp()
        where id = $1 and counts_read_at is null
        ",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether an edition has a case that takes part.
pub(super) async fn has_accepted_case(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from cases where edition_id = $1 and state = 'accepted') as "found!""#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Publishes an edition. Returns false if it was published before.
pub(super) async fn mark_published(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let done = sqlx::query!(
        "update edition set published_at = now() where id = $1 and published_at is null",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Archives an edition for ever. Returns false if it is archived already or has no release.
pub(super) async fn mark_archived(
    connection: &mut PgConnection,
    edition: EditionId,
    at: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update edition set archived_at = $2
        where id = $1 and archived_at is null and released_at is not null
        ",
        edition.0,
        at,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks the edition's row against changes until the transaction ends. Other transactions can hold
/// this lock too. Take it before locks on rows of the edition, never after them.
pub(crate) async fn lock_edition_shared(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    sqlx::query!("select id from edition where id = $1 for share", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Locks the edition's row until the transaction ends.
pub(crate) async fn lock_edition(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!("select id from edition where id = $1 for update", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}
