//! Claiming a partner's role and confirming it (DESIGN §2): what a new claim makes of a deal, what keeps it from being
//! recorded, and who may confirm it.

use chrono::{Days, NaiveDate};

use super::Instant;
use super::access::Access;
use super::attribution::{DAYS_ON_TIME, settle_by};
use super::calendar::Calendar;
use super::deal::{Claim, Credit, Deal, Former, Participant, Place, Role, Signature};
use super::id::{MemberId, PartnerId};

/// Days before a deal's creation that evidence of its origin may be old.
const FRESH_DAYS: u64 = 30;
/// Business days after which a claim that nobody confirmed is a gap.
const CONFIRMED_WITHIN: u32 = 10;

/// A claim to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// Whose role it is.
    pub partner: PartnerId,
    /// The role.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<String>,
    /// The day of the evidence or event; that of the record where it isn't known.
    pub on: Option<NaiveDate>,
    /// Who claims it, and when.
    pub claimed: Signature,
    /// Whether the role is to be the deal's class.
    pub place: Place,
}

/// The first day that evidence of a sourced deal may be of, from the day on which the deal was recorded: what is older
/// brought something else about.
pub fn fresh_since(recorded: NaiveDate) -> NaiveDate {
    recorded - Days::new(FRESH_DAYS)
}

impl Deal {
    /// Records a claim. It keeps what stood there before, and all that stood before that, unless only evidence that
    /// nobody had confirmed is mended: then the day of the first record stands too.
    pub fn put_claim(&mut self, new: NewClaim, calendar: &Calendar) {
        let claim = Claim {
            on: new.on,
            due: self.due_of(&new, calendar),
            recorded_at: self.mended(&new).map(|old| old.recorded_at()),
            confirmed: None,
            question: None,
            taken_over_by: None,
            former: self.former(&new),
        };
        let place = new.place;
        let Signature { by, at } = new.claimed;
        let part = Participant { partner: new.partner, role: new.role, evidence: new.evidence, by, at, claim };
        match place {
            Place::Primary => self.put_primary(part),
            Place::Participant => self.put_participant(part),
        }
    }

    /// Whether a claim would change what a closed deal is credited with; only a lead may do that (rule 8). Evidence that
    /// nobody confirmed can be mended by those who answer for it.
    pub fn moves_closed_credit(&self, new: &NewClaim) -> bool {
        let mended = self.mended(new).is_some_and(|old| old.claim.confirmed.is_none());
        !self.is_open() && !mended
    }

    /// The claims that somebody is to confirm.
    pub fn waiting_claims(&self) -> impl Iterator<Item = Credit<'_>> {
        self.credits().filter(|credit| self.counts() && credit.waits())
    }

    /// The claim that a new one repeats but for its evidence.
    fn mended(&self, new: &NewClaim) -> Option<Credit<'_>> {
        self.credit(new.partner).filter(|old| old.role == new.role && old.place == new.place)
    }

    /// What the role takes the place of: the class, or what stood for the same participant.
    fn replaced(&self, new: &NewClaim) -> Option<Credit<'_>> {
        match new.place {
            Place::Primary => Some(self.class()),
            Place::Participant => self.credit(new.partner),
        }
    }

    /// The last day on which recording the role is on time: 14 days from the deal's creation, or from the event of an
    /// influenced one, whose claim counts before the close only. What ever was undecided had to be settled within 14 days of
    /// the creation in any case, however often the class was changed since: a detour through another role buys no time.
    fn due_of(&self, new: &NewClaim, calendar: &Calendar) -> Option<NaiveDate> {
        if let Some(old) = self.mended(new) {
            return old.claim.due;
        }
        let settle_by = settle_by(self, calendar);
        let event = new.on.unwrap_or_else(|| calendar.day(new.claimed.at));
        let after_event = [Some(event + Days::new(DAYS_ON_TIME)), self.closed_on].into_iter().flatten().min();
        let was_open = self.replaced(new).is_some_and(|old| old.was_undecided());
        match new.role {
            Role::Undecided => None,
            Role::Sourced => Some(settle_by),
            Role::Influenced if was_open => after_event.min(Some(settle_by)),
            Role::Influenced => after_event,
        }
    }

    fn former(&self, new: &NewClaim) -> Vec<Former> {
        let Some(old) = self.replaced(new) else { return Vec::new() };
        let same = old.partner == new.partner && old.role == new.role;
        let replaced = (!same || old.claim.confirmed.is_some()).then(|| Former::from(&old));
        old.claim.former.iter().cloned().chain(replaced).collect()
    }
}

/// Whether somebody may confirm or question a claim: the partner's manager or a lead, never its claimer.
pub fn may_confirm(access: Access, member: MemberId, manager: Option<MemberId>, claimer: MemberId) -> bool {
    let manages = access.any() && manager == Some(member);
    member != claimer && (access.lead || manages)
}

/// Since which day a deal's class has waited to be confirmed, once that is too long.
pub fn unconfirmed_since(deal: &Deal, calendar: &Calendar, now: Instant) -> Option<NaiveDate> {
    let class = deal.class();
    let since = calendar.day(class.claimed.at);
    let waited = calendar.business_days_between(since, calendar.day(now));
    (class.is_unconfirmed() && waited >= CONFIRMED_WITHIN).then_some(since)
}

#[cfg(test)]
mod tests;
