//! What is offered while a person types: read only, bounded in cost, and nothing for people without a role.

use std::collections::BTreeSet;

use super::look::Look;
use crate::domain::id::{DealNumber, MemberId};
use crate::domain::likeness::{fit, is_close};
use crate::error::Failure;
use crate::store::candidate::{Candidate, Label, Running};
use crate::store::commit::LookupKind;

/// Discord shows at most this many choices.
const SHOWN: usize = 25;
/// So many of the asker's own deals, and of anybody's, are looked at although the index might not lead to them.
const RECENT: i64 = 50;

impl Look {
    /// Deals for what was typed: a number, an account, a partner, with mistakes. The closest first; of equally close
    /// ones those that run (or have ended, if such are meant), then the asker's own, then the last touched.
    pub async fn offer_deals(&mut self, typed: &str, running: Running) -> Result<Vec<Label>, Failure> {
        if !self.access.any() {
            return Ok(Vec::new());
        }
        let asker = self.asker.as_ref().map_or(MemberId::BOT, |member| member.id);
        let mut numbers = self.workspace.find_recent_numbers(asker, running, RECENT).await?;
        let found = self.workspace.find_lookups(LookupKind::Deal, typed).await?;
        numbers.extend(found.into_iter().map(|found| DealNumber(found.subject)).chain(DealNumber::parse(typed)));
        let candidates = self.workspace.find_candidates(&distinct(numbers)).await?;
        self.workspace.find_labels(&ranked(candidates, typed, running, asker)).await
    }

    /// Accounts for what was typed, the closest first; the newest when nothing was.
    pub async fn offer_accounts(&mut self, typed: &str) -> Result<Vec<String>, Failure> {
        if !self.access.any() {
            return Ok(Vec::new());
        }
        if typed.trim().is_empty() {
            return self.workspace.find_last_accounts(SHOWN as i64).await;
        }
        let found = self.workspace.find_lookups(LookupKind::Account, typed).await?;
        Ok(closest(found.into_iter().map(|found| found.text), typed))
    }

    /// Partners that are not archived, for what was typed.
    pub async fn offer_partners(&mut self, typed: &str) -> Result<Vec<String>, Failure> {
        if !self.access.any() {
            return Ok(Vec::new());
        }
        let partners = self.workspace.find_partners().await?;
        Ok(closest(partners.into_iter().filter(|partner| !partner.archived).map(|partner| partner.name), typed))
    }

    /// Partners for what was typed, archived ones too: for looking one up or bringing it back.
    pub async fn offer_all_partners(&mut self, typed: &str) -> Result<Vec<String>, Failure> {
        if !self.access.any() {
            return Ok(Vec::new());
        }
        let names: BTreeSet<String> = self.workspace.find_partners().await?.into_iter().map(|p| p.name).collect();
        Ok(closest(names.into_iter(), typed))
    }

    /// Reviews that were not cancelled, for what was typed.
    pub async fn offer_reviews(&mut self, typed: &str) -> Result<Vec<String>, Failure> {
        if !self.access.any() {
            return Ok(Vec::new());
        }
        let reviews = self.workspace.find_reviews().await?;
        Ok(closest(reviews.into_iter().filter(|review| !review.cancelled).map(|review| review.name), typed))
    }
}

fn distinct(mut numbers: Vec<DealNumber>) -> Vec<DealNumber> {
    numbers.sort();
    numbers.dedup();
    numbers
}

/// The deals to show, best first.
fn ranked(candidates: Vec<Candidate>, typed: &str, running: Running, asker: MemberId) -> Vec<DealNumber> {
    let place = |candidate: Candidate| {
        let closeness = closeness(typed, &candidate)?;
        let meant = candidate.open == (running == Running::Open);
        Some(((closeness, meant, candidate.owner == asker, candidate.touched_at), candidate.deal))
    };
    let mut placed: Vec<_> = candidates.into_iter().filter_map(place).collect();
    placed.sort_by(|a, b| b.cmp(a));
    placed.into_iter().take(SHOWN).map(|(_, deal)| deal).collect()
}

/// How close a deal comes, in steps coarse enough for the rest to count; `None` when it was hardly meant.
fn closeness(typed: &str, candidate: &Candidate) -> Option<u8> {
    const ITS_NUMBER: u8 = 11;
    if DealNumber::parse(typed) == Some(candidate.deal) {
        return Some(ITS_NUMBER);
    }
    if typed.trim().is_empty() {
        return Some(0);
    }
    let fit = fit(typed, &candidate.text);
    is_close(fit).then(|| (fit * 10.0).floor() as u8)
}

/// The names to show: the closest first, then by name; all when nothing was typed.
fn closest(names: impl Iterator<Item = String>, typed: &str) -> Vec<String> {
    let everything = typed.trim().is_empty();
    let scored = names.map(|name| (if everything { 1.0 } else { fit(typed, &name) }, name));
    let mut close: Vec<(f64, String)> = scored.filter(|(fit, _)| is_close(*fit)).collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    close.into_iter().take(SHOWN).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests;
