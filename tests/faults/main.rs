//! What must hold when things go wrong: killed processes, a Discord that refuses, falls silent or repeats itself, a full
//! disk, jumping clocks, revoked rights, and people who mean harm. What happened is read from the stand-in's log and from
//! the database. Each test runs a few rounds; `COSELL_FAULTS=ROUNDS` runs as many. What is drawn by chance comes from a
//! seed that is printed; `COSELL_FAULTS_SEED=SEED` draws the same again.

mod clock;
mod crawl;
mod crowd;
mod discord;
mod faked;
mod file;
mod gateway;
mod kill;
mod litestream;
mod malice;
mod manifest;
mod oracle;
mod place;
mod replay;
mod rights;
mod rows;
mod seed;
mod shards;
mod stop;
#[path = "../support/mod.rs"]
mod support;
mod texts;
mod twice;
mod typing;
mod upgrade;
