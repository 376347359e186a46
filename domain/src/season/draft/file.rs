//! The draft as a season file, and back.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::SeasonDraft;
use super::fields::step_of_field;
use crate::rulebook::{Channel, Fraction, RecordRules, VoterIdentity, fourteen};
use crate::schedule::{format_local_minute, parse_local_minute, seoul_offset};
use crate::text::{FieldProblem, narrow_line, parse_whole_number};

/// Fields whose text cannot be read at all, each with what is wrong.
type Unreadable = Vec<(String, FieldProblem)>;

/// Reads the fields of a season file. `None` if it is no object.
pub(super) fn read_season_value(value: &Value) -> Option<BTreeMap<String, String>> {
    let season = value.as_object()?;
    let mut fields = BTreeMap::new();
    for (key, value) in season {
        match key.as_str() {
            "poll" => read_poll(&mut fields, 0, value),
            "polls" => {
                for (row, poll) in value.as_array().into_iter().flatten().enumerate() {
                    read_poll(&mut fields, row, poll);
                }
            }
            "windows" => read_windows(&mut fields, key, value),
            "districts" => {
                for (row, district) in value.as_array().into_iter().flatten().enumerate() {
                    let at = format!("districts.{row}");
                    read_plain_value(&mut fields, &at, district);
                    let names = district.get("neighbourhoods").and_then(Value::as_array);
                    let names = names.into_iter().flatten().filter_map(Value::as_str);
                    let names: Vec<&str> = names.collect();
                    note_field(&mut fields, format!("{at}.neighbourhoods"), names.join(", "));
                }
            }
            "panel" => {
                read_plain_value(&mut fields, key, value);
                read_weight(&mut fields, "panel", value);
            }
            _ => read_plain_value(&mut fields, key, value),
        }
    }
    fields.retain(|name, _| step_of_field(name).is_some());
    Some(fields)
}

fn note_field(fields: &mut BTreeMap<String, String>, name: String, text: String) {
    if !text.is_empty() {
        fields.insert(name, text);
    }
}

/// Reads texts, numbers and what is inside lists and objects.
fn read_plain_value(fields: &mut BTreeMap<String, String>, name: &str, value: &Value) {
    match value {
        Value::Object(inside) => {
            for (key, value) in inside {
                read_plain_value(fields, &format!("{name}.{key}"), value);
            }
        }
        Value::Array(inside) => {
            for (row, value) in inside.iter().enumerate() {
                read_plain_value(fields, &format!("{name}.{row}"), value);
            }
        }
        Value::String(text) => note_field(fields, name.to_owned(), text.clone()),
        Value::Number(number) => note_field(fields, name.to_owned(), number.to_string()),
        Value::Bool(true) => note_field(fields, name.to_owned(), "yes".to_owned()),
        Value::Bool(false) | Value::Null => {}
    }
}

fn read_windows(fields: &mut BTreeMap<String, String>, name: &str, value: &Value) {
    let mut plain = BTreeMap::new();
    read_plain_value(&mut plain, name, value);
    for (name, text) in plain {
        note_field(fields, name, instant_as_typed(&text));
    }
}

fn read_weight(fields: &mut BTreeMap<String, String>, name: &str, value: &Value) {
    let weight = value.get("weight").and_then(Value::as_str).unwrap_or_default();
    note_field(
        fields,
        format!("{name}.weight"),
        percentage_of(weight).unwrap_or_else(|| weight.to_owned()),
    );
}

