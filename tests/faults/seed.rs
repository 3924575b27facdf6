//! How often, and what by chance.

use fastrand::Rng;

/// How many rounds a test runs: those that `COSELL_FAULTS` names, or a few.
pub fn rounds(few: usize) -> usize {
    let named = std::env::var("COSELL_FAULTS").ok();
    named.map_or(few, |text| text.parse().expect("COSELL_FAULTS is a number of rounds"))
}

/// Chance, from the seed that `COSELL_FAULTS_SEED` names or a new one; printed, so that a run can be repeated.
pub fn chance(test: &str) -> Rng {
    let named = std::env::var("COSELL_FAULTS_SEED").ok();
    let seed = named.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("COSELL_FAULTS_SEED is a number"));
    eprintln!("{test}: COSELL_FAULTS_SEED={seed}");
    Rng::with_seed(seed)
}
