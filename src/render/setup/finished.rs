//! Setup is finished: what each role begins with, the first review, and plan mode where it is enough.

use chrono::Weekday;

use crate::domain::overview::{FirstMeeting, Onward};
use crate::domain::size::{OPEN_DEALS, PARTNERS};
use crate::domain::workspace::{Mode, Settings};
use crate::render::control::{Button, CustomId, Entry, Select};
use crate::render::doctor::{channel_trouble, silent_lead};
use crate::render::embed::{Embed, Lines};
use crate::render::message::Message;
use crate::render::review::{rhythm, weekday};
use crate::render::text::brief;
use crate::render::voice::{Voice, channel, long_moment, role};

use super::mode;

/// Working days: a review on another one is the business of `/review schedule`.
const DAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
/// Hours at which meetings begin.
const HOURS: std::ops::RangeInclusive<u32> = 7..=18;

/// What the controls send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnwardIds {
    /// Another day for the first review; picks a value of [`Weekday`].
    pub day: CustomId,
    /// Another hour; picks a number.
    pub hour: CustomId,
    /// Schedules it.
    pub first: CustomId,
    /// Changes to plan mode.
    pub plan: CustomId,
    /// Changes to program mode.
    pub program: CustomId,
    /// Goes back to the steps.
    pub steps: [CustomId; 3],
}

/// Setup is finished: what comes next, for everybody.
pub fn finished(voice: &Voice, onward: &Onward, proposed: FirstMeeting, ids: OnwardIds) -> Message {
    let settings = &onward.settings;
    let opening = format!(
        "**Setup is finished**: {} in {}, {}.",
        settings.currency(),
        settings.zone().name(),
        mode(settings.mode)
    );
    let mut embed = Embed::titled("What each role does next").text(next(voice, settings).join("\n"));
    embed = embed.field("First review", Lines::text(review(voice, onward, proposed)));
    embed = mode_words(onward).into_iter().fold(embed, |embed, (name, words)| embed.field(name, Lines::text(words)));
    let mut troubles: Vec<String> = onward.channels.iter().map(channel_trouble).collect();
    troubles.extend(onward.silent_lead.map(silent_lead));
    if !troubles.is_empty() {
        embed = embed.field("To put right", Lines::text(troubles.join("\n")));
    }
    let mut draft = Message::silent().text(opening).embed(embed);
    let mut buttons = Vec::new();
    if onward.review.is_none() {
        draft = draft.select(days(ids.day, proposed)).select(hours(ids.hour, proposed));
        let label = format!("Schedule it: {}s at {:02}:00", weekday(proposed.weekday), proposed.hour);
        buttons.push(Button::primary(ids.first, label));
    }
    buttons.extend(match settings.mode {
        Mode::Program if onward.size.is_above_plan() => None,
        Mode::Program => Some(Button::secondary(ids.plan, "Plan mode")),
        Mode::Plan => Some(Button::secondary(ids.program, "Program mode")),
    });
    let steps = ids.steps.into_iter().zip(["Time and money", "Channels", "Roles"]);
    buttons.extend(steps.map(|(id, label)| Button::secondary(id, label)));
    draft.buttons(buttons).build()
}

/// What each role begins with.
fn next(voice: &Voice, settings: &Settings) -> Vec<String> {
    let lead = match settings.mode {
        Mode::Program => format!(
            "{} for each partner, then {} and {} for the number.",
            voice.command("partner add"),
            voice.command("program owner"),
            voice.command("program target")
        ),
        Mode::Plan => format!(
            "{} for each partner, then {}: what both sides want and owe.",
            voice.command("partner add"),
            voice.command("partner plan")
        ),
    };
    let nudges = settings.nudge_channel.map(|nudges| format!(" in {}", channel(nudges))).unwrap_or_default();
    let finance = match settings.finance_role {
        Some(finance) => {
            format!("**Finance** ({}): {} proves what came of it.", role(finance), voice.command("program report"))
        }
        None => format!("**Finance**: left open, so leads read {}.", voice.command("program report")),
    };
    vec![
        format!("**Lead** ({}): {lead}", voice.lead_role()),
        format!(
            "**Rep** ({}): {} records a joint deal; {} goes through one's own.",
            voice.reps(),
            voice.command("deal new"),
            voice.command("my work")
        ),
        format!(
            "**Owner** of a deal: {} after each talk. A deal that stalls is named{nudges} at {:02}:00.",
            voice.command("deal update"),
            settings.digest_hour
        ),
        finance,
        format!(
            "**Admin**: {} names the days off; {} says at any time what is wrong.",
            voice.command("cosell holidays"),
            voice.command("cosell doctor")
        ),
        format!("**Anyone**: {} has a page for each role.", voice.command("help")),
    ]
}

fn review(voice: &Voice, onward: &Onward, proposed: FirstMeeting) -> String {
    let schedule = voice.command("review schedule");
    let Some(card) = &onward.review else {
        let place = onward.settings.pipeline_channel.map(|to| format!(" in {}", channel(to))).unwrap_or_default();
        return format!(
            "Proposed: every {} at {:02}:00 ({}){place}, with the agenda an hour before. Choose another day or hour below; {schedule} takes any other rhythm.",
            weekday(proposed.weekday),
            proposed.hour,
            voice.zone().name().replace('_', " ")
        );
    };
    let next = card.next.first().map(|at| format!(", next {}", long_moment(*at))).unwrap_or_default();
    let (name, meets) = (brief(&card.review.name, 60), rhythm(&card.review.rhythm));
    format!("✓ **{name}**: {meets} in {}{next}. {schedule} changes it.", channel(card.review.channel))
}

/// What is said of the mode, where another one fits.
fn mode_words(onward: &Onward) -> Option<(&'static str, String)> {
    match onward.settings.mode {
        Mode::Plan => Some((
            "Plan mode",
            "A plan for each partner; the number, health and champions are hidden. **Program mode** shows them."
                .to_owned(),
        )),
        Mode::Program if onward.size.is_above_plan() => None,
        Mode::Program => Some((
            "Small team?",
            format!(
                "For {PARTNERS} partners and {OPEN_DEALS} open deals at most, **Plan mode** is enough: a plan for each partner, and no number to keep. It can be changed back at any time."
            ),
        )),
    }
}

fn days(id: CustomId, proposed: FirstMeeting) -> Select {
    let entry = |day: Weekday| {
        let entry = Entry::new(day.to_string(), weekday(day));
        if day == proposed.weekday { entry.chosen() } else { entry }
    };
    Select::of(id, "Day of the first review", DAYS.map(entry), |n| format!("({n} more)"))
}

fn hours(id: CustomId, proposed: FirstMeeting) -> Select {
    let entry = |hour: u32| {
        let entry = Entry::new(hour.to_string(), format!("{hour:02}:00"));
        if hour == proposed.hour { entry.chosen() } else { entry }
    };
    Select::of(id, "Hour of the first review", HOURS.map(entry), |n| format!("({n} more)"))
}