/// Writes a fraction as a percentage: `1/8` is `12.5`. `None` if four decimals do not hold it.
fn percentage_of(fraction: &str) -> Option<String> {
    let (part, whole) = fraction.split_once('/')?;
    let (part, whole): (u64, u64) = (part.parse().ok()?, whole.parse().ok()?);
    let scaled = part.checked_mul(1_000_000)?;
    if whole == 0 || !scaled.is_multiple_of(whole) {
        return None;
    }
    let scaled = scaled / whole;
    let text = format!("{}.{:04}", scaled / 10_000, scaled % 10_000);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

fn read_poll(fields: &mut BTreeMap<String, String>, row: usize, poll: &Value) {
    let at = format!("polls.{row}");
    read_plain_value(fields, &at, poll);
    read_weight(fields, &at, poll);
    let window = format!("{at}.window");
    read_windows(fields, &window, poll.get("window").unwrap_or(&Value::Null));
    if let Some((rule, number)) = poll.get("picks").and_then(Value::as_object).and_then(first_entry)
    {
        note_field(fields, format!("{at}.picks.rule"), rule.clone());
        note_field(fields, format!("{at}.picks.number"), number.to_string());
    }
    if let Some(track) = poll.get("cases").and_then(|cases| cases.get("track")) {
        let track = track.as_str().unwrap_or_default();
        note_field(fields, format!("{at}.cases"), format!("track:{track}"));
    }
    let channels = poll.get("channels").and_then(Value::as_array).into_iter().flatten();
    let channels: Vec<&str> = channels.filter_map(Value::as_str).collect();
    note_field(fields, format!("{at}.channels"), channels.join(","));
    // Ticked also where it does not matter, for the case that the poll becomes one by e-mail.
    let email = poll.get("identity").and_then(Value::as_str) == Some("email");
    if !email || poll.get("fold_aliases").is_none() {
        note_field(fields, format!("{at}.fold_aliases"), "yes".to_owned());
    }
}

fn first_entry(map: &Map<String, Value>) -> Option<(&String, &Value)> {
    map.iter().next()
}

/// Writes an instant of the file as an input shows it. What is no instant stays as it is.
fn instant_as_typed(text: &str) -> String {
    let instant = DateTime::parse_from_rfc3339(text);
    instant.map_or_else(|_| text.to_owned(), |instant| format_local_minute(instant.to_utc()))
}

/// Writes the season file, and tells which numbers could not be read; they are 0 in the file.
pub(super) fn write_season_value(draft: &SeasonDraft) -> (Value, Unreadable) {
    let mut writer = DraftWriter { draft, unreadable: Vec::new() };
    let value = writer.write_season();
    (value, writer.unreadable)
}

/// Signs that people put between the names of neighbourhoods, also those of Korean keyboards, and the
/// breaks of other programs.
const fn is_name_separator(sign: char) -> bool {
    matches!(
        sign,
        ',' | '，'
            | '、'
            | ';'
            | '；'
            | '/'
            | '·'
            | 'ㆍ'
            | '\t'
            | '\n'
            | '\r'
            | '\u{B}'
            | '\u{C}'
            | '\u{2028}'
    )
}

/// Reads a weight as people type it: a percentage, such as `30` or `12.5 %`, or a fraction.
pub(super) fn read_typed_weight(text: &str) -> Option<Fraction> {
    Fraction::parse_fraction(&weight_as_fraction(text)).ok()
}

/// Writes a percentage as a fraction. Any other text stays as it is.
fn weight_as_fraction(text: &str) -> String {
    let narrow = narrow_line(text);
    let percent = narrow.trim_end_matches('%').trim_end();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match percent.split_once('.') {
        None if digits(percent) => format!("{percent}/100"),
        Some((whole, part)) if digits(whole) && digits(part) && part.len() <= 4 => {
            format!("{whole}{part}/100{}", "0".repeat(part.len()))
        }
        _ => narrow,
    }
}

struct DraftWriter<'a> {
    draft: &'a SeasonDraft,
    unreadable: Unreadable,
}

