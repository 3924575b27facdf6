//! What rides in a person's digest beside stalls. Its value is its key in the store, so that each is told once; whatever
//! else is to ride there becomes another variant.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Instant;
use super::action::Pressing;
use super::attribution::{ClassGap, class_gap, next_class_gap};
use super::calendar::Calendar;
use super::deal::Deal;
use super::event::UNDO_WINDOW;
use super::id::{DealNumber, HandoverId, ItemId, MemberId, PartnerId, ReviewId};
use super::registration::{self, Warning};

/// One thing that a person is told of once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A deal's class is undecided, for whoever answers for the deal.
    ClassGap {
        /// Which deal.
        deal: DealNumber,
        /// How pressing it is.
        gap: ClassGap,
    },
    /// A deal's registration runs out, for whoever answers for the deal.
    Registration {
        /// Which deal.
        deal: DealNumber,
        /// The last day on which it is protected.
        until: NaiveDate,
        /// How pressing it is.
        warning: Warning,
    },
    /// A claim waits, for the partner's manager.
    Claim {
        /// On which deal.
        deal: DealNumber,
        /// Of which partner's role.
        partner: PartnerId,
        /// When it was made, Unix milliseconds.
        at: i64,
    },
    /// A claim was sent back, for whoever answers for it.
    Question {
        /// On which deal.
        deal: DealNumber,
        /// Of which partner's role.
        partner: PartnerId,
        /// When it was asked, Unix milliseconds.
        at: i64,
        /// Who answers: whoever takes the deal over is told too.
        of: MemberId,
    },
    /// A review is coming, for somebody who answers for stalled deals of it.
    Collection {
        /// Which review.
        review: ReviewId,
        /// Which of its occurrences, Unix milliseconds.
        starts_at: i64,
        /// Who.
        member: MemberId,
    },
    /// Answers to a handover are overdue, for the lead who started it; told on each day until they are there.
    Handover {
        /// Which.
        handover: HandoverId,
        /// On which day.
        on: NaiveDate,
    },
    /// What a deal pays its owner is another sum than they were told. Theirs alone: whoever stands in is not told.
    Pay {
        /// Whom it pays. Stands first, so that the keys of one person's lie together.
        owner: MemberId,
        /// Which deal.
        deal: DealNumber,
    },
    /// An action is to be done, for whoever has it to do.
    Action {
        /// Which.
        item: ItemId,
        /// Until when.
        due: NaiveDate,
        /// Who has it: whoever gets it later is told too.
        member: MemberId,
        /// How pressing it is.
        pressing: Pressing,
    },
}

impl Notice {
    /// That what a deal pays its owner has changed.
    pub fn pay(deal: &Deal) -> Notice {
        Notice::Pay { owner: deal.owner, deal: deal.number }
    }

    /// That a partner's claim waits.
    pub fn claim(deal: &Deal, partner: PartnerId) -> Option<Notice> {
        claims(deal).find(|notice| matches!(notice, Notice::Claim { partner: of, .. } if *of == partner))
    }
}

/// Days after a claim or question in which it comes to be owed. A deal is checked a minute after it changes, so that
/// this only has to outlast a time in which the bot was down.
const OWED_FOR: i64 = 7;

impl Notice {
    /// The deal that it is of.
    pub fn deal(&self) -> Option<DealNumber> {
        match self {
            Notice::ClassGap { deal, .. }
            | Notice::Registration { deal, .. }
            | Notice::Claim { deal, .. }
            | Notice::Question { deal, .. }
            | Notice::Pay { deal, .. } => Some(*deal),
            Notice::Collection { .. } | Notice::Handover { .. } | Notice::Action { .. } => None,
        }
    }

