//! Rule 4, workspaces are walls, against somebody who sends whatever they like: values of another workspace in every
//! option, autocomplete, button, select and form, and ids that were made up, cut, mixed and spoilt.
//!
//! The same is sent in two servers that are alike. In one it names things of a third, the victim's; in the other, things
//! that exist nowhere. Both must read the same, time after time, whatever the sender changes in their own.

use cosell::sandbox::{Choice, Forged, Person, Reply, Server, World};
use fastrand::Rng;
use serde_json::{Value, json};
use sqlx::{Connection, Row, SqliteConnection};

use super::crawl::{self, Found};
use super::manifest::{self, Ids, Slash};
use super::seed::{chance, rounds};
use super::support::{Stage, set_up};

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

pub fn ids_of(stage: &Stage, server: &str) -> Ids {
    let guild = stage.sandbox.guild_id(server);
    let id = |found: Option<cosell::sandbox::Snowflake>| found.expect("every company has it").to_string();
    Ids {
        person: stage.sandbox.person("ben").id().to_string(),
        channel: id(stage.sandbox.channel_id(guild, "#reviews")),
        role: id(stage.sandbox.role_id(guild, "Reps")),
    }
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

/// A number as it stands or the victim's; an id as something of the victim's.
fn renumbered(part: &str, rng: &mut Rng) -> String {
    let (bare, label) = part.strip_prefix("D-").map_or((part, ""), |bare| (bare, "D-"));
    match bare.parse::<u64>() {
        Ok(_) if bare.len() >= 15 => rng.choice([INTERACTION, DRAFT]).unwrap_or(DRAFT).to_string(),
        Ok(_) if rng.bool() => format!("{label}{NUMBER}"),
        _ => part.to_owned(),
    }
}

fn picked_by_id(kind: u64) -> String {
    let mark = match kind {
        5 | 7 => PERSON,
        6 => ROLE,
        _ => CHANNEL,
    };
    mark.to_string()
}

/// Something of the victim's, of the kind that an option takes.
fn forged_value(option: &Value, rng: &mut Rng) -> String {
    let mark = match (manifest::kind(option), manifest::text(&option["name"])) {
        (6, _) => PERSON,
        (7, _) => CHANNEL,
        (8, _) => ROLE,
        (_, "deal") => {
            let forms = [format!("D-{NUMBER}"), NUMBER.to_string(), format!("#{NUMBER}"), ACCOUNT.to_string()];
            return rng.choice(forms).unwrap_or_default();
        }
        (_, "partner") => PARTNER,
        (_, "review") => REVIEW,
        (_, "account" | "merge_into" | "rename") => ACCOUNT,
        _ => return rng.choice([PARTNER, ACCOUNT, REVIEW].map(String::from)).unwrap_or_default(),
    };
    mark.to_string()
}

/// A command whose option at a place names something of the victim's, and some others too.
fn command(slash: &Slash, at: usize, rng: &mut Rng) -> Value {
    let own = Ids { person: "0".to_owned(), channel: "0".to_owned(), role: "0".to_owned() };
    let mut options = Vec::new();
    for (place, option) in slash.options.iter().enumerate() {
        let takes_ids = matches!(manifest::kind(option), 6..=8);
        let has_choices = !manifest::list(&option["choices"]).is_empty();
        if place == at || (takes_ids && manifest::is_required(option)) {
            options.push(manifest::given(option, json!(forged_value(option, rng))));
        } else if manifest::is_required(option) || (!takes_ids && rng.u8(0..4) == 0) {
            let forged = !has_choices && manifest::kind(option) == 3 && rng.u8(0..3) == 0;
            let value = if forged { json!(forged_value(option, rng)) } else { manifest::sample(option, &own) };
            options.push(manifest::given(option, value));
        }
    }
    slash.data(options)
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

fn offered(choices: &Result<Vec<Choice>, String>) -> String {
    format!("{choices:?}")
}

/// All of a reply, as it was sent.
fn told(reply: &Reply) -> String {
    match reply {
        Reply::Message(shown) => {
            let files: Vec<&String> = shown.attachments.iter().map(|file| &file.name).collect();
            let sent = json!([shown.content, shown.embeds, shown.components, shown.ephemeral]);
            format!("{sent:#} {files:?} pinged {:?}", shown.pinged)
        }
        Reply::Form(form) => format!("{} {} {:#?}", form.custom_id, form.title, form.fields),
        other => format!("{other:?}"),
    }
}

/// What two servers that are alike would both say: without ids, and with one name for what is the victim's and what is
/// nothing.
fn neutral(told: &str) -> String {
    let mut text = told.to_owned();
    for (_, real, made_up) in NAMES {
        // Names of files are in lower case.
        text = text.replace(real, made_up).replace(&real.to_lowercase(), &made_up.to_lowercase());
    }
    text = text.replace("Eastwind", "Southwind").replace("nora", "nemo");
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        let is_id = run.len() >= 14 && run.chars().any(|c| c.is_ascii_digit());
        out.push_str(if is_id { "#" } else { &run });
        run.clear();
        out.push(c);
    }
    out
}

/// All rows of a workspace in every table that has any.
pub async fn rows_of(stage: &Stage, guild: i64) -> Vec<String> {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", stage.database().display())).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'guild_id') ORDER BY m.name",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(tables.len() > 5, "{tables:?}");
    let mut rows = Vec::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_xinfo(?)")
            .bind(&table)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let query = format!("SELECT {} FROM {table} WHERE guild_id = ? ORDER BY 1", quoted.join(" || ',' || "));
        let found = sqlx::query(sqlx::AssertSqlSafe(query)).bind(guild).fetch_all(&mut connection).await.unwrap();
        rows.extend(found.iter().map(|row| format!("{table}: {}", row.get::<String, _>(0))));
    }
    rows
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
            assert!(matches!(reply, Reply::Message(_)), "{} {}: {reply:?}", slash.path.join(" "), option["name"]);
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
