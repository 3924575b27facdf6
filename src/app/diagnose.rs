//! Doctor: everything that is not as it should be, gravest first. Changes nothing.

use chrono::Duration;

use super::channels::{Use, chosen};
use super::courier::Mentionable;
use super::look::Look;
use super::{App, Caller, read};
use crate::domain::access::Needed;
use crate::domain::id::{ChannelId, UserId};
use crate::domain::overview::{ChannelUse, Finding};
use crate::domain::review::Review;
use crate::error::Failure;
use crate::store::outbox::Parked;

/// How far back missed reviews are told of.
const BACK: Duration = Duration::days(30);

impl App {
    /// What an admin should look after; empty when all is well.
    pub async fn diagnose(&self, caller: &Caller) -> Result<Vec<Finding>, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let reviews: Vec<Review> = look.workspace.find_reviews().await?;
        let mut findings = unfinished(&look);
        let uses = uses(&look, &reviews);
        findings.extend(self.channel_troubles(caller.guild, uses).await.into_iter().map(Finding::Channel));
        findings.extend(self.silent_lead_role(caller, &look).await);
        findings.extend(unowned(&mut look).await?);
        findings.extend(missed(&mut look, &reviews).await?);
        findings.extend(undelivered(&mut look).await?);
        Ok(findings)
    }

    async fn silent_lead_role(&self, caller: &Caller, look: &Look) -> Option<Finding> {
        let role = look.settings.lead_role?;
        match self.courier.is_mentionable(caller.guild, role).await {
            Ok(Mentionable::Yes) => None,
            Ok(Mentionable::No) => Some(Finding::LeadNotMentionable(role)),
            Err(trouble) => {
                tracing::warn!(guild.id = caller.guild.0, role.id = role.0, %trouble, "a role could not be checked");
                None
            }
        }
    }
}

fn unfinished(look: &Look) -> Vec<Finding> {
    let not_ready = (!look.settings.ready).then_some(Finding::NotReady);
    not_ready.into_iter().chain(look.settings.missing().into_iter().map(Finding::Missing)).collect()
}

fn uses(look: &Look, reviews: &[Review]) -> Vec<Use> {
    let running = reviews.iter().filter(|review| !review.cancelled);
    let of_reviews = running.map(|review| (review.channel, ChannelUse::Review(review.name.clone())));
    chosen(&look.settings).into_iter().chain(of_reviews).collect()
}

/// Open deals whose named owner has left.
async fn unowned(look: &mut Look) -> Result<Vec<Finding>, Failure> {
    let mut found = Vec::new();
    for owner in look.workspace.find_all_members().await?.into_iter().filter(|member| member.gone) {
        let deals = look.workspace.find_open_deals_of_owner(owner.id).await?;
        let cards = read::cards(&mut look.workspace, deals, look.now).await?;
        found.extend(cards.into_iter().map(|deal| Finding::Unowned { deal }));
    }
    Ok(found)
}

async fn missed(look: &mut Look, reviews: &[Review]) -> Result<Vec<Finding>, Failure> {
    let missed = look.workspace.find_misses_since(look.now - BACK).await?;
    let named = |id| reviews.iter().find(|review| review.id == id).map(|review| review.name.clone());
    let finding = |(id, starts_at)| Some(Finding::MissedReview { review: named(id)?, starts_at });
    Ok(missed.into_iter().filter_map(finding).collect())
}

async fn undelivered(look: &mut Look) -> Result<Vec<Finding>, Failure> {
    let parked = look.workspace.find_parked(look.now).await?;
    let finding = |parked: Parked| {
        Ok(Finding::Undelivered {
            kind: parked.kind,
            to: parked.channel.map(ChannelId),
            user: parked.user.map(UserId),
            reason: parked.reason,
            at: crate::store::instant(parked.at)?,
        })
    };
    parked.into_iter().map(finding).collect()
}
