//! The whole of it, end to end, against the stand-in for Discord.

mod sandbox;
