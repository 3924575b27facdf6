//! The edge to Discord: what it is told of the bot.

pub mod manifest;
