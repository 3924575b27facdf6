//! The demo: a short story of a co-sell program, played by people against whatever bot is connected. It knows what
//! people would expect to see, and ends in failure when any of it does not happen.

use std::io::Write;

use chrono::{DateTime, Utc};

use super::transcript::Transcript;
use super::{Reply, Sandbox, Shown};

mod review;

/// What an admin picks in setup: the menu's hint, and the channel or role.
pub const SETUP: [(&str, &str); 6] = [
    ("Team lines", "#pipeline"),
    ("Reminders", "#nudges"),
    ("Alerts", "#ops"),
    ("Reps", "@Reps"),
    ("Leads", "@Leads"),
    ("Finance", "@Finance"),
];

/// Deals as a CRM exports them; one of an owner whom the bot doesn't know.
const CRM_FILE: &str = "Record ID,Associated Company,Partner,Deal owner,Deal Stage,Amount,Close Date,Create Date\n\
    8801,Wayne,Initech,Ana (ana@acme.example),Qualified to Buy,60000,2026-12-11 17:00,2026-10-05 09:12\n\
    8802,Stark,Hooli,Zoe Park (zoe@acme.example),Contract Sent,\"150,000\",2026-12-18 17:00,2026-09-14 11:40\n\
    8803,Cyberdyne,Hooli,Rita (rita@acme.example),Appointment Scheduled,,,2026-11-12 15:03\n";

/// The story was not played to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unplayed {
    /// Something that should have been seen was not.
    #[error("{after}: expected to read “{expected}”, but read:\n{read}")]
    Missing {
        /// What was done.
        after: String,
        /// What should have been seen.
        expected: String,
        /// What was seen.
        read: String,
    },
    /// The bot asked Discord for something that doesn't exist.
    #[error("the bot asked for what Discord doesn't have: {0:?}")]
    Unexpected(Vec<String>),
    /// The transcript could not be written.
    #[error("the transcript could not be written: {0}")]
    Written(#[from] std::io::Error),
}

struct Story<W: Write> {
    sandbox: Sandbox,
    transcript: Transcript<W>,
}

/// Plays the story and writes its transcript.
///
/// # Errors
/// When anything in the story does not happen.
pub async fn play(sandbox: &Sandbox, out: impl Write) -> Result<(), Unplayed> {
    let mut story = Story { sandbox: sandbox.clone(), transcript: Transcript::new(sandbox.clone(), out) };
    story.set_up().await?;
    story.record_deals().await?;
    story.let_a_deal_stall().await?;
    story.hold_the_review().await?;
    story.let_a_rep_leave().await?;
    story.prove_it().await?;
    story.bring_deals_in().await?;
    let unexpected = sandbox.unexpected();
    if unexpected.is_empty() { Ok(()) } else { Err(Unplayed::Unexpected(unexpected)) }
}

impl<W: Write> Story<W> {
    async fn set_up(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("An admin sets the bot up")?;
        self.transcript.clock()?;
        let mut setup =
            self.types("ada", "/cosell setup timezone:Europe/London currency:USD", &["Europe/London"]).await?;
        for (menu, choice) in SETUP {
            setup = self.picks("ada", &setup, menu, choice).await?;
        }
        self.presses("ada", &setup, "Finish", &["Setup is finished"]).await?;
        self.types("lena", "/partner add name:Initech kind:technology manager:@lena", &["Initech"]).await?;
        self.types("lena", "/partner add name:Hooli kind:services manager:@lena", &["Hooli"]).await?;
        let schedule =
            "/review schedule name:Pipeline review channel:#reviews every:Every 2 weeks weekday:Tuesday time:09:30";
        self.types("lena", schedule, &["Pipeline review"]).await?;
        Ok(())
    }

    async fn record_deals(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("Reps record joint deals")?;
        let globex = "/deal new account:Globex partner:Initech source:sourced evidence:Maria at Initech introduced us on:30 \
                      Oct amount:120k close:15 Dec next_step:Discovery call due:+3d";
        self.types("rita", globex, &["D-1", "Globex", "$120,000", "Sourced"]).await?;
        let umbrella = "/deal new account:Umbrella partner:Hooli source:influenced evidence:Hooli ran the workshop on:28 \
                        Oct amount:80k close:end of quarter next_step:Send the joint proposal due:in 2 weeks";
        self.types("ben", umbrella, &["D-2", "Umbrella", "Influenced"]).await?;
        self.types("ana", "/deal new account:Acme partner:Initech source:undecided amount:45k close:20 Nov", &["D-3"])
            .await?;
        self.types(
            "lena",
            "/deal stage deal:D-2 stage:Qualified reason:The workshop answered all of it",
            &["Qualified"],
        )
        .await?;
        self.asks("rita", "/deal view deal:globx", "Globex").await?;
        self.types("rita", "/deal update deal:D-1 note:The customer wants a security review first", &["D-1"]).await?;
        self.passes_to("2026-11-02T11:00:00Z").await?;
        self.stands_in("#pipeline", &["D-1 Globex", "D-2 Umbrella"])
    }

