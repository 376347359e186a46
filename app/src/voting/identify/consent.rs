//! The consent to the use of personal data, and the statements of a voter.

use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{Checkbox, TableBox};
use crate::voting::booth::Booth;
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// Returns the error of a checkbox that was left empty in a form with errors. The box gets it even
/// if the errors are about other fields.
fn unticked_box_error(
    typed: &FormFields,
    error: Option<&AppError>,
    name: &str,
    sentence: String,
) -> Option<String> {
    (error.is_some() && !typed.has_field(name)).then_some(sentence)
}

/// Builds the table of what is collected, why and for how long, and the consent checkbox. The box
/// is not ticked in advance.
pub(crate) fn consent_section(
    lang: Lang,
    typed: &FormFields,
    error: Option<&AppError>,
    items: &[ConsentItem],
) -> AnyView {
    let missing = unticked_box_error(
        typed,
        error,
        "consent",
        phrases::errors::consent_missing(lang).to_owned(),
    );
    view! {
        <div class="consent">
            <h3>{words::consent_title(lang)}</h3>
            {consent_table(lang, items)}
            <p>{words::consent_right(lang)}</p>
            <Checkbox lang name="consent" label=words::consent(lang) required=true
                checked=typed.has_field("consent") error=missing/>
        </div>
    }
    .into_any()
}

/// Builds the checkboxes for the statements that the rules of the poll require: age and district.
pub(crate) async fn statements_section(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, asked) = (cx.lang(), booth.poll.rules.eligibility);
    let age = (asked.min_age > 0).then(|| {
        let sentence = phrases::errors::age_missing(lang, asked.min_age);
        let missing = unticked_box_error(typed, error, "of_age", sentence);
        view! {
            <Checkbox lang name="of_age" label=words::of_age(lang, asked.min_age) required=true
                checked=typed.has_field("of_age") error=missing/>
        }
    });
    let district = if asked.district {
        let places = cx.backend().tracks_and_districts(booth.edition.id).await?;
        let names = places
            .districts
            .iter()
            .map(|district| lang.choose_text(&district.name.ko, &district.name.en));
        let names = names.collect::<Vec<_>>().join(", ");
        let sentence = phrases::errors::district_missing(lang).to_owned();
        let missing = unticked_box_error(typed, error, "of_district", sentence);
        Some(view! {
            <Checkbox lang name="of_district" label=words::of_district(lang, names) required=true
                checked=typed.has_field("of_district") error=missing/>
        })
    } else {
        None
    };
    Ok((age, district).into_any())
}

/// An item of personal data: what is collected, why, and for how long (개인정보 보호법, article 15).
pub(crate) type ConsentItem = [String; 3];

fn consent_table(lang: Lang, items: &[ConsentItem]) -> AnyView {
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
