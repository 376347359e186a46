//! The notices of the overview: what is missing, and what stands in the way.

use backend::accounts::Admin;
use backend::editions::{Edition, Office, SeasonWork};
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Notice, Submit, Tone};
use crate::web::request::RequestContext;
use crate::words::{refusals, times};

/// Asks for the contact and the privacy officer, with the way to enter them.
pub(super) fn office_notice(lang: Lang, edition: &Edition, office: &Office) -> Option<AnyView> {
    (!office.is_complete()).then(|| {
        let href = format!("/admin/{}/office", edition.slug);
        view! {
            <Notice lang tone=Tone::Warning title=phrases::office::missing_title(lang)>
                <p>{phrases::office::missing_text(lang)}</p>
                <p><a href=href>{phrases::office::desk(lang)}</a></p>
            </Notice>
        }
        .into_any()
    })
}

/// Builds the button that makes an edition public, and says what it does.
pub(super) fn publish_notice(lang: Lang, edition: &Edition, accepted: i64) -> Option<AnyView> {
    // Warn if the voting of a rehearsal is over by its clock, e.g. with a season of another year: a
    // record that has been closed never opens again. A real edition is not even published then.
    let windows = edition.schedule.windows;
    let over = edition.rehearsal && edition.now >= windows.voting.closes;
    let begun = accepted == 0 && edition.now >= windows.voting.opens;
    let too_late = !edition.rehearsal && (begun || windows.is_vote_or_judging_over(edition.now));
    let text = match edition.rehearsal {
        true => words::publish_rehearsal_text(lang),
        false if too_late => phrases::errors::too_late_to_publish(lang),
        false => words::publish_text(lang),
    };
    let buttons = if too_late {
        let href = format!("/admin/{}/windows", edition.slug);
        view! { <ButtonLink label=words::windows(lang) href/> }.into_any()
    } else {
        view! { <Submit label=words::publish(lang) name="act" value="publish"/> }.into_any()
    };
    let preview = format!("/editions/{}", edition.slug);
    (!edition.schedule.published).then(|| {
        view! {
            <Notice lang tone=Tone::Warning title=words::publish_title(lang)>
                <p>{text}</p>
                {over.then(|| view! { <p><strong>{words::publish_over(lang)}</strong></p> })}
                <form method="post" class="form">
                    <div class="actions">
                        {buttons}
                        <ButtonLink label=words::publish_preview(lang) href=preview
                            weight=ButtonWeight::Secondary/>
                    </div>
                </form>
            </Notice>
        }
        .into_any()
    })
}

/// Returns the reason why the vote could not open now, as long as it can be mended. The rules are
/// sealed by themselves when the first poll opens, and without the seal no poll opens.
pub(super) async fn sealing_problem(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
) -> Result<Option<String>, AppError> {
    // During the call there are no accepted cases yet, and nothing is wrong with that.
    let ahead = matches!(edition.current_phase(), Phase::Screening | Phase::Voting);
    if edition.sealed || !ahead {
        return Ok(None);
    }
    let refusal = cx.backend().sealing_refusal(admin, edition).await?;
    Ok(refusal.map(|refusal| refusals::refusal_sentence(cx.lang(), &refusal)))
}

/// Warns that cases without a decision take no part once the vote opens.
pub(super) fn undecided_notice(
    lang: Lang,
    edition: &Edition,
    work: &SeasonWork,
) -> Option<AnyView> {
    if work.to_screen == 0 || edition.current_phase() != Phase::Screening {
        return None;
    }
    let until = times::format_deadline(lang, edition.schedule.windows.voting.opens);
    let sentence = words::undecided_text(lang, work.to_screen, until);
    let href = format!("/admin/{}/screening", edition.slug);
    let view = view! {
        <Notice lang tone=Tone::Warning title=words::undecided_title(lang)>
            <p>{sentence}" "<a href=href>{words::screening(lang)}</a></p>
        </Notice>
    };
    Some(view.into_any())
}

pub(super) fn sealing_notice(
    lang: Lang,
    edition: &Edition,
    problem: Option<String>,
) -> Option<AnyView> {
    let problem = problem?;
    let at = times::format_minute(lang, edition.schedule.windows.voting.opens);
    let href = format!("/admin/{}/polls", edition.slug);
    let screening = format!("/admin/{}/screening", edition.slug);
    let at = if edition.now < edition.schedule.windows.voting.opens {
        words::sealing_opens(lang, at)
    } else {
        words::sealing_late(lang, at)
    };
    let view = view! {
        <Notice lang tone=Tone::Danger title=words::sealing_title(lang)>
            <p>{problem}</p>
            <p>{at}</p>
            <p>
                <a href=href>{words::sealing_polls(lang)}</a>" · "
                <a href=screening>{words::screening(lang)}</a>
            </p>
        </Notice>
    };
    Some(view.into_any())
}

/// Says that the panel has another size than the rules ask for, before and after it is fixed.
pub(super) fn panel_size_notice(
    lang: Lang,
    edition: &Edition,
    work: &SeasonWork,
) -> Option<AnyView> {
    let panel = &edition.rulebook.panel;
    if work.judges == i64::from(panel.judges) {
        return None;
    }
    let sentence = if edition.is_panel_fixed() && edition.may_judges_join(work.judges) {
        words::panel_short(lang, panel.quorum)
    } else if edition.is_panel_fixed() {
        words::panel_differs_after(lang, panel.quorum, work.judges, panel.judges)
    } else {
        let at = times::format_minute(lang, edition.schedule.windows.judging.opens);
        words::panel_differs_before(lang, at, work.judges, panel.judges)
    };
    let view = view! {
        <Notice lang tone=Tone::Warning title=words::panel_differs(lang)><p>{sentence}</p></Notice>
    };
    Some(view.into_any())
}

pub(super) fn failing_mails_notice(lang: Lang, work: &SeasonWork) -> Option<AnyView> {
    (work.mails_failing > 0).then(|| {
        let sentence = words::mails_failing(lang, work.mails_failing);
        view! {
            <div id="mails"><Notice lang tone=Tone::Danger><p>{sentence}</p></Notice></div>
        }
        .into_any()
    })
}
