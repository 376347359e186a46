//! Editions that are set up in steps: kept while they are incomplete, never overwritten unseen, and made
//! once.

use backend::accounts::Admin;
use backend::editions::{
    DraftUse, Edition, EditionDraft, MOST_DRAFTS, NewEdition, write_season_file,
};
use backend::{Backend, Error, Refusal};
use domain::refusal::EditionRefusal;
use domain::schedule::Phase;
use domain::season::{DraftStep, SeasonDraft, SeasonProblem};
use futures_util::future::join_all;
use sqlx::PgPool;

use crate::support::{SEASON, SLUG, backend, count, season_in, stand_at};

const TEMPLATE: &str = include_str!("../../../../data/template.json");

async fn draft_of(backend: &Backend, file: &str) -> EditionDraft {
    let admin = Admin::local_operator();
    let id = backend.begin_draft(&admin, file).await.unwrap();
    backend.find_draft(&admin, id).await.unwrap()
}

/// Saves a step with one changed field.
async fn type_into(
    backend: &Backend,
    draft: &EditionDraft,
    step: DraftStep,
    (name, text): (&str, &str),
) -> Result<EditionDraft, Error> {
    let admin = Admin::local_operator();
    let mut season = draft.season.clone();
    season.set_field(name, text);
    let (typed, shown) = (season.fields_of_step(step), draft.season.mark_of_step(step));
    backend.save_draft_step(&admin, (draft.id, &shown), step, typed).await?;
    backend.find_draft(&admin, draft.id).await
}

async fn use_draft(backend: &Backend, draft: &EditionDraft) -> Result<DraftUse, Error> {
    backend.use_draft(&Admin::local_operator(), (draft.id, draft.revision)).await
}