    /// Whether it is still worth telling of its deal: neither settled since nor overtaken by another one.
    pub fn holds(&self, deal: &Deal, calendar: &Calendar, today: NaiveDate) -> bool {
        match self {
            Notice::ClassGap { gap, .. } => class_gap(deal, calendar, today) == Some(*gap),
            Notice::Registration { until, warning, .. } => {
                let same = deal.registration.as_ref().is_some_and(|r| r.until == *until);
                same && registration::warning(deal, calendar, today) == Some(*warning)
            }
            Notice::Claim { .. } => claims(deal).any(|claim| claim == *self),
            Notice::Question { .. } => questions(deal).any(|question| question == *self),
            // Whether there is something to say of it, the rates tell.
            Notice::Pay { owner, .. } => deal.owner == *owner,
            // Told on their day or not at all, and so never owed.
            Notice::Collection { .. } | Notice::Handover { .. } => false,
            // Of no deal.
            Notice::Action { .. } => false,
        }
    }

    /// Whether its time has come. What was claimed or asked today is told tomorrow, with what else there is by then, and
    /// so is what somebody took over after today's hour. Pay is told at an hour at which what changed it could be taken
    /// back no more: an hour that is over by then, which a digest may be late for, was another one's.
    pub fn is_ripe(&self, since: Instant, hour: Option<Instant>, calendar: &Calendar, today: NaiveDate) -> bool {
        match self {
            Notice::Pay { .. } => hour.is_none_or(|hour| since + UNDO_WINDOW <= hour),
            Notice::Claim { at, .. } | Notice::Question { at, .. } => {
                let is_of_before = Instant::from_timestamp_millis(*at).is_none_or(|at| calendar.day(at) < today);
                is_of_before && hour.is_none_or(|hour| since <= hour)
            }
            Notice::Action { .. } => hour.is_none_or(|hour| since <= hour),
            _ => true,
        }
    }
}

/// What is owed of a deal from today on.
pub fn notices(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Vec<Notice> {
    let number = deal.number;
    let gap = class_gap(deal, calendar, today).map(|gap| Notice::ClassGap { deal: number, gap });
    let until = deal.registration.as_ref().map(|registration| registration.until);
    let warning = until.zip(registration::warning(deal, calendar, today));
    let warning = warning.map(|(until, warning)| Notice::Registration { deal: number, until, warning });
    let taken_over = |of: &MemberId| deal.credits().any(|credit| credit.claim.taken_over_by == Some(*of));
    let fresh = |notice: &Notice| match notice {
        // However long ago it was asked, it is news to whoever took the deal over.
        Notice::Question { of, .. } if taken_over(of) => true,
        Notice::Claim { at, .. } | Notice::Question { at, .. } => {
            Instant::from_timestamp_millis(*at).is_some_and(|at| (today - calendar.day(at)).num_days() <= OWED_FOR)
        }
        _ => true,
    };
    gap.into_iter().chain(warning).chain(claims(deal)).chain(questions(deal)).filter(fresh).collect()
}

/// The first day after today on which something else is owed of a deal, if nothing happens to it.
pub fn next_notice(deal: &Deal, calendar: &Calendar, today: NaiveDate) -> Option<NaiveDate> {
    let gap = next_class_gap(deal, calendar, today);
    gap.into_iter().chain(registration::next_warning(deal, calendar, today)).min()
}

fn claims(deal: &Deal) -> impl Iterator<Item = Notice> + '_ {
    deal.waiting_claims().map(|credit| Notice::Claim {
        deal: deal.number,
        partner: credit.partner,
        at: credit.claimed.at.timestamp_millis(),
    })
}

fn questions(deal: &Deal) -> impl Iterator<Item = Notice> + '_ {
    let open = deal.credits().filter(|credit| deal.counts() && credit.is_unconfirmed());
    open.filter_map(|credit| {
        let asked = credit.claim.question.as_ref()?.asked;
        let (partner, at, of) = (credit.partner, asked.at.timestamp_millis(), credit.answerer());
        Some(Notice::Question { deal: deal.number, partner, at, of })
    })
}

/// A notice that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwedNotice {
    /// What.
    pub notice: Notice,
    /// Since when.
    pub since: Instant,
}

