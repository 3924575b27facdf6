//! What operators see of a running bot: its log, its health, its metrics, its backups.

pub mod backup;
pub mod health;
pub mod log;
pub mod restore;
