//! Changes of a draft, one at a time.

use super::{Criterion, Motion, Side, Stage};
use crate::domain::refusal::{Problem, Thing};

/// The most criteria of a stage: a checklist that is longer is not gone through.
pub const MOST_CRITERIA: usize = 10;

/// A change of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// What a stage is worth and means; what is `None` stays.
    Stage {
        /// Chance of winning, in percent.
        probability: Option<u8>,
        /// Usual business days.
        usual_days: Option<u32>,
        /// What it means.
        meaning: Option<String>,
        /// What a rep does next.
        next: Option<String>,
    },
    /// Another criterion.
    Add(Criterion),
    /// Other words or another side for the criterion at a place.
    Change(usize, Criterion),
    /// Takes out the criterion at a place.
    Remove(usize),
}

/// Makes a change of a stage in a draft, or says what stands in its way.
pub fn edit(draft: &mut Motion, stage: Stage, change: Edit) -> Result<(), Problem> {
    let index = Stage::OPEN.iter().position(|s| *s == stage).ok_or(Problem::Stale)?;
    let play = &mut draft.plays[index];
    let taken = |criteria: &[Criterion], text: &str| criteria.iter().any(|c| folded(&c.text) == folded(text));
    match change {
        Edit::Stage { probability, usual_days, meaning, next } => {
            play.probability = probability.unwrap_or(play.probability);
            play.usual_days = usual_days.unwrap_or(play.usual_days);
            play.meaning = meaning.unwrap_or_else(|| play.meaning.clone());
            play.next = next.unwrap_or_else(|| play.next.clone());
        }
        Edit::Add(criterion) if taken(&play.criteria, &criterion.text) => {
            return Err(Problem::NameTaken { what: Thing::Criterion, name: criterion.text });
        }
        Edit::Add(_) if play.criteria.len() >= MOST_CRITERIA => return Err(Problem::TooManyCriteria { stage }),
        Edit::Add(criterion) => {
            let ours = play.criteria.iter().filter(|c| c.side == Side::Ours).count();
            let at = if criterion.side == Side::Ours { ours } else { play.criteria.len() };
            play.criteria.insert(at, criterion);
        }
        Edit::Change(at, criterion) => {
            let mut others = play.criteria.clone();
            if at >= others.len() {
                return Err(Problem::Stale);
            }
            others.remove(at);
            if taken(&others, &criterion.text) {
                return Err(Problem::NameTaken { what: Thing::Criterion, name: criterion.text });
            }
            play.criteria[at] = criterion;
        }
        Edit::Remove(at) if at < play.criteria.len() => drop(play.criteria.remove(at)),
        Edit::Remove(_) => return Err(Problem::Stale),
    }
    Ok(())
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(text: &str) -> Criterion {
        Criterion { side: Side::Partner, text: text.to_owned() }
    }

    fn texts(draft: &Motion) -> Vec<&str> {
        draft.criteria(Stage::Prospect).iter().map(|c| c.text.as_str()).collect()
    }

    #[test]
    fn a_draft_is_changed_a_thing_at_a_time() {
        let mut draft = Motion::default();
        let ours = Criterion { side: Side::Ours, text: "Call held".to_owned() };
        edit(&mut draft, Stage::Prospect, Edit::Add(ours)).unwrap();
        let expected = [
            "Customer contact spoken to",
            "Problem and rough size written down",
            "Call held",
            "Partner's account owner named",
        ];
        assert_eq!(texts(&draft), expected, "ours before the partner's");
        edit(&mut draft, Stage::Prospect, Edit::Change(3, partner("Partner's seller named"))).unwrap();
        edit(&mut draft, Stage::Prospect, Edit::Remove(0)).unwrap();
        assert_eq!(texts(&draft), ["Problem and rough size written down", "Call held", "Partner's seller named"]);
        let figures = Edit::Stage { probability: Some(20), usual_days: None, meaning: None, next: None };
        edit(&mut draft, Stage::Prospect, figures).unwrap();
        assert_eq!((draft.plays[0].probability, draft.plays[0].usual_days), (20, 10));
    }

    #[test]
    fn what_would_stand_there_twice_or_not_at_all_is_refused() {
        let mut draft = Motion::default();
        let twice = Edit::Add(partner("customer contact spoken TO "));
        assert!(matches!(edit(&mut draft, Stage::Prospect, twice), Err(Problem::NameTaken { .. })));
        let same = Edit::Change(0, partner("Customer contact spoken to"));
        assert_eq!(edit(&mut draft, Stage::Prospect, same), Ok(()), "only its side changes");
        assert_eq!(edit(&mut draft, Stage::Prospect, Edit::Remove(3)), Err(Problem::Stale));
        assert_eq!(edit(&mut draft, Stage::Launched, Edit::Remove(0)), Err(Problem::Stale));
        let mut add = |n: usize| edit(&mut draft, Stage::Prospect, Edit::Add(partner(&format!("Criterion {n}"))));
        for n in 3..MOST_CRITERIA {
            add(n).unwrap();
        }
        assert_eq!(add(MOST_CRITERIA), Err(Problem::TooManyCriteria { stage: Stage::Prospect }));
    }
}
