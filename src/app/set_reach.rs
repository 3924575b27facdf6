//! Changes how the bot reaches a person: `/my settings`.

use super::UseCase;
use super::change::{Change, Edited};
use super::reading::read_zone;
use crate::domain::access::Needed;
use crate::domain::event::EventKind;
use crate::domain::id::MemberId;
use crate::domain::member::Member;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// Settings of the actor's own, as given; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetReach {
    /// An IANA name or a city, as typed.
    pub timezone: Option<String>,
    /// Hour of the digests in the person's zone, 0 to 23.
    pub digest_hour: Option<u32>,
    /// Whether reminders come by direct message.
    pub direct_messages: Option<bool>,
}

impl SetReach {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == SetReach::default()
    }
}

impl UseCase for SetReach {
    type Outcome = Member;

    /// What equals the workspace's is kept as none of one's own, so that it follows the workspace.
    async fn run(self, change: &mut Change<'_>) -> Result<Member, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let zone = self.timezone.as_deref().and_then(|typed| problems.take(read_zone(typed)));
        problems.finish()?;
        let (common_zone, common_hour) = (change.settings.zone(), change.settings.digest_hour);
        let edited = change.edit_member(change.actor.id, |member| {
            if let Some(zone) = zone {
                member.zone = Some(zone).filter(|zone| *zone != common_zone);
            }
            if let Some(hour) = self.digest_hour {
                member.digest_hour = Some(hour).filter(|hour| *hour != common_hour);
            }
            if let Some(direct) = self.direct_messages {
                member.direct_messages = direct;
            }
        });
        edited.await
    }
}

impl Change<'_> {
    /// Changes what is kept of a person, from what is stored: the name that Discord shows now is taken over with it, so
    /// that the state stays what its events lead to.
    pub(super) async fn edit_member(
        &mut self,
        id: MemberId,
        edit: impl FnOnce(&mut Member),
    ) -> Result<Member, Failure> {
        let mut member = self.find_member(id).await?.ok_or(Problem::Stale)?;
        let name = Some(self.actor.name.clone()).filter(|_| id == self.actor.id);
        let edited = self.edit(&mut member, EventKind::Edited, None, |member| {
            member.name = name.unwrap_or_else(|| member.name.clone());
            edit(member);
        })?;
        match edited {
            Edited::Yes => Ok(member),
            Edited::No => Err(Problem::NothingToDo.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, caller, rep};
    use crate::domain::refusal::Thing;

    fn reach(timezone: &str, digest_hour: u32, direct: bool) -> SetReach {
        SetReach { timezone: Some(timezone.to_owned()), digest_hour: Some(digest_hour), direct_messages: Some(direct) }
    }

    #[tokio::test]
    async fn what_differs_from_the_workspace_is_kept_and_follows_its_events() {
        let bench = Bench::ready().await;
        let set = bench.app.change(&rep(), reach("tokyo", 7, true)).await.unwrap();
        assert_eq!(set.zone, Some(chrono_tz::Tz::Asia__Tokyo));
        assert_eq!((set.digest_hour, set.direct_messages), (Some(7), true));
        let mut renamed = rep();
        renamed.person.name = "Rita II".to_owned();
        let back = bench.app.change(&renamed, reach("America/New_York", 9, true)).await.unwrap();
        assert_eq!((back.zone, back.digest_hour), (None, None), "as in the workspace");
        assert_eq!(back.name, "Rita II");
        bench.assert_replays(GUILD, &back).await;
    }

    #[tokio::test]
    async fn what_can_t_be_read_or_changes_nothing_or_is_a_stranger_s_is_refused() {
        let bench = Bench::ready().await;
        let refusal = |failure: Failure| match failure {
            Failure::Refused(refused) => refused.problems,
            other => panic!("{other:?}"),
        };
        let unknown = bench.app.change(&rep(), reach("atlantis", 9, false)).await.unwrap_err();
        assert!(matches!(refusal(unknown)[0], Problem::NotFound { what: Thing::Zone, .. }));
        let same = bench.app.change(&rep(), reach("new york", 9, false)).await.unwrap_err();
        assert_eq!(refusal(same), [Problem::NothingToDo]);
        let stranger = caller(GUILD, 9, "Newt", &[]);
        let refused = bench.app.change(&stranger, reach("tokyo", 9, false)).await.unwrap_err();
        assert!(matches!(refusal(refused)[0], Problem::NotAllowed { .. }));
    }
}
