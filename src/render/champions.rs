//! Who carries the program, as a picture and person by person, and what each departure would leave. For leads and finance.

use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::handover::at_risk;
use super::message::{Message, Picture};
use super::number::times;
use super::picture::{self, Carrier, Carriers};
use super::text::{brief, plain};
use super::voice::{Voice, count, day};
use crate::domain::card::Named;
use crate::domain::champion::{Champion, Champions, ChampionsCard};
use crate::domain::health::{Part, TWO_REPS_AT_MOST};

/// The name of the picture's file.
const PICTURE: &str = "champions.png";
/// Partners that are named beside a person on the picture, and in words.
const ON_PICTURE: usize = 2;
const IN_WORDS: usize = 5;

/// Who carries the program; `plan` is the select's id by which a lead plans a handover.
pub fn champions(
    voice: &Voice,
    card: &ChampionsCard,
    picture: Option<picture::Picture>,
    plan: Option<CustomId>,
) -> Message {
    let lines: Vec<String> = card.rows().map(|(who, champion)| person(voice, card, who, champion)).collect();
    let tone = if is_dependent(&card.champions) { Tone::Attention } else { Tone::Plain };
    let mut embed = Embed::titled(title(card)).tone(tone).footer(footer(card));
    embed = match lines.is_empty() {
        true => embed.text(format!("Nobody carries anything yet. Record a deal with {}.", voice.command("deal new"))),
        false => embed
            .field("Together", Lines::text(together(voice, card)))
            .lines(Lines::of(lines, |n| format!("… and {n} more: choose below"))),
    };
    let mut draft = Message::silent().embed(embed);
    if let Some(picture) = picture {
        draft = draft.picture(Picture { filename: PICTURE.to_owned(), bytes: picture.png, alt: picture.alt });
    }
    if let Some(plan) = plan {
        draft = draft.select(leavers(plan, card));
    }
    draft.build()
}

fn title(card: &ChampionsCard) -> String {
    format!("Who carries it · {}", card.period)
}

fn footer(card: &ChampionsCard) -> String {
    let (from, to) = (day(card.window.start), day(card.window.end));
    format!(
        "Open is as of now, of all classes · won is sourced, from {from} to {to} · won credit stays when they leave"
    )
}

fn is_dependent(champions: &Champions) -> bool {
    champions.spread.is_some_and(|spread| !spread.first_two().is_at_most(TWO_REPS_AT_MOST))
}

/// `$1.4m open in 12 deals; $700k won in 5 deals. Two people carry 82 % of what is open (at most 70 %). Coverage 0.84×`.
fn together(voice: &Voice, card: &ChampionsCard) -> String {
    let Champions { open, won, number, .. } = &card.champions;
    let mut said = vec![format!(
        "{} open in {}; {} won, sourced, in {}.",
        voice.short_money(open.amount),
        count(open.deals, "deal"),
        voice.short_money(won.amount),
        count(won.deals, "deal")
    )];
    let several = card.champions.spread.is_some_and(|spread| spread.over > 1);
    let most = if several { format!(" (at most {TWO_REPS_AT_MOST} %)") } else { String::new() };
    said.extend(carried(&card.champions).map(|carried| format!("{carried}{most}.")));
    if card.period.end >= voice.today() {
        said.push(match (number.coverage(), number.left()) {
            (Some(coverage), _) => format!("Coverage of {}: {}.", card.period, times(coverage)),
            (None, Some(_)) => format!("The target of {} is reached.", card.period),
            (None, None) => {
                format!("No target for {} yet, so no coverage: {}.", card.period, voice.command("program target"))
            }
        });
    }
    said.join(" ")
}

/// `Two people carry 82 % of the open pipeline`.
fn carried(champions: &Champions) -> Option<String> {
    let spread = champions.spread?;
    Some(match spread.over {
        1 => "One person carries all of the open pipeline".to_owned(),
        _ => format!("Two people carry {} % of the open pipeline", spread.first_two().percent()),
    })
}

/// What somebody carries, and under it what goes if they leave.
fn person(voice: &Voice, card: &ChampionsCard, who: &Named, champion: &Champion) -> String {
    let partners = partners(card, champion, IN_WORDS, |name| brief(name, 40));
    let partners = if partners.is_empty() { String::new() } else { format!(" · {partners}") };
    let won = match champion.won.deals {
        0 if champion.won.amount == 0 => "won nothing sourced".to_owned(),
        deals => format!("won {} in {}", voice.short_money(champion.won.amount), count(deals, "deal")),
    };
    let leaves = if who.gone { "At risk" } else { "If they left" };
    let sole: Vec<&str> = champion.departure.sole_contacts.iter().map(|partner| card.partner(*partner)).collect();
    let coverage = coverage(voice, card, champion);
    let risk = at_risk(voice, &champion.departure, &sole);
    format!("**{}** · {won}{partners}\n{leaves}: {risk}{coverage}", deal::person(who))
}

/// `; coverage 0.84× → 0.52×`, of a quarter that is not over.
fn coverage(voice: &Voice, card: &ChampionsCard, champion: &Champion) -> String {
    let tells = card.period.end >= voice.today() && !champion.departure.deals.is_empty();
    let now = card.champions.number.coverage().filter(|_| tells);
    let both = now.zip(champion.coverage);
    both.map(|(now, left)| format!("; coverage {} → {}", times(now), times(left))).unwrap_or_default()
}

/// `with Initech, Hooli and 2 more`.
fn partners(card: &ChampionsCard, champion: &Champion, named: usize, word: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = champion.partners.iter().take(named).map(|(id, _)| word(card.partner(*id))).collect();
    let more = champion.partners.len() - names.len();
    match (names.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!("with {}", names.join(", ")),
        (false, more) => format!("with {} and {more} more", names.join(", ")),
    }
}

/// A select of those whose handover can be planned.
fn leavers(id: CustomId, card: &ChampionsCard) -> Select {
    let answers = card.rows().filter(|(_, champion)| !champion.departure.is_harmless());
    let entry = |(who, champion): (&Named, &Champion)| {
        let departure = &champion.departure;
        let percent = departure.percent().map(|percent| format!(", {percent} %")).unwrap_or_default();
        Entry::new(who.member.to_string(), plain(&who.name))
            .described(format!("{}{percent}", count(departure.deals.len(), "open deal")))
    };
    Select::of(id, "Plan the handover of…", answers.map(entry), |n| format!("({n} more)"))
}

/// What the picture shows. Drawing it is [`picture::draw_carriers`], work for a blocking thread.
pub fn carriers(voice: &Voice, card: &ChampionsCard) -> Carriers {
    let Champions { open, won, .. } = &card.champions;
    let of_won = |own: i64| Part { part: own, of: won.amount }.percent();
    let row = |(who, champion): (&Named, &Champion)| Carrier {
        name: plain(&who.name),
        // A picture shows text as it stands, so that nothing in it is escaped.
        partners: partners(card, champion, ON_PICTURE, plain),
        open: champion.open().percent(),
        won: of_won(champion.won.amount),
    };
    Carriers {
        title: title(card),
        verdict: carried(&card.champions),
        open_label: format!("{} open", voice.short_money(open.amount)),
        won_label: format!("{} won, sourced", voice.short_money(won.amount)),
        rows: card.rows().map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
