//! What stands behind a partner's role on a deal: who claimed it and on what, who confirmed it, and what it was before.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Deal, Participant, Role};
use crate::domain::Instant;
use crate::domain::attribution::DAYS_ON_TIME;
use crate::domain::id::{MemberId, PartnerId};

/// What is known of a claimed role beside its evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// The day of the evidence, or of the event that it tells of; `None` where that is the day of its record.
    pub on: Option<NaiveDate>,
    /// The last day on which recording the role was on time, as it was known when it was claimed. `None`: counted from
    /// the deal's creation.
    pub due: Option<NaiveDate>,
    /// When the role was recorded first, where only its evidence was mended since. Decides on time or late.
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    pub recorded_at: Option<Instant>,
    /// Who confirmed it; never its claimer.
    pub confirmed: Option<Signature>,
    /// What its claimer was asked instead.
    pub question: Option<Question>,
    /// Who answers for it in its claimer's place: whoever took the deal over from them.
    pub taken_over_by: Option<MemberId>,
    /// What stood there before, oldest first. Where some of it was settled, this claim is a later change.
    #[serde(deserialize_with = "one_or_more")]
    pub former: Vec<Former>,
}

/// The first schema knew of one former role at most, a settled one, and not when it was recorded first.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Former>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        More(Vec<Former>),
        One { partner: PartnerId, role: Role, claimed: Signature, confirmed: Option<Signature> },
    }
    Ok(match Option::deserialize(from)? {
        None => Vec::new(),
        Some(Stored::More(former)) => former,
        Some(Stored::One { partner, role, claimed, confirmed }) => {
            vec![Former { partner, role, claimed, recorded_at: claimed.at, due: None, confirmed }]
        }
    })
}

impl Claim {
    /// The claim that a deal or a partner's part is recorded with first, from the day of its evidence.
    pub fn first(role: Role, on: Option<NaiveDate>) -> Claim {
        let after_event = on.map(|on| on + Days::new(DAYS_ON_TIME));
        Claim { on, due: after_event.filter(|_| role == Role::Influenced), ..Claim::default() }
    }

    /// Whether a settled role stood there before.
    pub fn is_later_change(&self) -> bool {
        self.former.iter().any(|former| former.role != Role::Undecided)
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub by: MemberId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: Instant,
}

/// A claim that was sent back to its claimer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub text: String,
    /// By whom, and when.
    pub asked: Signature,
}

/// A role that another claim took the place of, with all that says whether it was recorded in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Whose it was.
    pub partner: PartnerId,
    /// The role.
    pub role: Role,
    /// Who had claimed it, and when.
    pub claimed: Signature,
    /// When it was recorded first.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub recorded_at: Instant,
    /// The last day on which that was on time; `None`: counted from the deal's creation.
    pub due: Option<NaiveDate>,
    /// Who had confirmed it.
    pub confirmed: Option<Signature>,
}

impl From<&Credit<'_>> for Former {
    fn from(credit: &Credit) -> Former {
        Former {
            partner: credit.partner,
            role: credit.role,
            claimed: credit.claimed,
            recorded_at: credit.recorded_at(),
            due: credit.claim.due,
            confirmed: credit.claim.confirmed,
        }
    }
}

/// Whether a partner's role is the deal's class, or stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// It is the class.
    Primary,
    /// It adds evidence, never money.
    Participant,
}

/// A partner's part in a deal, whether as the primary one or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit<'d> {
    /// The company.
    pub partner: PartnerId,
    /// Its role.
    pub role: Role,
    /// What shows it.
    pub evidence: Option<&'d str>,
    /// Who claimed it, and when.
    pub claimed: Signature,
    /// What else is known of the claim.
    pub claim: &'d Claim,
    /// Whether it is the class.
    pub place: Place,
}

impl Credit<'_> {
    /// Whether somebody is to confirm it: settled, not confirmed, and not sent back to its claimer.
    pub fn waits(&self) -> bool {
        self.is_unconfirmed() && self.claim.question.is_none()
    }

    /// Whether it is settled and nobody confirmed it.
    pub fn is_unconfirmed(&self) -> bool {
        self.role != Role::Undecided && self.claim.confirmed.is_none()
    }

    /// Who answers questions about it.
    pub fn answerer(&self) -> MemberId {
        self.claim.taken_over_by.unwrap_or(self.claimed.by)
    }

    /// Whether it is undecided, or ever was.
    pub fn was_undecided(&self) -> bool {
        let former = self.claim.former.iter().map(|former| former.role);
        former.chain([self.role]).any(|role| role == Role::Undecided)
    }

    /// When the role was recorded first.
    pub fn recorded_at(&self) -> Instant {
        self.claim.recorded_at.unwrap_or(self.claimed.at)
    }
}

