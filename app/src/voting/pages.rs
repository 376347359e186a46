//! The steps of a vote: who you are, the code, the check. One question to a page; the picks are in
//! their cookie and survive every way back.

use axum::extract::Path;
use axum::response::Response;
use backend::editions::{Edition, Poll};
use backend::voting::{Entry, WhoIAm};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::schedule::VotingOpen;
use domain::text::FieldProblem;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use super::picks::{max_picks, pick_forms, picked_entries, picks_list, title_view};
use super::receipts::closed;
use crate::context::{Cx, go};
use crate::page::{Answer, Page, form_errors};
use crate::ui::{
    AuthPanel, ButtonLink, Checkbox, CodeField, ErrorSummary, Notice, PageHead, Section, Steps,
    Submit, TableBox, TextField, Tone, Weight,
};
use crate::{AppError, sentences};

/// The secret that ties a code to this browser.
pub(super) const CHALLENGE_COOKIE: &str = "__Host-challenge";
/// The address the code went to, for the page that says so and for sending another. It is kept by
/// the voter's own browser, because this side keeps it nowhere, and goes once the code is right.
pub(super) const CONTACT_COOKIE: &str = "__Host-contact";
/// The session of a verified voter.
pub(super) const VOTER_COOKIE: &str = "__Host-voter";

/// A poll and its edition: where a page of the vote stands.
pub(super) struct Booth {
    pub(super) edition: Edition,
    pub(super) poll: Poll,
}

/// The names of an edition and of its poll, as they stand in the path.
pub(super) type Names = Path<(String, String)>;

/// The poll of a page of the vote, open or not.
pub(super) async fn booth(cx: &Cx, Path((edition, poll)): Names) -> Result<Booth, AppError> {
    let edition = cx.backend().public_edition(&edition).await?;
    let poll = edition.poll(&poll)?.clone();
    Ok(Booth { edition, poll })
}

/// The poll of a page of the vote, and the proof that it is open; or the page that says when.
pub(super) async fn open_booth(
    cx: &Cx,
    names: Names,
    status: StatusCode,
) -> Result<Result<(Booth, VotingOpen), Response>, AppError> {
    let booth = booth(cx, names).await?;
    match booth.edition.poll_open(&booth.poll) {
        Ok(open) => Ok(Ok((booth, open))),
        Err(phase) => Ok(Err(closed(cx, &booth.edition, phase, status))),
    }
}

/// GET /editions/{edition}/vote: on to the poll.
pub(crate) async fn vote(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    let poll = edition.polls.first().ok_or(AppError::NotFound)?;
    Ok(go(&format!("/editions/{slug}/vote/{}", poll.slug())))
}

/// The steps of the vote, with this one open.
pub(super) fn steps(lang: Lang, current: usize) -> AnyView {
    let items = [
        words::step_pick(lang),
        words::step_who(lang),
        words::step_code(lang),
        words::step_check(lang),
        words::step_receipt(lang),
    ];
    let items = items.map(str::to_owned).into();
    view! { <Steps lang items current/> }.into_any()
}

/// The path of a page of the vote: `""`, `/code`, `/check`, `/receipt`.
pub(super) fn path(booth: &Booth, end: &str) -> String {
    format!("/editions/{}/vote/{}{end}", booth.edition.slug, booth.poll.slug())
}

/// The address the last code went to, as this browser remembers it.
pub(super) fn contact(cx: &Cx) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cx.cookie(CONTACT_COOKIE)?).ok()?;
    String::from_utf8(bytes).ok()
}

/// How [`contact`] is kept.
pub(super) fn contact_cookie(email: &str) -> String {
    URL_SAFE_NO_PAD.encode(email.trim())
}

/// What a form page says above its fields: the faulty fields with links, or the rule that said no.
fn errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error {
        Some(AppError::Invalid(faults)) => {
            let item = |fault: &crate::FieldFault| {
                (fault.field.clone(), field(lang, &fault.field, fault.problem))
            };
            let items = faults.iter().map(item).collect();
            view! { <ErrorSummary lang items/> }.into_any()
        }
        other => form_errors(lang, other),
    }
}

fn field(lang: Lang, name: &str, problem: FieldProblem) -> String {
    match (name, problem) {
        ("code", _) => words::code_malformed(lang).to_owned(),
        ("email", FieldProblem::Malformed | FieldProblem::NotAllowed) => {
            words::email_malformed(lang).to_owned()
        }
        _ => sentences::field(lang, problem),
    }
}

fn field_error(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    error.and_then(|error| error.of_field(name)).map(|problem| field(lang, name, problem))
}

/// GET /editions/{edition}/vote/{poll}
pub(crate) async fn who(cx: Cx, names: Names) -> Answer {
    match open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) => {
            let form = WhoIAm { email: contact(&cx).unwrap_or_default(), ..WhoIAm::default() };
            Ok(cx.page(who_page(&cx, &booth, form, None).await?))
        }
        Err(closed) => Ok(closed),
    }
}

