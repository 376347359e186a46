//! /record/{edition}/fraud: the public report on the fraud checks.

use axum::extract::Path;
use backend::editions::Edition;
use backend::fraud::{FraudReport, PollReport, RankChanges, RankCheck};
use domain::fraud::{EvidenceFamily, RulingReason};
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use crate::ui::{ButtonLink, ButtonWeight, Empty, Facts, Notice, PageHead, Section, Tone};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::numbers::group_thousands;
use crate::words::{editions, fraud as words, numbers, polls};

/// GET /record/{edition}/fraud
pub(crate) async fn show_fraud_report(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let report = cx.backend().fraud_report(&edition).await?;
    let lang = cx.lang();
    let crumbs = vec![
        (editions::edition_title(lang, &edition), Some(format!("/editions/{}", edition.slug))),
        (phrases::record::name(lang).to_owned(), Some(format!("/record/{}", edition.slug))),
        (say::report(lang).to_owned(), None),
    ];
    let (of, appeal) = (edition.clone(), format!("/record/{}/appeal", edition.slug));
    let page = Page::titled(say::report(lang), move || {
        let polls = report.polls.iter().map(|poll| poll_section(lang, &edition, poll));
        let content = if report.polls.is_empty() {
            view! {
                <Empty title=say::report_none(lang)><p>{say::report_none_text(lang)}</p></Empty>
            }
            .into_any()
        } else {
            view! { {polls.collect_view()}{ranks_section(lang, &report)} }.into_any()
        };
        view! {
            <PageHead title=say::report(lang) eyebrow=editions::edition_title(lang, &edition)
                lead=say::report_lead(lang)/>
            {content}
            {limits_section(lang)}
            <div class="actions">
                <ButtonLink label=say::appeal_title(lang) href=appeal
                    weight=ButtonWeight::Secondary/>
            </div>
        }
    });
    let page = page.for_edition(&of).with_crumbs(crumbs);
    Ok(cx.render_page(page.with_description(say::report_lead(lang))))
}

fn poll_section(lang: Lang, edition: &Edition, report: &PollReport) -> Option<AnyView> {
    let poll = edition.polls.iter().find(|poll| poll.id == report.poll)?;
    let balance = report.recorded.balance?;
    let mut rows = vec![
        (say::report_received(lang).to_owned(), group_thousands(balance.received)),
        (say::report_counted(lang).to_owned(), group_thousands(balance.counted)),
        (say::report_held(lang).to_owned(), group_thousands(balance.held)),
    ];
    for (codes, count) in &report.recorded.held {
        let name = say::report_held_by(lang, words::family_names(lang, codes));
        rows.push((name, group_thousands(*count)));
    }
    rows.push((say::report_excluded(lang).to_owned(), group_thousands(balance.excluded)));
    for (code, count) in &report.recorded.excluded {
        let reason = RulingReason::from_code(code);
        let name = reason.map_or(code.as_str(), |reason| words::bare_reason(lang, reason));
        rows.push((say::report_excluded_by(lang, name), group_thousands(*count)));
    }
    let appeals = say::report_appeals_text(
        lang,
        numbers::group_stored_count(report.answered),
        numbers::group_stored_count(report.granted),
        numbers::group_stored_count(report.appeals),
        numbers::group_stored_count(report.answered - report.granted),
    );
    rows.extend([
        (say::report_replaced(lang).to_owned(), group_thousands(balance.replaced)),
        (say::report_restored(lang).to_owned(), numbers::group_stored_count(report.restored)),
        (say::report_groups(lang).to_owned(), numbers::group_stored_count(report.held_groups)),
        (say::report_cleared(lang).to_owned(), numbers::group_stored_count(report.cleared_groups)),
        (say::report_appeals(lang).to_owned(), appeals),
    ]);
    if report.traced {
        rows.push((say::report_not_found(lang).to_owned(), kinds_not_found(lang, report)));
    }
    let note = (!report.traced).then(|| {
        view! { <Notice lang tone=Tone::Info><p>{say::report_not_traced(lang)}</p></Notice> }
    });
    let title = polls::poll_title(lang, &poll.rules);
    Some(view! { <Section title>{note}<Facts rows/></Section> }.into_any())
}

/// Names the kinds of evidence for which no ballot was ever held.
fn kinds_not_found(lang: Lang, report: &PollReport) -> String {
    let found = |family: &EvidenceFamily| report.families.iter().any(|code| code == family.code());
    let missing = EvidenceFamily::ALL.into_iter().filter(|family| !found(family));
    let names: Vec<&str> = missing.map(|family| words::family_name(lang, family)).collect();
    if names.is_empty() { say::report_all_found(lang).to_owned() } else { names.join(", ") }
}

fn ranks_section(lang: Lang, report: &FraudReport) -> AnyView {
    let sentence = |changes: RankChanges| {
        if changes == RankChanges::default() {
            return say::report_same(lang).to_owned();
        }
        let number = numbers::group_length;
        say::report_changes(lang, number(changes.awards), number(changes.ranks))
    };
    let content = match report.ranks {
        None => view! { <p class="muted">{say::report_ranks_later(lang)}</p> }.into_any(),
        Some(RankCheck { all_count, none_counts }) => {
            let rows = vec![
                (say::report_all(lang).to_owned(), sentence(all_count)),
                (say::report_no(lang).to_owned(), sentence(none_counts)),
            ];
            view! { <Facts rows/> }.into_any()
        }
    };
    view! { <Section title=say::report_ranks(lang) id="ranks">{content}</Section> }.into_any()
}

fn limits_section(lang: Lang) -> AnyView {
    let items = [
        say::limit_agreed(lang),
        say::limit_few(lang),
        say::limit_careful(lang),
        say::limit_database(lang),
        say::limit_not_alone(lang),
    ]
    .map(|item| view! { <li>{item}</li> })
    .into_iter()
    .collect_view();
    view! { <Section title=say::report_limits(lang)><ul class="prose">{items}</ul></Section> }
        .into_any()
}
