//! The co-sell rules: pure, synchronous, no words and no I/O. Everything here is decided from its arguments.

pub mod access;
pub mod account;
pub mod action;
pub mod agenda;
pub mod attribution;
pub mod baseline;
pub mod cadence;
pub mod calendar;
pub mod card;
pub mod champion;
pub mod claim;
pub mod date;
pub mod deal;
pub mod departure;
pub mod digest;
pub mod episode;
pub mod event;
pub mod figure;
pub mod forecast;
pub mod forget;
pub mod handover;
pub mod health;
pub mod id;
pub mod import;
pub mod incentive;
pub mod item;
pub mod ladder;
pub mod likeness;
pub mod locale;
pub mod meeting;
pub mod member;
pub mod money;
pub mod motion;
pub mod notice;
pub mod number;
pub mod outgoing;
pub mod overview;
pub mod partner;
pub mod period;
pub mod ping;
pub mod plan;
pub mod refusal;
pub mod registration;
pub mod reminder;
pub mod report;
pub mod review;
pub mod shard;
pub mod size;
pub mod stall;
#[cfg(test)]
pub mod testing;
pub mod work;
pub mod workspace;
pub mod zone;

/// An instant in UTC. Stored as Unix milliseconds.
pub type Instant = chrono::DateTime<chrono::Utc>;
