//! Who you are: the picks once more, and the question by which this poll knows its voters.

use axum::response::Response;
use backend::voting::{Entry, WhoIAm};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::rulebook::Identity;
use domain::schedule::VotingOpen;
use domain::text::{Email, Mobile};
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use super::open_polls::name_among;
use super::pages::{
    Asked, Booth, CHALLENGE_COOKIE, CONTACT_COOKIE, Names, Step, asked, challenge, errors,
    field_error, open_booth, path, steps,
};
use super::picks::{is_ballot, picked_entries, picks_section};
use super::standing::{Standing, next_voter, notice};
use super::{oidc, roll};
use crate::AppError;
use crate::context::{Cx, go, set_cookie};
use crate::fields::Fields;
use crate::page::{Answer, Page};
use crate::turns::Turn;
use crate::ui::{Checkbox, PageHead, Section, Submit, TableBox, TextField};

/// A code lives five minutes; the page that takes it, and can ask for another, a little longer.
const CHALLENGE_SECONDS: u32 = 30 * 60;

/// The contact the last code went to, as this browser remembers it.
pub(super) fn contact(cx: &Cx) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cx.cookie(CONTACT_COOKIE)?).ok()?;
    String::from_utf8(bytes).ok()
}

/// The contact, where it is one that this poll asks for.
pub(super) fn contact_for(cx: &Cx, booth: &Booth) -> Option<String> {
    contact(cx).filter(|contact| match booth.poll.rules.identity {
        Identity::Email => Email::parse(contact).is_ok(),
        Identity::Mobile => Mobile::parse(contact).is_ok(),
        Identity::Roll | Identity::Oidc => false,
    })
}

/// What the page knows before it asks anything: where this browser stands, and what is picked.
struct Seen {
    standing: Standing,
    entries: Vec<Entry>,
}

impl Seen {
    async fn load(cx: &Cx, booth: &Booth) -> Result<Self, AppError> {
        let standing = Standing::load(cx, booth).await?;
        Ok(Self { standing, entries: picked_entries(cx, &booth.edition, &booth.poll).await? })
    }

    /// Whether what is picked makes a ballot.
    fn is_ready(&self, booth: &Booth) -> bool {
        is_ballot(&booth.poll, self.entries.len())
    }

    /// Whether the picks stand on the page.
    fn shows_picks(&self, booth: &Booth) -> bool {
        match self.standing {
            // The slip comes first; the notice of whoever has voted leads to the cases itself.
            Standing::Unknown | Standing::Over => {
                booth.poll.rules.identity != Identity::Roll || !self.entries.is_empty()
            }
            Standing::Verified => true,
            Standing::Voted => self.standing.may_cast(booth) && !self.entries.is_empty(),
        }
    }

    /// The step that is open while this page stands.
    fn step(&self, booth: &Booth) -> Step {
        match self.standing {
            Standing::Unknown | Standing::Over => match booth.poll.rules.identity {
                Identity::Roll => Step::Who,
                _ if self.is_ready(booth) => Step::Who,
                _ => Step::Pick,
            },
            Standing::Voted if !self.shows_picks(booth) => Step::Receipt,
            Standing::Verified | Standing::Voted => Step::Pick,
        }
    }
}

/// GET /editions/{edition}/vote/{poll}: whoever is proven and has picked goes on to the check.
pub(crate) async fn page(cx: Cx, names: Names) -> Answer {
    let booth = match open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) => booth,
        Err(closed) => return Ok(closed),
    };
    let seen = Seen::load(&cx, &booth).await?;
    if seen.standing.may_cast(&booth) && seen.is_ready(&booth) {
        return Ok(go(&path(&booth, "/check")));
    }
    Ok(cx.page(who_page(&cx, &booth, &seen, &Fields::default(), None).await?))
}

/// POST /editions/{edition}/vote/{poll}
pub(crate) async fn submit(cx: Cx, names: Names, typed: Fields) -> Answer {
    let _place = cx.site().turns.take(Turn::Send).await?;
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let done = match booth.poll.rules.identity {
        Identity::Email => send(&cx, &booth, open, &who_i_am(&typed, "email"), "/code").await,
        Identity::Mobile => send(&cx, &booth, open, &who_i_am(&typed, "mobile"), "/code").await,
        Identity::Roll => roll::submit(&cx, &booth, open, &typed).await,
        // The page says why there is no form for it on a shared machine.
        Identity::Oidc if cx.is_kiosk() => {
            let seen = Seen::load(&cx, &booth).await?;
            let page = who_page(&cx, &booth, &seen, &typed, None).await?;
            return Ok(cx.page(page.status(StatusCode::FORBIDDEN)));
        }
        Identity::Oidc => oidc::submit(&cx, &booth, open, &typed).await,
    };
    match done {
        Err(error) => {
            let seen = Seen::load(&cx, &booth).await?;
            let page = who_page(&cx, &booth, &seen, &typed, Some(&error)).await?;
            cx.again(page, &error)
        }
        done => done,
    }
}

