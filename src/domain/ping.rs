//! One ping a person a day from the bot's own accord (DESIGN §3, rule 6), whether by name or with the lead role.
//!
//! A ping of the role reaches everybody who holds it, and the bot can't list them. So it asks Discord of those whom it
//! would name that day, or did. Whichever ping comes first counts: after the role's, what a holder is owed waits for the
//! next business day. What the leads are to know can't wait, nor can an agenda: after a ping by name they name the role,
//! or a holder, without a ping. Role and holders in one message are one ping.
//!
//! What somebody did to a person, a deal given to them, a handover that they are asked to take, is not of the bot's own
//! accord: it is told at once and waits for nothing. But it shares the day's ping, so that no act and digest ping somebody
//! twice on a day: it pings whoever was not pinged that day, and names the others without a ping; and where it came
//! first, what the bot has to say of its own accord waits for the next business day as after any other ping.

use chrono::NaiveDate;

use super::Instant;
use super::digest::local_day;
use super::id::MemberId;
use super::member::Member;
use super::workspace::Settings;

/// A ping that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// To whom; [`MemberId::BOT`] stands for the lead role.
    pub member: MemberId,
    /// On which local day of theirs; the workspace's for the role.
    pub day: NaiveDate,
    /// When.
    pub at: Instant,
    /// In which row of the outbox.
    pub outbox: i64,
}

/// The pings of a workspace lately, with those who hold the lead role, as far as they are known.
#[derive(Debug, Clone, Copy)]
pub struct Pings<'p> {
    /// The pings.
    pub given: &'p [Ping],
    /// Who holds the role.
    pub holders: &'p [Member],
    /// For whose days are whose.
    pub settings: &'p Settings,
}

impl Pings<'_> {
    /// Whether somebody was pinged on a day of theirs.
    pub fn reached(&self, member: &Member, day: NaiveDate) -> bool {
        let with_role = |ping: &Ping| {
            ping.member == MemberId::BOT && self.holds(member.id) && local_day(member, self.settings, ping.at) == day
        };
        self.given.iter().any(|ping| (ping.member == member.id && ping.day == day) || with_role(ping))
    }

    /// Whether a holder of the role was pinged by name today.
    pub fn reached_a_holder(&self, now: Instant) -> bool {
        let today = |holder: &Member| local_day(holder, self.settings, now);
        let by_name = |holder: &Member| self.given.iter().any(|p| p.member == holder.id && p.day == today(holder));
        self.holders.iter().any(by_name)
    }

    /// Whether somebody holds the role.
    pub fn holds(&self, member: MemberId) -> bool {
        self.holders.iter().any(|holder| holder.id == member)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::super::testing::{at, day};
    use super::*;
    use crate::domain::id::UserId;

    fn member(id: i64, zone: Tz) -> Member {
        Member { zone: Some(zone), ..Member::new(MemberId(id), UserId(id), String::new()) }
    }

    fn ping(member: MemberId, on: &str, when: &str) -> Ping {
        Ping { member, day: day(on), at: at(when), outbox: 1 }
    }

    #[test]
    fn a_ping_of_the_role_counts_for_its_holders_on_their_own_day() {
        let settings = Settings { zone: Some(Tz::America__Los_Angeles), ..Settings::default() };
        let (holder, other) = (member(1, Tz::Europe__London), member(2, Tz::Europe__London));
        // 17:00 on the 10th in Los Angeles is 01:00 on the 11th in London.
        let given = [ping(MemberId::BOT, "2026-11-10", "2026-11-11T01:00:00Z")];
        let pings = Pings { given: &given, holders: std::slice::from_ref(&holder), settings: &settings };
        assert!(pings.reached(&holder, day("2026-11-11")));
        assert!(!pings.reached(&holder, day("2026-11-10")));
        assert!(!pings.reached(&other, day("2026-11-11")), "who does not hold it is not reached by it");
        let role = Member::lead();
        assert!(pings.reached(&role, day("2026-11-10")), "nor is the role pinged twice");
        assert!(!pings.reached_a_holder(at("2026-11-11T01:00:00Z")), "nobody was pinged by name");
    }

    #[test]
    fn a_ping_by_name_keeps_the_role_from_being_pinged_on_the_holder_s_day() {
        let settings = Settings { zone: Some(Tz::Europe__London), ..Settings::default() };
        let holder = member(1, Tz::Asia__Tokyo);
        let given = [ping(MemberId(1), "2026-11-11", "2026-11-11T00:00:00Z")];
        let pings = Pings { given: &given, holders: std::slice::from_ref(&holder), settings: &settings };
        assert!(pings.reached_a_holder(at("2026-11-11T09:00:00Z")));
        assert!(!pings.reached_a_holder(at("2026-11-11T15:00:00Z")), "it is the 12th in Tokyo");
        let nobody = Pings { holders: &[], ..pings };
        assert!(!nobody.reached_a_holder(at("2026-11-11T09:00:00Z")));
    }
}
