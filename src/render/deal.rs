//! What is said of deals: the card, what a change did, lists, history, forms, and the lines that the team reads.

mod about;
pub mod card;
pub mod change;
pub mod choose;
mod credit;
pub mod criteria;
pub mod form;
pub mod history;
pub mod list;
pub mod outcome;
pub mod record;
pub mod team;

pub(in crate::render) use about::{amount, class, class_gap, line, loss, next_step, standing};
pub use about::{heading, named, person, reason, stalled};
pub(in crate::render) use credit::{chain, ending, open_claim};
pub(in crate::render) use criteria::{said as criterion, side, unmet_criteria};

#[cfg(test)]
mod tests;
