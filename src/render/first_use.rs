//! The line that somebody reads the first time they use a command: what comes next, or how to take it back. Small, below
//! the answer, for them alone.

use super::message::Message;
use super::offer::Offer;
use super::voice::Commands;

/// Each command with what is said of it; commands in braces become such to click.
const LINES: &[(&str, &str)] = &[
    ("deal new", "{deal update} tells how it goes on"),
    ("deal update", "with only the deal, it opens a form. {my work} goes through all that is yours"),
    ("deal stage", "what must be true to leave a stage stands under Criteria on the card"),
    ("deal won", "a lead can open it again with {deal reopen}"),
    ("deal lost", "{deal reopen} opens it again"),
    ("deal reopen", "it needs a next step with a date again: {deal update}"),
    ("deal attribute", "the partner's manager or a lead confirms it, with {my work}"),
    ("deal register", "you are reminded before it runs out. Use it again when the partner extends it"),
    ("deal assign", "a new owner is told, and can decline. {deal view} shows who has it"),
    ("deal wait", "reminders rest until then. {deal update} tells what came of it"),
    ("deal snooze", "it puts reminders off twice at most; a next step with a date serves longer: {deal update}"),
    ("deal view", "its buttons do everything else. `share:true` shows it to the channel"),
    ("deal list", "narrow it by owner, partner, stage or state. `share:true` shows it to the channel"),
    ("deal history", "each change has who and when. {deal view} shows how it stands"),
    ("my work", "what is settled goes off the list. ▶ goes on to the next deal"),
    ("my settings", "give an option to change it, like `digest_hour:8`"),
    ("my away", "**I'm back** ends it early. {my settings} has the rest of what is yours"),
    ("partner add", "next come its people and what both sides owe: {partner contact}, {partner plan}"),
    ("partner edit", "{partner view} shows the whole"),
    ("partner archive", "its history stays; **Bring it back** on {partner view} makes it active again"),
    ("partner contact", "a known name is changed. {partner view} shows all of them"),
    ("partner view", "its deals are behind the button. {partner plan} says what both sides owe"),
    ("partner list", "{partner view} shows one with its contacts and deals"),
    ("partner plan", "**Edit plan** changes it, **Page for the partner** gives what can be sent"),
    ("review schedule", "the same name changes it. {review agenda} shows what it would go through now"),
    ("review list", "{review agenda} shows what one would go through now"),
    ("review agenda", "it is posted ahead of the meeting. {review add} puts a topic on it"),
    ("review skip", "{review list} has the dates that stay"),
    ("review cancel", "its history stays: {review history}"),
    ("review add", "{review agenda} shows where it stands"),
    ("review start", "anyone with a role goes on from the post; {review close} ends it with its minutes"),
    ("review decide", "it goes into the minutes. What somebody is to do is an action: {review action}"),
    ("review action", "they are reminded on its day, and it comes back on the agenda until it is done"),
    ("review close", "what is noted within a day is added to the minutes: {review decide}, {review action}"),
    ("review history", "{program cadence} shows the whole quarter"),
    ("handover plan", "nothing has moved yet. Change who gets what, then {handover start}"),
    (
        "handover start",
        "each recipient accepts or declines. {handover status} shows who has, {handover undo} takes it back for 7 days",
    ),
    ("handover status", "after 2 business days without an answer you can assign it"),
    ("handover undo", "what was touched since stays where it is. {handover status} shows the rest"),
    ("motion show", "the deal's own next step stands on its card: {deal view}"),
    ("motion stage", "it is a draft until {motion publish}"),
    ("motion criterion", "it is a draft until {motion publish}"),
    ("motion publish", "new deals run it; those that are open keep theirs until somebody moves them"),
    ("motion history", "{motion show} has the play as it is now"),
    ("program view", "the deals behind each figure are a press away. {program forecast} shows what closes when"),
    ("program forecast", "the deals behind each figure are a press away. {program view} shows the number"),
    ("program cadence", "{review history} shows each meeting"),
    ("program health", "each figure stands beside what it is measured by. {help} `topic:health` says how"),
    ("program champions", "what one of them leaves behind, and to whom it could go: {handover plan}"),
    ("program owner", "they count as lead. Next comes what they are to reach: {program target}"),
    ("program target", "{program view} shows how far it is"),
    ("program cost", "notes of a quarter add up. {program report} sets them against what was won"),
    ("program baseline", "{program report} holds the quarter against it"),
    ("program report", "`format:` gives it as a page, CSV or workbook instead"),
    (
        "program comp",
        "each owner is told in private what it does to their deals. {program parity} shows what falls short",
    ),
    ("program parity", "only leads and finance see this. {program comp} changes the terms"),
    ("program export", "load it into the CRM by its own ids"),
    ("cosell setup", "each choice is saved at once, so you can leave and run it again at any time"),
    ("cosell config", "give an option to change it, like `digest_hour:8`"),
    ("cosell holidays", "reminders and reviews keep clear of them. `add:25 Dec` names one"),
    ("cosell doctor", "run it again when something is put right"),
    ("cosell account", "its deals keep their numbers and their history"),
    ("cosell audit", "{deal history} has what happened to a deal"),
    ("cosell import", "nothing is imported before you say so"),
    ("cosell export", "it holds what deals pay too, so keep it as safe as that"),
    ("cosell forget person", "nothing is forgotten before you say so, and it can't be taken back"),
    ("cosell forget workspace", "nothing is deleted before you type the server's name"),
    ("help", "choose a role or a topic below it. What you ask and read here is for you alone"),
    ("Log to a deal", "pick the deal; the message stays where it is, and the note links to it"),
    ("Add to a review", "{review agenda} shows where it stands"),
    ("Joint deals", "these are the deals that you share with them. {deal view} shows one"),
];

