//! The whole of it, end to end, against the stand-in for Discord.

mod prompt;
mod sandbox;
mod tiny_bot;
mod first;
mod openapi;
mod sandbox;
mod support;
