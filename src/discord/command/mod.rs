//! The handlers, one file a command: options in, use case, words out. None is longer than it takes to read aloud.

pub mod agenda;
pub mod audit;
pub mod choice;
pub mod claim;
pub mod cosell;
pub mod criteria;
pub mod deal;
pub mod export;
pub mod forget;
pub mod handover;
pub mod health;
pub mod help;
pub mod import;
pub mod menu;
pub mod motion;
pub mod my;
pub mod partner;
pub mod pay;
pub mod plan;
pub mod press;
pub mod program;
pub mod record;
pub mod report;
pub mod review;
pub mod setup;
pub mod sheet;
mod undone;
