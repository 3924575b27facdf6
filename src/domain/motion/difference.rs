//! What differs between two versions of the motion.

use super::{Criterion, Motion, Play, Stage};

/// One thing that differs, in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The chance of winning, in percent.
    Probability {
        /// Before.
        from: u8,
        /// After.
        to: u8,
    },
    /// The usual business days.
    Days {
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// What it means, as it says after.
    Meaning(String),
    /// What a rep does next, as it says after.
    Next(String),
    /// A criterion that is new.
    Added(Criterion),
    /// A criterion that is gone.
    Removed(Criterion),
}

/// What differs from one version to another, by stage in their order.
pub fn differences(from: &Motion, to: &Motion) -> Vec<(Stage, Difference)> {
    let plays = from.plays.iter().zip(&to.plays);
    Stage::OPEN
        .into_iter()
        .zip(plays)
        .flat_map(|(stage, (from, to))| of_play(from, to).map(move |d| (stage, d)))
        .collect()
}

fn of_play<'p>(from: &'p Play, to: &'p Play) -> impl Iterator<Item = Difference> + 'p {
    let (before, after) = (from.probability, to.probability);
    let probability = (before != after).then_some(Difference::Probability { from: before, to: after });
    let (before, after) = (from.usual_days, to.usual_days);
    let days = (before != after).then_some(Difference::Days { from: before, to: after });
    let meaning = (from.meaning != to.meaning).then(|| Difference::Meaning(to.meaning.clone()));
    let next = (from.next != to.next).then(|| Difference::Next(to.next.clone()));
    let gone = from.criteria.iter().filter(|c| !to.criteria.contains(c)).cloned().map(Difference::Removed);
    let new = to.criteria.iter().filter(|c| !from.criteria.contains(c)).cloned().map(Difference::Added);
    [probability, days, meaning, next].into_iter().flatten().chain(gone).chain(new)
}

#[cfg(test)]
mod tests {
    use super::super::Side;
    use super::*;

    #[test]
    fn what_differs_is_told_by_stage_and_nothing_else_is() {
        let from = Motion::default();
        let mut to = from.clone();
        assert_eq!(differences(&from, &to), []);
        to.plays[1].probability = 30;
        to.plays[1].criteria[2].text = "Partner executive sponsor named".to_owned();
        to.plays[4].usual_days = 7;
        to.plays[4].next = "Sign".to_owned();
        let partner = |text: &str| Criterion { side: Side::Partner, text: text.to_owned() };
        let qualified = Stage::Qualified;
        assert_eq!(
            differences(&from, &to),
            [
                (qualified, Difference::Probability { from: 25, to: 30 }),
                (qualified, Difference::Removed(partner("Partner sponsor named"))),
                (qualified, Difference::Added(partner("Partner executive sponsor named"))),
                (Stage::Committed, Difference::Days { from: 5, to: 7 }),
                (Stage::Committed, Difference::Next("Sign".to_owned())),
            ]
        );
    }
}