    async fn let_a_deal_stall(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("Days pass, and a deal stalls")?;
        self.passes_to("2026-11-09T09:05:00Z").await?;
        self.stands_in("#nudges", &["@rita", "D-1 Globex", "overdue"])?;
        self.is_pinged("#nudges", "rita")?;
        let nudge = self.last("#nudges")?;
        let mine = self.presses("rita", &nudge, "Show mine", &["D-1"]).await?;
        self.fills(
            "rita",
            &mine,
            "Done",
            &[("Next step", "Security review with their CISO"), ("Due", "+10d")],
            &["Security review"],
        )
        .await?;
        self.types("lena", "/deal stage deal:D-1 stage:Qualified reason:Their CISO is the contact", &["Qualified"])
            .await?;
        Ok(())
    }

    async fn prove_it(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("Finance asks what the program brought")?;
        self.types("lena", "/program cost period:this quarter amount:10k note:Workshops", &["Saved."]).await?;
        self.types("lena", "/program baseline win_rate:24 cycle_days:90", &["Saved."]).await?;
        let report =
            self.types("finn", "/program report", &["Sourced revenue", "$130,000 in 1 deal", "24 % solo"]).await?;
        if report.attachments.is_empty() {
            return Err(missing("the report", "a picture for a slide", report.text()));
        }
        Ok(())
    }

    async fn bring_deals_in(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("Another team brings its deals along from the CRM")?;
        self.sandbox.put_at_hand("crm.csv", CRM_FILE.as_bytes());
        self.types("ada", "/cosell import file:@crm.csv", &["nothing is imported yet", "2 deals new", "Zoe Park"])
            .await?;
        let mapped = "/cosell import file:@crm.csv owners:Zoe Park = @rita";
        let run = self.types("ada", mapped, &["nothing is imported yet", "3 deals new"]).await?;
        self.presses("ada", &run, "Yes", &["Saved: imported 3 new deals", "D-4 to D-6"]).await?;
        self.types("rita", "/deal view deal:Stark", &["D-5 Stark", "$150,000", "@rita", "8802"]).await?;
        Ok(())
    }

    async fn let_a_rep_leave(&mut self) -> Result<(), Unplayed> {
        self.transcript.heading("A rep leaves, and the pipeline doesn't")?;
        self.types("lena", "/program health", &["Not enough data yet", "If @ben left: 64 % of the open pipeline"])
            .await?;
        let carried = self.types("lena", "/program champions", &["Who carries it", "@ben"]).await?;
        self.opens("lena", &carried, "Plan the handover", "ben", &["If @ben leaves", "D-2 Umbrella"]).await?;
        let start = "/handover start from:@ben to:@rita note:Ben moves to another team on Friday";
        self.types("lena", start, &["Started", "D-2 Umbrella"]).await?;
        self.passes_to("2026-11-17T10:05:00Z").await?;
        self.stands_in("#nudges", &["@rita", "take over from @ben", "D-2 Umbrella"])?;
        self.is_pinged("#nudges", "rita")?;
        let brief = self.last("#nudges")?;
        self.presses("rita", &brief, "Accept D-2", &["D-2 is yours"]).await?;
        self.types("rita", "/deal view deal:D-2", &["Umbrella", "@rita"]).await?;
        Ok(())
    }

    /// Somebody types a command and is answered with a message that holds all of `expected`.
    async fn types(&mut self, who: &str, text: &str, expected: &[&str]) -> Result<Shown, Unplayed> {
        self.transcript.typed(who, text)?;
        let reply = self.sandbox.person(who).slash(text).await;
        self.takes(reply, text, expected)
    }

    async fn presses(&mut self, who: &str, shown: &Shown, label: &str, expected: &[&str]) -> Result<Shown, Unplayed> {
        self.transcript.typed(who, &format!("presses [{label}]"))?;
        let reply = self.sandbox.person(who).press(shown, label).await;
        self.takes(reply, label, expected)
    }

