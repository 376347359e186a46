//! The queue of the screening: numbers, filters, and the table.

use backend::cases::{CaseState, ScreeningLine};
use backend::editions::{Edition, TracksAndDistricts};
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::cases::screening::filters::{ScreeningQuery, filters_form, mark_labels};
use crate::cases::screening::{screening_closed_notice, screening_crumbs, screening_state_label};
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, Empty, PageHead, Section, Stat, Submit, TableBox, Tone,
};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

use crate::{AppError, staff};

/// Builds the page of the queue. `said` is what a form has just done.
pub(super) async fn screening_page(
    cx: &RequestContext,
    edition: &Edition,
    query: &ScreeningQuery,
    said: Option<AnyView>,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let lines = cx.backend().screening_list(&admin, edition).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let counts = [
        (CaseState::Submitted, words::waiting(lang)),
        (CaseState::Returned, words::returned(lang)),
        (CaseState::Accepted, words::accepted(lang)),
        (CaseState::Rejected, words::rejected(lang)),
    ]
    .map(|(state, label)| {
        (lines.iter().filter(|line| line.state == state).count().to_string(), label)
    });
    let closed = screening_closed_notice(lang, edition);
    let shown: Vec<_> = lines.iter().filter(|line| query.fits_line(line)).collect();
    let filters = (!lines.is_empty()).then(|| filters_form(lang, &places, query));
    let count = (!query.has_no_filter()).then(|| {
        view! { <p role="status">{words::filter_count(lang, lines.len(), shown.len())}</p> }
    });
    let table = screening_table(lang, edition, &places, (&lines, &shown));
    let downloads = (!lines.is_empty()).then(|| download_section(lang));
    let late = edition.screening_open().is_ok().then(|| {
        let href = format!("/admin/{}/screening/late", edition.slug);
        view! {
            <div class="actions">
                <ButtonLink label=phrases::late::open(lang) href weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    let name = editions::edition_title(lang, edition);
    let crumbs = screening_crumbs(lang, edition, None);
    let tabs = staff::edition_tabs(lang, edition, "/screening");
    let page = Page::titled(words::title(lang), move || {
        let stats = counts.map(|(value, label)| view! { <Stat value label/> });
        view! {
            <PageHead title=words::title(lang) eyebrow=name lead=words::lead(lang)>""</PageHead>
            {tabs}
            {said}
            {closed}
            <div class="stats">{stats}</div>
            {filters}
            {count}
            {table}
            {late}
            {downloads}
            <script src="/screening.js" defer=true></script>
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

fn download_section(lang: Lang) -> AnyView {
    view! {
        <Section title=words::download(lang) lead=words::download_text(lang)>
            <form method="post" class="form" data-file="">
                <div class="actions">
                    <Submit label=words::download_xlsx(lang) weight=ButtonWeight::Secondary name="act"
                        value="xlsx"/>
                    <Submit label=words::download_csv(lang) weight=ButtonWeight::Quiet name="act" value="csv"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

fn screening_table(
    lang: Lang,
    edition: &Edition,
    places: &TracksAndDistricts,
    (all, shown): (&[ScreeningLine], &[&ScreeningLine]),
) -> AnyView {
    if all.is_empty() {
        return view! {
            <Empty title=words::empty_title(lang)><p>{words::empty(lang)}</p></Empty>
        }
        .into_any();
    }
    if shown.is_empty() {
        return view! {
            <Empty title=words::filter_none_title(lang)><p>{words::filter_none(lang)}</p></Empty>
        }
        .into_any();
    }
    let open = edition.screening_open().is_ok();
    let choosable = open && shown.iter().any(|line| line.state == CaseState::Submitted);
    let rows = shown
        .iter()
        .map(|line| screening_row(lang, (edition, places), line, choosable))
        .collect_view();
    let choose = choosable.then(|| view! { <th scope="col">{words::choose(lang)}</th> });
    let bulk = choosable.then(|| {
        view! {
            <Section title=words::bulk(lang) lead=words::bulk_lead(lang)>
                <div class="actions">
                    <Submit label=words::bulk_accept(lang) weight=ButtonWeight::Secondary name="act"
                        value="accept"/>
                </div>
            </Section>
            <p class="muted small keys-note" hidden=true>
                <strong>{words::keys(lang)}</strong>" "{words::keys_text(lang)}
            </p>
        }
    });
    view! {
        <form method="post" id="queue" class="queue">
            <TableBox caption=words::table(lang)>
                <thead>
                    <tr>
                        {choose}
                        <th scope="col">{words::number(lang)}</th>
                        <th scope="col">{words::case(lang)}</th>
                        <th scope="col">{words::organisation(lang)}</th>
                        <th scope="col">{words::track(lang)}</th>
                        <th scope="col">{words::submitted(lang)}</th>
                        <th scope="col">{words::state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
            {bulk}
        </form>
    }
    .into_any()
}

fn screening_row(
    lang: Lang,
    (edition, places): (&Edition, &TracksAndDistricts),
    line: &ScreeningLine,
    choosable: bool,
) -> impl IntoView + use<> {
    let href = format!("/admin/{}/screening/{}", edition.slug, line.id);
    let (tone, label) = screening_state_label(lang, line.state);
    let (track, _) = cases::track_name(lang, places, line.track);
    let submitted = line.submitted_at.map(|at| times::format_minute(lang, at));
    let (mark, title) = (cases::korean_mark(lang), line.title.clone());
    let organisation = line.organisation_name.clone();
    let number = line.receipt_number.map(|number| format!("{number:04}"));
    let sample = line
        .sample
        .then(|| view! { " "<Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
    let marks = mark_labels(lang, line)
        .into_iter()
        .map(|label| view! { " "<Badge tone=Tone::Warning label/> })
        .collect_view();
    let until = line.returned_until.map(|until| {
        let until = times::format_end(lang, until);
        view! { <br/><span class="muted small">{words::returned_until(lang, until)}</span> }
    });
    let waits = line.state == CaseState::Submitted;
    let choose = choosable.then(|| {
        let value = format!("{}.{}", line.id, line.version);
        let name = words::choose_named(lang, &title);
        let tick = waits.then(|| {
            view! { <input type="checkbox" class="tick" name="case" value=value aria-label=name/> }
        });
        view! { <td data-label=words::choose(lang)>{tick}</td> }
    });
    view! {
        <tr>
            {choose}
            <td data-label=words::number(lang)>{number}</td>
            <td data-label=words::case(lang)>
                <div><a href=href lang=mark>{title}</a>{sample}{marks}</div>
            </td>
            <td data-label=words::organisation(lang) lang=mark>{organisation}</td>
            <td data-label=words::track(lang)>{track}</td>
            <td data-label=words::submitted(lang)>{submitted}</td>
            <td data-label=words::state(lang)><div><Badge tone label/>{until}</div></td>
        </tr>
    }
}
