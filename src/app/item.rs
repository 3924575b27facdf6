//! Topics, decisions and actions as people read them: with the names behind their ids.

use std::collections::{BTreeMap, BTreeSet};

use super::look::Look;
use super::read::People;
use crate::domain::access::Needed;
use crate::domain::id::{AccountId, ItemId, MemberId};
use crate::domain::item::{Item, ItemCard};
use crate::domain::review::Review;
use crate::error::Failure;
use crate::store::Workspace;

/// Items with their names, in their order.
pub async fn cards(workspace: &mut Workspace<'_>, items: Vec<Item>) -> Result<Vec<ItemCard>, Failure> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<_> = items.iter().filter_map(|item| item.deal).collect();
    let deals = workspace.find_deals(&numbers).await?;
    let accounts: BTreeSet<AccountId> = deals.iter().map(|deal| deal.account).collect();
    let people: BTreeSet<MemberId> = items.iter().flat_map(people).collect();
    let (accounts, people): (Vec<_>, Vec<_>) = (accounts.into_iter().collect(), people.into_iter().collect());
    let background = workspace.get_background(&accounts, &people).await?;
    let reviews = workspace.find_reviews().await?;
    let people = People::of(&background.members);
    let account = |item: &Item| {
        let deal = deals.iter().find(|deal| Some(deal.number) == item.deal)?;
        background.accounts.iter().find(|account| account.id == deal.account).map(|account| account.name.clone())
    };
    let card = |item: Item| ItemCard {
        by: people.person(item.by),
        assignee: item.assignee().map(|assignee| people.person(assignee)),
        ended_by: item.ended().map(|ended| people.person(ended.by)),
        account: account(&item),
        review: reviews.iter().find(|review| review.id == item.review).map(|r| r.name.clone()).unwrap_or_default(),
        item,
    };
    Ok(items.into_iter().map(card).collect())
}

/// One item with its names.
pub async fn card(workspace: &mut Workspace<'_>, item: Item) -> Result<ItemCard, Failure> {
    Ok(cards(workspace, vec![item]).await?.remove(0))
}

impl Look {
    /// The open actions that the asker has to do, and those of whom they cover: the first to be done first.
    pub async fn own_actions(&mut self) -> Result<Vec<ItemCard>, Failure> {
        self.allow(Needed::Any)?;
        let Some(asker) = self.asker.as_ref().map(|member| member.id) else { return Ok(Vec::new()) };
        let today = self.settings.day(self.now);
        let mut items = self.workspace.find_open_items().await?;
        items.retain(|item| item.assignee().is_some());
        let people: Vec<MemberId> = items.iter().filter_map(Item::assignee).collect();
        let members = self.workspace.find_members(&people).await?;
        let covered: Vec<MemberId> =
            members.iter().filter(|member| member.cover_on(today) == Some(asker)).map(|member| member.id).collect();
        items.retain(|item| item.assignee().is_some_and(|who| who == asker || covered.contains(&who)));
        cards(&mut self.workspace, items).await
    }
}

/// What a review's agenda holds beside deals.
pub async fn open_of(workspace: &mut Workspace<'_>, review: &Review) -> Result<BTreeMap<ItemId, ItemCard>, Failure> {
    let mut items = workspace.find_open_items().await?;
    items.retain(|item| item.review == review.id);
    Ok(cards(workspace, items).await?.into_iter().map(|card| (card.item.id, card)).collect())
}

fn people(item: &Item) -> impl Iterator<Item = MemberId> {
    [Some(item.by), item.assignee(), item.ended().map(|ended| ended.by)].into_iter().flatten()
}
