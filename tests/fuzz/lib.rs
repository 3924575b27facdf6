//! The bot's readers of what people type, by the files that they are in.

#![allow(dead_code, reason = "a target uses a part of each file")]

#[path = "../../src/domain/mod.rs"]
pub mod domain;

/// What buttons carry.
#[path = "../../src/render"]
pub mod render {
    pub mod control;
    pub mod custom_id;
    pub mod text;
}

/// A CRM's file.
#[path = "../../src/app/import_deals/file.rs"]
pub mod file;