/// What the page knows of whoever used this browser before.
async fn standing(cx: &Cx, booth: &Booth) -> Result<AnyView, AppError> {
    let lang = cx.lang();
    let Some(token) = cx.cookie(VOTER_COOKIE).filter(|token| !token.is_empty()) else {
        return Ok(().into_any());
    };
    let Some(voter) = cx.backend().voter(&booth.poll, token).await? else {
        return Ok(view! {
            <Notice lang tone=Tone::Warning><p>{words::session_over(lang)}</p></Notice>
        }
        .into_any());
    };
    let voted = cx.backend().receipt(&voter).await?.is_some();
    let (title, text, label, href) = if voted {
        let href = path(booth, "/receipt");
        (words::voted_here_title(lang), words::voted_here(lang), words::show_receipt(lang), href)
    } else {
        let href = path(booth, "/check");
        (words::verified_title(lang), words::verified(lang), words::go_on(lang), href)
    };
    Ok(view! {
        <Notice lang tone=Tone::Success title>
            <p>{text}</p>
            <p><a href=href>{label}</a></p>
        </Notice>
    }
    .into_any())
}

/// The picks and the question who you are, empty or with what was typed.
pub(super) async fn who_page(
    cx: &Cx,
    booth: &Booth,
    form: WhoIAm,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let edition = &booth.edition;
    let entries = picked_entries(cx, edition).await?;
    let standing = standing(cx, booth).await?;
    let picks = picks_section(cx, edition, &entries);
    let action = path(booth, "");
    let waiting = cx.cookie(CHALLENGE_COOKIE).is_some_and(|cookie| !cookie.is_empty());
    let code = waiting.then(|| path(booth, "/code"));
    let form = (!entries.is_empty()).then(|| who_form(lang, action, form, error.as_ref()));
    let errors = errors(lang, error.as_ref());
    let current = usize::from(!entries.is_empty());
    Ok(Page::new(words::vote(lang), move || {
        view! {
            {steps(lang, current)}
            <PageHead title=words::vote(lang)>""</PageHead>
            {errors}
            {standing}
            {picks}
            {form}
            {code.map(|href| view! { <p><a href=href>{words::have_code(lang)}</a></p> })}
        }
    })
    .of(edition))
}

fn picks_section(cx: &Cx, edition: &Edition, entries: &[Entry]) -> AnyView {
    let (lang, max) = (cx.lang(), max_picks(edition));
    let cases = format!("/editions/{}/cases", edition.slug);
    if entries.is_empty() {
        return view! {
            <Notice lang tone=Tone::Info title=words::pick_first_title(lang)>
                <p>{words::pick_first(lang, max)}</p>
            </Notice>
            <div class="actions"><ButtonLink label=words::read_cases(lang) href=cases/></div>
        }
        .into_any();
    }
    let lead = words::picks_lead(lang, max, entries.len());
    let list = pick_forms(cx, edition).map(|forms| picks_list(&forms, entries));
    view! {
        <Section title=words::your_picks(lang) lead>
            {list}
            <p><a href=cases>{words::change_picks(lang)}</a></p>
        </Section>
    }
    .into_any()
}

fn who_form(lang: Lang, action: String, form: WhoIAm, error: Option<&AppError>) -> AnyView {
    // A box that was left empty says so by itself, beside whatever else is wrong.
    let unless = |ticked: bool, sentence: &'static str| {
        (error.is_some() && !ticked).then(|| sentence.to_owned())
    };
    let no_consent = unless(form.consent, phrases::errors::consent_missing(lang));
    let no_age = unless(form.of_age, phrases::errors::age_missing(lang));
    let email_error = field_error(lang, error, "email");
    view! {
        <Section title=words::who_title(lang) lead=words::who_lead(lang)>
            <form method="post" action=action class="form">
                <TextField lang name="email" kind="email" label=words::email(lang)
                    hint=words::email_hint(lang) autocomplete="email" inputmode="email"
                    required=true value=form.email error=email_error/>
                <div class="consent">
                    <h3>{words::consent_title(lang)}</h3>
                    {consent_table(lang)}
                    <p>{words::consent_right(lang)}</p>
                    <Checkbox lang name="consent" label=words::consent(lang) required=true
                        checked=form.consent error=no_consent/>
                </div>
                <Checkbox lang name="of_age" label=words::of_age(lang) required=true
                    checked=form.of_age error=no_age/>
                <div class="actions"><Submit label=words::send_code(lang)/></div>
            </form>
        </Section>
    }
    .into_any()
}

