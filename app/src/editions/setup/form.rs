//! The fields of a step: each has the text of the draft, and its fault beside it.

use domain::season::SeasonDraft;
use leptos::prelude::*;
use phrases::{Lang, setup as say};

use crate::ui::{AreaField, ButtonWeight, Checkbox, Choice, SelectField, Submit, TextField};

/// What is typed and what is wrong with it.
pub(super) struct StepForm<'a> {
    pub(super) lang: Lang,
    pub(super) season: &'a SeasonDraft,
    /// Fields, each with its fault.
    pub(super) faults: Vec<(String, String)>,
    /// The list that gets more empty rows.
    pub(super) more: &'a str,
}

/// The ends of the names of fields that may stay empty.
const MAY_BE_EMPTY: [&str; 9] = [
    ".neighbourhoods",
    ".title.ko",
    ".title.en",
    ".min_age",
    ".window.0",
    ".window.1",
    "panel.quorum",
    ".description.ko",
    ".description.en",
];

/// Whether a field has to be filled in.
fn is_required(name: &str) -> bool {
    !name.starts_with("record.") && !MAY_BE_EMPTY.iter().any(|end| name.ends_with(end))
}

/// Empty rows at the end of a list that was asked for more.
const MORE_ROWS: usize = 3;

impl StepForm<'_> {
    fn fault_of(&self, name: &str) -> Option<String> {
        let found = self.faults.iter().find(|(field, _)| field == name);
        found.map(|(_, sentence)| sentence.clone())
    }

    /// Whether a field of a poll is in a row that was not saved yet. There the usual boxes are ticked.
    fn is_new_row(&self, name: &str) -> bool {
        let row = name.strip_prefix("polls.").and_then(|rest| rest.split('.').next());
        let row = row.and_then(|row| row.parse::<usize>().ok());
        row.is_some_and(|row| row >= self.season.row_count("polls"))
    }

    /// Whether one of these fields is wrong.
    pub(super) fn has_faults_within(&self, names: &[String]) -> bool {
        self.faults.iter().any(|(field, _)| names.contains(field))
    }

    fn value_of(&self, name: &str) -> String {
        self.season.field_text(name).to_owned()
    }

    /// One line of text.
    pub(super) fn text_field(&self, name: &str, label: &str, hint: &str) -> AnyView {
        let (lang, error, value) = (self.lang, self.fault_of(name), self.value_of(name));
        let (name, label, hint) = (name.to_owned(), label.to_owned(), hint.to_owned());
        view! { <TextField lang required=is_required(&name) name label hint error value/> }
            .into_any()
    }

    /// The same text in both languages: `name.ko` and `name.en`.
    pub(super) fn both_fields(&self, name: &str, labels: [&str; 2]) -> AnyView {
        let [ko, en] = labels;
        let korean = self.text_field(&format!("{name}.ko"), ko, "");
        let english = self.text_field(&format!("{name}.en"), en, "");
        view! { {korean}{english} }.into_any()
    }

    /// A number.
    pub(super) fn number_field(&self, name: &str, label: &str, hint: &str) -> AnyView {
        let (lang, error, value) = (self.lang, self.fault_of(name), self.value_of(name));
        let (name, label, hint) = (name.to_owned(), label.to_owned(), hint.to_owned());
        view! { <TextField lang required=is_required(&name) name label hint error value inputmode="decimal"/> }.into_any()
    }

    /// An instant.
    pub(super) fn instant_field(&self, name: &str, label: &str, hint: &str) -> AnyView {
        let (lang, error, value) = (self.lang, self.fault_of(name), self.value_of(name));
        let (name, label, hint) = (name.to_owned(), label.to_owned(), hint.to_owned());
        view! {
            <TextField lang required=is_required(&name) name label hint error value kind="datetime-local"/>
        }.into_any()
    }

    /// Several lines of text.
    pub(super) fn area_field(&self, name: &str, label: &str, hint: &str) -> AnyView {
        let (lang, error, value) = (self.lang, self.fault_of(name), self.value_of(name));
        let (name, label, hint) = (name.to_owned(), label.to_owned(), hint.to_owned());
        view! { <AreaField lang name label hint error value rows=4/> }.into_any()
    }

    /// A choice of one. The first is chosen if none was.
    pub(super) fn choice_field(
        &self,
        name: &str,
        label: &str,
        options: Vec<(String, String)>,
    ) -> AnyView {
        let (lang, error, chosen) = (self.lang, self.fault_of(name), self.value_of(name));
        let options = options.into_iter().map(|(value, label)| {
            let is_chosen = value == chosen;
            Choice::with_value(value, label, is_chosen)
        });
        let options = options.collect();
        let (name, label) = (name.to_owned(), label.to_owned());
        view! { <SelectField lang required=true name label error options/> }.into_any()
    }

    /// A box to tick.
    pub(super) fn tick_field(&self, name: &str, label: &str) -> AnyView {
        self.tick_value(name, "yes", label)
    }

    /// One of several boxes with one name.
    pub(super) fn tick_value(&self, name: &str, value: &str, label: &str) -> AnyView {
        let (lang, error) = (self.lang, self.fault_of(name));
        let checked = self.value_of(name).split(',').any(|ticked| ticked == value)
            || (name.ends_with(".fold_aliases") && self.is_new_row(name));
        let (name, value, label) = (name.to_owned(), value.to_owned(), label.to_owned());
        view! { <Checkbox lang name value label error checked/> }.into_any()
    }

    /// The rows of a list with some empty ones at the end, and the button that adds more.
    pub(super) fn row_list(
        &self,
        list: &'static str,
        title: impl Fn(usize) -> String,
        fields: impl Fn(&str) -> AnyView,
    ) -> AnyView {
        let lang = self.lang;
        let count = self.season.row_count(list);
        let empty = if self.more == list { MORE_ROWS } else { usize::from(count == 0) };
        let row = |row: usize| {
            let name = title(row + 1);
            let label = say::remove_row(lang, &name);
            let act = format!("remove.{list}.{row}");
            let remove = (row < count).then(|| {
                view! {
                    <button class="button" type="submit" data-weight="quiet" name="act" value=act
                        aria-label=label>{say::remove(lang)}</button>
                }
            });
            let slug = format!("{list}.{row}.slug");
            let kept = self.value_of(&slug);
            let kept =
                (!kept.is_empty()).then(|| view! { <input type="hidden" name=slug value=kept/> });
            view! {
                <fieldset class="setup-row">
                    <legend>{name}</legend>
                    <div class="setup-fields">{fields(&format!("{list}.{row}"))}</div>
                    {kept}
                    {remove}
                </fieldset>
            }
        };
        let rows = (0..count + empty).map(row).collect_view();
        let act = format!("more.{list}");
        view! {
            <div class="stack">{rows}</div>
            <div class="actions">
                <Submit label=say::more(lang) weight=ButtonWeight::Secondary name="act" value=act/>
            </div>
        }
        .into_any()
    }
}
