//! /editions/{edition}/privacy: the privacy policy, made from what the program does with data
//! (docs/privacy.md), the polls of the edition, and what the organiser has entered.

use axum::extract::Path;
use backend::editions::{Edition, Office};
use domain::rulebook::{OpeningsAccess, VoterIdentity};
use leptos::prelude::*;
use phrases::{Lang, office as say, voting};

use super::{Part, contact_facts, organiser_part, page_of_parts, text_part};
use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{Facts, TableBox};
use crate::web::answer::PageResult;
use crate::web::request::RequestContext;
use crate::words::polls;

/// A row of the table: who, what, why, until when.
type Item = [&'static str; 4];

/// GET /editions/{edition}/privacy
pub(crate) async fn show_privacy(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let lang = cx.lang();
    let lead = say::privacy_lead(lang, polls::in_language(lang, &edition.host));
    let parts = privacy_parts(lang, &edition, &office);
    Ok(cx.render_page(page_of_parts(&cx, &edition, (say::privacy(lang), lead), parts)))
}

fn privacy_parts(lang: Lang, edition: &Edition, office: &Office) -> Vec<Part> {
    let mut parts = vec![
        (say::items(lang), items_table(lang, &list_items(lang, edition))),
        text_part(say::third(lang), say::third_text(lang)),
        (say::processing(lang), processors_view(lang, office)),
        text_part(say::destruction(lang), say::destruction_text(lang)),
        text_part(say::rights(lang), say::rights_text(lang)),
        text_part(say::safety(lang), say::safety_text(lang)),
        text_part(say::cookies(lang), say::cookies_text(lang)),
        (say::officer(lang), officer_view(lang, edition, office)),
        text_part(say::remedies(lang), say::remedies_text(lang)),
    ];
    parts.extend(organiser_part(lang, &office.privacy_more));
    parts
}

/// Lists the data: of each kind of voters that the polls have, of every ballot, and of accounts.
fn list_items(lang: Lang, edition: &Edition) -> Vec<Item> {
    let voters = say::voters(lang);
    let mut items: Vec<Item> = Vec::new();
    for poll in &edition.polls {
        let (what, until) = match poll.rules.identity {
            VoterIdentity::Email => (say::voter_email(lang), say::voter_email_until(lang)),
            VoterIdentity::Mobile => (say::voter_mobile(lang), say::voter_mobile_until(lang)),
            VoterIdentity::Roll => (say::voter_roll(lang), say::voter_roll_until(lang)),
            VoterIdentity::Oidc => (say::voter_oidc(lang), say::voter_oidc_until(lang)),
        };
        let item = [voters, what, say::voter_why(lang), until];
        if !items.contains(&item) {
            items.push(item);
        }
        let domain = [
            voters,
            voting::item_domain(lang),
            voting::purpose_domain(lang),
            voting::period_domain(lang),
        ];
        if poll.rules.identity == VoterIdentity::Email && !items.contains(&domain) {
            items.push(domain);
        }
    }
    let by_number = edition.polls.iter().any(|poll| poll.rules.openings == OpeningsAccess::Public);
    let choice_until =
        if by_number { say::choice_open_until(lang) } else { say::choice_until(lang) };
    items.extend([
        [voters, say::trace(lang), say::trace_why(lang), say::trace_until(lang)],
        [voters, say::choice(lang), say::choice_why(lang), choice_until],
        [voters, say::second(lang), say::second_why(lang), say::second_until(lang)],
        [
            say::applicants(lang),
            say::applicant(lang),
            say::applicant_why(lang),
            say::applicant_until(lang),
        ],
        [say::members(lang), say::account(lang), say::account_why(lang), say::account_until(lang)],
        [
            say::members(lang),
            say::documents(lang),
            say::documents_why(lang),
            say::documents_until(lang),
        ],
        [
            say::judges(lang),
            say::plain_account(lang),
            say::judge_why(lang),
            say::account_until(lang),
        ],
        [
            say::staff(lang),
            say::plain_account(lang),
            say::staff_why(lang),
            say::account_until(lang),
        ],
    ]);
    items
}

fn items_table(lang: Lang, items: &[Item]) -> AnyView {
    let row = |[who, what, why, until]: &Item| {
        view! {
            <tr>
                <th scope="row" data-label=say::who(lang)>{*who}</th>
                <td data-label=say::what(lang)>{*what}</td>
                <td data-label=say::why(lang)>{*why}</td>
                <td data-label=say::until(lang)>{*until}</td>
            </tr>
        }
    };
    let rows = items.iter().map(row).collect_view();
    let heads = [say::who(lang), say::what(lang), say::why(lang), say::until(lang)]
        .map(|head| view! { <th scope="col">{head}</th> })
        .into_iter()
        .collect_view();
    view! {
        <TableBox caption=say::items_caption(lang)>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

fn processors_view(lang: Lang, office: &Office) -> AnyView {
    if office.processors.is_empty() {
        return view! { <p>{say::processing_none(lang)}</p> }.into_any();
    }
    let mark = crate::words::cases::korean_mark(lang);
    view! { <div class="prose" lang=mark>{render_paragraphs(&office.processors)}</div> }.into_any()
}

fn officer_view(lang: Lang, edition: &Edition, office: &Office) -> AnyView {
    let rows = [
        (say::privacy_officer(lang), &office.privacy_officer),
        (say::privacy_contact(lang), &office.privacy_contact),
    ];
    let rows: Vec<(String, String)> = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let officer = (!rows.is_empty()).then(|| view! { <Facts rows/> });
    view! { {officer}{contact_facts(lang, edition, office)} }.into_any()
}
