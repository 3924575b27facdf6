//! The figures, recomputed from the exported events by arithmetic of the test's own, agree to the cent with what people
//! are shown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate};
use serde_json::Value;
use tempfile::TempDir;

use super::support::Stage;
use super::transfer::cosell;

/// A quarter of the calendar year: the year and 1 to 4.
type Quarter = (i32, u32);

/// What a quarter adds up to for a class: deals won in it, their amount, and what was adjusted in it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sum {
    deals: i64,
    won: i64,
    adjusted: i64,
}

#[derive(Debug, Default, Clone)]
struct Told {
    stage: String,
    role: String,
    amount: i64,
    close: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

fn quarter(day: NaiveDate) -> Quarter {
    (day.year(), (day.month() - 1) / 3 + 1)
}

fn day_of(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

/// The books of an export: by quarter and class, and what each deal stands at.
fn books(document: &Value) -> (BTreeMap<(Quarter, String), Sum>, BTreeMap<i64, Told>) {
    let mut events: Vec<&Value> = document["tables"]["event"].as_array().unwrap().iter().collect();
    events.retain(|event| event["subject_kind"] == "deal");
    events.sort_by_key(|event| (event["subject_id"].as_i64(), event["version"].as_i64()));
    let (mut sums, mut deals) = (BTreeMap::<_, Sum>::new(), BTreeMap::<i64, Told>::new());
    let mut credited: BTreeMap<i64, (String, i64, Quarter)> = BTreeMap::new();
    for event in events {
        let number = event["subject_id"].as_i64().unwrap();
        // London keeps UTC in winter, in which this story plays.
        let at = DateTime::from_timestamp_millis(event["at"].as_i64().unwrap()).unwrap().date_naive();
        let told = deals.entry(number).or_default();
        let after = event["after"].as_object().unwrap();
        for (field, value) in after {
            match field.as_str() {
                "stage" => told.stage = value.as_str().unwrap().to_owned(),
                "role" => told.role = value.as_str().unwrap().to_owned(),
                "amount" => told.amount = value.as_i64().unwrap_or(0),
                "close" => told.close = day_of(value),
                "closed_on" => told.closed_on = day_of(value),
                _ => {}
            }
        }
        let now = (told.stage == "launched").then(|| (told.role.clone(), told.amount));
        match (credited.get(&number).cloned(), now) {
            (None, Some((role, amount))) => {
                let of = quarter(told.closed_on.unwrap());
                let sum = sums.entry((quarter(at), role.clone())).or_default();
                if of == quarter(at) {
                    (sum.deals, sum.won) = (sum.deals + 1, sum.won + amount);
                } else {
                    sum.adjusted += amount;
                }
                credited.insert(number, (role, amount, of));
            }
            (Some((role, amount, of)), now) if now.as_ref() != Some(&(role.clone(), amount)) => {
                let mut book = |role: &str, amount: i64, deals: i64| {
                    let sum = sums.entry((quarter(at), role.to_owned())).or_default();
                    if of == quarter(at) {
                        (sum.deals, sum.won) = (sum.deals + deals, sum.won + amount);
                    } else {
                        sum.adjusted += amount;
                    }
                };
                book(&role, -amount, -1);
                credited.remove(&number);
                if let Some((role, amount)) = now {
                    book(&role, amount, 1);
                    credited.insert(number, (role, amount, of));
                }
            }
            _ => {}
        }
    }
    (sums, deals)
}

/// `$120,000.50`
fn money(cents: i64) -> String {
    let (whole, part) = (cents.abs() / 100, cents.abs() % 100);
    let digits = whole.to_string();
    let grouped: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8(group.to_vec()).unwrap()).collect();
    let sign = if cents < 0 { "−" } else { "" };
    let part = if part == 0 { String::new() } else { format!(".{part:02}") };
    format!("{sign}${}{part}", grouped.join(","))
}

async fn export(stage: &Stage, folder: &TempDir, name: &str) -> Value {
    let db = stage.database().display().to_string();
    let (well, said) = cosell(folder.path(), &["export", "--db", &db, "--format", "json", "--out", name]).await;
    assert!(well, "{said}");
    serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
}

/// What `/program view` must say of a quarter: for each class, what was won and adjusted.
fn expect(view: &str, sums: &BTreeMap<(Quarter, String), Sum>, quarter: Quarter) {
    for (role, label) in [("sourced", "Sourced won"), ("influenced", "Influenced"), ("undecided", "Undecided")] {
        let sum = sums.get(&(quarter, role.to_owned())).copied().unwrap_or_default();
        if sum == Sum::default() {
            continue;
        }
        let (_, said) = view.split_once(label).unwrap_or_else(|| panic!("{label} in {view}"));
        if sum.won != 0 {
            let deals = if sum.deals == 1 { "1 deal".to_owned() } else { format!("{} deals", sum.deals) };
            assert!(said.contains(&format!("{} in {deals}", money(sum.won))), "{role} {sum:?}: {view}");
        }
        if sum.adjusted != 0 {
            assert!(said.contains(&money(sum.adjusted)), "{role} {sum:?}: {view}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_agree_to_the_cent_between_card_agenda_view_report_and_export() {
    let stage = Stage::ready().await;
    let folder = TempDir::new().unwrap();
    stage.says("lena", "/program owner user:@lena").await;
    stage.says("lena", "/program target period:Q4 2026 amount:1m").await;
    stage
        .says("lena", "/review schedule name:Weekly channel:#reviews every:Every week weekday:Tuesday time:9:30")
        .await;
    let evidence = "evidence:Their AE made the intro on 2 November";
    for (account, class, amount) in [
        ("Globex", format!("source:sourced {evidence}"), "120000.55"),
        ("Umbrella", format!("source:influenced {evidence}"), "50000.10"),
        ("Soylent", "source:undecided".to_owned(), "30000.01"),
        ("Stark", format!("source:sourced {evidence}"), "70000.33"),
        ("Wayne", format!("source:sourced {evidence}"), "400000.77"),
        ("Tyrell", format!("source:influenced {evidence}"), "10000.99"),
    ] {
        let said = stage
            .says(
                "rita",
                &format!(
                    "/deal new account:{account} partner:Initech {class} amount:{amount} close:15 Dec crm:{account}"
                ),
            )
            .await;
        assert!(said.text().contains("Saved"), "{}", said.text());
    }
    for deal in ["D-1", "D-2", "D-3", "D-4"] {
        stage.says("lena", &format!("/deal won deal:{deal} reason:They signed at the fair")).await;
    }
    // Within the quarter: a correction.
    stage.says("lena", "/deal update deal:D-4 amount:70000.44").await;
    let q4 = export(&stage, &folder, "q4.json").await;
    let (sums, deals) = books(&q4);
    assert_eq!(sums[&((2026, 4), "sourced".to_owned())], Sum { deals: 2, won: 19_000_099, adjusted: 0 });
    let view = stage.says("rita", "/program view").await.text();
    expect(&view, &sums, (2026, 4));
    // Weighted: what is sourced, open and closes in the quarter, by the stage; Prospect is 10 %.
    let open: i64 = deals.values().filter(|d| d.role == "sourced" && d.stage == "prospect").map(|d| d.amount).sum();
    let weighted = (open + 5) / 10;
    assert!(
        view.contains(&format!("{} of {} in 1 deal", money(weighted), money(open))),
        "{weighted} of {open}: {view}"
    );
    for (number, told) in &deals {
        let card = stage.says("rita", &format!("/deal view deal:D-{number}")).await.text();
        assert!(card.contains(&money(told.amount)), "D-{number} {told:?}: {card}");
    }
    let agenda = stage.says("rita", "/review agenda").await.text();
    let won = sums[&((2026, 4), "sourced".to_owned())].won;
    assert!(agenda.contains(&format!("${}k won, sourced, in 2 deals", (won + 50_000) / 100_000)), "{agenda}");

    // The next quarter: a correction, a win reopened by a lead, one told of late, a class settled, and one more win.
    stage.wait_until("2026-12-31T12:00:00Z").await;
    stage.says("rita", "/deal update deal:D-5 close:31 Dec").await;
    stage.wait_until("2027-01-04T10:00:00Z").await;
    stage.says("lena", "/deal update deal:D-1 amount:100000.05").await;
    stage.says("lena", "/deal reopen deal:D-4 why:They never signed").await;
    stage.says("lena", "/deal won deal:D-5 on:2026-12-31 reason:They signed at the fair").await;
    stage.says("lena", &format!("/deal attribute deal:D-3 partner:Initech role:influenced {evidence}")).await;
    stage.says("lena", "/deal won deal:D-6 reason:They signed at the fair").await;
    let q1 = export(&stage, &folder, "q1.json").await;
    let (sums, deals) = books(&q1);
    assert_eq!(sums[&((2026, 4), "sourced".to_owned())].won, won, "a closed quarter stays");
    let adjusted = sums[&((2027, 1), "sourced".to_owned())].adjusted;
    assert_eq!(adjusted, -2_000_050 - 7_000_044 + 40_000_077);
    for (asked, quarter) in [("Q4 2026", (2026, 4)), ("Q1 2027", (2027, 1))] {
        expect(&stage.says("rita", &format!("/program view period:{asked}")).await.text(), &sums, quarter);
        report_agrees(&stage, asked, &sums, quarter).await;
    }
    for (number, told) in &deals {
        let card = stage.says("rita", &format!("/deal view deal:D-{number}")).await.text();
        assert!(card.contains(&money(told.amount)), "D-{number} {told:?}: {card}");
    }
    crm_agrees(&stage, &deals).await;
    stage.finish().await;
}

/// The rows of a file that a command answers with, each by the names of its columns.
async fn rows(stage: &Stage, command: &str) -> Vec<BTreeMap<String, String>> {
    let shown = stage.says("lena", command).await;
    let text = String::from_utf8(shown.attachments[0].bytes.to_vec()).unwrap();
    let mut file = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    file.deserialize().map(|row| row.unwrap()).collect()
}

/// `-120000.5` in cents.
fn cents(amount: &str) -> i64 {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let part: i64 = format!("{part:0<2}").parse().unwrap();
    let whole: i64 = whole.parse().unwrap();
    whole * 100 + if amount.starts_with('-') { -part } else { part }
}

/// The CRM's file says of each deal what its events say.
async fn crm_agrees(stage: &Stage, deals: &BTreeMap<i64, Told>) {
    let mut seen = BTreeSet::new();
    for row in rows(stage, "/program export").await {
        let number: i64 = row["Deal"].trim_start_matches("D-").parse().unwrap();
        let told = &deals[&number];
        assert_eq!((row["Class"].as_str(), cents(&row["Amount"])), (told.role.as_str(), told.amount), "D-{number}");
        assert_eq!(day_of(&Value::from(row["Close"].as_str())), told.closed_on.or(told.close), "D-{number}");
        seen.insert(number);
    }
    assert_eq!(seen, deals.keys().copied().collect());
}

/// The report's table says of each class what its events say: what was won in the quarter, and what was adjusted.
async fn report_agrees(stage: &Stage, asked: &str, sums: &BTreeMap<(Quarter, String), Sum>, quarter: Quarter) {
    let mut told = 0;
    for row in rows(stage, &format!("/program report period:{asked} format:CSV")).await {
        let sum = sums.get(&(quarter, row["Class"].to_lowercase())).copied().unwrap_or_default();
        let expected = match (row["Section"].as_str(), row["Figure"].as_str()) {
            ("Figure", "Won") => sum.won,
            ("Figure", "Adjustments to earlier quarters") => sum.adjusted,
            _ => continue,
        };
        assert_eq!(cents(&row["Value"]), expected, "{asked}: {row:?}");
        told += 1;
    }
    assert_eq!(told, 6, "two figures of three classes");
}
