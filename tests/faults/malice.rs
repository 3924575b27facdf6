//! Rule 4, workspaces are walls, against somebody who sends whatever they like: values of another workspace in every
//! option, autocomplete, button, select and form, and ids that were made up, cut, mixed and spoilt.
//!
//! The same is sent in two servers that are alike. In one it names things of a third, the victim's; in the other, things
//! that exist nowhere. Both must read the same, time after time, whatever the sender changes in their own.

mod said;
mod value;

use cosell::sandbox::{Forged, Person, Reply, Server, World};
use fastrand::Rng;
use serde_json::{Value, json};

use super::crawl::{self, Found};
use super::manifest::{self, Slash, ids_of};
use super::rows::rows_of;
use super::seed::{chance, rounds};
use super::support::{Stage, set_up};
use said::{neutral, offered, told};
use value::{command, forged_value, picked_by_id, renumbered};

/// After so many tries the servers are made anew, so that they never come to have what is named in vain.
const TRIES: usize = 450;

/// What stands in a template for something that differs between the two servers.
const OWN_GUILD: char = '\u{E000}';
const THEIR_GUILD: char = '\u{E001}';
const NUMBER: char = '\u{E002}';
const INTERACTION: char = '\u{E003}';
const PERSON: char = '\u{E004}';
const ROLE: char = '\u{E005}';
const CHANNEL: char = '\u{E006}';
const ACCOUNT: char = '\u{E007}';
const PARTNER: char = '\u{E008}';
const REVIEW: char = '\u{E009}';
const DRAFT: char = '\u{E00A}';

/// The victim's names, and others that are alike and exist nowhere.
const NAMES: [(char, &str, &str); 4] = [
    (NUMBER, "53", "97"),
    (ACCOUNT, "Quarrystone", "Quarrymoone"),
    (PARTNER, "Zinnober", "Zinnobar"),
    (REVIEW, "Falconry day", "Falconry bay"),
];

/// One of the two senders, and what the marks mean to them.
struct Sender {
    people: Vec<Person>,
    meaning: Vec<(char, String)>,
}

impl Sender {
    fn fill(&self, template: &str) -> String {
        let filled = self.meaning.iter().fold(template.to_owned(), |text, (mark, value)| text.replace(*mark, value));
        filled.chars().take(100).collect()
    }

    fn fill_json(&self, template: &Value) -> Value {
        let mut text = template.to_string();
        for (mark, value) in &self.meaning {
            text = text.replace(*mark, value);
        }
        serde_json::from_str(&text).expect("marks stand in texts")
    }
}

/// The three servers, and what the victim's shows.
struct Scene {
    stage: Stage,
    senders: [Sender; 2],
    found: Found,
    victim: Vec<String>,
    posts: Vec<String>,
}

/// What is sent.
enum Try {
    Command(Value),
    Typing(Value),
    Control { id: String, kind: u64, values: Vec<String> },
    Form { id: String, fields: Vec<(String, String)> },
}

/// What can be tried, each at least once.
enum Target {
    Option(Slash, usize),
    Typing(Slash, usize),
    Control(usize),
    Form(usize),
}

impl Scene {
    async fn new() -> Scene {
        let victim = Server::company("Northwind").person("nora", &["Reps"]);
        let elsewhere = Server::new("Elsewhere").channels(&["general"]).person("nemo", &[]);
        let servers = vec![victim, Server::company("Southwind"), Server::company("Eastwind"), elsewhere];
        let stage = Stage::in_world(World::new(servers)).await;
        for server in ["Northwind", "Southwind", "Eastwind"] {
            set_up(&stage.sandbox.person_in(server, "ada")).await;
            let lena = stage.sandbox.person_in(server, "lena");
            for partner in ["Initech", "Hooli"] {
                lena.slash(&format!("/partner add name:{partner} manager:@lena")).await.expect_message();
            }
        }
        let (undo, draft) = victims_own(&stage).await;
        for server in ["Southwind", "Eastwind"] {
            let lena = stage.sandbox.person_in(server, "lena");
            lena.slash("/deal new account:Globex partner:Initech source:undecided").await.expect_message();
            lena.slash("/review schedule name:Weekly channel:#reviews every:Every week weekday:Friday time:9:30").await;
        }
        let ada = stage.sandbox.person("ada");
        let posts = [stage.sandbox.channel("#reviews"), stage.sandbox.channel("#nudges")].concat();
        let found = crawl::everything(&ada, &ids_of(&stage, "Northwind"), &posts, 1).await;
        stage.wait(chrono::Duration::minutes(15)).await;
        let senders = [sender(&stage, "Southwind", &undo, &draft), sender(&stage, "Eastwind", &undo, &draft)];
        let (victim, posts) = (rows_of(&stage, stage.guild()).await, posts_of_victim(&stage));
        Scene { stage, senders, found, victim, posts }
    }

    fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for slash in manifest::slash_commands() {
            for (at, option) in slash.options.iter().enumerate() {
                let names_something = matches!(manifest::kind(option), 3 | 6 | 7 | 8);
                if names_something && manifest::list(&option["choices"]).is_empty() {
                    targets.push(Target::Option(slash.clone(), at));
                }
                if option["autocomplete"] == true {
                    targets.push(Target::Typing(slash.clone(), at));
                }
            }
        }
        targets.extend((0..self.found.controls.len()).map(Target::Control));
        targets.extend((0..self.found.forms.len()).map(Target::Form));
        targets
    }

    fn attempt(&self, target: &Target, rng: &mut Rng) -> Try {
        match target {
            Target::Option(slash, at) => Try::Command(command(slash, *at, rng)),
            Target::Typing(slash, at) => {
                let typed: String = forged_value(&slash.options[*at], rng);
                let cut = rng.usize(1..=typed.chars().count());
                let typed: String = typed.chars().take(cut).collect();
                Try::Typing(slash.data(vec![manifest::typing(&slash.options[*at], &typed)]))
            }
            Target::Control(at) => {
                let control = &self.found.controls[*at];
                let value = control.values.get(rng.usize(0..control.values.len().max(1)));
                let value = value.map_or_else(|| picked_by_id(control.kind), |value| renumbered(value, rng));
                Try::Control { id: self.forged_id(&control.id, rng), kind: control.kind, values: vec![value] }
            }
            Target::Form(at) => {
                let form = &self.found.forms[*at];
                let text = |id: &str, rng: &mut Rng| match rng.u8(0..3) {
                    0 => format!("D-{NUMBER}"),
                    1 => format!("{ACCOUNT} {PARTNER}"),
                    _ => manifest::words(id).to_owned(),
                };
                let fields = form.fields.iter().map(|field| (field.custom_id.clone(), text(&field.custom_id, rng)));
                let fields = fields.collect();
                Try::Form { id: self.forged_id(&form.custom_id, rng), fields }
            }
        }
    }

    /// An id of the victim's, for the sender's own server or as it stands, with other numbers, and now and then spoilt.
    fn forged_id(&self, id: &str, rng: &mut Rng) -> String {
        let mut parts: Vec<String> = id.split(':').map(|part| renumbered(part, rng)).collect();
        if let Some(guild) = parts.get_mut(1) {
            *guild = if rng.u8(0..4) == 0 { THEIR_GUILD } else { OWN_GUILD }.to_string();
        }
        match rng.u8(0..12) {
            0 => drop(parts.pop()),
            1 => parts.push(NUMBER.to_string()),
            2 => parts[0] = self.any_action(rng),
            3 => {
                let at = rng.usize(0..parts.len());
                let odd = ["", "-1", "0", "99999999999999999999", "\u{2068}x", "18446744073709551615", "1e3", "*"];
                parts[at] = rng.choice(odd).unwrap_or_default().to_owned();
            }
            4 => {
                let (a, b) = (rng.usize(0..parts.len()), rng.usize(0..parts.len()));
                parts.swap(a, b);
            }
            5 => {
                let text = parts.join(":");
                let kept = rng.usize(1..=text.chars().count());
                return text.chars().take(kept).collect();
            }
            6 => {
                let mut text: Vec<char> = parts.join(":").chars().collect();
                let at = rng.usize(0..text.len());
                text[at] = rng.alphanumeric();
                return text.into_iter().collect();
            }
            _ => {}
        }
        let id = parts.join(":");
        if id.is_empty() { ":".to_owned() } else { id }
    }

    fn any_action(&self, rng: &mut Rng) -> String {
        let control = &self.found.controls[rng.usize(0..self.found.controls.len())];
        control.id.split(':').next().unwrap_or_default().to_owned()
    }
}

