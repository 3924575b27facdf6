//! What operators see of a running bot: its log, its health, its metrics.

pub mod health;
pub mod log;
