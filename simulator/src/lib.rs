//! Load, faults and measurements. The simulator casts ballots as people do, breaks things
//! meanwhile, and then checks that every promise was kept. For tests only: it opens voters'
//! sessions.

pub mod app;
pub mod audit;
pub mod bench;

pub mod chaos;
pub mod check;
pub mod client_line;
pub mod cluster;
pub mod commands;
pub mod drill;
pub mod error;
pub mod fraud;
pub mod histogram;
pub mod http;
pub mod journal;
pub mod load;
pub mod output;
pub mod play;
pub mod process;
pub mod proxy;
pub mod queries;
pub mod random;
pub mod record;
pub mod season;
pub mod strangers;
pub mod target;
pub mod verdict;
pub mod world;
