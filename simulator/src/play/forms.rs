//! Reads the pages of a vote: their forms, files and codes. It knows just enough HTML for the pages of
//! this program.

use std::fmt::Write as _;

/// The fields of a form.
pub type FormFields = Vec<(String, String)>;

/// Returns the value of an attribute of a tag; empty if it has none.
fn read_attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let begin = format!(" {name}=\"");
    let found = tag.find(&begin).map(|at| &tag[at + begin.len()..]);
    found.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// Returns the hidden fields of the first form that holds this piece of HTML.
#[must_use]
pub fn read_hidden_fields(page: &str, within: &str) -> FormFields {
    let forms = page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let form = forms.into_iter().find(|form| form.contains(within)).unwrap_or_default();
    let tags = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    tags.filter(|tag| read_attribute(tag, "type") == "hidden")
        .map(|tag| {
            (read_attribute(tag, "name").to_owned(), read_attribute(tag, "value").to_owned())
        })
        .collect()
}

/// Returns the value of a field.
#[must_use]
pub fn field_value<'a>(fields: &'a FormFields, name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
}

/// Does what a browser does with the fields that the fraud checks read: a script says that it ran, and
/// a page of which the time is not known has no instant.
pub fn fill_signal_fields(fields: &mut FormFields, seconds: Option<u32>, script_ran: bool) {
    if seconds.is_none() {
        fields.retain(|field| field.0 != "shown");
    }
    for field in fields.iter_mut().filter(|field| field.0 == "script" && script_ran) {
        "yes".clone_into(&mut field.1);
    }
}

/// Writes fields as the body of a form.
#[must_use]
pub fn encode_fields(fields: &FormFields) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        encode_text(&mut body, name);
        body.push('=');
        encode_text(&mut body, value);
    }
    body
}

fn encode_text(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Returns the paths of the pictures and styles of a page, and of its scripts if `scripts` is true.
#[must_use]
pub fn list_page_files(page: &str, scripts: bool) -> Vec<String> {
    let tags = page.split('<').filter_map(|rest| rest.split('>').next());
    let mut files: Vec<String> = Vec::new();
    for tag in tags {
        let path = match tag.split([' ', '/']).next().unwrap_or_default() {
            "link" if read_attribute(tag, "rel") == "stylesheet" => read_attribute(tag, "href"),
            "img" => read_attribute(tag, "src"),
            "script" if scripts => read_attribute(tag, "src"),
            _ => "",
        };
        if path.starts_with('/') && !files.iter().any(|file| file == path) {
            files.push(path.to_owned());
        }
    }
    files
}

/// Returns the code in the newest message to this contact, as the page of the demonstration's mails
/// and texts shows it.
#[must_use]
pub fn find_code_for<'a>(outbox: &'a str, contact: &str) -> Option<&'a str> {
    let letter = outbox.split("<article").skip(1).find(|letter| letter.contains(contact))?;
    let shown = letter.split_once("letter-code\">")?.1.split("</p>").next()?;
    let shown = shown.rsplit_once("</span>").map_or(shown, |(_, code)| code);
    let begin = shown.find(|sign: char| sign.is_ascii_digit())?;
    let code = shown.get(begin..begin + 6)?;
    code.bytes().all(|byte| byte.is_ascii_digit()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::{
        encode_fields, field_value, fill_signal_fields, find_code_for, list_page_files,
        read_hidden_fields,
    };

    const PAGE: &str = r#"<link rel="stylesheet" href="/assets/a.css"/><link rel="icon" href="/i.svg">
        <form method="post"><input type="hidden" name="other" value="1"/></form>
        <form id="cast-form" method="post"><input type="hidden" name="key" value="k-1"/>
        <input type="hidden" name="shown" value="17"><input type="hidden" name="script" value=""/>
        <img src="/vote/drawn.svg" alt=""/><img src="/vote/drawn.svg"/><input type="text" name="x">
        <input type="hidden" name="case" value="a"/><input type="hidden" name="case" value="b"/>
        </form><script src="/code.js" defer></script>"#;

    #[test]
    fn the_hidden_fields_of_one_form_are_read() {
        let mut fields = read_hidden_fields(PAGE, "id=\"cast-form\"");
        assert_eq!(field_value(&fields, "key"), Some("k-1"));
        assert_eq!(encode_fields(&fields), "key=k-1&shown=17&script=&case=a&case=b");
        fill_signal_fields(&mut fields, Some(3), true);
        assert_eq!(encode_fields(&fields), "key=k-1&shown=17&script=yes&case=a&case=b");
        fill_signal_fields(&mut fields, None, false);
        assert_eq!(field_value(&fields, "shown"), None);
        assert!(read_hidden_fields(PAGE, "no such form").is_empty());
    }

    #[test]
    fn signs_of_an_address_are_encoded() {
        let fields = vec![("email".to_owned(), "a+2@b.example".to_owned())];
        assert_eq!(encode_fields(&fields), "email=a%2B2%40b.example");
    }

    #[test]
    fn the_files_of_a_page_are_found_once() {
        assert_eq!(list_page_files(PAGE, false), ["/assets/a.css", "/vote/drawn.svg"]);
        assert_eq!(list_page_files(PAGE, true).len(), 3);
    }

    #[test]
    fn a_code_is_read_from_the_message_of_its_contact() {
        let outbox = r#"<li><article class="letter"><h2>x</h2><p>to voter-1@a.example</p>
            <p class="letter-code"><span class="hidden">code 7 </span>123456</p></article></li>
            <li><article><p>01012345678</p><p class="letter-code">654321</p></article></li>
            <li><article><p>voter-2@a.example</p><p>no code 111111</p></article></li>"#;
        assert_eq!(find_code_for(outbox, "voter-1@a.example"), Some("123456"));
        assert_eq!(find_code_for(outbox, "01012345678"), Some("654321"));
        assert_eq!(find_code_for(outbox, "voter-2@a.example"), None);
        assert_eq!(find_code_for(outbox, "voter-3@a.example"), None);
    }
}
