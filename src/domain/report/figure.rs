//! The figures of a report, each with the deals that it opens to.

use super::{Report, Section, Standing};
use crate::domain::deal::Role;
use crate::domain::id::DealNumber;

/// A figure of the report that opens to its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Won or open, for a class.
    All(Section, Role),
    /// The same, as far as it is confirmed or only claimed.
    As(Section, Role, Standing),
    /// Changed in the quarter, of the credit of earlier ones.
    Adjusted,
    /// Won in earlier quarters, and confirmed in this one.
    ConfirmedLater,
    /// Expected to close in the quarter, for a class.
    Closing(Role),
    /// Left out because their close is past.
    PastClose,
    /// Recorded late, or overdue.
    Late,
    /// What the win rate is made from.
    WinRate,
    /// What the cycle is made from.
    Cycle,
}

impl Figure {
    /// All of them, in the order in which they are told.
    pub fn all() -> Vec<Figure> {
        let parts = |section| {
            [Role::Sourced, Role::Influenced].into_iter().flat_map(move |role| {
                let parts =
                    [Standing::Confirmed, Standing::Claimed].map(|standing| Figure::As(section, role, standing));
                std::iter::once(Figure::All(section, role)).chain(parts)
            })
        };
        let undecided = |section| std::iter::once(Figure::All(section, Role::Undecided));
        let rest = [
            Figure::Closing(Role::Sourced),
            Figure::Closing(Role::Influenced),
            Figure::PastClose,
            Figure::Late,
            Figure::Adjusted,
            Figure::ConfirmedLater,
            Figure::WinRate,
            Figure::Cycle,
        ];
        let sections = [Section::Won, Section::Open].into_iter();
        sections.flat_map(|section| parts(section).chain(undecided(section))).chain(rest).collect()
    }

    /// What a select sends back.
    pub fn key(self) -> String {
        let section = |section| match section {
            Section::Won => "won",
            Section::Open => "open",
            Section::PastClose => "past_close",
        };
        match self {
            Figure::All(of, role) => format!("{}_{}", section(of), role.key()),
            Figure::As(of, role, Standing::Confirmed) => format!("{}_{}_confirmed", section(of), role.key()),
            Figure::As(of, role, _) => format!("{}_{}_claimed", section(of), role.key()),
            Figure::Closing(role) => format!("closing_{}", role.key()),
            Figure::Adjusted => "adjusted".to_owned(),
            Figure::ConfirmedLater => "confirmed_later".to_owned(),
            Figure::PastClose => "past_close".to_owned(),
            Figure::Late => "late".to_owned(),
            Figure::WinRate => "win_rate".to_owned(),
            Figure::Cycle => "cycle".to_owned(),
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Figure> {
        Figure::all().into_iter().find(|figure| figure.key() == key)
    }
}

impl Report {
    /// The deals behind a figure, each once.
    pub fn deals(&self, figure: Figure) -> Vec<DealNumber> {
        let mut deals: Vec<DealNumber> = match figure {
            Figure::All(section, role) => self.rows_of(section, role).map(|row| row.deal).collect(),
            Figure::As(section, role, standing) => {
                self.rows_of(section, role).filter(|row| row.standing == standing).map(|row| row.deal).collect()
            }
            Figure::Adjusted => self.adjustments.iter().map(|entry| entry.deal).collect(),
            Figure::ConfirmedLater => self.confirmed_later.clone(),
            Figure::Closing(role) => {
                let closes = |day| day >= self.as_of.day && self.period.contains(day);
                let own = self.rows_of(Section::Open, role).filter(|row| row.day.is_some_and(closes));
                own.map(|row| row.deal).collect()
            }
            Figure::PastClose => {
                self.rows.iter().filter(|row| row.section == Section::PastClose).map(|row| row.deal).collect()
            }
            Figure::Late => self.late().map(|row| row.deal).collect(),
            Figure::WinRate => self.history.iter().map(|past| past.deal).collect(),
            Figure::Cycle => self.history.iter().filter(|past| past.won).map(|past| past.deal).collect(),
        };
        let mut seen = std::collections::BTreeSet::new();
        deals.retain(|deal| seen.insert(*deal));
        deals
    }
}
