//! Paths and queries of the site, as text.

use std::str::FromStr;

use backend::accounts::{Role, SignedIn};

use crate::AppError;

/// The start page of shared machines. It removes the data of the last voter.
pub(crate) const KIOSK_START: &str = "/kiosk";

/// Returns the path of the visitor's own start page, by role.
pub(crate) fn home_path(visitor: &SignedIn) -> &'static str {
    match visitor.role() {
        Role::Administrator => "/admin",
        Role::Judge => "/judging",
        Role::Member => "/organisation",
    }
}

/// Percent-encodes the characters that would end or change a query's value.
pub(crate) fn escape_query_value(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B")
}

/// Parses the key in a path. A key that cannot be read is [`AppError::NotFound`].
pub(crate) fn parse_path_key<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Percent-encodes every character that is not a letter, a digit or one of `-._~`.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::percent_encode;

    #[test]
    fn a_search_cannot_add_to_the_query() {
        assert_eq!(percent_encode("a&b=한 #"), "a%26b%3D%ED%95%9C%20%23");
    }
}
