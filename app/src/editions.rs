//! Editions: what the public sees first, and what an administrator does with a season.

pub(crate) mod calendar;
pub(crate) mod clock;
pub(crate) mod create;
pub(crate) mod landing;
pub(crate) mod office;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod polls;
pub(crate) mod public;
pub(crate) mod removal;
pub(crate) mod season;
pub(crate) mod season_files;
pub(crate) mod setup;
pub(crate) mod windows;