fn who_i_am(typed: &Fields, contact: &str) -> WhoIAm {
    WhoIAm {
        contact: typed.text(contact).to_owned(),
        consent: typed.has("consent"),
        of_age: typed.has("of_age"),
        of_district: typed.has("of_district"),
    }
}

/// Sends a code and leads to this page, which takes it.
pub(super) async fn send(
    cx: &Cx,
    booth: &Booth,
    open: VotingOpen,
    form: &WhoIAm,
    page: &str,
) -> Answer {
    let browser = cx
        .backend()
        .send_code(open, &booth.edition, &booth.poll, form, cx.network(), cx.lang())
        .await?;
    let mut response: Response = go(&path(booth, page));
    let contact = URL_SAFE_NO_PAD.encode(form.contact.trim());
    let challenge = challenge(booth, &browser);
    set_cookie(&mut response, CHALLENGE_COOKIE, &challenge, CHALLENGE_SECONDS);
    set_cookie(&mut response, CONTACT_COOKIE, &contact, CHALLENGE_SECONDS);
    Ok(response)
}

/// The picks and the question who you are, empty or with what was typed. Whoever is proven is not
/// asked again, but for a form that was sent all the same and comes back.
async fn who_page(
    cx: &Cx,
    booth: &Booth,
    seen: &Seen,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<Page, AppError> {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let by_roll = booth.poll.rules.identity == Identity::Roll;
    let asks = error.is_some() || !seen.standing.is_known();
    let form = match (asks, seen.is_ready(booth), booth.poll.rules.identity) {
        (false, _, _) => ().into_any(),
        // A slip is at hand and its code may stand in the address: it comes before the picks.
        (_, _, Identity::Roll) => roll::form(cx, booth, typed, error).await?,
        (_, false, _) => ().into_any(),
        (_, _, Identity::Email | Identity::Mobile) => contact_form(cx, booth, typed, error).await?,
        (_, _, Identity::Oidc) => oidc::form(cx, booth, typed, error).await?,
    };
    let steps = steps(lang, booth, seen.step(booth));
    let errors = if by_roll { roll::errors(lang, error) } else { errors(lang, error) };
    let notice = notice(cx, booth, seen.standing);
    let picks = seen.shows_picks(booth).then(|| picks_section(cx, booth, &seen.entries));
    let waiting = matches!(asked(cx, booth), Asked::Here(_));
    let code = waiting.then(|| path(booth, "/code"));
    let next = if asks { None } else { next_voter(cx, booth) };
    let eyebrow = name_among(lang, edition, &booth.poll).unwrap_or_default();
    Ok(Page::new(words::vote(lang), move || {
        view! {
            {steps}
            <PageHead title=words::vote(lang) eyebrow>""</PageHead>
            {errors}
            {notice}
            {picks}
            {form}
            {code.map(|href| view! { <p><a href=href>{words::have_code(lang)}</a></p> })}
            {next}
        }
    })
    .of(edition))
}

/// Address or number, the consent, and what a voter has to state.
async fn contact_form(
    cx: &Cx,
    booth: &Booth,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, action) = (cx.lang(), path(booth, ""));
    let mobile = booth.poll.rules.identity == Identity::Mobile;
    let lead = if mobile { words::who_lead_mobile(lang) } else { words::who_lead(lang) };
    let field = contact_field(cx, booth, typed, error);
    let consent = consent(lang, typed, error, &contact_items(lang, mobile));
    let statements = statements(cx, booth, typed, error).await?;
    Ok(view! {
        <Section title=words::who_title(lang) lead=lead>
            <form method="post" action=action class="form">
                {field}
                {consent}
                {statements}
                <div class="actions"><Submit label=words::send_code(lang)/></div>
            </form>
        </Section>
    }
    .into_any())
}

