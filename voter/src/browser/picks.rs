//! Picking without a page load. Every pick button and the basket are plain forms that work without
//! this program. With it a press changes the cookie and the page in place.

use domain::ids::CaseId;
use phrases::{Lang, ui, voting as words};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, UiEvent};

use super::{
    add_listener, document, find_element, language_of, move_focus, reload_when_restored, window,
    write_element_text,
};
use crate::basket_cookie;

struct Picker {
    edition: String,
    poll: String,
    lang: Lang,
    max: usize,
    least: usize,
}

/// Listens for presses of the pick buttons on the whole page and keeps the basket in step.
pub(super) fn start_picker(place: &Element) {
    let text = |name: &str| place.get_attribute(name).unwrap_or_default();
    let number = |name: &str| text(name).parse().unwrap_or(1);
    let picker = Picker {
        edition: text("data-edition"),
        poll: text("data-poll"),
        lang: language_of(place),
        max: number("data-max"),
        least: number("data-least"),
    };
    add_listener(&window(), "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button[name='case']").ok()?);
        let Some(button) = button else { return };
        let Some(case) = button.get_attribute("value").and_then(|id| id.parse().ok()) else {
            return;
        };
        event.prevent_default();
        // The second press of a double click would undo the first, or remove the line that moved up.
        let presses = event.dyn_ref::<UiEvent>().map_or(0, UiEvent::detail);
        if presses < 2 {
            picker.press_pick_button(&button, case);
        }
    });
    // Picks may have changed elsewhere meanwhile.
    reload_when_restored();
}

impl Picker {
    fn press_pick_button(&self, button: &Element, case: CaseId) {
        let picks = self.read_picks();
        let Some(picks) = basket_cookie::toggle_pick(&picks, case, self.max) else {
            // The words beside the count are a live region, so this is shown and read out.
            write_element_text(".basket-left", &words::full(self.lang, self.max));
            return;
        };
        self.store_picks(&picks);
        let title = case_title(button);
        // The button goes away with its line, so the focus must move.
        if button.closest(".basket-list").is_ok_and(|line| line.is_some()) {
            move_focus(".basket summary");
        }
        self.show_buttons(&picks);
        self.show_bar(&picks);
        let sample = button
            .closest(".card, .case-head")
            .is_ok_and(|near| near.is_some_and(|near| has_sample_badge(&near)));
        self.show_list(&picks, case, &title, sample);
    }

    fn read_picks(&self) -> Vec<CaseId> {
        let all = html_document().cookie().unwrap_or_default();
        let name = format!("{}=", basket_cookie::picks_cookie_name(&self.edition, &self.poll));
        let value = all.split(';').find_map(|pair| pair.trim().strip_prefix(&name));
        basket_cookie::parse_picks(value.unwrap_or_default(), &self.edition, self.max)
    }

    fn store_picks(&self, picks: &[CaseId]) {
        let name = basket_cookie::picks_cookie_name(&self.edition, &self.poll);
        let value = basket_cookie::format_picks(&self.edition, picks);
        let cookie = format!("{name}={value}; Path=/; Secure; SameSite=Lax; Max-Age=31536000");
        let _ = html_document().set_cookie(&cookie);
    }

    fn show_buttons(&self, picks: &[CaseId]) {
        for button in find_elements("button[name='case'][aria-pressed]") {
            let case = button.get_attribute("value").and_then(|id| id.parse().ok());
            let on = case.is_some_and(|case| picks.contains(&case));
            let _ = button.set_attribute("aria-pressed", if on { "true" } else { "false" });
            let word = if on { words::picked(self.lang) } else { words::pick(self.lang) };
            // The word comes first. The title comes after it, for readers who do not see the card.
            if let Some(place) = button.first_child() {
                place.set_text_content(Some(word));
            }
            if let Ok(Some(card)) = button.closest(".card") {
                set_flag_attribute(&card, "data-chosen", on);
                self.show_badge(&card, on);
            }
        }
    }

