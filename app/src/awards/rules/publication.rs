//! What the rulebook says of publication: what is published when, and what happens to personal data.

use backend::editions::Edition;
use domain::rulebook::{OpeningsAccess, RecordRules, VoterIdentity};
use leptos::prelude::*;
use phrases::{Lang, rules as say};

use super::owned_rows;
use crate::ui::{Facts, Section};
use crate::words::{rules, times};

pub(super) fn publication_section(lang: Lang, edition: &Edition) -> AnyView {
    let windows = &edition.schedule.windows;
    let closed = windows.voting.closes.max(windows.judging.closes);
    let released = edition.schedule.released_at.unwrap_or(windows.announcement);
    let at = times::format_minute(lang, released);
    let result = if edition.results_public().is_ok() {
        say::public_result_out(lang, at)
    } else {
        say::public_result_planned(lang, at)
    };
    let cases = say::public_cases_words(lang, times::format_minute(lang, windows.voting.opens));
    let counts = say::public_counts_words(lang, times::format_end(lang, closed));
    let by_number = edition.polls.iter().any(|poll| poll.rules.openings == OpeningsAccess::Public);
    let picks =
        if by_number { say::public_picks_numbered(lang) } else { say::public_picks_shuffled(lang) };
    let rows = owned_rows([
        (say::public_cases(lang), cases),
        (say::public_counts(lang), counts),
        (say::public_result(lang), result),
        (say::public_ranks(lang), rules::ranks_words(lang, edition.rulebook.ranks).to_owned()),
        (say::public_lines(lang), lines_text(lang, edition)),
        (say::public_picks(lang), picks.to_owned()),
        (say::public_sheets(lang), say::public_sheets_words(lang).to_owned()),
        (say::public_document(lang), say::public_document_words(lang).to_owned()),
    ]);
    // There is a record once the rules are its first line.
    let record = edition.sealed.then(|| {
        let href = format!("/record/{}", edition.slug);
        view! { <p><a href=href>{phrases::awards::to_record(lang)}</a></p> }
    });
    view! {
        <Section title=say::public_title(lang) id="public"><Facts rows/>{record}</Section>
    }
    .into_any()
}

/// Says how the lines of ballots are let out into the record.
fn lines_text(lang: Lang, edition: &Edition) -> String {
    let usual = if edition.rehearsal { RecordRules::AT_ONCE } else { RecordRules::default() };
    let RecordRules { ballots, minutes, fewest } = edition.rulebook.record.unwrap_or(usual);
    match ballots {
        1 => say::public_lines_at_once(lang).to_owned(),
        _ => say::public_lines_words(lang, ballots, fewest, minutes),
    }
}

/// Says what happens to the personal data of each kind of voters that the polls have.
pub(super) fn privacy_section(lang: Lang, edition: &Edition) -> AnyView {
    let mut kinds: Vec<&'static str> = Vec::new();
    for poll in &edition.polls {
        let said: &[&'static str] = match poll.rules.identity {
            VoterIdentity::Email => &[say::privacy_email(lang), say::privacy_mail(lang)],
            VoterIdentity::Mobile => &[say::privacy_mobile(lang)],
            VoterIdentity::Roll => &[say::privacy_roll(lang)],
            VoterIdentity::Oidc => &[say::privacy_oidc(lang)],
        };
        for &sentence in said {
            if !kinds.contains(&sentence) {
                kinds.push(sentence);
            }
        }
    }
    let kinds = kinds.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
    view! {
        <Section title=say::privacy_title(lang) id="privacy">
            <div class="prose">
                <ul>
                    <li>{say::privacy_ballot(lang)}</li>
                    {kinds}
                    <li>{say::privacy_result(lang)}</li>
                </ul>
            </div>
        </Section>
    }
    .into_any()
}
