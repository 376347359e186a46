//! The roles of accounts in words.

use backend::accounts::Role;
use phrases::{Lang, accounts as words};

/// A role in words.
pub(crate) fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => words::administrator(lang),
        Role::Judge => words::judge(lang),
        Role::Member => words::member(lang),
    }
}
