//! A row of the table of URLs, and how its rules are set.

use axum::routing::MethodRouter;

use crate::web::limits::Queue;
use crate::web::route::{Access, Caching, IdleLimit, RouteRules, SharedMachine};
use crate::web::state::AppState;

/// A row of the table.
pub struct Route {
    /// The path, in axum's form.
    pub path: &'static str,
    /// The handlers, by method.
    pub methods: MethodRouter<AppState>,
    /// The rules of the URL.
    pub rules: RouteRules,
}

/// Makes a row with the safe rules.
pub(super) fn new_route(
    access: Access,
    path: &'static str,
    methods: MethodRouter<AppState>,
) -> Route {
    Route { path, methods, rules: RouteRules::for_access(access) }
}

impl Route {
    pub(super) const fn with_caching(mut self, caching: Caching) -> Self {
        self.rules.caching = caching;
        self
    }

    pub(super) const fn with_shared_machine(mut self, rule: SharedMachine) -> Self {
        self.rules.shared_machine = rule;
        self
    }

    pub(super) const fn with_idle_limit(mut self, limit: IdleLimit) -> Self {
        self.rules.idle = limit;
        self
    }

    pub(super) const fn with_body_limit(mut self, bytes: usize) -> Self {
        self.rules.body_limit = Some(bytes);
        self
    }

    /// Puts the URL into the queue of exports, so that copies of the record take no place from
    /// readers.
    pub(super) const fn in_export_queue(mut self) -> Self {
        self.rules.queue = Some(Queue::Export);
        self
    }

    /// Puts the URL and its form into the queue of codes, so that readers take no place from voters.
    pub(super) const fn in_check_queue(mut self) -> Self {
        self.rules.queue = Some(Queue::Check);
        self.rules.form_queue = Some(Queue::Check);
        self
    }

    /// Says in which queue the URL's form waits; in none if it asks no database, or has a queue of
    /// its own.
    pub(super) const fn with_form_queue(mut self, queue: Option<Queue>) -> Self {
        self.rules.form_queue = queue;
        self
    }

    /// Says that the form knows by itself when it is sent again.
    pub(super) const fn without_kept_answers(mut self) -> Self {
        self.rules.keeps_answers = false;
        self
    }

    pub(super) const fn with_field_limit(mut self, fields: usize) -> Self {
        self.rules.field_limit = fields;
        self
    }

    pub(super) const fn with_no_store(mut self) -> Self {
        self.rules.no_store = true;
        self
    }

    pub(super) const fn with_other_origins(mut self) -> Self {
        self.rules.other_origins = true;
        self
    }
}
