//! cosell: a Discord bot that runs a company's co-sell program where its people already talk.

pub mod app;
pub mod clock;
pub mod config;
pub mod discord;
pub mod domain;
pub mod error;
pub mod render;
pub mod sandbox;
pub mod schedule;
pub mod startup;
pub mod store;
