//! Refusals as data: what stands in the way of a command. `render` has the words.

use chrono::NaiveDate;

use super::Instant;
use super::access::Needed;
use super::deal::criteria::Exit;
use super::handover::Obstacle;
use super::id::{AccountId, DealNumber, PartnerId, UserId};
use super::import::FileProblem;
use super::motion::Stage;
use super::outgoing::Posted;
use super::period::Period;

mod kind;

pub use kind::{AmountRule, Asker, DateRule, Takes, Thing, Why};

/// A command that changed nothing, with everything that stood in its way, told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// At least one.
    pub problems: Vec<Problem>,
}

/// One thing that stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The workspace was not set up yet.
    NotSetUp,
    /// The person lacks the role; the owner is named where that helps.
    NotAllowed {
        /// What the command asks for.
        needed: Needed,
        /// Who may, e.g. the deal's owner.
        ask: Option<UserId>,
    },
    /// There is no such thing here; another workspace's reads the same.
    NotFound {
        /// What was looked for.
        what: Thing,
        /// As typed.
        typed: String,
        /// Names that are close.
        close: Vec<String>,
    },
    /// A problem with an option that its words alone don't tell: two options of the command take the same kind of thing.
    Of {
        /// Which option.
        option: &'static str,
        /// The problem.
        problem: Box<Problem>,
    },
    /// The partner is archived: it takes part in no more deals until it is brought back.
    TakesNoDeals {
        /// Its name.
        partner: String,
    },
    /// The account would be a new one, and names that are close to it exist.
    NewAccount {
        /// As typed.
        typed: String,
        /// Names that are close.
        close: Vec<String>,
    },
    /// A value could not be read.
    Unreadable {
        /// Which option.
        option: &'static str,
        /// As typed.
        typed: String,
        /// What it takes.
        takes: Takes,
    },
    /// An amount in another currency than the workspace's.
    OtherCurrency {
        /// Which option.
        option: &'static str,
        /// As typed.
        typed: String,
    },
    /// An amount that can be read and makes no sense.
    BadAmount {
        /// Which option.
        option: &'static str,
        /// As typed.
        typed: String,
        /// What it should be.
        rule: AmountRule,
    },
    /// A date in a year that no deal is of.
    TooFar {
        /// Which option.
        option: &'static str,
        /// As typed.
        typed: String,
    },
    /// A value is needed.
    Missing {
        /// Which option.
        option: &'static str,
        /// Why.
        why: Why,
    },
    /// A text is longer than it may be.
    TooLong {
        /// Which option.
        option: &'static str,
        /// In characters.
        limit: usize,
    },
    /// A name is taken.
    NameTaken {
        /// By what.
        what: Thing,
        /// The name.
        name: String,
    },
    /// A partner of the name is archived: it can be brought back.
    Archived {
        /// Which.
        partner: PartnerId,
        /// Its name.
        name: String,
    },
    /// The deal is won or lost already, or still open where it should not be.
    WrongStage {
        /// Which.
        deal: DealNumber,
        /// Where it is.
        stage: Stage,
    },
    /// A date lies where it makes no sense.
    BadDate {
        /// Which option.
        option: &'static str,
        /// As understood.
        date: NaiveDate,
        /// What it should be.
        rule: DateRule,
    },
    /// A day that is to be a business day again is none of the holidays.
    NoHoliday {
        /// As understood.
        date: NaiveDate,
        /// The holidays from today on.
        coming: Vec<NaiveDate>,
    },
    /// The owner has snoozed twice in this episode; only a lead may go on.
    SnoozedTwice {
        /// Which.
        deal: DealNumber,
    },
    /// Exit criteria stand between a deal and a stage: they are met first, or a lead passes them with a reason.
    Unmet {
        /// Which deal.
        deal: DealNumber,
        /// Where it should go.
        to: Stage,
        /// What is unmet, by stage; at least one.
        unmet: Vec<Exit>,
        /// Who asked for it.
        asker: Asker,
    },
    /// A stage has as many criteria as anybody goes through.
    TooManyCriteria {
        /// Which.
        stage: Stage,
    },
    /// There is no draft of the motion that differs from what is published.
    NoDraft,
    /// The person named holds no role of the program, or is a bot.
    NotAMember {
        /// Which option.
        option: &'static str,
        /// Who.
        user: UserId,
    },
    /// Open deals with the same account exist; the answer offers to note, join, or create anyway.
    SimilarDeals {
        /// The account.
        account: AccountId,
        /// The deals.
        deals: Vec<DealNumber>,
    },
    /// The thing changed since the form or button was made.
    ChangedMeanwhile,
    /// An undo came too late: over 60 seconds, or something touched it since.
    TooLateToUndo,
    /// Only the person who made a change may undo it.
    NotYours,
    /// A deal is declined by the person whom it was given to.
    NotYoursToDecline {
        /// To whom.
        owner: UserId,
    },
    /// The button is from before something that made it meaningless.
    Stale,
    /// Pressed in direct messages, which another process hears than the one that keeps the workspace.
    OutOfReach,
    /// An account was to be merged into itself.
    MergeIntoItself,
    /// Two options were given of which only one can be meant.
    OnlyOne {
        /// One.
        this: &'static str,
        /// The other.
        that: &'static str,
    },
    /// A stage that ends a deal is reached by winning or losing it.
    EndsOtherwise {
        /// Which deal.
        deal: DealNumber,
        /// The stage that was asked for.
        stage: Stage,
    },
    /// Who should stand in during an absence is away in it too.
    CoverAway {
        /// Who.
        user: UserId,
        /// Their first day away.
        from: NaiveDate,
        /// Their last day away.
        to: NaiveDate,
    },
    /// The owner can't be their own backup, nor the cover of their own absence.
    StandsInForSelf {
        /// Which option.
        option: &'static str,
    },
    /// Everyone was named where only some can be meant.
    EveryoneElse {
        /// Which option.
        option: &'static str,
    },
    /// An option that says nothing without another one.
    OnlyWith {
        /// Which.
        option: &'static str,
        /// What it goes with, as people see it.
        with: &'static str,
    },
    /// Somebody who owns open deals, or has open actions to do, can't be forgotten: who would answer for them?
    HasOpenWork {
        /// Who.
        user: UserId,
        /// How many deals.
        deals: usize,
        /// How many actions.
        actions: usize,
    },
    /// What was typed to confirm is not the server's name.
    OtherName {
        /// As typed.
        typed: String,
    },
    /// A claim is confirmed by somebody other than its claimer.
    OwnClaim {
        /// The partner's manager, if that is somebody else.
        ask: Option<UserId>,
    },
    /// The deal is closed, and so only a lead changes what it is credited with.
    Locked {
        /// Which.
        deal: DealNumber,
        /// How it ended.
        stage: Stage,
    },
    /// Evidence of where a deal came from that is older than the deal by too much.
    EvidenceTooOld {
        /// Its day.
        on: NaiveDate,
        /// The first day that it may be of.
        earliest: NaiveDate,
    },
    /// A deal has a primary partner; another one can take the place, nobody can't.
    StaysPrimary {
        /// Which deal.
        deal: DealNumber,
    },
    /// A number lies outside of what makes sense.
    OutOfRange {
        /// Which option.
        option: &'static str,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Nothing was given to change.
    NothingToDo,
    /// The currency is fixed since deals have amounts.
    CurrencyFixed,
    /// A handover can't go on like this.
    Handover(Obstacle),
    /// The first month of the fiscal year is fixed since targets or costs are set by its quarters.
    FiscalMonthFixed,
    /// The first month of the fiscal year is fixed since wins are booked by its quarters.
    QuartersBooked,
    /// Plan mode hides the number.
    NumberHidden,
    /// The target of a quarter that is over stays as it was printed.
    TargetFixed {
        /// Which quarter.
        period: Period,
    },
    /// There is nothing to forget of a person.
    NothingKept {
        /// Who.
        user: UserId,
    },
    /// A file can't be imported like this.
    Import(FileProblem),
    /// Nobody scheduled a review yet.
    NoReview,
    /// No agenda was posted within the last day: of a review, or in the channel at all.
    NoMeeting {
        /// The review's name, where one is meant.
        review: Option<String>,
    },
    /// A review was closed already.
    MeetingOver {
        /// Its minutes, once they are posted.
        minutes: Option<Posted>,
    },
    /// A review is closed once it was started.
    NotStarted {
        /// Its name.
        review: String,
    },
    /// A meeting that was started is not left out any more.
    MeetingStarted {
        /// The review's name.
        review: String,
    },
    /// A review goes through other deals.
    NotInReview {
        /// Which deal.
        deal: DealNumber,
        /// The review's name.
        review: String,
    },
    /// Any rule whose words need nothing but a time.
    NotUntil {
        /// The first moment.
        at: Instant,
    },
}

impl Problem {
    /// The same problem, told with the name of its option.
    pub fn of(self, option: &'static str) -> Problem {
        Problem::Of { option, problem: Box::new(self) }
    }
}

impl Refused {
    /// Whether all that stands in the way is something that was not given yet.
    pub fn only_misses_something(&self) -> bool {
        self.problems.iter().all(|problem| matches!(problem, Problem::Missing { .. }))
    }

    /// A refusal for one reason.
    pub fn one(problem: Problem) -> Refused {
        Refused { problems: vec![problem] }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused::one(problem)
    }
}

/// Collects problems, so that a person is told all of them at once.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    /// Keeps the value, or the problem.
    pub fn take<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.found.push(problem)).ok()
    }

    /// Keeps a problem.
    pub fn add(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Refuses if anything was found.
    pub fn finish(self) -> Result<(), Refused> {
        if self.found.is_empty() { Ok(()) } else { Err(Refused { problems: self.found }) }
    }
}
