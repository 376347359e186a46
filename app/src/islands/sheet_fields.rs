//! The fields of the sheet's form in the browser, and the copy on the device.

use domain::sheet::ScoreForm;
use domain::text::parse_whole_number;
use leptos::ev;
use leptos::prelude::{document, window};
use phrases::judging as words;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::islands::sheet_state::SheetStart;

/// The copy on the device. It is kept until the server has stored the sheet.
#[derive(Serialize, Deserialize)]
pub(crate) struct LocalCopy {
    /// The version that it was made from.
    pub(crate) version: i32,
    /// The content of the form.
    pub(crate) form: ScoreForm,
    /// The scores as they were typed, also those that are no numbers.
    #[serde(default)]
    pub(crate) typed: Vec<String>,
}

impl LocalCopy {
    /// Whether a score of it is no number, which the server never stores.
    pub(crate) fn has_malformed_score(&self) -> bool {
        self.typed.iter().any(|text| parse_whole_number(text).is_err())
    }
}

/// One sheet's form on the page, and the key of its copy on the device.
#[derive(Clone)]
pub(crate) struct SheetFields {
    criteria: usize,
    key: String,
}

impl SheetFields {
    /// Returns the fields of the sheet on this page.
    pub(crate) fn for_sheet(start: &SheetStart) -> Self {
        let SheetStart { judge, edition, case, criteria, .. } = start;
        Self { criteria: criteria.len(), key: format!("sheet/{judge}/{edition}/{case}") }
    }

    /// Reads the form. A score that is not a number counts as empty.
    pub(crate) fn read_form(&self) -> ScoreForm {
        let score = |place| parse_whole_number(&find_score_input(place)?.value()).ok().flatten();
        let text = |name| find_text_area(name).map(|area| area.value()).unwrap_or_default();
        ScoreForm {
            scores: (0..self.criteria).map(score).collect(),
            comment: text("comment"),
            note: text("note"),
        }
    }

    /// Returns whether every score is empty or allowed by the rubric, and marks those that are not.
    pub(crate) fn mark_invalid_scores(&self) -> bool {
        let mut valid = true;
        for input in (0..self.criteria).filter_map(find_score_input) {
            let max = input.get_attribute("data-max").and_then(|max| max.parse().ok());
            let fits = match parse_whole_number(&input.value()) {
                Ok(score) => score.is_none_or(|score| max.is_none_or(|max: u32| score <= max)),
                Err(_) => false,
            };
            valid &= fits;
            mark_score(&input, fits);
        }
        valid
    }

    /// Returns whether a field has another content than the one that the server sent.
    pub(crate) fn is_changed(&self) -> bool {
        let scores = (0..self.criteria).filter_map(find_score_input);
        let mut texts = ["comment", "note"].into_iter().filter_map(find_text_area);
        scores.into_iter().any(|input| input.value() != input.default_value())
            || texts.any(|area| area.default_value().is_ok_and(|sent| area.value() != sent))
    }

    /// Fills the form.
    pub(crate) fn fill_form(&self, form: &ScoreForm) {
        for (place, score) in form.scores.iter().enumerate() {
            if let Some(input) = find_score_input(place) {
                input.set_value(&score.map(|score| score.to_string()).unwrap_or_default());
            }
        }
        for (name, text) in [("comment", &form.comment), ("note", &form.note)] {
            if let Some(area) = find_text_area(name) {
                area.set_value(text);
            }
        }
    }

    /// Fills the form from the device's copy, with each score as it was typed.
    pub(crate) fn fill_from_copy(&self, copy: &LocalCopy) {
        self.fill_form(&copy.form);
        for (place, text) in copy.typed.iter().enumerate() {
            if let Some(input) = find_score_input(place) {
                input.set_value(text);
            }
        }
    }

    /// Shows the sum of the scores. A score that is too high is marked at its field and counts for nothing.
    pub(crate) fn show_total(&self, start: &SheetStart) {
        let Some(output) = document().get_element_by_id("sheet-total") else { return };
        let scores = self.read_form().scores;
        let within =
            |(score, (_, max)): (&Option<u32>, &(String, u32))| score.filter(|score| score <= max);
        let total: u32 = scores.iter().zip(&start.criteria).filter_map(within).sum();
        let max: u32 = start.criteria.iter().map(|(_, max)| max).sum();
        output.set_text_content(Some(&words::points(start.lang, max, total)));
    }

    /// Moves the focus to the score with this index. Does nothing if the index is out of range.
    pub(crate) fn focus_score(&self, place: usize) {
        if let Some(input) = find_score_input(place).filter(|_| place < self.criteria) {
            // If the field cannot be focused, nothing happens.
            let _ = input.focus();
            input.select();
        }
    }

    /// Stores the content of the form on the device.
    pub(crate) fn store_copy(&self, version: i32) {
        let inputs = (0..self.criteria).filter_map(find_score_input);
        let typed = inputs.map(|input| input.value()).collect();
        let copy = LocalCopy { version, form: self.read_form(), typed };
        if let (Some(storage), Ok(text)) = (device_storage(), serde_json::to_string(&copy)) {
            // If the storage is full or forbidden, the form works as without an island.
            let _ = storage.set_item(&self.key, &text);
        }
    }

    /// Returns the copy on the device, if it fits the form.
    pub(crate) fn stored_copy(&self) -> Option<LocalCopy> {
        let text = device_storage()?.get_item(&self.key).ok()??;
        let copy: LocalCopy = serde_json::from_str(&text).ok()?;
        (copy.form.scores.len() == self.criteria).then_some(copy)
    }

    /// Removes the copy from the device, because the server has stored the sheet.
    pub(crate) fn remove_copy(&self) {
        if let Some(storage) = device_storage() {
            let _ = storage.remove_item(&self.key);
        }
    }
}

fn device_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn find_score_input(place: usize) -> Option<HtmlInputElement> {
    document().get_element_by_id(&format!("field-score-{place}"))?.dyn_into().ok()
}

fn find_text_area(name: &str) -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(&format!("field-{name}"))?.dyn_into().ok()
}

/// Shows or hides the sentence at a score that is no number of the rubric. Attributes are set only when they
/// change.
fn mark_score(input: &HtmlInputElement, fits: bool) {
    let Some(row) = input.closest(".score").ok().flatten() else { return };
    if row.has_attribute("data-wrong") == fits {
        // An element takes an attribute of a plain name.
        let _ = if fits {
            row.remove_attribute("data-wrong")
        } else {
            row.set_attribute("data-wrong", "")
        };
        let _ = input.set_attribute("aria-invalid", if fits { "false" } else { "true" });
    }
}

/// Sets the version that a plain post of the form sends.
pub(crate) fn set_hidden_version(version: i32) {
    let hidden = document().query_selector("#sheet-form input[name=version]").ok().flatten();
    if let Some(hidden) = hidden.and_then(|hidden| hidden.dyn_into::<HtmlInputElement>().ok()) {
        hidden.set_value(&version.to_string());
    }
}

/// Presses one of the form's buttons.
pub(crate) fn press_form_button(act: &str) {
    let button = document().query_selector(&format!("#sheet-form button[value={act}]"));
    if let Some(button) = button.ok().flatten().and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

/// Returns whether a field with this id belongs to the sheet.
pub(crate) fn is_sheet_field(id: &str) -> bool {
    id.starts_with("field-score-") || id == "field-comment" || id == "field-note"
}

/// Returns the id of the element that an event is about.
pub(crate) fn event_target_id(event: &ev::Event) -> Option<String> {
    Some(event.target()?.dyn_ref::<web_sys::Element>()?.id())
}
