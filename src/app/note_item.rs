//! Notes what a review decided, who does what by when, and what is to be talked about next time.

use super::change::Change;
use super::draft::Draft;
use super::meeting::Occasion;
use super::on_deal::{Meant, no_deal};
use super::reading::all_read;
use super::{Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::deal::Deal;
use crate::domain::id::{DealNumber, InteractionId, ReviewId};
use crate::domain::item::{Item, TEXT, What};
use crate::domain::meeting::Meeting;
use crate::domain::outgoing::Posted;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// Puts a topic on the next agenda of a review.
#[derive(Debug, Clone)]
pub struct AddTopic {
    /// Of which.
    pub review: ReviewId,
    /// What about, as typed.
    pub text: String,
    /// The deal that it is about.
    pub deal: Option<Meant>,
}

impl UseCase for AddTopic {
    type Outcome = Item;

    async fn run(self, change: &mut Change<'_>) -> Result<Item, Failure> {
        change.allow(Needed::Any)?;
        let review = change.workspace.find_review(self.review).await?.filter(|r| !r.cancelled).ok_or(Problem::Stale)?;
        let mut problems = Problems::default();
        let text = problems.take(change.read_item_text(&self.text));
        let deal = problems.take(change.find_about(&self.deal).await?);
        let (text, deal) = all_read(problems, text.zip(deal))?;
        if let Some(deal) = deal.as_ref().filter(|deal| !review.is_about(deal)) {
            return Err(Problem::NotInReview { deal: deal.number, review: review.name }.into());
        }
        change.note((review.id, None), What::Topic, text, deal.map(|deal| deal.number)).await
    }
}

/// Puts a message that was kept as a draft on the next agenda of a review, once.
#[derive(Debug, Clone)]
pub struct TopicOfMessage {
    /// The draft that holds it.
    pub draft: InteractionId,
    /// Of which review.
    pub review: ReviewId,
}

impl UseCase for TopicOfMessage {
    type Outcome = Item;

    async fn run(self, change: &mut Change<'_>) -> Result<Item, Failure> {
        let kept = change.workspace.find_draft(change.actor.user, self.draft, change.now).await?;
        let Some(Draft::Note { text }) = kept else { return Err(Problem::Stale.into()) };
        let item = AddTopic { review: self.review, text, deal: None }.run(change).await?;
        change.drop_draft(self.draft);
        Ok(item)
    }
}

/// Something noted in a meeting.
#[derive(Debug, Clone)]
pub struct Noted {
    /// What.
    pub item: Item,
    /// Where it is run.
    pub posted: Posted,
}

/// Notes what a meeting decided.
#[derive(Debug, Clone)]
pub struct Decide {
    /// In which; it is started if it wasn't.
    pub occasion: Occasion,
    /// What, as typed.
    pub text: String,
    /// The deal that it is about.
    pub deal: Option<Meant>,
}

impl UseCase for Decide {
    type Outcome = Noted;

    async fn run(self, change: &mut Change<'_>) -> Result<Noted, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let text = problems.take(change.read_item_text(&self.text));
        let deal = problems.take(change.find_about(&self.deal).await?);
        let (text, deal) = all_read(problems, text.zip(deal))?;
        change.note_in(&self.occasion, What::Decision, text, deal.map(|deal| deal.number)).await
    }
}

/// Notes who does what by when.
#[derive(Debug, Clone)]
pub struct Act {
    /// In which meeting; it is started if it wasn't.
    pub occasion: Occasion,
    /// What, as typed.
    pub text: String,
    /// Who; the refusal names them where they can't be given anything.
    pub assignee: Person,
    /// By when, as typed.
    pub due: String,
    /// The deal that it is about.
    pub deal: Option<Meant>,
}

impl UseCase for Act {
    type Outcome = Noted;

    async fn run(self, change: &mut Change<'_>) -> Result<Noted, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let text = problems.take(change.read_item_text(&self.text));
        let assignee = problems.take(change.admit_holder("assignee", &self.assignee).await?);
        let due = problems.take(change.read_coming_day("due", &self.due));
        let deal = problems.take(change.find_about(&self.deal).await?);
        let read = text.zip(assignee).zip(due.zip(deal));
        let ((text, assignee), (due, deal)) = all_read(problems, read)?;
        let what = What::Action { assignee: assignee.id, due, ended: None };
        change.note_in(&self.occasion, what, text, deal.map(|deal| deal.number)).await
    }
}

impl Change<'_> {
    fn read_item_text(&self, typed: &str) -> Result<String, Problem> {
        let text = self.read_text("text", Some(typed), TEXT)?;
        text.ok_or(Problem::Missing { option: "text", why: Why::Always })
    }

    /// The deal that an item is about, where one was named.
    async fn find_about(&mut self, meant: &Option<Meant>) -> Result<Result<Option<Deal>, Problem>, Failure> {
        match meant {
            None => Ok(Ok(None)),
            Some(Err(problem)) => Ok(Err(problem.clone())),
            Some(Ok(number)) => {
                let found = self.workspace.find_deal(*number).await?;
                Ok(found.map(Some).ok_or_else(|| no_deal(*number)))
            }
        }
    }

    async fn note(
        &mut self,
        (review, meeting): (ReviewId, Option<&Meeting>),
        what: What,
        text: String,
        deal: Option<DealNumber>,
    ) -> Result<Item, Failure> {
        let item = Item {
            id: self.workspace.next_item_id().await?,
            version: 0,
            review,
            meeting: meeting.map(|meeting| meeting.id),
            open: what != What::Decision,
            what,
            text,
            deal,
            by: self.actor.id,
            at: self.now,
            handed_at: None,
            withdrawn: false,
        };
        self.create(item, None)
    }

    /// What is noted after a meeting was closed stands in its minutes too.
    async fn note_in(
        &mut self,
        occasion: &Occasion,
        what: What,
        text: String,
        deal: Option<DealNumber>,
    ) -> Result<Noted, Failure> {
        let meeting = self.take_part(occasion).await?;
        let item = self.note((occasion.review.id, Some(&meeting)), what, text, deal).await?;
        self.show_on_post(meeting.id, occasion.posted);
        if !meeting.runs() {
            self.post_minutes(meeting.id, occasion.posted);
        }
        Ok(Noted { item, posted: occasion.posted })
    }
}
