//! SQL of the ballot papers.

use domain::ids::{CaseId, EditionId};
use domain::rulebook::BallotPaper;
use domain::text::Bilingual;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::editions::Poll;
use crate::voting::PaperCase;

/// Returns those of the given cases that are accepted and on this paper, in the order of `ids`.
pub(super) async fn list_paper_cases(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: &Poll,
    ids: &[CaseId],
) -> Result<Vec<PaperCase>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let (track, listed) = match &poll.rules.cases {
        BallotPaper::All => (None, false),
        BallotPaper::Track(slug) => (Some(slug.as_str()), false),
        BallotPaper::List => (None, true),
    };
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            cases.sample,
            organisation.name as organisation
        from unnest($2::uuid[]) with ordinality as asked (id, place)
        join cases on cases.id = asked.id
        join track on track.id = cases.track_id
        join organisation on organisation.id = cases.organisation_id
        where cases.edition_id = $1
            and cases.state = 'accepted'
            and ($3::text is null or track.slug = $3)
            and (
                not $4
                or exists (
                    select from poll_case
                    where poll_case.poll_id = $5 and poll_case.case_id = cases.id
                )
            )
        order by asked.place
        "#,
        edition.0,
        &ids,
        track,
        listed,
        poll.id.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| PaperCase {
            id: row.id,
            title: Bilingual::new(row.title, row.title_en),
            organisation: row.organisation,
            sample: row.sample,
        })
        .collect())
}
