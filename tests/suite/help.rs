//! Each page of help names commands that there are, to those who may use them, and leads to every other page.

use std::collections::BTreeMap;

use cosell::render::help::Topic;
use cosell::sandbox::{Forged, Reply};

use super::manifest::{Ids, Slash, given, ids_of, is_required, sample, slash_commands};
use super::support::Stage;

/// The longest path of a command that a text begins with.
fn path_at(text: &str, commands: &BTreeMap<String, Slash>) -> Option<String> {
    commands.keys().filter(|path| text.starts_with(path.as_str())).max_by_key(|path| path.len()).cloned()
}

/// The commands that a line names.
fn named(line: &str, commands: &BTreeMap<String, Slash>) -> Vec<String> {
    let slashes = line.match_indices('/').filter(|(at, _)| *at == 0 || !line[..*at].ends_with(char::is_alphanumeric));
    slashes
        .map(|(at, _)| path_at(&line[at + 1..], commands).unwrap_or_else(|| panic!("no such command: {line}")))
        .collect()
}

/// Who acts as a role that a line names, beside those for whom the page is.
fn named_roles(line: &str) -> Vec<&'static str> {
    let line = line.to_lowercase();
    let roles = [("lead", "lena"), ("finance", "finn"), ("admin", "ada"), ("manager", "lena"), ("reps", "rita")];
    roles.into_iter().filter(|(word, _)| line.contains(word)).map(|(_, person)| person).collect()
}

/// For whom a page is.
fn reader(topic: Topic) -> &'static str {
    match topic {
        Topic::New | Topic::Roles => "newt",
        Topic::Lead => "lena",
        Topic::Finance => "finn",
        Topic::Admin => "ada",
        _ => "rita",
    }
}

/// What is said to who may not use a command.
const NOT_ALLOWED: [&str; 8] = [
    "This needs Manage Server",
    "This is for",
    "Recording deals takes",
    "Noting on others' deals takes",
    "You hold no role",
    "Only the deal's owner or a lead",
    "Only the partner's manager or a lead",
    "Only who has the action",
];

/// Whether somebody may use a command: anything but the refusal for want of a role.
async fn may_use(stage: &Stage, who: &str, slash: &Slash, ids: &Ids) -> bool {
    let options = slash.options.iter().filter(|option| is_required(option));
    let data = slash.data(options.map(|option| given(option, sample(option, ids))).collect());
    match stage.sandbox.person(who).forge(Forged::Command(data)).await {
        Reply::Message(shown) => !NOT_ALLOWED.iter().any(|no| shown.text().contains(no)),
        _ => true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_topic_names_only_commands_that_there_are_to_those_who_may_use_them() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided").await;
    stage.sandbox.put_at_hand(super::manifest::FILE, super::manifest::CSV);
    let commands: BTreeMap<String, Slash> =
        slash_commands().into_iter().map(|slash| (slash.path.join(" "), slash)).collect();
    let ids = ids_of(&stage, "Northwind");
    let (mut wrong, mut seen, mut asked) = (Vec::new(), 0, BTreeMap::new());
    for topic in Topic::ALL {
        let page = stage.says("rita", &format!("/help topic:{}", topic.name())).await.text();
        for line in page.lines().filter(|line| !line.contains("First time with")) {
            let mut people = named_roles(line);
            people.push(reader(topic));
            for path in named(line, &commands).into_iter().filter(|path| path != "help") {
                seen += 1;
                let mut allowed = false;
                for who in &people {
                    let key = (path.clone(), *who);
                    if !asked.contains_key(&key) {
                        let may = may_use(&stage, who, &commands[&path], &ids).await;
                        asked.insert(key.clone(), may);
                    }
                    allowed |= asked[&key];
                }
                if !allowed {
                    wrong.push(format!("{}: /{path} to {people:?}: {line}", topic.name()));
                }
            }
        }
    }
    assert!(seen > 100, "the pages were read: {seen} commands");
    let refused = asked.values().filter(|may| !**may).count();
    assert!(refused > 5, "refusals are known as such: {asked:?}");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_each_page_every_other_one_is_a_pick_away() {
    let stage = Stage::ready().await;
    let mut shown = stage.says("newt", "/help").await;
    assert!(shown.text().contains("You hold no role"), "{}", shown.text());
    for topic in Topic::ALL {
        shown = stage.sandbox.person("newt").pick(&shown, "A role or a topic", &[topic.name()]).await.expect_message();
        let typed = stage.says("newt", &format!("/help topic:{}", topic.name())).await;
        assert_eq!(shown.text(), typed.text(), "{}", topic.name());
        let offered = stage.sandbox.person("newt").autocomplete(&format!("/help topic:{}", topic.name())).await;
        assert!(!offered.is_empty(), "{}", topic.name());
    }
    let finance = stage.says("finn", "/help").await.text();
    assert!(finance.contains("First time with /help") && finance.contains("For finance"), "{finance}");
    stage.finish().await;
}
