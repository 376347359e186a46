//! Paths and queries of the site as text.

use std::str::FromStr;

use backend::accounts::{Role, SignedIn};

use crate::AppError;

/// The start page of shared machines, where they forget the last voter.
pub(crate) const KIOSK_START: &str = "/kiosk";

/// Where a person's own work is.
pub(crate) fn home_of(visitor: &SignedIn) -> &'static str {
    match visitor.role() {
        Role::Administrator => "/admin",
        Role::Judge => "/judging",
        Role::Member => "/organisation",
    }
}

/// Percent-encodes what would end a query's value.
pub(crate) fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B")
}

/// The key in a path. One that cannot be read names nothing.
pub(crate) fn key<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// A text as the value of a query.
pub(crate) fn encoded(text: &str) -> String {
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
    use super::encoded;

    #[test]
    fn a_search_cannot_add_to_the_query() {
        assert_eq!(encoded("a&b=한 #"), "a%26b%3D%ED%95%9C%20%23");
    }
}
