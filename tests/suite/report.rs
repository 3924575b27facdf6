//! The proof of a quarter, from the first deal to the report that finance keeps.

use std::io::Read;

use super::support::Stage;
use cosell::sandbox::Shown;

/// Fails unless a text holds each of some parts.
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no “{part}” in:\n{text}");
    }
}

/// D-1 Globex sourced and confirmed, D-2 Umbrella sourced, D-3 Hooli Labs influenced, all won; D-4 Soylent open.
async fn with_wins() -> Stage {
    let stage = Stage::ready().await;
    for (account, source, amount) in
        [("Globex", "Sourced", "120k"), ("Umbrella", "Sourced", "50k"), ("Hooli Labs", "Influenced", "30k")]
    {
        let new = format!(
            "/deal new account:{account} partner:Initech source:{source} evidence:Their AE made the intro amount:{amount} close:15 Dec"
        );
        holds(&stage.says("rita", &new).await.text(), &["Saved as D-"]);
    }
    stage
        .says(
            "rita",
            "/deal new account:Soylent partner:Hooli source:Sourced evidence:Joint event amount:80k close:20 Dec",
        )
        .await;
    let partner = stage.says("lena", "/partner view partner:Initech").await;
    let claims = stage.presses("lena", &partner, "Claims to confirm").await;
    holds(&stage.presses("lena", &claims, "Confirm").await.text(), &["is confirmed"]);
    for deal in ["D-1", "D-2", "D-3"] {
        let won = stage.says("lena", &format!("/deal won deal:{deal} reason:They signed at the fair")).await;
        holds(&won.text(), &["won"]);
    }
    stage.says("lena", "/program target period:Q4 2026 amount:200k").await;
    stage.says("lena", "/program cost period:Q4 amount:10k note:Fair in Berlin").await;
    stage
}

fn file<'s>(shown: &'s Shown, ending: &str) -> &'s cosell::sandbox::Attachment {
    shown
        .attachments
        .iter()
        .find(|file| file.name.ends_with(ending))
        .unwrap_or_else(|| panic!("no {ending}: {}", shown.text()))
}

fn text(shown: &Shown, ending: &str) -> String {
    String::from_utf8(file(shown, ending).bytes.to_vec()).expect("a text")
}