    async fn picks(&mut self, who: &str, shown: &Shown, menu: &str, choice: &str) -> Result<Shown, Unplayed> {
        self.transcript.typed(who, &format!("picks {choice} for {menu}"))?;
        let reply = self.sandbox.person(who).pick(shown, menu, &[choice]).await;
        match reply {
            // The same message with one more line: told once, at the end.
            Reply::Message(shown) => Ok(shown),
            other => Err(missing(menu, "the setup", other.text())),
        }
    }

    async fn opens(
        &mut self,
        who: &str,
        shown: &Shown,
        menu: &str,
        choice: &str,
        expected: &[&str],
    ) -> Result<Shown, Unplayed> {
        self.transcript.typed(who, &format!("picks “{choice}” of {menu}"))?;
        let reply = self.sandbox.person(who).pick(shown, menu, &[choice]).await;
        self.takes(reply, menu, expected)
    }

    /// Somebody presses a button that opens a form, fills it, and is answered with a message.
    async fn fills(
        &mut self,
        who: &str,
        shown: &Shown,
        label: &str,
        texts: &[(&str, &str)],
        expected: &[&str],
    ) -> Result<Shown, Unplayed> {
        self.transcript.typed(who, &format!("presses [{label}]"))?;
        let form = match self.sandbox.person(who).press(shown, label).await {
            Reply::Form(form) => form,
            other => return Err(missing(label, "a form", other.text())),
        };
        let filled: Vec<String> = texts.iter().map(|(field, text)| format!("{field}: {text}")).collect();
        self.transcript.typed(who, &format!("fills “{}” with {}", form.title, filled.join("; ")))?;
        let reply = self.sandbox.person(who).submit(&form, texts).await;
        self.takes(reply, &form.title, expected)
    }

    async fn asks(&mut self, who: &str, text: &str, expected: &str) -> Result<(), Unplayed> {
        self.transcript.typed(who, &format!("{text} … (autocomplete)"))?;
        let choices = self.sandbox.person(who).autocomplete(text).await;
        self.transcript.choices(&choices)?;
        let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        if names.iter().any(|name| name.contains(expected)) {
            Ok(())
        } else {
            Err(missing(text, expected, names.join("\n")))
        }
    }

    fn takes(&mut self, reply: Reply, after: &str, expected: &[&str]) -> Result<Shown, Unplayed> {
        self.transcript.reply(&reply)?;
        let Reply::Message(shown) = reply else { return Err(missing(after, "an answer", reply.text())) };
        holds(after, &shown.text(), expected)?;
        Ok(shown)
    }

    /// Lets time pass and tells what the bot said meanwhile.
    async fn passes_to(&mut self, at: &str) -> Result<(), Unplayed> {
        let at: DateTime<Utc> = at.parse().expect("an instant written in this file");
        self.sandbox.advance_to(at).await;
        self.transcript.clock()?;
        self.transcript.news()?;
        Ok(())
    }

    /// What stands in a channel holds all of `expected`.
    fn stands_in(&self, channel: &str, expected: &[&str]) -> Result<(), Unplayed> {
        let read: Vec<String> = self.sandbox.channel(channel).iter().map(Shown::text).collect();
        holds(channel, &read.join("\n"), expected)
    }

    fn is_pinged(&self, channel: &str, who: &str) -> Result<(), Unplayed> {
        let pinged: Vec<String> = self.sandbox.channel(channel).iter().flat_map(|shown| shown.pinged.clone()).collect();
        if pinged.iter().any(|name| name == who) { Ok(()) } else { Err(missing(channel, who, pinged.join(", "))) }
    }

    fn last(&self, channel: &str) -> Result<Shown, Unplayed> {
        self.sandbox.channel(channel).pop().ok_or_else(|| missing(channel, "a message", String::new()))
    }
}

fn holds(after: &str, read: &str, expected: &[&str]) -> Result<(), Unplayed> {
    let lower = read.to_lowercase();
    match expected.iter().find(|wanted| !lower.contains(&wanted.to_lowercase())) {
        Some(wanted) => Err(missing(after, wanted, read.to_owned())),
        None => Ok(()),
    }
}

fn missing(after: &str, expected: &str, read: String) -> Unplayed {
    Unplayed::Missing { after: after.to_owned(), expected: expected.to_owned(), read }
}