/// What the victim has: deals, partners and reviews of numbers that nobody else has, and names; gives the ids of an
/// interaction that can be taken back and of a draft.
async fn victims_own(stage: &Stage) -> (String, String) {
    let lena = stage.sandbox.person("lena");
    for n in 3..=54 {
        let name = if n == 53 { "Zinnober".to_owned() } else { format!("Partner {n:03}") };
        lena.slash(&format!("/partner add name:{name}")).await.expect_message();
        let name = if n == 53 { "Falconry day".to_owned() } else { format!("Review {n:03}") };
        let weekly = "channel:#reviews every:Every week weekday:Friday time:9:30";
        lena.slash(&format!("/review schedule name:{name} {weekly}")).await.expect_message();
    }
    let rows = (1..=60).map(|n| {
        let company = if n == 53 { "Quarrystone".to_owned() } else { format!("Imported {n:03}") };
        format!("{n},{company},Initech,Prospect,1000,2026-12-15\n")
    });
    let file: String =
        std::iter::once("Record ID,Company,Partner,Deal Stage,Amount,Close Date\n".to_owned()).chain(rows).collect();
    stage.sandbox.put_at_hand(manifest::FILE, file.as_bytes());
    let run = stage.says("ada", "/cosell import file:deals.csv owners:* = @rita").await;
    stage.presses("ada", &run, "Yes").await;
    let weekly = "channel:#reviews every:Every week weekday:Tuesday time:9:30";
    lena.slash(&format!("/review schedule name:Weekly {weekly}")).await.expect_message();
    let new = stage.says("rita", "/deal new account:Globex partner:Initech source:undecided close:3 Nov").await;
    stage.says("rita", "/deal new account:Umbrella partner:Hooli source:undecided").await;
    stage.wait_until("2026-11-04T10:00:00Z").await;
    let kept = stage.says("rita", "/deal update deal:D-1 amount:lots").await;
    let draft = kept.buttons().into_iter().filter_map(|button| button.custom_id).find(|id| id.starts_with("retry"));
    let undo = new.buttons().into_iter().filter_map(|button| button.custom_id).find(|id| id.starts_with("undo"));
    let own = stage.says("rita", "/deal view deal:D-53").await.text();
    assert!(own.contains("Quarrystone"), "what is sent in vain elsewhere is there: {own}");
    let last = |id: Option<String>| id.expect("it is offered").split(':').nth(2).expect("an interaction").to_owned();
    (last(undo), last(draft))
}

fn sender(stage: &Stage, server: &str, undo: &str, draft: &str) -> Sender {
    let nowhere = server == "Eastwind";
    let person = |name: &str| stage.sandbox.person_in(server, name);
    let shifted = |id: &str| match nowhere {
        true => (id.parse::<u64>().expect("an id") - 1_000_000_000_000).to_string(),
        false => id.to_owned(),
    };
    let theirs = ids_of(stage, "Northwind");
    let stranger = if nowhere { stage.sandbox.person_in("Elsewhere", "nemo") } else { stage.sandbox.person("nora") };
    let mut meaning = vec![
        (OWN_GUILD, person("ada").guild().to_string()),
        (THEIR_GUILD, shifted(&stage.guild().to_string())),
        (INTERACTION, shifted(undo)),
        (DRAFT, shifted(draft)),
        (PERSON, stranger.id().to_string()),
        (ROLE, shifted(&theirs.role)),
        (CHANNEL, shifted(&theirs.channel)),
    ];
    meaning.extend(NAMES.map(|(mark, real, made_up)| (mark, if nowhere { made_up } else { real }.to_owned())));
    Sender { people: ["ada", "lena", "rita", "newt"].map(person).to_vec(), meaning }
}

async fn send(sender: &Sender, who: usize, attempt: &Try, carrier: &cosell::sandbox::Shown) -> String {
    let person = &sender.people[who];
    match attempt {
        Try::Command(data) => told(&person.forge(Forged::Command(sender.fill_json(data))).await),
        Try::Typing(data) => offered(&person.forge_typing(sender.fill_json(data)).await),
        Try::Control { id, kind, values } => {
            let values: Vec<String> = values.iter().map(|value| sender.fill(value)).collect();
            let mut data = json!({"custom_id": sender.fill(id), "component_type": kind});
            if *kind != 2 {
                data["values"] = json!(values);
            }
            told(&person.forge(Forged::Control(carrier.clone(), data)).await)
        }
        Try::Form { id, fields } => {
            let input = |(id, text): &(String, String)| json!({"type": 1, "components": [{"type": 4, "custom_id": id, "value": sender.fill(text)}]});
            let rows: Vec<Value> = fields.iter().map(input).collect();
            told(&person.forge(Forged::Form(json!({"custom_id": sender.fill(id), "components": rows}))).await)
        }
    }
}

