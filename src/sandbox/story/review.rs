//! The chapter in which the team runs its review from the agenda's post.

use std::io::Write;

use chrono::TimeDelta;

use super::{Reply, Shown, Story, Unplayed, missing};

impl<W: Write> Story<W> {
    pub(super) async fn hold_the_review(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("The agenda of the review, every two weeks")?;
        self.passes_to("2026-11-17T08:31:00Z").await?;
        self.stands_in("#reviews", &["Pipeline review", "D-1", "D-3"])?;
        let agenda = self.last("#reviews")?;
        if agenda.attachments.is_empty() {
            return Err(missing("the agenda", "a picture of the pipeline", agenda.text()));
        }
        self.opens("lena", &agenda, "Show deals", "Stalled", &["D-2", "D-3"]).await?;
        self.transcript.heading("The meeting, run from its post")?;
        self.passes_to("2026-11-17T09:30:00Z").await?;
        let first = self.presses("lena", &agenda, "Start the review", &["card 1 of", "Why it is here"]).await?;
        let decision = [("What was decided", "Offer the pilot at half price until March")];
        self.fills("ben", &first, "Decide", &decision, &["Saved. Decision of Pipeline review"]).await?;
        self.gives("lena", "@rita", &[("What is to be done", "Send the price list"), ("By when", "friday")]).await?;
        self.types("lena", "/deal won deal:D-1 amount:130k reason:Signed at their fair", &["Won", "$130,000"]).await?;
        let post = self.post().await?;
        self.presses("ben", &post, "▶", &["card 2 of"]).await?;
        self.passes_to("2026-11-17T09:55:00Z").await?;
        self.stands_in("#pipeline", &["won", "Initech"])?;
        let post = self.post().await?;
        self.presses("lena", &post, "Close the review", &["in 25 minutes", "1 decision, 1 action, 1 deal moved"])
            .await?;
        self.passes_to("2026-11-17T09:56:00Z").await?;
        let minutes = ["Offer the pilot", "Send the price list", "Qualified → Launched", "Took part: @lena, @ben"];
        self.stands_in("Minutes: Pipeline review", &minutes)?;
        self.stands_in("#reviews", &["Minutes: https://"])
    }

    /// The post as it stands once the bot has told there what was done meanwhile.
    async fn post(&mut self) -> Result<Shown, Unplayed> {
        self.sandbox.advance_to(self.sandbox.now() + TimeDelta::seconds(1)).await;
        self.last("#reviews")
    }

    /// Somebody gives another one an action, from the card that stands on the post.
    async fn gives(&mut self, who: &str, to: &str, texts: &[(&str, &str)]) -> Result<Shown, Unplayed> {
        let post = self.post().await?;
        let asked = self.presses(who, &post, "Action", &["Who does it?"]).await?;
        self.transcript.typed(who, &format!("picks {to}"))?;
        let form = match self.sandbox.person(who).pick(&asked, "Pick a person", &[to]).await {
            Reply::Form(form) => form,
            other => return Err(missing("Action", "a form", other.text())),
        };
        let filled: Vec<String> = texts.iter().map(|(field, text)| format!("{field}: {text}")).collect();
        self.transcript.typed(who, &format!("fills “{}” with {}", form.title, filled.join("; ")))?;
        let reply = self.sandbox.person(who).submit(&form, texts).await;
        self.takes(reply, &form.title, &["Saved. Action of Pipeline review"])
    }
}