/// The line for an answer to a command; `None` for what is no command.
pub fn line(commands: &Commands, command: &str, answer: &Message) -> Option<String> {
    let (_, said) = LINES.iter().find(|(path, _)| *path == command)?;
    let mut parts = said.split(['{', '}']);
    let mut words = parts.next().unwrap_or_default().to_owned();
    while let Some(path) = parts.next() {
        words.push_str(&commands.mention(path));
        words.push_str(parts.next().unwrap_or_default());
    }
    let name =
        if command.starts_with(char::is_uppercase) { format!("**{command}**") } else { commands.mention(command) };
    let undo = if answer.offers(Offer::Undo) { " Undo takes it back for 60 seconds." } else { "" };
    Some(format!("-# First time with {name}: {words}.{undo}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::render::control::CustomId;

    fn saved() -> Message {
        Message::silent().text("Saved.").buttons([Offer::Undo.button(CustomId::new("undo:1"))]).build()
    }

    #[test]
    fn each_line_is_short_and_names_only_commands_that_have_one() {
        let paths: BTreeSet<&str> = LINES.iter().map(|(path, _)| *path).collect();
        assert_eq!(paths.len(), LINES.len(), "none twice");
        for (path, said) in LINES {
            let named: Vec<&str> = said.split(['{', '}']).skip(1).step_by(2).collect();
            assert!(named.iter().all(|named| paths.contains(named) && named != path), "{path}: {named:?}");
            let line = line(&Commands::default(), path, &saved()).expect("it has a line");
            assert!(line.len() <= 200 && !line.contains(['{', '}']), "{line}");
        }
        assert_eq!(line(&Commands::default(), "undo", &saved()), None);
    }

    #[test]
    fn its_commands_can_be_clicked() {
        let commands = Commands::new([("deal".to_owned(), 7)]);
        let said = "-# First time with </deal reopen:7>: it needs a next step with a date again: </deal update:7>. Undo takes it back for 60 seconds.";
        assert_eq!(line(&commands, "deal reopen", &saved()).as_deref(), Some(said));
        let asked = Message::silent().text("Which one?").build();
        let said = "-# First time with </deal reopen:7>: it needs a next step with a date again: </deal update:7>.";
        assert_eq!(line(&commands, "deal reopen", &asked).as_deref(), Some(said), "nothing to take back");
    }
}