fn posts_of_victim(stage: &Stage) -> Vec<String> {
    ["#pipeline", "#nudges", "#ops", "#reviews", "#general"].map(|channel| stage.reads(channel)).concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_whatever_somebody_sends_names_of_another_workspace_read_as_names_of_nothing() {
    let mut rng = chance("malice");
    let (mut scene, mut tried) = (Scene::new().await, 0);
    let targets = scene.targets().len();
    let wanted = rounds(targets);
    let (mut order, mut differing) = (Vec::new(), Vec::new());
    while tried < wanted {
        if tried > 0 && tried % TRIES == 0 {
            finish(scene).await;
            scene = Scene::new().await;
        }
        let targets = scene.targets();
        if order.is_empty() {
            order = (0..targets.len()).collect();
            rng.shuffle(&mut order);
        }
        let target = &targets[order.pop().expect("just filled") % targets.len()];
        let attempt = scene.attempt(target, &mut rng);
        let who = rng.choice([0, 0, 1, 1, 2, 3]).unwrap_or(0);
        let [there, nowhere] = both(&scene, who, &attempt).await;
        if neutral(&there) != neutral(&nowhere) || there.starts_with("Refused") {
            differing.push(format!("{}\n{there}\n--- and of nothing:\n{nowhere}", described(&attempt)));
        }
        tried += 1;
    }
    eprintln!("malice: {tried} forged uses of {targets} options, completions, controls and forms");
    assert!(differing.is_empty(), "{} of {tried}:\n{}", differing.len(), differing.join("\n=====\n"));
    finish(scene).await;
}

async fn both(scene: &Scene, who: usize, attempt: &Try) -> [String; 2] {
    let [south, east] = &scene.senders;
    let carrier = |server: &str| {
        let shown = scene.stage.sandbox.channel_in(server, "#pipeline");
        shown.into_iter().next().expect("a line of the first deal")
    };
    let (there, nowhere) = (carrier("Southwind"), carrier("Eastwind"));
    let (there, nowhere) = tokio::join!(send(south, who, attempt, &there), send(east, who, attempt, &nowhere));
    [there, nowhere]
}

fn described(attempt: &Try) -> String {
    match attempt {
        Try::Command(data) => format!("command {data}"),
        Try::Typing(data) => format!("typing {data}"),
        Try::Control { id, kind, values } => format!("control {id} {kind} {values:?}"),
        Try::Form { id, fields } => format!("form {id} {fields:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_no_channel_and_no_role_of_another_server_is_ever_taken() {
    let stage = Stage::two_workspaces().await;
    let theirs = ids_of(&stage, "Northwind");
    let ada = stage.sandbox.person_in("Southwind", "ada");
    let guild = ada.guild();
    let on = ada.slash("/cosell setup").await.expect_message();
    for slash in manifest::slash_commands() {
        for (at, option) in slash.options.iter().enumerate().filter(|(_, o)| matches!(manifest::kind(o), 7 | 8)) {
            let needed = slash.options.iter().enumerate().filter(|(n, o)| *n == at || manifest::is_required(o));
            let given = needed.map(|(_, option)| manifest::given(option, manifest::sample(option, &theirs))).collect();
            let reply = ada.forge(Forged::Command(slash.data(given))).await;
            let well = matches!(reply, Reply::Message(_)) && !reply.text().contains("went wrong");
            assert!(well, "{} {}: {reply:?}", slash.path.join(" "), option["name"]);
        }
    }
    for (what, kind, value) in [
        ("pipeline", 8, &theirs.channel),
        ("nudges", 8, &theirs.channel),
        ("ops", 8, &theirs.channel),
        ("lead", 6, &theirs.role),
        ("rep", 6, &theirs.role),
        ("finance", 6, &theirs.role),
    ] {
        let data = json!({"custom_id": format!("setup:{guild}:{what}"), "component_type": kind, "values": [value]});
        ada.forge(Forged::Control(on.clone(), data)).await.expect_message();
    }
    let rows = rows_of(&stage, guild.0 as i64).await;
    let taken: Vec<&String> =
        rows.iter().filter(|row| row.contains(&theirs.channel) || row.contains(&theirs.role)).collect();
    assert!(taken.is_empty(), "{taken:#?}");
    stage.finish().await;
}

/// Nothing of the victim's was changed, nothing was said in their channels, and Discord refused nothing.
async fn finish(scene: Scene) {
    assert_eq!(rows_of(&scene.stage, scene.stage.guild()).await, scene.victim, "nothing was changed");
    scene.stage.wait(chrono::Duration::minutes(11)).await;
    assert_eq!(posts_of_victim(&scene.stage), scene.posts, "nothing was said in the victim's channels");
    scene.stage.finish().await;
}
