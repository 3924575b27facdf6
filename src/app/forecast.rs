//! The forecast as it is looked up.

use super::look::Look;
use super::number::{Asked, booked_in};
use crate::domain::calendar::Calendar;
use crate::domain::forecast::ForecastCard;
use crate::domain::period::Period;
use crate::error::Failure;

impl Look {
    /// The forecast of one or more quarters that follow each other, from the one that was asked for.
    pub async fn forecast(&mut self, asked: Asked, quarters: u32) -> Result<ForecastCard, Failure> {
        let calendar = Calendar::of(&self.settings);
        let periods: Vec<Period> = (0..quarters.max(1)).map(|ahead| asked.period.ahead(ahead)).collect();
        let span = (&periods[0], &periods[periods.len() - 1]);
        let mut entries = booked_in(&mut self.workspace, &calendar, span, self.now).await?;
        let mut open = self.workspace.find_open_deals().await?;
        let of = asked.share();
        let parts = open.iter().filter(|deal| of.only_takes_part_in(deal)).count();
        open.retain(|deal| of.holds(deal));
        entries.retain(|entry| entry.is_of(of));
        let (motions, today) = (&self.settings.motions, calendar.day(self.now));
        Ok(ForecastCard { parts, ..ForecastCard::new(periods, (open, entries), asked.partner, motions, today) })
    }
}