impl Deal {
    /// The primary partner's part, whose role is the class.
    pub fn class(&self) -> Credit<'_> {
        Credit {
            partner: self.partner,
            role: self.role,
            evidence: self.evidence.as_deref(),
            claimed: Signature { by: self.attributed_by, at: self.attributed_at },
            claim: &self.claim,
            place: Place::Primary,
        }
    }

    /// The parts of all partners, the primary's first, then in the order of the participants.
    pub fn credits(&self) -> impl Iterator<Item = Credit<'_>> {
        std::iter::once(self.class()).chain(self.participants.iter().map(Participant::credit))
    }

    /// The part of a partner.
    pub fn credit(&self, partner: PartnerId) -> Option<Credit<'_>> {
        self.credits().find(|credit| credit.partner == partner)
    }

    /// Notes that a partner's claim was confirmed.
    pub fn confirm(&mut self, partner: PartnerId, confirmed: Signature) {
        if let Some(claim) = self.claim_of(partner) {
            claim.confirmed = Some(confirmed);
            claim.question = None;
        }
    }

    /// Sends a partner's claim back to its claimer.
    pub fn question(&mut self, partner: PartnerId, question: Question) {
        if let Some(claim) = self.claim_of(partner) {
            claim.question = Some(question);
        }
    }

    /// Has somebody who takes the deal over answer for what the other one claimed and nobody confirmed yet.
    pub(in crate::domain) fn pass_claims(&mut self, from: MemberId, to: MemberId) {
        let class = (self.attributed_by, &mut self.claim);
        let others = self.participants.iter_mut().map(|p| (p.by, &mut p.claim));
        for (claimer, claim) in std::iter::once(class).chain(others) {
            if claim.confirmed.is_none() && claim.taken_over_by.unwrap_or(claimer) == from {
                claim.taken_over_by = Some(to).filter(|to| *to != claimer);
            }
        }
    }

    fn claim_of(&mut self, partner: PartnerId) -> Option<&mut Claim> {
        if self.partner == partner {
            return Some(&mut self.claim);
        }
        self.participants.iter_mut().find(|p| p.partner == partner).map(|p| &mut p.claim)
    }

    /// Gives the deal a primary partner; the one that it had takes part from now on.
    pub(in crate::domain) fn put_primary(&mut self, primary: Participant) {
        let before = Participant {
            partner: self.partner,
            role: self.role,
            evidence: self.evidence.take(),
            by: self.attributed_by,
            at: self.attributed_at,
            claim: std::mem::take(&mut self.claim),
        };
        self.participants.retain(|p| p.partner != primary.partner);
        if before.partner != primary.partner {
            self.participants.push(before);
        }
        self.partner = primary.partner;
        self.role = primary.role;
        self.evidence = primary.evidence;
        self.attributed_by = primary.by;
        self.attributed_at = primary.at;
        self.claim = primary.claim;
    }

    /// Adds a participant, or puts it in the place of what stood for the same partner.
    pub(in crate::domain) fn put_participant(&mut self, participant: Participant) {
        match self.participants.iter_mut().find(|p| p.partner == participant.partner) {
            Some(known) => *known = participant,
            None => self.participants.push(participant),
        }
    }
}

impl Participant {
    fn credit(&self) -> Credit<'_> {
        Credit {
            partner: self.partner,
            role: self.role,
            evidence: self.evidence.as_deref(),
            claimed: Signature { by: self.by, at: self.at },
            claim: &self.claim,
            place: Place::Participant,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_first_schema_knew_of_a_former_role_reads() {
        let signature = json!({"by": 3, "at": 1_793_610_000_000_i64});
        let one = json!({"partner": 1, "role": "sourced", "claimed": signature, "confirmed": null});
        let read = |former: serde_json::Value| -> Vec<Former> {
            serde_json::from_value::<Claim>(json!({"former": former})).expect("a claim").former
        };
        assert_eq!(read(json!(null)), []);
        let known = read(one);
        assert_eq!((known.len(), known[0].role, known[0].recorded_at), (1, Role::Sourced, known[0].claimed.at));
        assert_eq!(read(serde_json::to_value(&known).expect("as it is stored now")), known);
    }
}
