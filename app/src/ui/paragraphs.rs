//! Plain text as paragraphs.

use leptos::prelude::*;

/// Renders plain text as paragraphs. A blank line begins a new one; a line break stays a line
/// break.
pub(crate) fn render_paragraphs(text: &str) -> Vec<AnyView> {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line.to_owned());
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
        .into_iter()
        .map(|lines| {
            let lines = lines
                .into_iter()
                .enumerate()
                .map(|(index, line)| {
                    let gap = (index > 0).then(|| view! { <br/> });
                    view! { {gap}{line} }
                })
                .collect_view();
            view! { <p>{lines}</p> }.into_any()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml as _;

    use super::render_paragraphs;

    #[test]
    fn a_blank_line_begins_a_paragraph_and_no_word_becomes_markup() {
        let html: String = render_paragraphs("하나\n둘\n\n \n<b>셋</b>\n")
            .into_iter()
            .map(|view| view.to_html())
            .collect();
        assert_eq!(html.matches("<p>").count(), 2, "{html}");
        assert_eq!(html.matches("<br>").count(), 1, "{html}");
        assert!(html.contains("&lt;b&gt;셋") && !html.contains("<b>"), "{html}");
        assert!(render_paragraphs("").is_empty());
    }
}
