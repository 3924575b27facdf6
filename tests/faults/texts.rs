//! Rules 7 and 9 for everything that people can type: each text option and each field of a form at its limit and one
//! over, with whatever could ping, forge, turn or break what stands beside it.

use std::collections::BTreeSet;

use cosell::sandbox::{Field, Forged, Form, Reply, Shown};
use serde_json::{Value, json};

use super::manifest::{self, Slash, ids_of};
use super::support::Stage;
use super::support::markdown::{markdown, unescaped};
use super::twice::fill;

/// What a text is filled with.
const NASTY: [&str; 9] = [
    "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍💻",
    "\u{202E}שלום مرحبا\u{2067} ",
    "@everyone @here ",
    "[Globex](https://evil.example/x) ",
    "```rust\n~~__**||",
    "line\r\n# FORGED\n> FORGED\n- FORGED\u{2028}\u{0}\t",
    "Z̷̡̛͔̬̳͇̪̠̼̱̭͐̀͆̾̈́̽̊̐͋͠a̸",
    "\u{200B}\u{2800}\u{3164}\u{FEFF}",
    "𝕏 \\\\\\_* <t:1:R> </deal:1> <:a:1> ",
];

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text of exactly so many UTF-16 units.
fn of_length(filling: &str, length: usize) -> String {
    let mut text = String::new();
    for c in filling.chars().cycle() {
        match length - units(&text) {
            0 => break,
            1 if c.len_utf16() == 2 => text.push('x'),
            _ => text.push(c),
        }
    }
    text
}

/// What the texts are made of on a stage: the fixed ones, and mentions of people and roles that are there.
fn fillings(stage: &Stage) -> Vec<String> {
    let (newt, everyone) = (stage.sandbox.person("newt").id(), stage.guild());
    let mentions = [format!("<@{newt}> <@!{newt}> "), format!("<@&{everyone}> ")];
    NASTY.iter().map(|text| (*text).to_owned()).chain(mentions).collect()
}

/// A text option takes what the manifest says; where it says nothing, as much as Discord does.
fn limit(option: &Value) -> usize {
    usize::try_from(option["max_length"].as_u64().unwrap_or(6_000)).expect("a length")
}

/// A command with one text of so many units, everything else being ordinary.
fn with_text(stage: &Stage, slash: &Slash, at: usize, text: &str) -> Value {
    let ids = ids_of(stage, "Northwind");
    let chosen =
        slash.options.iter().enumerate().filter(|(place, option)| *place == at || manifest::is_required(option));
    let given = chosen.map(|(place, option)| {
        let value = if place == at { json!(text) } else { manifest::sample(option, &ids) };
        manifest::given(option, value)
    });
    slash.data(given.collect())
}

/// Nobody was pinged but those whom deals belong to and those who lead; no reader is misled.
fn holds(stage: &Stage) {
    let meant: BTreeSet<&str> = ["rita", "lena", "ada", "ben", "Leads"].into();
    for shown in stage.sandbox.said() {
        let strays: Vec<&String> = shown.pinged.iter().filter(|who| !meant.contains(who.as_str())).collect();
        assert!(strays.is_empty(), "{strays:?} were pinged by {}", shown.text());
        let private = shown.ephemeral && !shown.pinged.is_empty();
        assert!(!private, "an answer pings {:?}", shown.pinged);
    }
    let (newt, everyone) = (stage.sandbox.person("newt").id(), stage.guild());
    let mentions = [format!("<@{newt}"), format!("<@!{newt}"), format!("<@&{everyone}")];
    let requests = stage.sandbox.requests();
    for text in requests.iter().flat_map(|request| markdown(&request.body)) {
        let read = unescaped(text);
        for forged in [
            "](https://evil",
            "```",
            "@everyone",
            "@here",
            "~~_",
            "\n# FORGED",
            "\n> FORGED",
            "\n- FORGED",
            "<:a:",
            "</deal:1>",
        ] {
            assert!(!read.contains(forged), "“{forged}” is read as markdown in:\n{text}");
        }
        assert!(mentions.iter().all(|mention| !read.contains(mention)), "a mention in:\n{text}");
        let odd =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}');
        assert!(!text.contains(odd), "an invisible order in:\n{text:?}");
        let (opened, closed) = (text.matches('\u{2068}').count(), text.matches('\u{2069}').count());
        assert!(opened <= closed + 1, "{opened} isolates are opened and {closed} closed in:\n{text}");
    }
}

fn answered(what: &str, reply: &Reply) {
    let said = reply.text();
    let well = !matches!(reply, Reply::Refused(_) | Reply::Client(_)) && !said.contains("went wrong");
    assert!(well, "{what}: {said}");
}

