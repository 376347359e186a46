//! The beginning of a draft: from the template, the example, or an edition that was held before; and the
//! drafts that wait to be gone on with.

use backend::accounts::Admin;
use backend::editions::{EditionDraft, write_season_file};
use domain::season::SeasonDraft;
use leptos::prelude::*;
use phrases::{Lang, setup as say};

use crate::AppError;
use crate::editions::season_files::{EXAMPLE_SEASON, TEMPLATE_SEASON};
use crate::ui::{ButtonLink, ButtonWeight, Choice, Section, SelectField, Submit};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;
use crate::words::{editions, times};

use super::{draft_path, draft_title};

/// What the beginning shows.
pub(crate) struct StartChoices {
    drafts: Vec<EditionDraft>,
    /// The short name and the title of each edition.
    editions: Vec<(String, String)>,
}

impl StartChoices {
    /// Reads the drafts and the editions.
    pub(crate) async fn load_choices(cx: &RequestContext, admin: &Admin) -> Result<Self, AppError> {
        let lang = cx.lang();
        let drafts = cx.backend().list_drafts(admin).await?;
        let editions = cx.backend().all_editions(admin).await?;
        let name = |edition: &backend::editions::Edition| {
            let title = editions::edition_title(lang, edition);
            (edition.slug.clone(), format!("{title} ({})", edition.slug))
        };
        Ok(Self { drafts, editions: editions.iter().map(name).collect() })
    }
}

/// Builds the form that begins a draft, and the list of those that were begun.
pub(crate) fn start_section(lang: Lang, choices: &StartChoices) -> AnyView {
    let mut options = vec![
        Choice::with_value("template", say::from_template(lang), true),
        Choice::with_value("example", say::from_example(lang), false),
    ];
    options.extend(choices.editions.iter().map(|(slug, title)| {
        let label = say::from_edition(lang, title);
        Choice::with_value(format!("edition:{slug}"), label, false)
    }));
    view! {
        <Section title=say::start_title(lang) lead=say::start_lead(lang)>
            <form method="post" action="/admin/editions/drafts" class="form">
                <SelectField lang name="from" label=say::start_from(lang) hint=say::copy_hint(lang)
                    required=true options/>
                <div class="actions"><Submit label=say::start(lang)/></div>
            </form>
        </Section>
        {drafts_section(lang, &choices.drafts)}
    }
    .into_any()
}

fn drafts_section(lang: Lang, drafts: &[EditionDraft]) -> Option<AnyView> {
    if drafts.is_empty() {
        return None;
    }
    let item = |draft: &EditionDraft| {
        let title = draft_title(lang, draft);
        let saved = say::draft_saved(lang, times::format_minute(lang, draft.changed_at));
        let saved = match draft.season.field_text("slug") {
            "" => saved,
            slug => format!("{slug} · {saved}"),
        };
        let href = draft_path(draft, super::CHECK);
        view! {
            <li class="panel stack">
                <h3>{title}</h3>
                <p class="muted small">{saved}</p>
                <div class="actions">
                    <ButtonLink label=say::go_on(lang) href weight=ButtonWeight::Secondary/>
                </div>
            </li>
        }
    };
    let items = drafts.iter().map(item).collect_view();
    Some(
        view! { <Section title=say::drafts(lang)><ul class="desk">{items}</ul></Section> }
            .into_any(),
    )
}

/// POST /admin/editions/drafts
pub(crate) async fn begin_draft(cx: RequestContext, fields: FormFields) -> PageResult {
    let admin = cx.require_admin()?;
    let backend = cx.backend();
    let from = fields.field_text("from");
    let file = match from.strip_prefix("edition:") {
        Some(slug) => {
            let edition = backend.find_edition(slug).await?;
            let places = backend.tracks_and_districts(edition.id).await?;
            let season = SeasonDraft::from_season_file(&write_season_file(&edition, &places));
            let mut season = season.unwrap_or_default();
            // The short name is taken, and never used again.
            season.set_field("slug", "");
            season.to_season_file()
        }
        None if from == "example" => EXAMPLE_SEASON.to_owned(),
        None => TEMPLATE_SEASON.to_owned(),
    };
    let draft = backend.begin_draft(&admin, &file).await?;
    Ok(redirect_to(&format!("/admin/editions/drafts/{draft}/basics")))
}
