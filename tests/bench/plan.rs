//! How much a run stores and asks.

use std::time::Duration;

use anyhow::bail;

/// How many deals one database holds, in how many workspaces.
#[derive(Debug, Clone)]
pub struct Size {
    /// `a`, `b` or `c`.
    pub letter: char,
    /// Deals over all.
    pub deals: usize,
    /// Workspaces over all.
    pub workspaces: usize,
    /// Deals in the workspace that is measured, the first.
    pub measured: usize,
}

/// A whole run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In the order in which they are measured.
    pub databases: Vec<Size>,
    /// Every figure of commands is taken so often.
    pub rounds: usize,
    /// Commands of a kind asked one at a time, in a round.
    pub alone: usize,
    /// Commands of a kind asked 64 at once, in a round.
    pub together: usize,
    /// Commands of a kind before anything is measured.
    pub warm_up: usize,
    /// How often the bot is started to see how long it takes.
    pub starts: usize,
    /// How long the bot is left alone before its memory is read.
    pub rest: Duration,
    /// How often an agenda is asked for, and a sweep made.
    pub repeats: usize,
}

/// Commands under way at once.
pub const AT_ONCE: usize = 64;

impl Size {
    /// As the table names it.
    pub fn label(&self) -> String {
        let deals = thousands(self.deals);
        match self.workspaces {
            1 => format!("({}) {deals} deals in 1 workspace", self.letter),
            many => {
                format!("({}) {deals} in {}, one of {}", self.letter, thousands(many), thousands(self.measured))
            }
        }
    }

    /// How many deals a workspace other than the measured one holds.
    pub fn elsewhere(&self, workspace: usize) -> usize {
        let (others, left) = (self.workspaces - 1, self.deals - self.measured);
        left / others + usize::from(workspace - 1 < left % others)
    }
}

impl Plan {
    /// What `COSELL_BENCH` asks for; everything when it is not set.
    pub fn from_environment() -> anyhow::Result<Plan> {
        match std::env::var("COSELL_BENCH").as_deref() {
            Err(_) | Ok("" | "full") => Ok(Plan::full()),
            Ok("once") => Ok(Plan::once()),
            Ok("quick") => Ok(Plan::quick()),
            Ok(other) => bail!("COSELL_BENCH takes quick, once or full, not {other}"),
        }
    }

    /// How many commands of a kind are asked of one database.
    pub fn asked(&self) -> usize {
        self.warm_up + self.rounds * (self.alone + self.together)
    }

    fn full() -> Plan {
        Plan {
            databases: sizes(100_000, 1_000_000, 1_000),
            rounds: 3,
            alone: 500,
            together: 2_000,
            warm_up: 200,
            starts: 5,
            rest: Duration::from_secs(60),
            repeats: 5,
        }
    }

    /// The full sizes, measured once: about ten minutes.
    fn once() -> Plan {
        Plan { rounds: 1, starts: 2, repeats: 2, ..Plan::full() }
    }

    fn quick() -> Plan {
        Plan {
            databases: sizes(3_000, 9_000, 21),
            rounds: 1,
            alone: 100,
            together: 300,
            warm_up: 20,
            starts: 2,
            rest: Duration::from_secs(3),
            repeats: 2,
        }
    }
}

fn sizes(measured: usize, deals: usize, workspaces: usize) -> Vec<Size> {
    vec![
        Size { letter: 'a', deals: 1_000, workspaces: 1, measured: 1_000 },
        Size { letter: 'b', deals: measured, workspaces: 1, measured },
        Size { letter: 'c', deals, workspaces, measured },
    ]
}

/// `1 000 000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    groups.join(" ")
}
