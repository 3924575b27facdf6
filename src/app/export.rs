//! Files of what a workspace keeps: everything, for an admin, and attribution by the CRM's id, for leads and finance.

use std::io::Cursor;

use super::look::Look;
use super::reading::read_period;
use super::{App, Caller, read};
use crate::domain::access::Needed;
use crate::domain::card::DealCard;
use crate::domain::deal::Deal;
use crate::domain::id::DealNumber;
use crate::domain::period::Period;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::store::dump::{Capped, CsvSink, Dumped, JsonSink, Zip};

/// The biggest file that Discord takes from a bot.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Deals read at once.
const BATCH: usize = 500;
/// The most deals in a CRM's file; each takes at least a tenth of a kilobyte.
pub const MOST_DEALS: usize = 50_000;

/// How everything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One document.
    Json,
    /// A file a table, in a zip.
    Csv,
}

/// Everything of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file; `None` when it is bigger than [`LARGEST`].
    pub bytes: Option<Vec<u8>>,
    /// How much is in it.
    pub dumped: Dumped,
}

/// What a CRM takes back.
#[derive(Debug, Clone)]
pub struct CrmExport {
    /// Deals with an id, by number.
    pub cards: Vec<DealCard>,
    /// Of which quarter.
    pub period: Option<Period>,
    /// How many have no id.
    pub without: i64,
    /// Whether there are more than fit.
    pub too_many: bool,
}

impl App {
    /// Everything of the workspace, for an admin alone: it holds what is paid.
    pub async fn export_workspace(&self, caller: &Caller, format: Format) -> Result<Exported, Failure> {
        self.look(caller).await?.allow(Needed::Admin)?;
        let capped = Capped::new(Cursor::new(Vec::new()), LARGEST);
        let full = capped.full();
        let written = match format {
            Format::Json => {
                let mut sink = JsonSink::new(capped);
                let dumped = self.store.dump(caller.guild, &mut sink).await;
                dumped.map(|dumped| (dumped, Some(sink.into_inner().into_inner().into_inner())))
            }
            Format::Csv => {
                let mut sink = CsvSink::new(Zip::new(capped));
                let dumped = self.store.dump(caller.guild, &mut sink).await;
                dumped.map(|dumped| (dumped, sink.into_inner().into_inner().map(|zip| zip.into_inner().into_inner())))
            }
        };
        match written {
            _ if full.is_reached() => Ok(Exported { bytes: None, dumped: Dumped::default() }),
            Ok((dumped, bytes)) => Ok(Exported { bytes, dumped: dumped.ok_or(Problem::NotSetUp)? }),
            Err(failure) => Err(failure),
        }
    }
}

impl Look {
    /// The deals that a CRM takes back, in all or of a quarter.
    pub async fn crm_export(&mut self, period: Option<&str>) -> Result<CrmExport, Failure> {
        self.allow(Needed::Finance)?;
        let today = self.settings.day(self.now);
        let period = period.map(|typed| read_period(&self.settings, today, typed)).transpose()?;
        let linked = self.workspace.find_linked().await?;
        let without = self.workspace.count_unlinked().await?;
        let mut export = CrmExport { cards: Vec::new(), period, without, too_many: linked.len() > MOST_DEALS };
        let numbers: Vec<DealNumber> = linked.into_iter().map(|(number, _)| number).take(MOST_DEALS).collect();
        for batch in numbers.chunks(BATCH) {
            let mut deals = self.workspace.find_deals(batch).await?;
            deals.sort_by_key(|deal| deal.number);
            deals.retain(|deal| export.period.as_ref().is_none_or(|period| closes_in(deal, period)));
            export.cards.extend(read::cards(&mut self.workspace, deals, self.now).await?);
        }
        Ok(export)
    }
}

fn closes_in(deal: &Deal, period: &Period) -> bool {
    deal.closed_on.or(deal.close).is_some_and(|day| period.contains(day))
}
