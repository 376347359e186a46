//! Two versions of a sheet side by side, so that the judge can choose one.

use domain::sheet::ScoreForm;
use leptos::prelude::*;
use phrases::{Lang, judging as words};

/// Returns whether two forms are equal, apart from the white space that the server trims.
pub(crate) fn is_same_form(one: &ScoreForm, other: &ScoreForm) -> bool {
    let text = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    one.scores == other.scores
        && text(&one.comment) == text(&other.comment)
        && text(&one.note) == text(&other.note)
}

/// Renders a table that compares the scores and texts of both versions.
pub(crate) fn render_version_table(
    lang: Lang,
    criteria: &[(String, u32)],
    mine: &ScoreForm,
    stored: &ScoreForm,
) -> AnyView {
    let score = |form: &ScoreForm, place: usize| match form.scores.get(place) {
        Some(Some(score)) => score.to_string(),
        _ => words::not_yet_scored(lang).to_owned(),
    };
    let mut rows: Vec<(String, String, String)> = criteria
        .iter()
        .enumerate()
        .map(|(place, (name, _))| (name.clone(), score(mine, place), score(stored, place)))
        .collect();
    let texts = [
        (words::comment(lang), &mine.comment, &stored.comment),
        (words::note(lang), &mine.note, &stored.note),
    ];
    rows.extend(texts.map(|(name, mine, stored)| (name.to_owned(), mine.clone(), stored.clone())));
    let rows = rows.into_iter().map(|(name, mine, stored)| {
        let differs = (mine != stored).then_some("yes");
        view! {
            <tr data-differs=differs>
                <th scope="row">{name}</th>
                <td data-label=words::mine(lang)>{mine}</td>
                <td data-label=words::stored(lang)>{stored}</td>
            </tr>
        }
    });
    view! {
        <div class="table-box" role="region" aria-label=words::clash_caption(lang) tabindex="0">
            <table class="table">
                <caption>{words::clash_caption(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words::criterion(lang)}</th>
                        <th scope="col">{words::mine(lang)}</th>
                        <th scope="col">{words::stored(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_trims_off_is_no_difference_but_a_score_is() {
        let form = |scores: &[Option<u32>], comment: &str| ScoreForm {
            scores: scores.to_vec(),
            comment: comment.to_owned(),
            note: String::new(),
        };
        assert!(is_same_form(
            &form(&[Some(1)], " 좋음\r\n둘째 줄\n"),
            &form(&[Some(1)], "좋음\n둘째 줄")
        ));
        assert!(!is_same_form(&form(&[Some(0)], ""), &form(&[None], "")), "zero is not empty");
        assert!(!is_same_form(&form(&[None], "가"), &form(&[None], "나")));
    }
}