/// A notice with the one whose digest carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// What.
    pub notice: Notice,
    /// Who.
    pub member: MemberId,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::deal::{Question, Role, Signature};
    use super::super::testing::{at, calendar, day, deal, registration};
    use super::*;

    #[test]
    fn a_claim_and_a_question_are_owed_once_and_told_the_day_after() {
        let mut claimed = deal();
        let at_claim = claimed.attributed_at.timestamp_millis();
        let claim = Notice::Claim { deal: claimed.number, partner: claimed.partner, at: at_claim };
        assert_eq!(notices(&claimed, &calendar(), day("2026-11-02")), [claim]);
        let is_ripe = |today| claim.is_ripe(claimed.attributed_at, None, &calendar(), day(today));
        assert!(!is_ripe("2026-11-02") && is_ripe("2026-11-03"));
        assert_eq!(notices(&claimed, &calendar(), day("2026-11-10")), [], "it was owed long ago");
        assert!(claim.holds(&claimed, &calendar(), day("2026-11-10")), "and is told though its manager was away");

        let asked = Signature { by: MemberId(2), at: at("2026-11-04T09:00:00Z") };
        claimed.question(claimed.partner, Question { text: "Which meeting?".to_owned(), asked });
        let (deal, partner, of) = (claimed.number, claimed.partner, MemberId(1));
        let question = Notice::Question { deal, partner, at: 1_793_782_800_000, of };
        assert_eq!(notices(&claimed, &calendar(), day("2026-11-04")), [question]);
        assert!(!claim.holds(&claimed, &calendar(), day("2026-11-05")), "it waits for its claimer now");
        let of_ben = Notice::Question { deal, partner, at: 1_793_782_800_000, of: MemberId(5) };
        let mut handed = claimed.clone();
        handed.hand_to(MemberId(5));
        assert_eq!(notices(&handed, &calendar(), day("2026-11-20")), [of_ben], "new to whoever took the deal over");
        assert!(!question.holds(&handed, &calendar(), day("2026-11-05")), "and no concern of the claimer's");
        claimed.confirm(claimed.partner, asked);
        assert!(!question.holds(&claimed, &calendar(), day("2026-11-05")));
    }

    #[test]
    fn a_registration_and_a_class_are_told_of_when_they_come_near() {
        let deal = Deal { role: Role::Undecided, registration: registration("2026-12-04"), ..deal() };
        assert_eq!(next_notice(&deal, &calendar(), day("2026-11-02")), Some(day("2026-11-11")), "the class");
        assert_eq!(next_notice(&deal, &calendar(), day("2026-11-18")), Some(day("2026-11-20")), "the registration");
        let (number, until) = (deal.number, day("2026-12-04"));
        let warned = Notice::Registration { deal: number, until, warning: Warning::Soon };
        assert!(notices(&deal, &calendar(), day("2026-11-20")).contains(&warned));
        let renewed = Deal { registration: registration("2027-02-04"), ..deal };
        assert!(!warned.holds(&renewed, &calendar(), day("2026-11-20")));
    }

    #[rstest]
    #[case::before_the_hour("2026-11-03T06:00:00Z", true)]
    #[case::after_it("2026-11-03T12:00:00Z", false)]
    fn an_older_claim_is_told_to_a_new_manager_at_the_next_hour(#[case] since: &str, #[case] ripe: bool) {
        let (deal, hour) = (deal(), Some(at("2026-11-03T09:00:00Z")));
        let claim = Notice::claim(&deal, deal.partner).expect("it waits");
        assert_eq!(claim.is_ripe(at(since), hour, &calendar(), day("2026-11-03")), ripe);
    }

    // The hour is 09:00; a digest that is late for it by up to four hours is of it too.
    #[rstest]
    #[case::long_before("2026-11-03T06:00:00Z", true)]
    #[case::a_minute_before("2026-11-03T08:59:00Z", true)]
    #[case::while_it_can_be_taken_back("2026-11-03T08:59:30Z", false)]
    #[case::after_it("2026-11-03T12:00:00Z", false)]
    fn pay_is_told_at_the_first_hour_at_which_it_can_be_taken_back_no_more(#[case] since: &str, #[case] ripe: bool) {
        let hour = Some(at("2026-11-03T09:00:00Z"));
        assert_eq!(Notice::pay(&deal()).is_ripe(at(since), hour, &calendar(), day("2026-11-03")), ripe);
    }
}
