//! The look-alikes of the design page: honest people who look like an attack.

mod crowds;
mod places;

use super::scenario::Scenario;
use super::stage::Stage;

/// A look-alike.
pub struct Lookalike {
    /// Its name in the table.
    pub scenario: Scenario,
    /// Plays it.
    pub play: fn(&mut Stage),
}

const fn list_lookalike(name: &'static str, play: fn(&mut Stage)) -> Lookalike {
    Lookalike { scenario: Scenario(name), play }
}

/// All look-alikes. Every season has all of them.
pub const LOOKALIKES: [Lookalike; 9] = [
    list_lookalike("B1 seniors helped on one PC", places::help_seniors),
    list_lookalike("B2 5,000 on one carrier address", crowds::share_address),
    list_lookalike("B3 mail to 500 staff", places::mail_staff),
    list_lookalike("B4 influencer's spike", crowds::follow_influencer),
    list_lookalike("B5 school lab", places::visit_lab),
    list_lookalike("B6 closing minute", crowds::come_late),
    list_lookalike("B7 families on one tablet", places::share_tablets),
    list_lookalike("B8 screen readers, no JavaScript", crowds::use_no_script),
    list_lookalike("B9 switches and refreshes", crowds::switch_networks),
];
