//! The parts of every page: small components that the server renders and that need no JavaScript.
//!
//! A component gets its text as an argument. The few words that all pages share come from
//! `phrases::ui`. Each part has a style of the same name in `style/`, and `/parts` shows it.
#![expect(
    unreachable_pub,
    reason = "the component macro makes public items, and the parts are for this crate alone"
)]

mod admin;
mod badge;
mod bars;
mod basket;
mod breadcrumb;
mod button;
mod card;
mod check;
mod choice;
mod countdown;
mod cover;
mod dialog;
mod empty;
mod facts;
mod field;
mod files;
mod filters;
mod heading;
mod hero;
mod input;
mod mark;
mod menu;
mod notice;
pub(crate) mod paragraphs;
pub mod parts;
mod podium;
mod progress;
pub(crate) mod qr;
mod receipt;
mod sheet;
mod shell;
mod steps;
mod table;
mod timeline;
mod tone;

pub use admin::WorkCard;
pub use badge::Badge;
pub use bars::{Bar, Bars};
pub use basket::Basket;
pub use breadcrumb::{Breadcrumb, Crumbs};
pub use button::{ButtonLink, ButtonWeight, Submit};
pub use card::{CaseCard, CaseHead};
pub use check::{Checkbox, FileField};
pub use choice::{Choice, RadioField, SelectField};
pub use countdown::Countdown;
pub use dialog::{Dialog, Toast};
pub use empty::{Empty, ErrorPage};
pub use facts::{Facts, Stat, Ways};
pub use field::Field;
pub(crate) use field::escape_raw_text;
pub use files::{FileItem, Files};
pub use filters::{Chips, Pager};
pub use heading::{AuthPanel, PageHead, Section};
pub use hero::Hero;
pub use input::{AreaField, CodeField, TextField};
pub use menu::NavLink;
pub use notice::{ErrorSummary, Notice};
pub use podium::{MedalSign, Podium, RankList, RankedCase, Winner};
pub use progress::Progress;
pub use receipt::Receipt;
pub use sheet::ScoreRow;
pub use shell::{Masthead, Ribbon, SiteFooter, SiteHeader, SkipLink};
pub use steps::Steps;
pub use table::TableBox;
pub use timeline::{Moment, MomentState, Timeline};
pub use tone::{Medal, Tone};

/// Returns the value of an attribute that is left out when its text is empty.
pub(crate) fn non_empty_text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Returns `"yes"` for a marking attribute such as `data-chosen`, or `None` to leave it out.
pub(crate) fn yes_or_none(on: bool) -> Option<&'static str> {
    on.then_some("yes")
}
