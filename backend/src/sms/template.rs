//! Templates with placeholders in braces, which the operator writes for a gateway: `{"to":"{to}"}`.

/// How a value is escaped, so that it cannot break the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// No escaping, for the signed text.
    Plain,
    /// Inside a JSON string.
    Json,
    /// Inside a form body or an address.
    Percent,
    /// Inside a header: without control characters, because a line end would begin another header.
    Header,
}

/// Fills the placeholders in one pass, so a value is never read as a placeholder. Other braces stay
/// as they are, because JSON has many.
pub(super) fn fill_placeholders(template: &str, values: &[(&str, &str)], escape: Escape) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        let known = values.iter().find_map(|(name, value)| {
            let tail = after[1..].strip_prefix(name)?.strip_prefix('}')?;
            Some((value, tail))
        });
        match known {
            Some((value, tail)) => {
                text.push_str(&escape_value(value, escape));
                rest = tail;
            }
            None => {
                text.push('{');
                rest = &after[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

fn escape_value(value: &str, escape: Escape) -> String {
    match escape {
        Escape::Plain => value.to_owned(),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Escape::Percent => percent_encode(value),
        Escape::Header => value.chars().filter(|c| !c.is_control()).collect(),
    }
}

/// Writes every byte as `%XX`, except the unreserved characters of RFC 3986.
fn percent_encode(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Escape, fill_placeholders};

    #[test]
    fn what_is_put_in_is_never_read_as_a_place_again() {
        let values = [("to", "{text}"), ("text", "{secret} {to}"), ("secret", "s")];
        assert_eq!(
            fill_placeholders("{to}|{text}", &values, Escape::Plain),
            "{text}|{secret} {to}"
        );
    }

    #[test]
    fn braces_of_json_stay_and_its_strings_hold_whatever_is_put_in() {
        let hostile = "\"}, {\"to\":\"x\"}\n\r\t\\ 동구 👍 \u{0} {to}";
        let body = fill_placeholders(
            "{\"m\":{\"to\":\"{to}\",\"text\":\"{text}\"}, \"n\":{}}",
            &[("to", "010"), ("text", hostile)],
            Escape::Json,
        );
        let read: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(read["m"]["text"], hostile);
        assert_eq!(read["m"]["to"], "010");
    }

    #[test]
    fn a_form_and_a_header_hold_what_is_put_in_too() {
        let values = [("text", "a&b=c +%\r\nX: 가")];
        assert_eq!(
            fill_placeholders("t={text}", &values, Escape::Percent),
            "t=a%26b%3Dc%20%2B%25%0D%0AX%3A%20%EA%B0%80"
        );
        assert_eq!(fill_placeholders("{text}", &values, Escape::Header), "a&b=c +%X: 가");
        assert_eq!(
            fill_placeholders("{ text} {unknown} {", &values, Escape::Plain),
            "{ text} {unknown} {"
        );
    }
}
