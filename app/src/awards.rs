//! Awards: the standings for those who decide, the result for everybody, the rules in words.

#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
