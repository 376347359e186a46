//! awards