/// One sheet of a workbook, as its XML.
fn sheet(shown: &Shown, number: u32) -> String {
    let bytes = std::io::Cursor::new(file(shown, ".xlsx").bytes.to_vec());
    let mut book = zip::ZipArchive::new(bytes).expect("an archive");
    let mut text = String::new();
    book.by_name(&format!("xl/worksheets/sheet{number}.xml")).expect("a sheet").read_to_string(&mut text).expect("XML");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_what_the_quarter_brought_and_opens_to_its_deals() {
    let stage = with_wins().await;
    let shown = stage.says("finn", "/program report").await;
    assert!(shown.ephemeral);
    insta::assert_snapshot!("report_shown", shown.text());
    let picture = file(&shown, "report-q4-fy2026.png");
    assert_eq!(picture.size().map(|(width, _)| width), Some(1_920));
    holds(
        picture.description.as_deref().unwrap_or_default(),
        &["$170k won in 2 deals ($120k confirmed, $50k claimed)", "Globex $120k"],
    );
    let finn = stage.sandbox.person("finn");
    let opened = finn.pick(&shown, "Show deals", &["Won: sourced, confirmed"]).await.expect_message();
    assert!(opened.ephemeral);
    holds(&opened.text(), &["D-1 Globex", "Their AE made the intro"]);
    assert!(!opened.text().contains("D-2"), "{}", opened.text());
    let late = finn.pick(&shown, "Show deals", &["Open: sourced"]).await.expect_message();
    holds(&late.text(), &["D-4 Soylent", "Joint event"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_for_leads_and_finance() {
    let stage = with_wins().await;
    let shown = stage.says("lena", "/program report").await;
    for command in ["/program report", "/program report format:CSV", "/program baseline win_rate:20"] {
        let refused = stage.says("rita", command).await;
        assert!(refused.attachments.is_empty() && !refused.text().contains("170"), "{}", refused.text());
        holds(&refused.text(), &["for"]);
    }
    holds(&stage.says("finn", "/program baseline win_rate:20").await.text(), &["for a lead"]);
    assert!(shown.ephemeral, "nobody else sees it, and so nobody else can press it");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_tells_the_same_figures() {
    let stage = with_wins().await;
    let page = text(&stage.says("finn", "/program report format:Markdown").await, ".md");
    holds(
        &page,
        &["# Report · Q4 FY2026", "$170,000 in 2 deals", "| Globex | $120,000 | 1 | confirmed |", "sourced ROI 1600 %"],
    );
    let tables = stage.says("finn", "/program report format:CSV").await;
    holds(&tables.text(), &["$170,000 in 2 deals"]);
    let table = text(&tables, ".csv");
    holds(&table, &["Won,170000,USD\n", "\"Won, confirmed\",120000,USD\n", "Sourced ROI,1600,%\n"]);
    holds(&table, &["Won,Sourced,Confirmed,On time,No,1,D-1,", "Open,Sourced,Claimed,On time,Yes,1,D-4,"]);
    let book = stage.says("finn", "/program report format:XLSX").await;
    let figures = sheet(&book, 1);
    // Each total is a formula over the deals, and stands with its result for viewers that don't reckon.
    let won = "SUMIFS(Deals!$L$2:$L$5,Deals!$A$2:$A$5,\"Won\",Deals!$B$2:$B$5,\"Sourced\")</f><v>170000</v>";
    let figures = figures.replace("&quot;", "\"");
    holds(&figures, &[won, "<f>B6+B10</f><v>170000</v>", "<f>INT(ROUND(100*(B11-B26)/B26,6)+0.5)</f><v>1600</v>"]);
    holds(&sheet(&book, 2), &["<f>L2*M2/100</f>"]);
    let view = stage.says("finn", "/program view").await.text();
    holds(&view, &["$170,000 in 2 deals", "sourced ROI 1600 %", "85 %"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_solo_baseline_is_entered_and_stands_beside_win_rate_and_cycle() {
    let stage = with_wins().await;
    holds(
        &stage.says("lena", "/program report").await.text(),
        &["no solo baseline: a lead enters it with /program baseline"],
    );
    let saved = stage.says("lena", "/program baseline win_rate:24 cycle_days:90").await;
    holds(&saved.text(), &["Saved. Win rate without partners: 24 %.", "Cycle without partners: 90 days.", "[Undo]"]);
    holds(&stage.says("lena", "/program baseline win_rate:24").await.text(), &["Nothing changed"]);
    for account in ["Acme", "Wayne"] {
        stage
            .says(
                "rita",
                &format!(
                    "/deal new account:{account} partner:Initech source:Sourced evidence:Intro amount:10k close:15 Dec"
                ),
            )
            .await;
    }
    stage.says("rita", "/deal lost deal:D-5 reason:Price or terms").await;
    stage.says("rita", "/deal lost deal:D-6 reason:Price or terms").await;
    let told = stage.says("finn", "/program report").await.text();
    holds(
        &told,
        &["60 % with partners (3 of 5 closed), 24 % solo", "not enough data yet: 3 of 5 won deals, 90 days solo"],
    );
    let audit = stage.says("ada", "/cosell audit").await.text();
    holds(&audit, &["baseline win rate none → 24", "baseline cycle days none → 90"]);
    stage.presses("lena", &saved, "Undo").await;
    holds(&stage.says("finn", "/program report").await.text(), &["no solo baseline"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_the_report_of_a_closed_quarter_reprints_the_same() {
    let stage = with_wins().await;
    stage.says("lena", "/program baseline win_rate:24").await;
    stage.wait_until("2026-12-30T12:00:00Z").await;
    stage.says("rita", "/deal update deal:D-4 close:20 Jan 2027").await;
    stage.wait_until("2027-01-04T10:00:00Z").await;
    let all = async |stage: &Stage| {
        let mut printed = Vec::new();
        for format in ["Image", "Markdown", "CSV", "XLSX"] {
            let shown = stage.says_again("finn", &format!("/program report period:Q4 2026 format:{format}")).await;
            printed.push((shown.text(), shown.attachments.iter().map(|file| file.bytes.clone()).collect::<Vec<_>>()));
        }
        printed
    };
    let printed = all(&stage).await;
    holds(&printed[0].0, &["$170,000 in 2 deals", "confirmed $120,000 in 1 deal", "It is over", "$80,000 in 1 deal"]);
    // A correction, a reopening, a confirmation, a late cost, another baseline, and an open deal that goes on.
    stage.says("lena", "/deal update deal:D-1 amount:100k").await;
    stage.says("lena", "/deal reopen deal:D-3 why:They never signed").await;
    let partner = stage.says("lena", "/partner view partner:Initech").await;
    let claims = stage.presses("lena", &partner, "Claims to confirm").await;
    holds(&stage.presses("lena", &claims, "Confirm").await.text(), &["is confirmed"]);
    let cost = stage.says("lena", "/program cost period:Q4 2026 amount:2k note:Dinner").await;
    holds(&cost.text(), &["Q4 FY2026 is over and its report stays as it is: the change counts in Q1 FY2027"]);
    stage.says("lena", "/program baseline win_rate:30").await;
    stage.says("lena", "/deal won deal:D-4 amount:90k reason:They signed at the fair").await;
    stage
        .says("rita", "/deal new account:Acme partner:Initech source:Sourced evidence:Intro amount:10k close:15 Feb")
        .await;
    stage.wait_until("2027-02-03T10:00:00Z").await;
    assert_eq!(all(&stage).await, printed, "it reprints the same, in every format");
    let now = stage.says("finn", "/program report").await;
    insta::assert_snapshot!("report_adjusted", now.text());
    let finn = stage.sandbox.person("finn");
    let adjusted = finn.pick(&now, "Show deals", &["Adjustments to earlier quarters"]).await.expect_message().text();
    holds(&adjusted, &["D-1", "D-3"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_14_no_pay_is_in_a_report() {
    let stage = with_wins().await;
    stage.says("lena", "/program comp solo_rate:17 cosell_rate:13 spiff:777").await;
    for format in ["Image", "Markdown", "CSV"] {
        let shown = stage.says("lena", &format!("/program report format:{format}")).await;
        let files = shown.attachments.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        let said: Vec<String> = files.filter(|_| format != "Image").chain([shown.text()]).collect();
        for text in said {
            for pay in ["17 %", "13 %", "777", "comp", "parity", "payout"] {
                assert!(!text.contains(pay), "“{pay}” is in the report:\n{text}");
            }
        }
    }
    stage.finish().await;
}