fn contact_field(cx: &Cx, booth: &Booth, typed: &Fields, error: Option<&AppError>) -> AnyView {
    let lang = cx.lang();
    let value = |name| match error {
        Some(_) => typed.text(name).to_owned(),
        None => contact_for(cx, booth).unwrap_or_default(),
    };
    // What a shared machine's browser remembers of one voter it would offer to the next.
    let filled = |kind: &'static str| if cx.is_kiosk() { "off" } else { kind };
    if booth.poll.rules.identity == Identity::Mobile {
        let fault = field_error(lang, error, "mobile");
        return view! {
            <TextField lang name="mobile" kind="tel" label=words::mobile(lang)
                hint=words::mobile_hint(lang) autocomplete=filled("tel") inputmode="tel"
                required=true value=value("mobile") error=fault/>
        }
        .into_any();
    }
    let fault = field_error(lang, error, "email");
    view! {
        <TextField lang name="email" kind="email" label=words::email(lang)
            hint=words::email_hint(lang) autocomplete=filled("email") inputmode="email"
            required=true value=value("email") error=fault/>
    }
    .into_any()
}

/// A box that was left empty says so by itself, beside whatever else is wrong.
fn unless(
    typed: &Fields,
    error: Option<&AppError>,
    name: &str,
    sentence: String,
) -> Option<String> {
    (error.is_some() && !typed.has(name)).then_some(sentence)
}

/// What is collected, why and for how long, and the box to agree with; nothing is ticked before.
pub(super) fn consent(
    lang: Lang,
    typed: &Fields,
    error: Option<&AppError>,
    items: &[Item],
) -> AnyView {
    let missing =
        unless(typed, error, "consent", phrases::errors::consent_missing(lang).to_owned());
    view! {
        <div class="consent">
            <h3>{words::consent_title(lang)}</h3>
            {consent_table(lang, items)}
            <p>{words::consent_right(lang)}</p>
            <Checkbox lang name="consent" label=words::consent(lang) required=true
                checked=typed.has("consent") error=missing/>
        </div>
    }
    .into_any()
}

/// What a voter of this poll has to state: the age, the district, each where the rules ask for it.
pub(super) async fn statements(
    cx: &Cx,
    booth: &Booth,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, asked) = (cx.lang(), booth.poll.rules.eligibility);
    let age = (asked.min_age > 0).then(|| {
        let sentence = phrases::errors::age_missing(lang, asked.min_age);
        let missing = unless(typed, error, "of_age", sentence);
        view! {
            <Checkbox lang name="of_age" label=words::of_age(lang, asked.min_age) required=true
                checked=typed.has("of_age") error=missing/>
        }
    });
    let district = if asked.district {
        let places = cx.backend().places(booth.edition.id).await?;
        let names =
            places.districts.iter().map(|district| lang.of(&district.name.ko, &district.name.en));
        let names = names.collect::<Vec<_>>().join(", ");
        let sentence = phrases::errors::district_missing(lang).to_owned();
        let missing = unless(typed, error, "of_district", sentence);
        Some(view! {
            <Checkbox lang name="of_district" label=words::of_district(lang, names) required=true
                checked=typed.has("of_district") error=missing/>
        })
    } else {
        None
    };
    Ok((age, district).into_any())
}

/// One thing that is collected: what, why, and for how long (개인정보 보호법, article 15).
pub(super) type Item = [String; 3];

/// The address or number, and the pseudonym made of it.
fn contact_items(lang: Lang, mobile: bool) -> [Item; 2] {
    let contact = if mobile {
        [words::item_mobile(lang), words::purpose_contact(lang), words::period_mobile(lang)]
    } else {
        [words::item_email(lang), words::purpose_contact(lang), words::period_email(lang)]
    };
    let cipher = if mobile { words::item_cipher_mobile(lang) } else { words::item_pseudonym(lang) };
    let pseudonym = [cipher, words::purpose_pseudonym(lang), words::period_pseudonym(lang)];
    [contact, pseudonym].map(|item| item.map(str::to_owned))
}

fn consent_table(lang: Lang, items: &[Item]) -> AnyView {
    let heads =
        [words::consent_item(lang), words::consent_purpose(lang), words::consent_period(lang)];
    let rows = items.iter().map(|item| {
        let cells = heads.into_iter().zip(item);
        let cells = cells.map(|(head, text)| view! { <td data-label=head>{text.clone()}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> });
    view! {
        <TableBox caption=words::consent_caption(lang)>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}
