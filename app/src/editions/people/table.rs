//! A table of people.

use leptos::prelude::*;

use crate::ui::TableBox;

/// Builds a table of people, or a sentence if there is nobody.
pub(super) fn people_table<const N: usize>(
    caption: &'static str,
    heads: [&'static str; N],
    rows: Vec<[AnyView; N]>,
    none: &'static str,
) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .zip(heads)
                .map(|(cell, head)| view! { <td data-label=head>{cell}</td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> }).into_iter().collect_view();
    view! {
        <div class="titled">
            <TableBox caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </div>
    }
    .into_any()
}
