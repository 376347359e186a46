//! The roles of accounts as text.

use backend::accounts::Role;
use phrases::{Lang, accounts as words};

/// Returns the name of a role.
pub(crate) fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => words::administrator(lang),
        Role::Judge => words::judge(lang),
        Role::Member => words::member(lang),
    }
}
