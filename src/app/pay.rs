//! What deals pay, for those who may know: the deal's owner, leads and finance (rule 14). And who is owed word that it
//! changed.

use super::App;
use super::look::Look;
use super::read;
use crate::domain::Instant;
use crate::domain::access::Needed;
use crate::domain::calendar::Calendar;
use crate::domain::card::{DealCard, Named};
use crate::domain::deal::Deal;
use crate::domain::event::Event;
use crate::domain::id::{DealNumber, GuildId, PartnerId};
use crate::domain::incentive::{Levelling, Parity, RepShort, Short, Terms, is_pay_news, levelling, news_in, parity};
use crate::domain::notice::Notice;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::parts::Left;

/// Deals that are gone through in one job, so that none holds the writer for long.
const BATCH: i64 = 500;

/// What it would take to level, with the names.
#[derive(Debug, Clone)]
pub struct ToLevel {
    /// The terms in force today, with the day since when.
    pub terms: Option<(chrono::NaiveDate, Terms)>,
    /// The figures.
    pub levelling: Levelling,
    /// Since when won deals are among them.
    pub won_since: chrono::NaiveDate,
}

/// The deals of a page that pay less than solo, and the reps.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Deals with what they pay.
    pub deals: Vec<(DealCard, Parity)>,
    /// Reps with what they are short of.
    pub reps: Vec<(Named, RepShort)>,
}

impl Look {
    /// What a deal pays whoever asks; `None` where it is not theirs, or nothing can be told yet.
    pub fn pay(&self, deal: &Deal) -> Option<Parity> {
        let asker = self.asker.as_ref()?.id;
        parity(deal, &self.settings.comp, self.settings.day(self.now)).filter(|_| deal.owner == asker)
    }

    /// The same, where a change that was just made is news to them.
    pub fn new_pay(&self, deal: &Deal, events: &[Event]) -> Result<Option<Parity>, Failure> {
        let news = news_in(deal, events, &self.settings.comp, self.settings.day(self.now))?;
        Ok(self.pay(deal).filter(|_| news.is_some()))
    }

    /// What changed of what the asker's deals pay, and was not shown to them yet.
    pub async fn pay_news(&mut self) -> Result<Vec<(DealCard, Parity)>, Failure> {
        let Some(asker) = self.asker.as_ref().map(|member| member.id) else { return Ok(Vec::new()) };
        let deals = self.workspace.find_pay_news(asker).await?;
        let deals = self.workspace.find_deals(&deals).await?;
        let (pays, deals): (Vec<Parity>, Vec<Deal>) =
            deals.into_iter().filter_map(|deal| Some((self.pay(&deal)?, deal))).unzip();
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        Ok(cards.into_iter().zip(pays).collect())
    }

    /// What it would take to level the open deals and those won in the running quarter, with one partner or with all.
    pub async fn to_level(&mut self, partner: Option<PartnerId>) -> Result<ToLevel, Failure> {
        self.allow(Needed::Finance)?;
        let (calendar, comp) = (Calendar::of(&self.settings), &self.settings.comp);
        let today = calendar.day(self.now);
        let won_since = calendar.period(today).start;
        let mut deals = self.workspace.find_open_deals().await?;
        deals.extend(self.workspace.find_won_since(won_since, &calendar).await?);
        // A deal's money is its primary partner's, whoever else takes part.
        let about = |deal: &&Deal| partner.is_none_or(|partner| deal.partner == partner);
        let levelling = levelling(deals.iter().filter(about), comp, today);
        Ok(ToLevel { terms: comp.in_force(today), levelling, won_since })
    }

    /// The names behind some of them.
    pub async fn listed(&mut self, short: &[Short], reps: &[RepShort]) -> Result<Listed, Failure> {
        let numbers: Vec<DealNumber> = short.iter().map(|short| short.deal).collect();
        let deals = self.workspace.find_deals(&numbers).await?;
        let cards = read::cards(&mut self.workspace, deals, self.now).await?;
        let card = |short: &Short| cards.iter().find(|card| card.deal.number == short.deal).cloned();
        let deals = short.iter().filter_map(|short| Some((card(short)?, short.parity))).collect();
        let owners: Vec<_> = reps.iter().map(|rep| rep.owner).collect();
        let members = self.workspace.find_members(&owners).await?;
        let named = |rep: &RepShort| members.iter().find(|member| member.id == rep.owner).map(Named::from);
        Ok(Listed { deals, reps: reps.iter().filter_map(|rep| Some((named(rep)?, *rep))).collect() })
    }
}

impl App {
    /// Has those owners told whose open deals pay something else since the terms changed, as far as that is still to do.
    pub(super) async fn owe_pay_news(&self, guild: GuildId) -> Result<(), Failure> {
        while self.owe_pay_news_part(guild).await? == Left::Some {}
        Ok(())
    }

    /// One part of it.
    pub(super) async fn owe_pay_news_part(&self, guild: GuildId) -> Result<Left, Failure> {
        let now = self.now();
        self.store
            .write(move |connection| {
                Box::pin(async move { owe_news(&mut Workspace::writing(guild, connection), now).await })
            })
            .await
    }

    /// Somebody was shown what changed of what their deals pay.
    pub async fn pay_was_shown(&self, guild: GuildId, news: &[(DealCard, Parity)]) -> Result<(), Failure> {
        let shown: Vec<Notice> = news.iter().map(|(card, _)| Notice::pay(&card.deal)).collect();
        if shown.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |connection| {
                let shown = shown.clone();
                Box::pin(async move { Workspace::writing(guild, connection).remove_notices(&shown).await })
            })
            .await
    }
}

async fn owe_news(workspace: &mut Workspace<'_>, now: Instant) -> Result<Left, Failure> {
    let Some((before, from)) = workspace.find_comp_change().await? else { return Ok(Left::Nothing) };
    let settings = workspace.get_settings().await?;
    let today = settings.day(now);
    let open = workspace.find_open_deals_after(from, BATCH).await?;
    let changed = open.iter().filter(|deal| is_pay_news(Some((deal, &before)), (deal, &settings.comp), today));
    workspace.owe_notices(&changed.map(Notice::pay).collect::<Vec<_>>(), now).await?;
    let last = open.last().map(|deal| deal.number);
    workspace.tell_pay_from(last).await?;
    Ok(if last.is_some() { Left::Some } else { Left::Nothing })
}
