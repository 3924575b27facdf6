//! Every word and picture that people see. Knows the domain and nothing else of ours: it turns read models into
//! [`message::Message`]s, which can't be built over Discord's limits or without naming whom they may mention.
//!
//! One voice: short, concrete, says what to do next, never blames. Text that people typed passes through [`text`]
//! before it stands beside our own.

pub mod account;
pub mod agenda;
pub mod alert;
pub mod audit;
pub mod champions;
pub mod choice;
pub mod claim;
pub mod config;
pub mod control;
pub mod custom_id;
pub mod deal;
pub mod digest;
pub mod doctor;
pub mod embed;
pub mod export;
pub mod first_use;
pub mod forecast;
pub mod forget;
pub mod handover;
pub mod health;
pub mod help;
pub mod history;
pub mod ics;
pub mod import;
pub mod item;
pub mod meeting;
pub mod menu;
pub mod message;
pub mod modal;
pub mod money;
pub mod motion;
pub mod my;
pub mod number;
pub mod offer;
pub mod partner;
pub mod pay;
pub mod picture;
pub mod plan;
pub mod plans;
pub mod press;
pub mod refusal;
pub mod report;
pub mod review;
pub mod scheduled_event;
pub mod setup;
pub mod sheet;
#[cfg(test)]
mod testing;
pub mod text;
pub mod voice;

#[cfg(test)]
mod tests;