async fn ready() -> Stage {
    let stage = Stage::ready().await;
    fill(&stage, "Northwind").await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_and_9_every_text_option_takes_anything_up_to_its_limit_and_one_over() {
    let stage = ready().await;
    let ada = stage.sandbox.person("ada");
    let fillings = fillings(&stage);
    let mut tried = 0;
    for slash in manifest::slash_commands() {
        for (at, option) in slash.options.iter().enumerate().filter(|(_, option)| manifest::is_text(option)) {
            for (n, filling) in fillings.iter().enumerate() {
                // One over is nothing that Discord lets through; two of the fillings try it all the same.
                let length = limit(option) + usize::from(n % 5 == 4);
                let text = of_length(filling, length.min(4_000));
                let what = format!("/{} {}", slash.path.join(" "), option["name"]);
                answered(&what, &ada.forge(Forged::Command(with_text(&stage, &slash, at, &text))).await);
                tried += 1;
                if option["autocomplete"] == true {
                    let typed = slash.data(vec![manifest::typing(option, &text)]);
                    assert!(ada.forge_typing(typed).await.is_ok(), "{what}: nothing is offered");
                }
            }
        }
    }
    eprintln!("texts: {tried} texts in options");
    look_at_everything(&stage).await;
    holds(&stage);
    stage.finish().await;
}

/// Reads back, in every way there is, what was typed.
async fn look_at_everything(stage: &Stage) {
    let ada = stage.sandbox.person("ada");
    let ids = ids_of(stage, "Northwind");
    let reads = [
        "view",
        "list",
        "history",
        "work",
        "audit",
        "status",
        "show",
        "agenda",
        "health",
        "champions",
        "forecast",
        "cadence",
        "report",
        "export",
        "parity",
        "plan",
        "doctor",
        "holidays",
        "config",
    ];
    for slash in manifest::slash_commands() {
        if slash.path.last().is_some_and(|step| reads.contains(&step.as_str())) {
            let needed = slash.options.iter().filter(|option| manifest::is_required(option));
            let given = needed.map(|option| manifest::given(option, manifest::sample(option, &ids))).collect();
            answered(&slash.path.join(" "), &ada.forge(Forged::Command(slash.data(given))).await);
        }
    }
    for day in 3..=6 {
        stage.wait_until(&format!("2026-11-{day:02}T10:05:00Z")).await;
    }
    for name in ["rita", "lena", "ada"] {
        answered("work", &stage.sandbox.person(name).slash("/my work").await);
    }
}

/// The forms that stand under a deal, a plan, a review and a motion, with the ways to them.
async fn forms(stage: &Stage) -> Vec<Form> {
    let ada = stage.sandbox.person("ada");
    let card = stage.says("ada", "/deal view deal:D-1").await;
    let plan = stage.says("ada", "/partner plan partner:Initech").await;
    let agenda = stage.sandbox.channel("#reviews").pop();
    let mut forms = Vec::new();
    let pages: Vec<Shown> = [card, plan].into_iter().chain(agenda).collect();
    for page in &pages {
        for button in page.buttons().into_iter().filter(|button| !button.disabled) {
            match ada.press(page, &button.label).await {
                Reply::Form(form) => forms.push(form),
                Reply::Message(next) => forms.extend(under(stage, &next).await),
                _ => {}
            }
        }
    }
    assert!(forms.len() >= 8, "{:?}", forms.iter().map(|form| &form.title).collect::<Vec<_>>());
    forms
}

/// The forms that the selects of a message lead to.
async fn under(stage: &Stage, shown: &Shown) -> Vec<Form> {
    let ada = stage.sandbox.person("ada");
    let mut forms = Vec::new();
    for select in shown.selects() {
        let value = select.options.first().map_or("rita".to_owned(), |(label, _)| label.clone());
        if let Reply::Form(form) = ada.pick(shown, &select.custom_id, &[&value]).await {
            forms.push(form);
        }
    }
    forms
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_and_9_every_field_of_a_form_takes_anything_up_to_its_limit_and_one_over() {
    let stage = ready().await;
    stage.wait_until("2026-11-04T10:05:00Z").await;
    let ada = stage.sandbox.person("ada");
    let fillings = fillings(&stage);
    let mut tried = 0;
    for (n, form) in forms(&stage).await.into_iter().enumerate() {
        for (at, filling) in fillings.iter().enumerate() {
            let over = usize::from((n + at) % 5 == 4);
            let input = |field: &Field| {
                let text = of_length(filling, (field.max + over).min(4_000));
                json!({"type": 1, "components": [{"type": 4, "custom_id": field.custom_id, "value": text}]})
            };
            let rows: Vec<Value> = form.fields.iter().map(input).collect();
            let sent = json!({"custom_id": form.custom_id, "components": rows});
            let reply = ada.forge(Forged::Form(sent)).await;
            answered(&form.title, &reply);
            if let Some(again) = reply.message().filter(|shown| shown.button("Try again").is_some()) {
                let again = ada.press(again, "Try again").await;
                answered(&format!("{}, again", form.title), &again);
            }
            tried += 1;
        }
    }
    eprintln!("texts: {tried} forms of texts");
    look_at_everything(&stage).await;
    holds(&stage);
    stage.finish().await;
}
