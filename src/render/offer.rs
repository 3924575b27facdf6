//! What buttons offer, in one set of words for all messages. Callers choose which and with which id.

use super::control::{Button, CustomId};

/// Something to do by one press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Opens the form of a deal.
    Update,
    /// Asks for the next step, which says that the last one is done.
    Done,
    /// Asks for a next step and its date.
    NextStep,
    /// Asks for the stage.
    Stage,
    /// Closes as won.
    Won,
    /// Asks for the reason and closes as lost.
    Lost,
    /// Asks who has the next move.
    Wait,
    /// Asks until when.
    Snooze,
    /// Asks for another owner.
    HandOver,
    /// Settles sourced or influenced.
    Attribute,
    /// Shows what happened.
    History,
    /// Shows the card.
    Show,
    /// Shows the deals behind a figure.
    ShowDeals,
    /// Shows the reader's own.
    ShowMine,
    /// Takes a change back.
    Undo,
    /// Opens a form again with what was typed.
    Retry,
    /// Shows the card as it stands now.
    Refresh,
    /// Goes to the one before.
    Previous,
    /// Goes to the next one.
    Next,
    /// Says yes to a deal that was handed over.
    Accept,
    /// Says no to it.
    Decline,
    /// Goes on with a deal although others look alike.
    CreateAnyway,
    /// Confirms a claim.
    ConfirmClaim,
    /// Sends a claim back to its claimer.
    QuestionClaim,
    /// Goes through the claims that wait.
    Claims,
    /// Goes through one's own deals.
    OwnDeals,
    /// Claims as influenced what can't be sourced.
    AsInfluenced,
    /// Says yes to what was asked.
    Confirm,
    /// Leaves things as they are.
    Cancel,
    /// Says that setup is complete.
    Finish,
    /// Looks again whether what was missing is there.
    CheckAgain,
    /// Ends an absence.
    Back,
    /// Opens the form of a partner's plan.
    EditPlan,
    /// Gives what can be sent to a partner.
    PartnerPage,
    /// Shows a partner's plan.
    ShowPlan,
    /// Opens the checklist of the stage's exit criteria.
    Criteria,
    /// Asks a lead to pass what is unmet.
    AskPass,
    /// Takes that question back.
    WithdrawPass,
    /// Asks a lead's reason to pass what is unmet.
    Pass,
    /// Shows what changes for a deal on the current motion.
    Newer,
    /// Moves a deal to it.
    RunNewer,
    /// Takes what the motion proposes as the next step.
    Propose,
    /// Puts a draft away.
    Discard,
    /// Asks for other words.
    Reword,
    /// Gives a criterion to the other side.
    SwapSide,
    /// Takes something out.
    Remove,
    /// Shows what a leaver leaves behind.
    PlanHandover,
    /// Moves it.
    StartHandover,
    /// Goes through what waits for the reader's answer.
    Briefs,
    /// Says yes to all of it.
    AcceptAll,
    /// Gives it to the recipients who did not answer.
    AssignAnyway,
    /// Asks who else gets what is on its way.
    FindRecipient,
    /// Takes a handover back.
    UndoHandover,
    /// Shows what deals pay, for leads and finance.
    CheckComp,
    /// Forgets a person, or everything.
    Forget,
    /// Makes an archived partner active again.
    BringBack,
    /// Shows a partner's contacts.
    Contacts,
    /// Shows who carries the pipeline, for leads and finance.
    Champions,
    /// Starts a review.
    StartReview,
    /// Ends it and has its minutes posted.
    CloseReview,
    /// Notes what was decided.
    Decide,
    /// Gives somebody something to do.
    Act,
    /// An action is done.
    ActionDone,
    /// An action isn't done any more.
    DropAction,
    /// The minutes as a file.
    Minutes,
    /// Shows the open actions.
    Actions,
}

/// Offers with the ids that come back.
pub type Offers = Vec<(Offer, CustomId)>;