    fn show_badge(&self, card: &Element, on: bool) {
        let badge = card.query_selector(".card-marks .badge[data-tone='award']").ok().flatten();
        match badge {
            Some(badge) if !on => badge.remove(),
            None if on => {
                let Ok(Some(marks)) = card.query_selector(".card-marks") else { return };
                let Some(badge) = new_element("span", "badge", ui::chosen(self.lang)) else {
                    return;
                };
                let _ = badge.set_attribute("data-tone", "award");
                let _ = marks.append_child(&badge);
            }
            _ => {}
        }
    }

    fn show_bar(&self, picks: &[CaseId]) {
        let (lang, max, picked) = (self.lang, self.max, picks.len());
        write_element_text(".basket-count", &ui::basket_count(lang, max, picked));
        let left = max.saturating_sub(picked);
        let rest = if left == 0 {
            ui::basket_full(lang).to_owned()
        } else if self.least > 1 {
            ui::basket_exactly(lang, left)
        } else {
            ui::basket_left(lang, left)
        };
        write_element_text(".basket-left", &rest);
        for (place, dot) in find_elements(".basket-dots > span").into_iter().enumerate() {
            set_flag_attribute(&dot, "data-on", place < picked);
        }
        let link = find_element(".basket-inner > a.button");
        match link {
            Some(link) if picked < self.least => link.remove(),
            None if picked >= self.least => self.add_vote_link(),
            _ => {}
        }
    }

    fn add_vote_link(&self) {
        let link = new_element("a", "button", ui::basket_go(self.lang));
        let (Some(link), Some(details)) = (link, find_element(".basket-inner > details")) else {
            return;
        };
        let _ = link.set_attribute("data-weight", "primary");
        let href = format!("/editions/{}/vote/{}", self.edition, self.poll);
        let _ = link.set_attribute("href", &href);
        let _ = details.before_with_node_1(&link);
    }

    fn show_list(&self, picks: &[CaseId], case: CaseId, title: &str, sample: bool) {
        let Some(list) = find_element(".basket-list") else { return };
        let line = find_element(&format!(".basket-list > li[data-case='{case}']"));
        match line {
            Some(line) if !picks.contains(&case) => line.remove(),
            None if picks.contains(&case) => {
                if let Some(line) = self.make_list_line(case, title, sample) {
                    let _ = list.append_child(&line);
                }
            }
            _ => {}
        }
    }

    /// Makes the same line as the server, without the form, because this program handles the press.
    fn make_list_line(&self, case: CaseId, title: &str, sample: bool) -> Option<Element> {
        let line = new_element("li", "", "")?;
        line.set_attribute("data-case", &case.to_string()).ok()?;
        let remove = new_element("button", "button", words::remove(self.lang))?;
        for (name, value) in [("type", "button"), ("name", "case"), ("data-weight", "quiet")] {
            remove.set_attribute(name, value).ok()?;
        }
        remove.set_attribute("value", &case.to_string()).ok()?;
        remove
            .append_child(new_element("span", "visually-hidden", &format!(": {title}"))?.as_ref())
            .ok()?;
        let words = new_element("span", "", &format!("{title} "))?;
        if sample {
            let badge = new_element("span", "badge", ui::sample(self.lang))?;
            badge.set_attribute("data-tone", "sample").ok()?;
            words.append_child(badge.as_ref()).ok()?;
        }
        line.append_child(words.as_ref()).ok()?;
        line.append_child(remove.as_ref()).ok()?;
        Some(line)
    }
}

/// Returns the title of the case, as the button names it for readers who do not see the card.
fn case_title(button: &Element) -> String {
    let hidden = button.query_selector(".visually-hidden").ok().flatten();
    let text = hidden.and_then(|hidden| hidden.text_content()).unwrap_or_default();
    text.trim_start_matches([' ', ':', '–']).to_owned()
}

fn has_sample_badge(near: &Element) -> bool {
    near.query_selector(".badge[data-tone='sample']").is_ok_and(|badge| badge.is_some())
}

fn html_document() -> web_sys::HtmlDocument {
    document().unchecked_into()
}

fn find_elements(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    let element = |place| found.item(place).and_then(|node| node.dyn_into().ok());
    (0..found.length()).filter_map(element).collect()
}

fn new_element(name: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element.set_text_content(Some(text));
    Some(element)
}

fn set_flag_attribute(element: &Element, name: &str, on: bool) {
    let _ = if on { element.set_attribute(name, "yes") } else { element.remove_attribute(name) };
}
