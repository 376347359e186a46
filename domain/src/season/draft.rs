//! A season that is being set up in steps: what was typed, field by field, also while it is incomplete.
//!
//! A field has the name of its value's JSON pointer in the season file, with dots: `panel.rubric.0.max`.
//! The draft is written as a season file and read by the same code, so a form and a file are checked alike.

mod fields;
mod file;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Season, SeasonProblem};
use crate::limits;
use crate::rulebook::{Fraction, is_heavy_for_email};

pub use fields::DraftStep;
use fields::{RowList, step_of_field};

/// What was typed so far. Fields that were never typed read as empty texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeasonDraft {
    fields: BTreeMap<String, String>,
}

/// Why a draft is no season yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftProblem {
    /// The field to correct, e.g. `title.ko`.
    pub field: String,
    /// Why.
    pub reason: SeasonProblem,
}

impl DraftProblem {
    /// Returns the step that has the field.
    #[must_use]
    pub fn step(&self) -> DraftStep {
        step_of_field(&self.field).unwrap_or(DraftStep::Basics)
    }
}

impl SeasonDraft {
    /// Fills a draft from a season file of the right form. Its cases are left out. `None` if the text is no
    /// JSON object.
    #[must_use]
    pub fn from_season_file(text: &str) -> Option<Self> {
        let value = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).ok()?;
        let mut draft = Self { fields: file::read_season_value(&value)? };
        RowList::ALL.into_iter().for_each(|list| draft.name_rows(list));
        Some(draft)
    }

    /// Returns the text of a field.
    #[must_use]
    pub fn field_text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Returns the number of rows of a list, such as `tracks`.
    #[must_use]
    pub fn row_count(&self, list: &str) -> usize {
        let rows = self.fields.keys().filter_map(|name| fields::row_of_field(name, list));
        rows.max().map_or(0, |last| last + 1)
    }

    /// Returns the polls by e-mail address that weigh much: the number of the row, from 0, and the
    /// weight. A weight that cannot be read is left out.
    #[must_use]
    pub fn heavy_email_polls(&self) -> Vec<(usize, Fraction)> {
        let polls = (0..self.row_count("polls")).filter_map(|row| {
            let weight = file::read_typed_weight(self.field_text(&format!("polls.{row}.weight")))?;
            let by_email = self.field_text(&format!("polls.{row}.identity")) == "email";
            (by_email && is_heavy_for_email(&weight)).then_some((row, weight))
        });
        polls.collect()
    }

    /// Puts the fields of one step in the place of its older ones. Rows in which nothing is typed go, and
    /// the others move up. Fields of other steps are left out.
    pub fn replace_step(
        &mut self,
        step: DraftStep,
        typed: impl IntoIterator<Item = (String, String)>,
    ) {
        self.fields.retain(|name, _| step_of_field(name) != Some(step));
        let own = typed.into_iter().filter(|(name, _)| step_of_field(name) == Some(step));
        self.fields.extend(own.map(|(name, text)| (name, text.trim().to_owned())));
        self.fields.retain(|_, text| !text.is_empty());
        for list in RowList::ALL {
            self.close_gaps(list);
            self.name_rows(list);
        }
    }

    /// Returns the fields of a step.
    #[must_use]
    pub fn fields_of_step(&self, step: DraftStep) -> Vec<(String, String)> {
        let own = self.fields.iter().filter(|(name, _)| step_of_field(name) == Some(step));
        own.map(|(name, text)| (name.clone(), text.clone())).collect()
    }

    /// Returns a text that changes whenever a field of the step changes, so that two people who work on
    /// different steps do not disturb each other.
    #[must_use]
    pub fn mark_of_step(&self, step: DraftStep) -> String {
        let fields = serde_json::to_vec(&self.fields_of_step(step)).unwrap_or_default();
        hex::encode(Sha256::digest(fields))
    }

    /// Returns the fields that differ from another draft: name, text there, text here.
    #[must_use]
    pub fn changed_fields(&self, before: &Self) -> Vec<(String, String, String)> {
        let names: BTreeSet<&String> = self.fields.keys().chain(before.fields.keys()).collect();
        let both = |name: &String| {
            let (old, new) = (before.field_text(name), self.field_text(name));
            (name.clone(), old.to_owned(), new.to_owned())
        };
        names.into_iter().map(both).filter(|(_, old, new)| old != new).collect()
    }

    /// Takes all fields of a step from another draft.
    pub fn copy_step(&mut self, step: DraftStep, other: &Self) {
        let own = |name: &str| step_of_field(name) == Some(step);
        self.fields.retain(|name, _| !own(name));
        let fields = other.fields.iter().filter(|(name, _)| own(name));
        self.fields.extend(fields.map(|(name, text)| (name.clone(), text.clone())));
    }

    /// Sets one field. A name that no field has is left out.
    pub fn set_field(&mut self, name: &str, text: &str) {
        if step_of_field(name).is_some() {
            self.fields.insert(name.to_owned(), text.to_owned());
        }
    }

    /// Drops empty rows and numbers the others without gaps.
    fn close_gaps(&mut self, list: RowList) {
        let mut kept = BTreeSet::new();
        for name in self.fields.keys() {
            if list.is_typed_field(name) {
                kept.extend(fields::row_of_field(name, list.name()));
            }
        }
        let places: BTreeMap<usize, usize> = kept.into_iter().zip(0..).collect();
        let old = std::mem::take(&mut self.fields);
        self.fields = old
            .into_iter()
            .filter_map(|(name, text)| match fields::row_of_field(&name, list.name()) {
                None => Some((name, text)),
                Some(row) => Some((fields::move_row(&name, list.name(), *places.get(&row)?), text)),
            })
            .collect();
    }

    /// Gives rows without a short name one that follows from the English name.
    fn name_rows(&mut self, list: RowList) {
        let Some((english, prefix)) = list.naming() else { return };
        let slug_field = |row: usize| format!("{}.{row}.slug", list.name());
        let mut used: BTreeSet<String> = BTreeSet::new();
        for row in 0..self.row_count(list.name()) {
            let typed = self.field_text(&slug_field(row));
            let name = self.field_text(&format!("{}.{row}.{english}", list.name()));
            let wanted =
                if typed.is_empty() { fields::slug_of_name(name) } else { typed.to_owned() };
            let wanted = if wanted.is_empty() { prefix.to_owned() } else { wanted };
            let mut slug = wanted.clone();
            // A slug that was typed twice is a fault that the check tells.
            let mut number = 2;
            while typed.is_empty() && used.contains(&slug) {
                slug = format!("{wanted}-{number}");
                number += 1;
            }
            used.insert(slug.clone());
            self.fields.insert(slug_field(row), slug);
        }
    }

    /// Writes the draft as a season file, without cases.
    #[must_use]
    pub fn to_season_file(&self) -> String {
        let (value, _) = file::write_season_value(self);
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }

    /// Reads the draft as a season file is read.
    ///
    /// # Errors
    /// Returns every problem, in the order of the steps; at most [`limits::SEASON_PROBLEMS`].
    pub fn check(&self) -> Result<Season, Vec<DraftProblem>> {
        let (value, unreadable) = file::write_season_value(self);
        let text = serde_json::to_string(&value).unwrap_or_default();
        let found = Season::parse_season_file(&text);
        let mut problems: Vec<DraftProblem> = unreadable
            .into_iter()
            .map(|(field, problem)| DraftProblem { field, reason: SeasonProblem::Text(problem) })
            .collect();
        match found {
            Ok(season) if problems.is_empty() => return Ok(season),
            Ok(_) => {}
            Err(found) => {
                for problem in found {
                    let field = fields::field_of_pointer(&problem.path);
                    // A number that cannot be read is zero in the file: one sentence is enough.
                    if !problems.iter().any(|known| known.field == field) {
                        problems.push(DraftProblem { field, reason: problem.reason });
                    }
                }
            }
        }
        problems.sort_by_key(|problem| problem.step());
        problems.truncate(limits::SEASON_PROBLEMS);
        Err(problems)
    }
}

#[cfg(test)]
mod tests;
