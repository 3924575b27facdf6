//! The sandbox's page in a real browser, driven as people drive it, with the real bot behind it.
//!
//! Needs `chromedriver` and Chromium on the path; without them each test says that it was skipped. Screenshots are written
//! to the folder that `COSELL_SCREENSHOTS` names, or to `screenshots` among the build's temporary files.

mod driver;
mod journeys;
mod keyboard;
mod pages;

#[path = "../support/mod.rs"]
mod support;
