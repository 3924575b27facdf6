//! Doctor: everything that is not as it should be, gravest first. Changes nothing.

use chrono::Duration;

use super::channels::{Use, chosen};
use super::courier::Mentionable;
use super::look::Look;
use super::{App, Caller, read};
use crate::domain::access::Needed;
use crate::domain::id::{ChannelId, GuildId, RoleId, UserId};
use crate::domain::outgoing::EVENT;
use crate::domain::overview::{ChannelUse, Finding};
use crate::domain::review::Review;
use crate::domain::workspace::Settings;
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
        findings.extend(self.silent_lead(caller.guild, &look.settings).await.map(Finding::LeadNotMentionable));
        findings.extend(unowned(&mut look).await?);
        findings.extend(missed(&mut look, &reviews).await?);
        findings.extend(undelivered(&mut look).await?);
        Ok(findings)
    }

    /// The lead role, if it pings nobody.
    pub(super) async fn silent_lead(&self, guild: GuildId, settings: &Settings) -> Option<RoleId> {
        let role = settings.lead_role?;
        match self.courier.is_mentionable(guild, role).await {
            Ok(Mentionable::Yes) => None,
            Ok(Mentionable::No) => Some(role),
            Err(trouble) => {
                tracing::warn!(guild.id = guild.0, role.id = role.0, %trouble, "a role could not be checked");
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
        found.extend(cards.into_iter().map(|deal| Finding::Unowned { deal: Box::new(deal) }));
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
    // An event is a courtesy, and comes with the next agenda.
    parked.into_iter().filter(|parked| parked.kind != EVENT).map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, LEADS, admin, admin_of, deal_with, lead, rep, weekly};
    use crate::domain::id::DealNumber;
    use crate::domain::outgoing::Destination;
    use crate::domain::overview::{ChannelState, ChannelTrouble};
    use crate::domain::review::Outcome;
    use crate::domain::workspace::Setting;
    use crate::store::Workspace;

    async fn schedule(bench: &Bench, channel: i64) -> Review {
        let review = weekly("Pipeline", ChannelId(channel));
        bench.app.change(&lead(), review).await.unwrap().review
    }

    #[tokio::test]
    async fn all_is_well_until_something_is_wrong() {
        let bench = Bench::ready().await;
        schedule(&bench, 14).await;
        assert_eq!(bench.app.diagnose(&admin()).await.unwrap(), []);
        assert!(bench.app.diagnose(&lead()).await.is_err(), "doctor is for admins");
    }

    #[tokio::test]
    async fn before_setup_doctor_names_what_is_missing() {
        let bench = Bench::new().await;
        let found = bench.app.diagnose(&admin()).await.unwrap();
        assert_eq!(found[..2], [Finding::NotReady, Finding::Missing(Setting::Zone)]);
    }

    #[tokio::test]
    async fn channels_of_reviews_and_a_lead_role_that_cannot_be_pinged_are_found() {
        let bench = Bench::ready().await;
        schedule(&bench, 14).await;
        let lacks = vec!["SEND_MESSAGES".to_owned()];
        bench.discord.lacking.lock().unwrap().insert(ChannelId(14), lacks.clone());
        bench.discord.unmentionable.lock().unwrap().insert(LEADS);
        let channel = ChannelTrouble {
            channel: ChannelId(14),
            uses: vec![ChannelUse::Review("Pipeline".to_owned())],
            trouble: ChannelState::Lacks(lacks),
        };
        let found = bench.app.diagnose(&admin()).await.unwrap();
        assert_eq!(found, [Finding::Channel(channel), Finding::LeadNotMentionable(LEADS)]);
    }

    #[tokio::test]
    async fn what_cannot_be_delivered_is_seen_in_doctor() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        bench.discord.gone.lock().unwrap().insert(ChannelId(11));
        bench.now_is("2026-12-17T15:11:00Z");
        bench.app.deliver().await.unwrap();
        let found = bench.app.diagnose(&admin()).await.unwrap();
        let [Finding::Channel(_), Finding::Undelivered { kind, to, .. }] = &found[..] else { panic!("{found:?}") };
        assert_eq!((kind.as_str(), *to), ("team_line", Some(ChannelId(11))));
    }

    #[tokio::test]
    async fn a_missed_review_is_told_and_only_in_its_own_workspace() {
        let bench = Bench::ready().await;
        bench.set_up(GuildId(2)).await;
        let review = schedule(&bench, 14).await;
        let now = bench.app.now();
        let (id, at) = (review.id, now - Duration::days(2));
        bench
            .app
            .store
            .write(move |connection| {
                Box::pin(async move {
                    let mut workspace = Workspace::writing(GUILD, connection);
                    workspace.put_occurrence(id, at, Outcome::Missed, Destination::Channel(ChannelId(14)), now).await
                })
            })
            .await
            .unwrap();
        let missed = Finding::MissedReview { review: "Pipeline".to_owned(), starts_at: at };
        assert_eq!(bench.app.diagnose(&admin()).await.unwrap(), [missed]);
        assert_eq!(bench.app.diagnose(&admin_of(GuildId(2))()).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_deal_whose_owner_has_left_is_found_unowned() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        bench.discord.left.lock().unwrap().insert(rep().person.user);
        let day_later = bench.now_is("2026-12-18T15:00:00Z");
        bench.app.tick(day_later).await.unwrap();
        let found = bench.app.diagnose(&admin()).await.unwrap();
        let [Finding::Unowned { deal }] = &found[..] else { panic!("{found:?}") };
        assert_eq!(deal.deal.number, DealNumber(1));
    }
}
