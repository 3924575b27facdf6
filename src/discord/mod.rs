//! The edge to Discord: what it is told of the bot, what it tells us, and how it is answered.

pub mod answer;
pub mod call;
pub mod close;
pub mod command;
pub mod courier;
pub use crate::render::custom_id;
pub mod end;
pub mod gateway;
pub mod manifest;
pub mod page;
mod permission;
pub mod register;
pub mod rest;
pub mod seen;
pub mod session;
pub mod sheet;
pub mod table;
pub mod watchdog;