impl<'a> DraftWriter<'a> {
    fn typed_text(&self, name: &str) -> &'a str {
        self.draft.field_text(name)
    }

    fn write_bilingual(&self, name: &str) -> Value {
        let language = |lang: &str| self.typed_text(&format!("{name}.{lang}")).to_owned();
        json!({ "ko": language("ko"), "en": language("en") })
    }

    /// The text in both languages, or nothing if neither was typed.
    fn write_bilingual_or_null(&self, name: &str) -> Value {
        let both = self.write_bilingual(name);
        let empty = |lang: &str| both.get(lang).and_then(Value::as_str) == Some("");
        if empty("ko") && empty("en") { Value::Null } else { both }
    }

    fn write_number(&mut self, name: &str) -> Value {
        let problem = match parse_whole_number(self.typed_text(name)) {
            Ok(Some(number)) => return json!(number),
            Ok(None) => FieldProblem::Missing,
            Err(problem) => problem,
        };
        self.unreadable.push((name.to_owned(), problem));
        json!(0)
    }

    fn write_number_or(&mut self, name: &str, usual: u32) -> Value {
        if self.typed_text(name).is_empty() { json!(usual) } else { self.write_number(name) }
    }

    fn write_instant(&self, name: &str) -> Value {
        let text = self.typed_text(name);
        let instant =
            parse_local_minute(text).map(|instant| instant.with_timezone(&seoul_offset()));
        json!(instant.map_or_else(|| text.to_owned(), |instant| instant.to_rfc3339()))
    }

    /// A word of a choice. A form can send no other word, so an unknown one is the usual one.
    fn choose_word(&self, name: &str, words: &[&'static str]) -> &'static str {
        let text = self.typed_text(name);
        words.iter().copied().find(|word| *word == text).or(words.first().copied()).unwrap_or("")
    }

    /// The ways to prove this identity. A way that does not fit is left out: it was ticked for another
    /// identity. Without any the usual way is added.
    fn fitting_channels(&self, name: &str, identity: &str) -> Vec<Channel> {
        let read = |word: &str| serde_json::from_value::<Channel>(json!(word)).ok();
        let identity = serde_json::from_value::<VoterIdentity>(json!(identity));
        let identity = identity.unwrap_or(VoterIdentity::Mobile);
        let ticked = self.typed_text(name).split(',').filter_map(read);
        let mut channels: Vec<Channel> =
            ticked.filter(|channel| channel.proves_identity(identity)).collect();
        if channels.iter().all(|channel| *channel == Channel::Kiosk) {
            channels.insert(0, identity.usual_channel());
        }
        channels
    }

    fn write_window(&self, name: &str) -> Value {
        json!([self.write_instant(&format!("{name}.0")), self.write_instant(&format!("{name}.1"))])
    }

    fn write_weight(&self, name: &str) -> Value {
        json!(weight_as_fraction(self.typed_text(name)))
    }

    fn write_rows(&mut self, list: &str, mut write: impl FnMut(&mut Self, &str) -> Value) -> Value {
        let count = self.draft.row_count(list);
        Value::Array((0..count).map(|row| write(self, &format!("{list}.{row}"))).collect())
    }

    fn write_season(&mut self) -> Value {
        let tracks = self.write_rows("tracks", |writer, at| {
            json!({ "slug": writer.typed_text(&format!("{at}.slug")), "name": writer.write_bilingual(&format!("{at}.name")) })
        });
        let districts = self.write_rows("districts", |writer, at| {
            let names = writer.typed_text(&format!("{at}.neighbourhoods"));
            let names = names.split(is_name_separator).map(str::trim);
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            json!({
                "slug": writer.typed_text(&format!("{at}.slug")),
                "name": writer.write_bilingual(&format!("{at}.name")),
                "neighbourhoods": names,
            })
        });
        let polls = self.write_rows("polls", Self::write_poll);
        let panel = self.write_panel();
        let awards = self.write_rows("awards", |writer, at| {
            let count = writer.write_number(&format!("{at}.count"));
            json!({ "tier": writer.write_bilingual(&format!("{at}.tier")), "count": count })
        });
        let mut season = json!({
            "slug": self.typed_text("slug"),
            "title": self.write_bilingual("title"),
            "host": self.write_bilingual("host"),
            "time_zone": "Asia/Seoul",
            "windows": {
                "call": self.write_window("windows.call"),
                "voting": self.write_window("windows.voting"),
                "judging": self.write_window("windows.judging"),
                "announcement": self.write_instant("windows.announcement"),
            },
            "tracks": tracks,
            "polls": polls,
            "panel": panel,
            "awards": awards,
            "ranks": self.choose_word("ranks", &["all", "awarded"]),
            "districts": districts,
            "cases": [],
        });
        let usual = RecordRules::default();
        let record =
            [("ballots", usual.ballots), ("minutes", usual.minutes), ("fewest", usual.fewest)];
        if record.iter().any(|(name, _)| !self.typed_text(&format!("record.{name}")).is_empty()) {
            let numbers = record.map(|(name, usual)| {
                (name.to_owned(), self.write_number_or(&format!("record.{name}"), usual))
            });
            season["record"] = Value::Object(numbers.into_iter().collect());
        }
        season
    }

    fn write_poll(&mut self, at: &str) -> Value {
        let field = |name: &str| format!("{at}.{name}");
        let number = self.write_number(&field("picks.number"));
        let rule = self.choose_word(&field("picks.rule"), &["at_most", "exactly"]);
        let cases = self.typed_text(&field("cases"));
        let cases = match cases.strip_prefix("track:") {
            Some(track) => json!({ "track": track }),
            None => json!(if cases == "list" { "list" } else { "all" }),
        };
        let min_age = self.write_number_or(&field("eligibility.min_age"), u32::from(fourteen()));
        let ticked = |name: &str| self.typed_text(&field(name)) == "yes";
        let identity = self.choose_word(&field("identity"), &["mobile", "email", "roll", "oidc"]);
        let channels = self.fitting_channels(&field("channels"), identity);
        let basis = ["share_of_top", "share_of_ballots", "share_of_picks"];
        let mut poll = json!({
            "slug": self.typed_text(&field("slug")),
            "cases": cases,
            "picks": { rule: number },
            "identity": identity,
            "channels": channels,
            "eligibility": { "min_age": min_age, "district": ticked("eligibility.district") },
            "weight": self.write_weight(&field("weight")),
            "basis": self.choose_word(&field("basis"), &basis),
            "may_change": ticked("may_change"),
            "openings": self.choose_word(&field("openings"), &["observers", "public"]),
        });
        if identity == "email" {
            poll["fold_aliases"] = json!(ticked("fold_aliases"));
        }
        let title = self.write_bilingual_or_null(&field("title"));
        if !title.is_null() {
            poll["title"] = title;
        }
        let ends = [self.typed_text(&field("window.0")), self.typed_text(&field("window.1"))];
        if ends.iter().any(|end| !end.is_empty()) {
            poll["window"] = self.write_window(&field("window"));
        }
        poll
    }

    fn write_panel(&mut self) -> Value {
        let rubric = self.write_rows("panel.rubric", |writer, at| {
            let max = writer.write_number(&format!("{at}.max"));
            let mut line =
                json!({ "name": writer.write_bilingual(&format!("{at}.name")), "max": max });
            let description = writer.write_bilingual_or_null(&format!("{at}.description"));
            if !description.is_null() {
                line["description"] = description;
            }
            line
        });
        let judges = self.write_number("panel.judges");
        let mut panel = json!({
            "weight": self.write_weight("panel.weight"),
            "method": self.choose_word("panel.method", &["trimmed_mean", "mean", "median"]),
            "rubric": rubric,
            "judges": judges,
        });
        if !self.typed_text("panel.quorum").is_empty() {
            panel["quorum"] = self.write_number("panel.quorum");
        }
        panel
    }
}
