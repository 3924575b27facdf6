//! Program or streak as it is looked up: the health of the program, and who carries it.

use std::collections::{BTreeMap, BTreeSet};

use super::cadence::kept;
use super::look::Look;
use super::number::{Asked, booked_in};
use crate::domain::access::Needed;
use crate::domain::cadence::stalls;
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::champion::{ChampionFacts, ChampionsCard, champions};
use crate::domain::deal::Deal;
use crate::domain::departure::{Stake, departures};
use crate::domain::forget::former_name;
use crate::domain::health::{AtRisk, HealthCard, HealthFacts, reasons, top_partner, verdict, window};
use crate::domain::id::{MemberId, UserId};
use crate::domain::member::Member;
use crate::domain::number::{NumberFacts, Share, target};
use crate::domain::partner::Partner;
use crate::error::Failure;

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever asked.
    Asker,
    /// Everybody in the channel.
    Channel,
}

impl Look {
    /// The health of the program. Pay is in it for leads and finance alone, and the costliest departure for leads alone;
    /// neither when it is shared.
    pub async fn health(&mut self, asked: Asked, audience: Audience) -> Result<HealthCard, Failure> {
        let calendar = Calendar::of(&self.settings);
        let window = window(&asked.period);
        let only = asked.partner.as_ref().map(|(partner, _)| *partner);
        let (from, until) = (calendar.midnight(window.start), calendar.midnight(asked.period.ahead(1).start));
        let mut deals = self.workspace.find_open_deals().await?;
        deals.extend(self.workspace.find_won_since(window.start, &calendar).await?);
        let members = self.workspace.find_all_members().await?;
        let partners = self.workspace.find_partners().await?;
        let (meetings, spells) = kept(&mut self.workspace, only, (from, until), self.now).await?;
        let reads_pay = audience == Audience::Asker && self.access.require(&self.settings, Needed::Finance).is_ok();
        let facts = HealthFacts {
            period: asked.period,
            of: asked.share(),
            gone: members.iter().filter(|member| member.gone).map(|member| member.id).collect(),
            meetings,
            stalls: stalls(&spells, &calendar, &window, calendar.day(self.now)),
            comp: reads_pay.then_some(&self.settings.comp),
            motions: &self.settings.motions,
            calendar: &calendar,
            now: self.now,
            deals,
        };
        let reasons = reasons(&facts);
        let top = top_partner(&facts);
        let names_risk = audience == Audience::Asker && self.access.lead && only.is_none();
        Ok(HealthCard {
            period: asked.period,
            window,
            partner: asked.partner,
            verdict: verdict(&reasons),
            top_partner: partners.iter().find(|partner| Some(partner.id) == top).map(|partner| partner.name.clone()),
            at_risk: if names_risk { at_risk(&facts.deals, &partners, &members) } else { None },
            reasons,
        })
    }

    /// Who carries how much, and what each departure would leave. For leads and finance, never shared.
    pub async fn champions(&mut self, asked: Asked) -> Result<ChampionsCard, Failure> {
        self.allow(Needed::Finance)?;
        let calendar = Calendar::of(&self.settings);
        let today = calendar.day(self.now);
        let window = window(&asked.period);
        let first = calendar.period(window.start);
        let entries = booked_in(&mut self.workspace, &calendar, (&first, &asked.period), self.now).await?;
        let open = self.workspace.find_open_deals().await?;
        let partners = self.workspace.find_partners().await?;
        let members = self.workspace.find_all_members().await?;
        let number = NumberFacts {
            owner: None,
            of: Share::Whole,
            target: target(&self.settings.targets, &asked.period, Share::Whole),
            entries: entries.iter().filter(|entry| entry.booked == asked.period).copied().collect(),
            closed: Vec::new(),
        };
        let number = number.number(&open, &self.settings.motions, &asked.period, today);
        let facts = ChampionFacts {
            open: &open,
            entries: &entries,
            partners: &partners,
            number,
            motions: &self.settings.motions,
            today,
        };
        let champions = champions(&facts, is_there(&members));
        let known: BTreeMap<MemberId, Named> = members.iter().map(|member| (member.id, member.into())).collect();
        let person = |member: MemberId| known.get(&member).cloned().unwrap_or_else(|| unknown(member));
        Ok(ChampionsCard {
            period: asked.period,
            window,
            people: champions.all.iter().map(|champion| person(champion.departure.member)).collect(),
            partners: partners.into_iter().map(|partner| (partner.id, partner.name)).collect(),
            champions,
        })
    }
}

fn unknown(member: MemberId) -> Named {
    Named { member, user: UserId(0), name: former_name(member), gone: true }
}

/// Tells who has not left.
fn is_there(members: &[Member]) -> impl Fn(MemberId) -> bool + use<> {
    let there: BTreeSet<MemberId> = members.iter().filter(|member| !member.gone).map(|member| member.id).collect();
    move |member| there.contains(&member)
}

/// Whose departure would cost most, of those who are still there.
fn at_risk(deals: &[Deal], partners: &[Partner], members: &[Member]) -> Option<AtRisk> {
    let stakes: Vec<Stake> = deals.iter().filter(|deal| deal.is_open()).map(Stake::from).collect();
    let is_there = is_there(members);
    let mut all = departures(&stakes, partners, &is_there).into_iter();
    let departure = all.find(|departure| is_there(departure.member) && !departure.is_harmless())?;
    let who = members.iter().find(|member| member.id == departure.member)?;
    Some(AtRisk { who: who.into(), departure })
}

#[cfg(test)]
mod tests;
