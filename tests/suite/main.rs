//! The whole of it, end to end, against the stand-in for Discord.

mod all_at_once;
mod autocomplete;
mod boundaries;
mod connection;
mod deal;
mod deal_refused;
mod digest;
mod escaped;
mod first;
mod handover;
mod health;
mod motion;
mod my;
mod openapi;
mod partner;
mod plan;
mod process;
mod prompt;
mod readme;
mod review;
mod rules;
mod sandbox;
mod setup;
mod support;
mod tiny_bot;
