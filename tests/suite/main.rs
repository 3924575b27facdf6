//! The whole of it, end to end, against the stand-in for Discord.

mod actions;
mod agree;
mod all_at_once;
mod attribution;
mod autocomplete;
mod backup;
mod boundaries;
mod connection;
mod deal;
mod deal_refused;
mod digest;
mod docs;
mod escaped;
mod first;
mod first_use;
mod forget;
mod handover;
mod health;
mod help;
mod history;
mod late;
#[path = "../faults/manifest.rs"]
#[allow(dead_code, reason = "the faults use the rest")]
mod manifest;
mod meeting;
mod meeting_edges;
mod motion;
mod my;
mod number;
mod operating;
mod page;
mod partner;
mod pay;
mod plan;
mod process;
mod program_health;
mod prompt;
mod readme;
mod report;
mod review;
mod review_event;
mod rules;
mod sandbox;
mod setup;
#[path = "../support/mod.rs"]
mod support;
mod tiny_bot;
mod transfer;
