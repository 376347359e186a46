//! Where the voters of a poll by e-mail came from: plain numbers by mail domain, for the committee.

use backend::editions::Edition;
use backend::voting::ContactShare;
use domain::rulebook::{Fraction, PollRules};
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::ui::{Section, TableBox};
use crate::words::{numbers, polls};

/// Builds the section with a table for each poll by e-mail. `None` if no code came back by mail.
pub(crate) fn contact_shares_section(
    lang: Lang,
    edition: &Edition,
    shares: &[ContactShare],
) -> Option<AnyView> {
    let table = |rules: &PollRules| {
        let mine: Vec<_> = shares.iter().filter(|share| share.poll == rules.slug).collect();
        let title = polls::poll_title(lang, rules);
        (!mine.is_empty()).then(|| shares_table(lang, &title, &mine))
    };
    let tables: Vec<_> = edition.rulebook.polls.iter().filter_map(table).collect();
    if tables.is_empty() {
        return None;
    }
    let section = view! {
        <Section title=say::mail_shares(lang) lead=say::mail_shares_lead(lang)>{tables}</Section>
    };
    Some(section.into_any())
}

/// Builds the table of one poll: its domains, then the sum.
fn shares_table(lang: Lang, title: &str, shares: &[&ContactShare]) -> AnyView {
    let codes: u64 = shares.iter().map(|share| share.codes).sum();
    let tagged: u64 = shares.iter().map(|share| share.tagged).sum();
    let rows = shares
        .iter()
        .map(|share| {
            let name = share.domain.clone();
            let name = name.unwrap_or_else(|| say::mail_small(lang).to_owned());
            share_row(lang, name, (share.codes, share.tagged), codes)
        })
        .collect_view();
    view! {
        <TableBox caption=say::mail_shares_of(lang, title)>
            <thead>
                <tr>
                    <th scope="col">{say::mail_domain(lang)}</th>
                    <th scope="col" class="number">{say::mail_codes(lang)}</th>
                    <th scope="col" class="number">{say::mail_percent(lang)}</th>
                    <th scope="col" class="number">{say::mail_tagged(lang)}</th>
                </tr>
            </thead>
            <tbody>
                {rows}
                {share_row(lang, say::mail_sum(lang).to_owned(), (codes, tagged), codes)}
            </tbody>
        </TableBox>
    }
    .into_any()
}

/// Builds the row of a domain, or of the sum. `all` are the codes of the whole poll.
fn share_row(lang: Lang, name: String, (codes, tagged): (u64, u64), all: u64) -> AnyView {
    let share = Fraction::from_ratio(codes, all).unwrap_or_else(Fraction::zero);
    let percent = format!("{}%", numbers::percent_text(&share));
    view! {
        <tr>
            <th scope="row" data-label=say::mail_domain(lang)>{name}</th>
            <td class="number" data-label=say::mail_codes(lang)>{numbers::group_thousands(codes)}</td>
            <td class="number" data-label=say::mail_percent(lang)>{percent}</td>
            <td class="number" data-label=say::mail_tagged(lang)>{numbers::group_thousands(tagged)}</td>
        </tr>
    }
    .into_any()
}
