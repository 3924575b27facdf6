//! Lists deals: `/deal list`, page by page.

use super::look::Look;
use super::read::cards;
use crate::domain::calendar::Calendar;
use crate::domain::card::{DealCard, Named};
use crate::domain::id::{DealNumber, MemberId, PartnerId, UserId};
use crate::domain::member::Member;
use crate::domain::motion::Stage;
use crate::error::Failure;
use crate::render::deal::list::{Listing, PAGE, Show};
use crate::store::listing::{Narrow, Row, State};

/// Which deals are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Which state.
    pub show: Show,
    /// Only this owner's.
    pub owner: Option<MemberId>,
    /// Only with this partner, as the primary one or as a participant.
    pub partner: Option<PartnerId>,
    /// Only in this stage.
    pub stage: Option<Stage>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What the whole list is.
    pub listing: Listing,
    /// The page's deals.
    pub cards: Vec<DealCard>,
    /// Which page it is; the last one when there are fewer by now.
    pub page: usize,
    /// How many there are, at least one.
    pub pages: usize,
}

impl Filter {
    /// As the arguments of an id; what is not narrowed is `-`.
    pub fn arguments(&self) -> [String; 4] {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            self.show.key().to_owned(),
            or_dash(self.owner.map(|id| id.to_string())),
            or_dash(self.partner.map(|id| id.to_string())),
            or_dash(self.stage.map(|stage| stage.key().to_owned())),
        ]
    }

    /// Reads the arguments of an id.
    pub fn parse(arguments: &[String]) -> Option<Filter> {
        let [show, owner, partner, stage] = arguments else { return None };
        let number = |text: &str| if text == "-" { Some(None) } else { text.parse().ok().map(Some) };
        Some(Filter {
            show: Show::parse(show)?,
            owner: number(owner)?.map(MemberId),
            partner: number(partner)?.map(PartnerId),
            stage: if stage == "-" { None } else { Some(Stage::parse(stage)?) },
        })
    }

    /// What the store narrows by. Won and lost are stages; a stage that can't be theirs finds nothing.
    fn narrow(&self) -> Option<Narrow> {
        let (state, end) = match self.show {
            Show::Open | Show::Stalled | Show::Closing => (State::Open, None),
            Show::Won => (State::Ended, Some(Stage::Launched)),
            Show::Lost => (State::Ended, Some(Stage::ClosedLost)),
        };
        let clash = self.stage.is_some_and(|stage| match end {
            Some(end) => stage != end,
            None => !stage.is_open(),
        });
        let narrow = Narrow { state, owner: self.owner, partner: self.partner, stage: end.or(self.stage) };
        (!clash).then_some(narrow)
    }
}

impl Look {
    /// A page of a list, from 0.
    pub async fn list_deals(&mut self, filter: Filter, page: usize) -> Result<Listed, Failure> {
        let rows = match filter.narrow() {
            Some(narrow) => self.workspace.find_listed(narrow).await?,
            None => Vec::new(),
        };
        let rows = self.shown(filter.show, rows).await?;
        let pages = rows.len().div_ceil(PAGE).max(1);
        let page = page.min(pages - 1);
        let numbers: Vec<DealNumber> = rows.iter().skip(page * PAGE).take(PAGE).map(|row| row.deal).collect();
        let mut deals = self.workspace.find_deals(&numbers).await?;
        deals.sort_by_key(|deal| numbers.iter().position(|number| *number == deal.number));
        let own = rows.iter().filter(|row| !row.takes_part);
        let listing = Listing {
            show: filter.show,
            owner: self.owner(filter).await?,
            partner: self.partner(filter).await?,
            stage: filter.stage,
            total: rows.len(),
            amount: own.filter_map(|row| row.amount).reduce(|all, one| all + one),
            takes_part: rows.iter().filter(|row| row.takes_part).map(|row| row.deal).collect(),
        };
        let cards = cards(&mut self.workspace, deals, self.now).await?;
        Ok(Listed { listing, cards, page, pages })
    }

    /// Those of the rows that are meant, in the order in which people want them.
    async fn shown(&mut self, show: Show, mut rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
        rows.retain(|row| !row.mistaken);
        match show {
            Show::Stalled => {
                let running = self.workspace.find_running_episodes().await?;
                rows.retain(|row| running.contains_key(&row.deal));
                rows.sort_by_key(|row| running.get(&row.deal).map(|episode| episode.opened_at));
            }
            Show::Closing => {
                let calendar = Calendar::of(&self.settings);
                let period = calendar.period(calendar.day(self.now));
                rows.retain(|row| row.close.is_some_and(|close| close <= period.end));
                rows.sort_by_key(|row| row.close);
            }
            Show::Open | Show::Won | Show::Lost => {}
        }
        Ok(rows)
    }

    async fn owner(&mut self, filter: Filter) -> Result<Option<Named>, Failure> {
        let Some(owner) = filter.owner else { return Ok(None) };
        let found = self.workspace.find_members(&[owner]).await?;
        // Somebody who was never seen owns nothing, like the bot; the list is narrowed to them all the same.
        let unseen = Member::new(MemberId::BOT, UserId(0), "this person".to_owned());
        Ok(Some(found.first().unwrap_or(&unseen).into()))
    }

    async fn partner(&mut self, filter: Filter) -> Result<Option<String>, Failure> {
        let Some(partner) = filter.partner else { return Ok(None) };
        Ok(self.workspace.find_partner(partner).await?.map(|p| p.name))
    }
}