async fn settings_of(backend: &Backend, edition: &Edition) -> EditionDraft {
    let admin = Admin::local_operator();
    let id = backend.settings_draft(&admin, edition).await.unwrap();
    backend.find_draft(&admin, id).await.unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_is_kept_while_it_is_incomplete_and_makes_one_edition(pool: PgPool) {
    let backend = backend(pool.clone());
    let draft = draft_of(&backend, TEMPLATE).await;
    let broken =
        type_into(&backend, &draft, DraftStep::Judging, ("panel.judges", "seven")).await.unwrap();
    assert_eq!(broken.season.field_text("panel.judges"), "seven", "what was typed stays");
    let DraftUse::Incomplete(problems) = use_draft(&backend, &broken).await.unwrap() else {
        panic!("not a season")
    };
    assert_eq!(problems[0].field, "panel.judges");
    assert_eq!(count(&pool, "edition").await, 0);
    let right =
        type_into(&backend, &broken, DraftStep::Judging, ("panel.judges", "7")).await.unwrap();
    let right = type_into(&backend, &right, DraftStep::Basics, ("rehearsal", "yes")).await.unwrap();
    let uses = join_all((0..8).map(|_| use_draft(&backend, &right))).await;
    assert_eq!(uses.iter().filter(|used| used.is_ok()).count(), 1, "{uses:?}");
    assert_eq!(count(&pool, "edition").await, 1);
    assert_eq!(count(&pool, "edition_draft").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'edition.created'").await, 1);
    let edition = backend.find_edition("our-contest-2027").await.unwrap();
    assert!(edition.rehearsal && !edition.schedule.published);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_makes_the_edition_that_its_file_makes(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let new = NewEdition { file: TEMPLATE.to_owned(), rehearsal: false };
    backend.create_edition(&admin, &new).await.unwrap();
    let by_file = backend.find_edition("our-contest-2027").await.unwrap();
    let draft = draft_of(&backend, TEMPLATE).await;
    let draft = type_into(&backend, &draft, DraftStep::Basics, ("slug", "by-form")).await.unwrap();
    assert!(
        matches!(use_draft(&backend, &draft).await, Ok(DraftUse::Done(slug)) if slug == "by-form")
    );
    let by_form = backend.find_edition("by-form").await.unwrap();
    assert_eq!(by_form.rulebook, by_file.rulebook);
    assert_eq!(by_form.schedule.windows, by_file.schedule.windows);
    assert_eq!((by_form.title, by_form.host), (by_file.title, by_file.host));
    let names = async |edition| {
        let places = backend.tracks_and_districts(edition).await.unwrap();
        let tracks: Vec<_> =
            places.tracks.into_iter().map(|track| (track.slug, track.name)).collect();
        let districts = places.districts.into_iter().map(|district| {
            let inside: Vec<_> =
                district.neighbourhoods.into_iter().map(|place| place.name).collect();
            (district.slug, district.name, inside)
        });
        (tracks, districts.collect::<Vec<_>>())
    };
    assert_eq!(names(by_form.id).await, names(by_file.id).await);
    let taken = draft_of(&backend, TEMPLATE).await;
    let taken =
        type_into(&backend, &taken, DraftStep::Basics, ("slug", "ｂｙ-form")).await.unwrap();
    let DraftUse::Incomplete(problems) = use_draft(&backend, &taken).await.unwrap() else {
        panic!("two editions of one name")
    };
    assert_eq!(
        (problems[0].field.as_str(), &problems[0].reason),
        ("slug", &SeasonProblem::SlugTaken)
    );
    assert_eq!(count(&pool, "edition_draft").await, 1, "the draft is not lost");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_people_do_not_overwrite_each_other(pool: PgPool) {
    let backend = backend(pool.clone());
    let draft = draft_of(&backend, TEMPLATE).await;
    type_into(&backend, &draft, DraftStep::Basics, ("title.ko", "하나")).await.unwrap();
    // Another step is nobody's business but its own.
    let other = type_into(&backend, &draft, DraftStep::Awards, ("awards.0.count", "1")).await;
    let other = other.unwrap().season;
    assert_eq!((other.field_text("title.ko"), other.field_text("awards.0.count")), ("하나", "1"));
    let late = type_into(&backend, &draft, DraftStep::Basics, ("title.ko", "둘")).await;
    assert!(matches!(late, Err(Error::Refused(Refusal::Stale))), "{late:?}");
    // Who types the same, or sends a step again after its answer was lost, overwrites nobody.
    type_into(&backend, &draft, DraftStep::Basics, ("title.ko", "하나")).await.unwrap();
    let unseen = use_draft(&backend, &draft).await;
    assert!(matches!(unseen, Err(Error::Refused(Refusal::Stale))));
    let admin = Admin::local_operator();
    backend.delete_draft(&admin, draft.id).await.unwrap();
    assert!(matches!(backend.delete_draft(&admin, draft.id).await, Err(Error::NotFound)));
    let none = type_into(&backend, &draft, DraftStep::Basics, ("title.ko", "셋")).await;
    assert!(matches!(none, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn there_are_only_so_many_drafts(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    for _ in 0..MOST_DRAFTS {
        backend.begin_draft(&admin, "{}").await.unwrap();
    }
    let more = backend.begin_draft(&admin, "{}").await;
    assert!(matches!(more, Err(Error::Refused(Refusal::WrongState))));
    assert_eq!(backend.list_drafts(&admin).await.unwrap().len(), 50);
    assert!(matches!(backend.begin_draft(&admin, "[]").await, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn settings_change_until_the_rules_are_sealed(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let draft = settings_of(&backend, &edition).await;
    assert_eq!(settings_of(&backend, &edition).await.id, draft.id, "there is one");
    let pending = backend.pending_settings(&Admin::local_operator(), &edition).await.unwrap();
    assert_eq!(pending, Some(draft.changed_at));
    let draft =
        type_into(&backend, &draft, DraftStep::Basics, ("title.ko", "새 이름")).await.unwrap();
    let draft =
        type_into(&backend, &draft, DraftStep::Awards, ("awards.0.count", "1")).await.unwrap();
    let words = ("panel.rubric.0.description.ko", "왜 필요한가");
    let draft = type_into(&backend, &draft, DraftStep::Judging, words).await.unwrap();
    let words = ("panel.rubric.0.description.en", "Why it is needed");
    let draft = type_into(&backend, &draft, DraftStep::Judging, words).await.unwrap();
    let here = type_into(&backend, &draft, DraftStep::Polls, ("polls.0.weight", "20")).await;
    assert!(matches!(here, Err(Error::Refused(Refusal::WrongState))), "polls have a page");
    let moved =
        type_into(&backend, &draft, DraftStep::Basics, ("slug", "elsewhere")).await.unwrap();
    assert_eq!(moved.season.field_text("slug"), SLUG, "the address stays");
    assert!(matches!(use_draft(&backend, &moved).await, Ok(DraftUse::Done(_))));
    let changed = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(changed.title.ko, "새 이름");
    assert_eq!(changed.rulebook.awards[0].count, 1);
    let description = changed.rulebook.panel.rubric[0].description.clone().unwrap();
    assert_eq!(description.en, "Why it is needed");
    assert_eq!(changed.rulebook.polls, edition.rulebook.polls);
    assert_eq!(count(&pool, "audit_event where action = 'edition.changed'").await, 1);
    let early = settings_of(&backend, &changed).await;
    let voting = stand_at(&backend, Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    let sealed = backend.find_edition(SLUG).await.unwrap();
    assert!(sealed.sealed && voting.id == sealed.id);
    let late = backend.settings_draft(&Admin::local_operator(), &sealed).await;
    let why = Refusal::Edition(EditionRefusal::Sealed);
    assert!(matches!(late, Err(Error::Refused(found)) if found == why));
    let late = use_draft(&backend, &early).await;
    assert!(matches!(late, Err(Error::Refused(found)) if found == why));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_rules_of_the_panel_are_fixed_once_judges_score(pool: PgPool) {
    let backend = backend(pool.clone());
    season_in(&backend, Phase::Draft).await;
    // A poll that opens after the judging leaves the rules unsealed while judges score.
    let judging = stand_at(&backend, Phase::Judging).await;
    assert!(!judging.sealed);
    let fixed = Refusal::Edition(EditionRefusal::PanelFixed);
    let draft = settings_of(&backend, &judging).await;
    for field in [("panel.quorum", "1"), ("panel.judges", "9"), ("panel.rubric.0.max", "21")] {
        let before = backend.find_draft(&Admin::local_operator(), draft.id).await.unwrap();
        let changed = type_into(&backend, &before, DraftStep::Judging, field).await.unwrap();
        let refused = use_draft(&backend, &changed).await;
        assert!(
            matches!(&refused, Err(Error::Refused(why)) if *why == fixed),
            "{field:?} {refused:?}"
        );
        let back = (field.0, before.season.field_text(field.0));
        type_into(&backend, &changed, DraftStep::Judging, back).await.unwrap();
    }
    // Also after the clock of a rehearsal was moved back, as long as a sheet exists.
    let early = stand_at(&backend, Phase::Call).await;
    crate::support::account(
        &backend,
        &early,
        backend::accounts::Role::Judge,
        "j@agency.example",
        "",
    )
    .await;
    let sheet = "insert into sheet (id, edition_id, judge_id, case_id, scores)
        select gen_random_uuid(), cases.edition_id, account.id, cases.id, '{1,1,1,1,1}'
        from cases, account where account.role = 'judge' limit 1";
    sqlx::query(sheet).execute(&pool).await.unwrap();
    let before = backend.find_draft(&Admin::local_operator(), draft.id).await.unwrap();
    let changed =
        type_into(&backend, &before, DraftStep::Judging, ("panel.quorum", "1")).await.unwrap();
    let refused = use_draft(&backend, &changed).await;
    assert!(matches!(refused, Err(Error::Refused(why)) if why == fixed));
    let title =
        type_into(&backend, &before, DraftStep::Basics, ("title.ko", "새 이름")).await.unwrap();
    let back = ("panel.quorum", before.season.field_text("panel.quorum"));
    let right = type_into(&backend, &title, DraftStep::Judging, back).await.unwrap();
    assert!(matches!(use_draft(&backend, &right).await, Ok(DraftUse::Done(_))));
    let told = "audit_event where action = 'edition.changed' and detail->'to' ? 'districts'";
    assert_eq!(count(&pool, told).await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn places_of_cases_stay(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let draft = settings_of(&backend, &edition).await;
    let all = draft.season.field_text("districts.0.neighbourhoods").to_owned();
    let used = Refusal::Edition(EditionRefusal::PlaceInUse);
    // The demonstration has a case in this neighbourhood.
    let without = all.replace("판암2동", "판암9동");
    assert_ne!(without, all);
    let field = ("districts.0.neighbourhoods", without.as_str());
    let broken = type_into(&backend, &draft, DraftStep::Places, field).await.unwrap();
    let refused = use_draft(&backend, &broken).await;
    assert!(matches!(refused, Err(Error::Refused(why)) if why == used));
    let more = format!("{all}, 새동네");
    let field = ("districts.0.neighbourhoods", more.as_str());
    let right = type_into(&backend, &broken, DraftStep::Places, field).await.unwrap();
    let right = type_into(&backend, &right, DraftStep::Places, ("districts.0.name.ko", "동쪽구"))
        .await
        .unwrap();
    assert!(matches!(use_draft(&backend, &right).await, Ok(DraftUse::Done(_))));
    let places = backend.tracks_and_districts(edition.id).await.unwrap();
    assert_eq!(places.districts[0].name.ko, "동쪽구");
    assert!(places.districts[0].neighbourhoods.iter().any(|place| place.name == "새동네"));
    assert_eq!(count(&pool, "cases where state = 'accepted'").await, 24);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn polls_that_changed_meanwhile_are_those_of_the_edition(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let draft = settings_of(&backend, &edition).await;
    let weight = "update edition set rulebook =
        jsonb_set(jsonb_set(rulebook, '{polls,0,weight}', '\"20/100\"'), '{panel,weight}', '\"80/100\"')";
    sqlx::query(weight).execute(&pool).await.unwrap();
    let now = backend.find_draft(&Admin::local_operator(), draft.id).await.unwrap();
    assert_eq!(now.season.field_text("polls.0.weight"), "20");
    assert_eq!(now.season.field_text("panel.weight"), "70", "the draft's own part stays");
    let DraftUse::Incomplete(problems) = use_draft(&backend, &now).await.unwrap() else {
        panic!("the weights do not sum to 1")
    };
    assert!(problems.iter().any(|problem| problem.field == "panel.weight"), "{problems:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_edition_is_written_as_the_file_it_was_made_from(pool: PgPool) {
    let backend = backend(pool);
    let edition = season_in(&backend, Phase::Draft).await;
    let places = backend.tracks_and_districts(edition.id).await.unwrap();
    let written = SeasonDraft::from_season_file(&write_season_file(&edition, &places)).unwrap();
    let mut expected = SeasonDraft::from_season_file(SEASON).unwrap().check().unwrap();
    expected.windows = edition.schedule.windows;
    assert_eq!(written.check().unwrap(), expected);
}
