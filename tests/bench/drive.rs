//! Typing many commands, one at a time or 64 at once, and how long the answers took.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cosell::sandbox::Sandbox;

use crate::ask::{Asker, Kind};
use crate::child::{Bot, processor};

/// A bot beside its stand-in, and those who type.
pub struct Stage {
    pub sandbox: Sandbox,
    pub bot: Bot,
    pub asker: Arc<Asker>,
    /// How many of each kind were typed so far; the next is another one.
    pub typed: [AtomicUsize; Kind::ALL.len()],
}

/// The answers to many commands.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// From typing a command to seeing its answer.
    latencies: Vec<Duration>,
    /// Commands a second, in each round.
    rates: Vec<f64>,
    /// Processor time of the bot.
    bot: Duration,
    /// Processor time of this process: the stand-in and those who type.
    driver: Duration,
}

impl Sample {
    /// The median of the rounds.
    pub fn rate(&self) -> f64 {
        let mut rates = self.rates.clone();
        rates.sort_by(f64::total_cmp);
        rates.get(rates.len() / 2).copied().unwrap_or_default()
    }

    /// The latency below which so many hundredths of the answers lie.
    pub fn percentile(&self, hundredths: usize) -> Duration {
        let mut all = self.latencies.clone();
        all.sort();
        all.get((all.len() * hundredths / 100).min(all.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// Processor time a command, of the bot and of this process.
    pub fn processor(&self) -> (Duration, Duration) {
        let count = self.latencies.len().max(1) as u32;
        (self.bot / count, self.driver / count)
    }

    /// Adds another round.
    pub fn add(&mut self, round: Sample) {
        self.latencies.extend(round.latencies);
        self.rates.extend(round.rates);
        self.bot += round.bot;
        self.driver += round.driver;
    }
}

impl Stage {
    /// Has so many commands typed, by as many people at once, and fails on the first wrong answer.
    pub async fn drive(&self, kind: Kind, count: usize, at_once: usize) -> anyhow::Result<Sample> {
        let first = self.typed[kind as usize].fetch_add(count, Ordering::Relaxed);
        let next = Arc::new(AtomicUsize::new(first));
        let (bot, driver) = (self.bot.processor()?, processor("self")?);
        let start = Instant::now();
        let typists: Vec<_> = (0..at_once)
            .map(|_| tokio::spawn(type_on(Arc::clone(&self.asker), kind, Arc::clone(&next), first + count)))
            .collect();
        let mut latencies = Vec::with_capacity(count);
        for typist in typists {
            latencies.extend(typist.await??);
        }
        let rate = count as f64 / start.elapsed().as_secs_f64();
        let (bot, driver) = (self.bot.processor()?.saturating_sub(bot), processor("self")?.saturating_sub(driver));
        self.sandbox.forget_history();
        Ok(Sample { latencies, rates: vec![rate], bot, driver })
    }
}

async fn type_on(asker: Arc<Asker>, kind: Kind, next: Arc<AtomicUsize>, end: usize) -> anyhow::Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= end {
            return Ok(latencies);
        }
        let ask = asker.ask(kind, n);
        let start = Instant::now();
        ask.put().await?;
        latencies.push(start.elapsed());
    }
}
