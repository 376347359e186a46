//! /editions/{edition}/picks: changing the picks by a plain form.

use axum::extract::Path;
use backend::editions::Edition;
use domain::ids::CaseId;
use domain::refusal::VotingRefusal;
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::*;
use phrases::voting as words;
use voter::basket_cookie;

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Notice, PageHead, Tone};
use crate::voting::booth::{Booth, vote_path};
use crate::voting::closed::closed_poll_response;
use crate::voting::picks::{PickForms, load_picked_cases, most_picks, picked_case_ids, picks_list};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::cookies::set_readable_cookie;
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// POST /editions/{edition}/picks
pub(crate) async fn toggle_pick(
    cx: RequestContext,
    Path(slug): Path<String>,
    headers: HeaderMap,
    fields: FormFields,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let booth = match fields.field_text("poll") {
        "" => edition.polls.first().cloned().ok_or(AppError::NotFound)?,
        poll => edition.find_poll(poll)?.clone(),
    };
    let booth = Booth { edition: edition.into(), poll: booth };
    let Booth { edition, poll } = &booth;
    if let Err(phase) = edition.poll_open(poll) {
        return Ok(closed_poll_response(&cx, &booth, phase, StatusCode::CONFLICT));
    }
    let case: CaseId = fields.field_text("case").parse().map_err(|_| AppError::BadRequest)?;
    let back = path_to_return_to(edition, &headers, &fields);
    let picks = picked_case_ids(&cx, edition, poll);
    // The button says what it wants, so that pressed twice it does not undo itself.
    let done = match fields.field_text("want") {
        "add" => picks.contains(&case),
        "remove" => !picks.contains(&case),
        _ => false,
    };
    if done {
        return Ok(redirect_to(&path_of_case(&back, case)));
    }
    // Every pick may be removed. Only a case on the ballot paper may be added.
    if !picks.contains(&case) && cx.backend().paper_cases(edition, poll, &[case]).await?.is_empty()
    {
        return Err(AppError::Refused(domain::refusal::Refusal::Voting(
            VotingRefusal::ForeignCase,
        )));
    }
    match basket_cookie::toggle_pick(&picks, case, most_picks(poll)) {
        Some(picks) => {
            let mut response = redirect_to(&path_of_case(&back, case));
            let value = basket_cookie::format_picks(&slug, &picks);
            set_readable_cookie(
                &mut response,
                &basket_cookie::picks_cookie_name(&slug, poll.slug()),
                &value,
            );
            Ok(response)
        }
        None => show_full_basket(&cx, &booth, back).await,
    }
}

/// Returns the page to go back to, at this case.
fn path_of_case(back: &str, case: CaseId) -> String {
    format!("{}#case-{case}", back.split('#').next().unwrap_or_default())
}

/// GET /editions/{edition}/picks: redirects to the vote. A browser comes here when the reader
/// switches the language or reloads the page about a full basket.
pub(crate) async fn show_picks(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    Ok(redirect_to(&format!("/editions/{}/vote", edition.slug)))
}

/// Shows the picks, each with its remove button, because the basket has no room for another pick.
async fn show_full_basket(cx: &RequestContext, booth: &Booth, back: String) -> PageResult {
    let (lang, max) = (cx.lang(), most_picks(&booth.poll));
    let entries = load_picked_cases(cx, &booth.edition, &booth.poll).await?;
    let mut forms = PickForms::for_poll(cx, &booth.edition, &booth.poll);
    forms.back.clone_from(&back);
    let vote = vote_path(booth, "");
    let page = Page::titled(words::full_title(lang), move || {
        let list = picks_list(&forms, &entries);
        view! {
            <PageHead title=words::full_title(lang)>""</PageHead>
            <Notice lang tone=Tone::Warning><p>{words::full(lang, max)}</p></Notice>
            {list}
            <div class="actions">
                <ButtonLink label=words::back_to_page(lang) href=back weight=ButtonWeight::Secondary/>
                <ButtonLink label=words::vote(lang) href=vote weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(cx.render_page(
        page.for_edition(&booth.edition).with_status(StatusCode::UNPROCESSABLE_ENTITY),
    ))
}

/// Returns the path to go back to: from the form's `back` field, else from the `Referer` header,
/// else the gallery. Takes only the path; [`redirect_to`] refuses a path that leaves the site.
fn path_to_return_to(edition: &Edition, headers: &HeaderMap, fields: &FormFields) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = match fields.field_text("back") {
        "" => referer.and_then(path_of_url).unwrap_or_default(),
        back => back,
    };
    let picks = format!("/editions/{}/picks", edition.slug);
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.starts_with(&picks);
    if ours && !path.contains(|sign: char| sign == '\\' || sign.is_control()) {
        path.to_owned()
    } else {
        format!("/editions/{}/cases", edition.slug)
    }
}

fn path_of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').map(|start| &rest[start..])
}

#[cfg(test)]
mod tests {
    use super::path_of_url;

    #[test]
    fn of_a_referring_page_only_the_path_is_taken() {
        assert_eq!(
            path_of_url("https://vote.example/editions/x/cases?page=2"),
            Some("/editions/x/cases?page=2")
        );
        assert_eq!(path_of_url("https://vote.example"), None);
        assert_eq!(path_of_url("/editions"), None);
    }
}