/// What is collected, why, and for how long (개인정보 보호법, article 15).
fn consent_table(lang: Lang) -> AnyView {
    let heads =
        [words::consent_item(lang), words::consent_purpose(lang), words::consent_period(lang)];
    let rows = [
        [words::item_email(lang), words::purpose_email(lang), words::period_email(lang)],
        [
            words::item_pseudonym(lang),
            words::purpose_pseudonym(lang),
            words::period_pseudonym(lang),
        ],
    ];
    let rows = rows.map(|row| {
        let cells = heads.into_iter().zip(row);
        let cells = cells.map(|(head, text)| view! { <td data-label=head>{text}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> });
    view! {
        <TableBox caption=words::consent_caption(lang)>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

/// GET /editions/{edition}/vote/{poll}/code
pub(crate) async fn code(cx: Cx, names: Names) -> Answer {
    match open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) if cx.cookie(CHALLENGE_COOKIE).is_some_and(|c| !c.is_empty()) => {
            Ok(cx.page(code_page(&cx, &booth, "", None)))
        }
        Ok((booth, _)) => Ok(go(&path(&booth, ""))),
        Err(closed) => Ok(closed),
    }
}

/// The code, empty or as it was typed, and what to do when none came.
pub(super) fn code_page(cx: &Cx, booth: &Booth, typed: &str, error: Option<AppError>) -> Page {
    let (lang, value, contact) = (cx.lang(), typed.to_owned(), contact(cx));
    let back = path(booth, "");
    let lead = match &contact {
        Some(email) => words::code_lead(lang, email),
        None => words::code_lead_plain(lang).to_owned(),
    };
    let resend = contact.is_some().then(|| {
        view! {
            <Submit label=words::resend(lang) weight=Weight::Secondary name="act" value="resend"/>
        }
    });
    let page = Page::new(words::code_title(lang), move || {
        let code_error = field_error(lang, error.as_ref(), "code");
        view! {
            {steps(lang, 2)}
            <AuthPanel title=words::code_title(lang) lead>
                {errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <CodeField lang name="code" label=words::code(lang) hint=words::code_hint(lang)
                        value error=code_error/>
                    <div class="actions"><Submit label=words::confirm_code(lang)/></div>
                </form>
                <h2>{words::no_mail(lang)}</h2>
                <p>{words::no_mail_lead(lang)}</p>
                <form method="post" class="actions">
                    {resend}
                    <ButtonLink label=words::change_email(lang) href=back weight=Weight::Quiet/>
                </form>
            </AuthPanel>
        }
    });
    page.of(&booth.edition)
}

/// GET /editions/{edition}/vote/{poll}/check
pub(crate) async fn check(cx: Cx, names: Names) -> Answer {
    let (booth, _) = match open_booth(&cx, names, StatusCode::OK).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let token = cx.cookie(VOTER_COOKIE).unwrap_or_default();
    let Some(voter) = cx.backend().voter(&booth.poll, token).await? else {
        return Ok(go(&path(&booth, "")));
    };
    if cx.backend().receipt(&voter).await?.is_some() {
        return Ok(go(&path(&booth, "/receipt?again=yes")));
    }
    let entries = picked_entries(&cx, &booth.edition).await?;
    let key = uuid::Uuid::new_v4().to_string();
    Ok(cx.page(check_page(&cx, &booth, &entries, key, None)))
}

/// The picks once more, and the button that casts them. What is cast is what this page shows, even
/// if the basket changes in another tab.
pub(super) fn check_page(
    cx: &Cx,
    booth: &Booth,
    entries: &[Entry],
    key: String,
    error: Option<AppError>,
) -> Page {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let cases = format!("/editions/{}/cases", edition.slug);
    let empty = entries.is_empty().then(|| picks_section(cx, edition, entries));
    let lines = entries
        .iter()
        .map(|entry| {
            view! {
                <li>
                    <span>
                        {title_view(lang, entry)}
                        <span class="muted small" lang="ko">{entry.organisation.clone()}</span>
                    </span>
                    <input type="hidden" name="case" value=entry.id.to_string()/>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let form = (!entries.is_empty()).then(|| {
        view! {
            <form method="post" class="form">
                <input type="hidden" name="key" value=key/>
                <ul class="ballot-paper">{lines}</ul>
                <Notice lang tone=Tone::Info><p>{words::secret(lang)}</p></Notice>
                <div class="actions">
                    <Submit label=words::cast(lang)/>
                    <ButtonLink label=words::change_picks(lang) href=cases weight=Weight::Quiet/>
                </div>
            </form>
        }
    });
    let page = Page::new(words::check_title(lang), move || {
        view! {
            {steps(lang, 3)}
            <PageHead title=words::check_title(lang) lead=words::check_lead(lang)>""</PageHead>
            {errors(lang, error.as_ref())}
            {empty}
            {form}
        }
    });
    page.of(edition)
}