impl Offer {
    /// The button.
    pub fn button(self, id: CustomId) -> Button {
        let label = self.label();
        match self {
            Offer::Update
            | Offer::Done
            | Offer::ShowMine
            | Offer::Retry
            | Offer::Next
            | Offer::Propose
            | Offer::PlanHandover
            | Offer::StartHandover
            | Offer::BringBack
            | Offer::FindRecipient
            | Offer::Briefs => Button::primary(id, label),
            Offer::StartReview
            | Offer::ActionDone
            | Offer::Won
            | Offer::ConfirmClaim
            | Offer::Accept
            | Offer::Finish
            | Offer::AcceptAll => Button::success(id, label),
            Offer::CloseReview | Offer::Lost | Offer::Decline | Offer::Remove | Offer::Discard | Offer::Forget => {
                Button::danger(id, label)
            }
            _ => Button::secondary(id, label),
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Offer::Update => "Update",
            Offer::Done => "Done → next step",
            Offer::NextStep => "Next step",
            Offer::Stage => "Stage",
            Offer::Won => "Won",
            Offer::Lost => "Lost",
            Offer::Wait => "Waiting on…",
            Offer::Snooze => "Snooze",
            Offer::HandOver => "Hand over",
            Offer::Attribute => "Sourced or influenced",
            Offer::History => "History",
            Offer::Show => "Show deal",
            Offer::ShowDeals => "Show deals",
            Offer::ShowMine => "Show mine",
            Offer::Undo => "Undo",
            Offer::Retry => "Try again",
            Offer::Refresh => "Show as it is now",
            Offer::Previous => "◀",
            Offer::Next => "▶",
            Offer::Accept => "Accept",
            Offer::Decline => "Decline",
            Offer::CreateAnyway => "It's another deal",
            Offer::ConfirmClaim => "Confirm",
            Offer::QuestionClaim => "Question",
            Offer::Claims => "Claims to confirm",
            Offer::OwnDeals => "Your deals",
            Offer::AsInfluenced => "Claim as influenced",
            Offer::Confirm => "Yes",
            Offer::Cancel => "No",
            Offer::Finish => "Finish setup",
            Offer::CheckAgain => "Check again",
            Offer::Back => "I'm back",
            Offer::EditPlan => "Edit plan",
            Offer::PartnerPage => "Page for the partner",
            Offer::ShowPlan => "Show plan",
            Offer::Criteria => "Criteria",
            Offer::AskPass => "Ask a lead to pass",
            Offer::WithdrawPass => "Don't ask a lead any more",
            Offer::Pass => "Pass with a reason",
            Offer::Newer => "Newer motion",
            Offer::RunNewer => "Move it",
            Offer::Propose => "Set the proposed next step",
            Offer::Discard => "Discard the draft",
            Offer::Reword => "Change the words",
            Offer::SwapSide => "Give it to the other side",
            Offer::Remove => "Take it out",
            Offer::PlanHandover => "Plan the handover",
            Offer::StartHandover => "Start the handover",
            Offer::Briefs => "One by one",
            Offer::AcceptAll => "Accept all",
            Offer::AssignAnyway => "Assign without acceptance",
            Offer::FindRecipient => "Find somebody else",
            Offer::UndoHandover => "Take it back",
            Offer::CheckComp => "Check comp",
            Offer::Forget => "Forget",
            Offer::BringBack => "Bring it back",
            Offer::Contacts => "Contacts",
            Offer::Champions => "Who carries it",
            Offer::StartReview => "Start the review",
            Offer::CloseReview => "Close the review",
            Offer::Decide => "Decide",
            Offer::Act => "Action",
            Offer::ActionDone => "Done",
            Offer::DropAction => "Drop…",
            Offer::Minutes => "Minutes as Markdown",
            Offer::Actions => "Open actions",
        }
    }
}

/// The buttons of offers, in their order.
pub(super) fn buttons(offers: Offers) -> impl Iterator<Item = Button> {
    offers.into_iter().map(|(offer, id)| offer.button(id))
}

/// A page of something longer, and how to turn it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Which page, from 0.
    pub index: usize,
    /// Of how many.
    pub of: usize,
    /// What shows the page before; none on the first.
    pub previous: Option<CustomId>,
    /// What shows the next page; none on the last.
    pub next: Option<CustomId>,
}

impl Page {
    /// All there is.
    pub fn only() -> Page {
        Page { index: 0, of: 1, previous: None, next: None }
    }

    /// `Page 2 of 4`; nothing when there is one.
    pub(super) fn words(&self) -> Option<String> {
        (self.of > 1).then(|| format!("Page {} of {}", self.index + 1, self.of))
    }

    /// ◀ ▶, as far as there is something to turn to.
    pub(super) fn buttons(self) -> Vec<Button> {
        let previous = self.previous.map(|id| Offer::Previous.button(id));
        let next = self.next.map(|id| Offer::Next.button(id));
        previous.into_iter().chain(next).collect()
    }
}
