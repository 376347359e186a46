//! Cases: the gallery for everybody, the desk of an organisation, the screening by staff.

pub(crate) mod asked;
pub(crate) mod case;
pub(crate) mod colleagues;
pub(crate) mod differences;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod gallery;
pub(crate) mod late;
pub(crate) mod new_case;
pub(crate) mod organisation;
pub(crate) mod outcome;
pub(crate) mod partners;
pub(crate) mod personal;
pub(crate) mod picture;
pub(crate) mod receipt;
pub(crate) mod recommend;
pub(crate) mod screening;
pub(crate) mod state;
pub(crate) mod tile_map;
pub(crate) mod versions;
pub(crate) mod visitor_order;
