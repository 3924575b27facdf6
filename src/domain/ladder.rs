//! The ladder (DESIGN §5): how far a stall has climbed, and who is told at each level.

use serde::{Deserialize, Serialize};

use super::id::MemberId;
use super::member::Presence;

/// How far a stall has climbed. Stored as 1, 2 or 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Level {
    /// The owner is told.
    First = 1,
    /// Owner and backup are told.
    Second = 2,
    /// The lead is told, and the deal heads the next agenda.
    Third = 3,
}

impl Level {
    /// The level above, and how many business days a stall stays below it.
    ///
    /// There is none above the third: a level is told once in an episode (rule 6), so whoever let the third pass is not
    /// nudged again until the stall ends and comes back. A fourth ping would be one more to look away from. The deal
    /// stays in sight: it heads each agenda and stands in its owner's `/my work` for as long as it is stalled.
    pub fn next(self) -> Option<(Level, u32)> {
        match self {
            Level::First => Some((Level::Second, 3)),
            Level::Second => Some((Level::Third, 5)),
            Level::Third => None,
        }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        level as u8
    }
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(number: u8) -> Result<Level, String> {
        match number {
            1 => Ok(Level::First),
            2 => Ok(Level::Second),
            3 => Ok(Level::Third),
            other => Err(format!("{other} is no level")),
        }
    }
}

/// Who is told at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipients {
    /// People, each once.
    pub people: Vec<MemberId>,
    /// Whether the lead is told: always at the third level, and where nobody else is left to tell.
    pub lead: bool,
    /// Whether the named owner has left or was deactivated, so that the deal is listed as unowned.
    pub unowned: bool,
}

/// Who is told of a stall on a day. Somebody away is stood in for by their cover; where the owner has left, or the
/// cover is not there either, the backup is told, and where there is none the lead.
pub fn recipients(
    level: Level,
    owner: MemberId,
    backup: Option<MemberId>,
    presence: impl Fn(MemberId) -> Presence,
) -> Recipients {
    let first = answering(owner, backup, &presence);
    let second = backup.and_then(|backup| standing_in(backup, &presence));
    let mut people: Vec<MemberId> = match level {
        Level::First => first.into_iter().collect(),
        Level::Second => first.into_iter().chain(second).collect(),
        Level::Third => Vec::new(),
    };
    people.dedup();
    Recipients { lead: people.is_empty(), unowned: presence(owner) == Presence::Gone, people }
}

/// Who answers for a deal on a day: its owner, the owner's cover, or the backup (or theirs). `None`: only the lead is
/// left.
pub fn answering(
    owner: MemberId,
    backup: Option<MemberId>,
    presence: impl Fn(MemberId) -> Presence,
) -> Option<MemberId> {
    standing_in(owner, &presence).or_else(|| standing_in(backup?, &presence))
}

/// The member or, while away, a cover who is there. Covers are not chained: a cover's own cover never
/// agreed to stand in here.
fn standing_in(member: MemberId, presence: impl Fn(MemberId) -> Presence) -> Option<MemberId> {
    match presence(member) {
        Presence::Here => Some(member),
        Presence::Away { cover } => (presence(cover) == Presence::Here).then_some(cover),
        Presence::Gone => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const OWNER: MemberId = MemberId(1);
    const BACKUP: MemberId = MemberId(2);
    const COVER: MemberId = MemberId(3);
    const HERE: Presence = Presence::Here;
    const GONE: Presence = Presence::Gone;
    const AWAY: Presence = Presence::Away { cover: COVER };

    fn told(level: Level, backup: Option<MemberId>, there: [Presence; 3]) -> Recipients {
        recipients(level, OWNER, backup, |member| match member {
            OWNER => there[0],
            BACKUP => there[1],
            _ => there[2],
        })
    }

    #[rstest]
    #[case::owner(Level::First, [HERE, HERE, HERE], &[OWNER])]
    #[case::owner_and_backup(Level::Second, [HERE, HERE, HERE], &[OWNER, BACKUP])]
    #[case::only_the_lead(Level::Third, [HERE, HERE, HERE], &[])]
    #[case::away_is_covered(Level::First, [AWAY, HERE, HERE], &[COVER])]
    #[case::away_and_backup(Level::Second, [AWAY, HERE, HERE], &[COVER, BACKUP])]
    #[case::one_cover_for_both(Level::Second, [AWAY, AWAY, HERE], &[COVER])]
    #[case::cover_has_left(Level::First, [AWAY, HERE, GONE], &[BACKUP])]
    #[case::cover_is_away_too(Level::First, [AWAY, HERE, AWAY], &[BACKUP])]
    #[case::owner_has_left(Level::First, [GONE, HERE, HERE], &[BACKUP])]
    #[case::owner_has_left_backup_away(Level::Second, [GONE, AWAY, HERE], &[COVER])]
    #[case::backup_has_left(Level::Second, [HERE, GONE, HERE], &[OWNER])]
    #[case::all_have_left(Level::Second, [GONE, GONE, HERE], &[])]
    fn each_level_has_its_recipients(#[case] level: Level, #[case] there: [Presence; 3], #[case] people: &[MemberId]) {
        let told = told(level, Some(BACKUP), there);
        assert_eq!(told.people, people);
        assert_eq!(told.lead, people.is_empty());
        assert_eq!(told.unowned, there[0] == GONE);
    }

    #[test]
    fn without_a_backup_the_lead_is_left() {
        let told = told(Level::First, None, [GONE, HERE, HERE]);
        assert_eq!(told, Recipients { people: Vec::new(), lead: true, unowned: true });
    }

    #[test]
    fn a_level_is_stored_as_its_number() {
        for level in [Level::First, Level::Second, Level::Third] {
            let stored = serde_json::to_string(&level).expect("a number");
            assert_eq!(stored, u8::from(level).to_string());
            assert_eq!(serde_json::from_str::<Level>(&stored).expect("a level"), level);
        }
        assert!(serde_json::from_str::<Level>("4").is_err());
    }
}
