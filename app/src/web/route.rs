//! The rules of a URL, and the map that finds the rules of a path.

use crate::web::limits::Queue;

/// Most fields of a form. The largest form beside the cases of a poll is a sheet of 30 criteria.
pub(crate) const MAX_FIELDS: usize = 400;

/// Who may open a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody with an account.
    SignedIn,
    /// Members of organisations.
    Member,
    /// Judges.
    Judge,
    /// Administrators.
    Administrator,
    /// Anybody, but only in a demonstration. Elsewhere the URL does not exist.
    Demonstration,
}

/// Whether a browser that is a shared machine (kiosk) may open a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedMachine {
    /// No: the URL does not exist there.
    Refused,
    /// Yes.
    Allowed,
    /// Only if the URL belongs to the edition that the machine is open for.
    OwnEdition,
    /// Yes, also after the machine's time is over: the page that removes the last voter's data.
    Start,
    /// Only after the machine's time is over: the link that makes a browser a shared machine again.
    OnlyWhenOver,
}

/// How long a page on a shared machine waits for a touch before it leads back to the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleLimit {
    /// The default time.
    Usual,
    /// As long as a code is valid, because it arrives on the voter's own phone.
    Code,
    /// The short time of a receipt. A touch does not extend it.
    Receipt,
}

/// How an answer of a URL may be cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// As the answer itself says. A page says that only the reader's own browser may cache it and
    /// must ask each time whether it is still valid.
    ByAnswer,
    /// The page is rendered at most once a second for all visitors without a cookie.
    PageCache,
    /// Any cache may keep a successful answer, as this `Cache-Control` says. An answer that sets
    /// the header itself keeps its own value.
    Public(&'static str),
}

/// The rules of a row. The defaults are the safe ones: not cached, refused on a shared machine, and
/// only for this site's own origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteRules {
    /// Who may open the URL.
    pub access: Access,
    /// The queue in which a GET waits when the server is busy.
    pub(crate) queue: Option<Queue>,
    /// The queue in which a form waits, after its body has arrived, because a slow connection must
    /// not hold a place.
    pub(crate) form_queue: Option<Queue>,
    /// How an answer may be cached.
    pub caching: Caching,
    /// Whether no answer may be stored, not even for the browser's back button.
    pub no_store: bool,
    /// Whether pages of other origins may read an answer.
    pub other_origins: bool,
    /// Whether a shared machine may open the URL.
    pub shared_machine: SharedMachine,
    /// How long the page waits for a touch on a shared machine.
    pub idle: IdleLimit,
    /// The largest body of a form, in bytes; `None` for the limit of every plain form.
    pub body_limit: Option<usize>,
    /// Most fields of a form.
    pub(crate) field_limit: usize,
    /// Whether the answer to a form is kept for a minute, so that the same form, sent again, gets it.
    pub(crate) keeps_answers: bool,
    /// Whether an island calls the URL. It reads an error as JSON, so the error becomes no page.
    pub for_islands: bool,
}

impl RouteRules {
    /// Makes the safe rules for this access. What strangers may open waits in the queue of readers,
    /// and their forms in the queue of forms. Accounts wait only for a connection.
    #[must_use]
    pub const fn for_access(access: Access) -> Self {
        let open = matches!(access, Access::Public | Access::Demonstration);
        Self {
            access,
            queue: if open { Some(Queue::Read) } else { None },
            form_queue: if open { Some(Queue::Form) } else { None },
            caching: Caching::ByAnswer,
            no_store: false,
            other_origins: false,
            shared_machine: SharedMachine::Refused,
            idle: IdleLimit::Usual,
            body_limit: None,
            field_limit: MAX_FIELDS,
            keeps_answers: true,
            for_islands: false,
        }
    }
}

/// The rules of every URL, by its path.
#[derive(Clone, Debug, Default)]
pub struct RouteMap(matchit::Router<RouteRules>);

/// The rules of one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRoute {
    /// The rules, or the safe ones if no row has the path.
    pub rules: RouteRules,
    /// The edition that the path names, by its short name.
    pub edition: Option<String>,
}

impl RouteMap {
    /// Adds a row. `path` is in axum's form.
    ///
    /// # Errors
    /// Fails if the path is already in the map or is not in axum's form.
    pub fn insert_route(
        &mut self,
        path: &str,
        rules: RouteRules,
    ) -> Result<(), matchit::InsertError> {
        self.0.insert(path, rules)
    }

    /// Returns the rules of a path. Ignores a query after the path.
    #[must_use]
    pub fn find_route(&self, path: &str) -> FoundRoute {
        let path = path.split('?').next().unwrap_or_default();
        match self.0.at(path) {
            Ok(found) => FoundRoute {
                rules: *found.value,
                edition: found.params.get("edition").map(str::to_owned),
            },
            Err(_) => FoundRoute { rules: RouteRules::for_access(Access::Public), edition: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_row_gets_the_safe_rules() {
        let mut map = RouteMap::default();
        let rules = RouteRules { other_origins: true, ..RouteRules::for_access(Access::Public) };
        map.insert_route("/record/{edition}/key", rules).unwrap();
        let found = map.find_route("/record/daejeon-2024/key?lang=ko");
        assert_eq!((found.rules, found.edition.as_deref()), (rules, Some("daejeon-2024")));
        for other in ["/record/daejeon-2024/keys", "/record/daejeon-2024/key/", "/nowhere", ""] {
            let found = map.find_route(other);
            assert_eq!(found.rules, RouteRules::for_access(Access::Public), "{other}");
            assert_eq!(found.edition, None, "{other}");
        }
    }
}
