//! Deals as reps and leads record and move them in Discord.

use chrono::Duration;

use super::support::Stage;

/// Fails unless a text holds each of some parts.
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no “{part}” in:\n{text}");
    }
}

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:Sourced: the partner originated it \
                      evidence:Maria introduced us on:30 Oct amount:120k close:15 Dec next_step:Discovery call due:+3d";

/// A stage with D-1 Globex, recorded by Rita.
async fn with_globex() -> Stage {
    let stage = Stage::ready().await;
    let shown = stage.says("rita", GLOBEX).await;
    holds(&shown.text(), &["Saved as D-1 Globex · Initech", "$120,000", "[Undo]"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_goes_from_its_record_to_its_win() {
    let stage = with_globex().await;
    let mut said = Vec::new();
    for (who, command) in [
        ("rita", "/deal view deal:D-1"),
        ("rita", "/deal update deal:globex note:The CFO joined the call"),
        ("rita", "/deal update deal:D-1 next_step:Send the offer due:in 2 weeks close:20 Jan amount:150k"),
        ("rita", "/deal stage deal:D-1 stage:Qualified"),
        ("lena", "/deal stage deal:D-1 stage:Qualified reason:The CFO is the contact and the budget holder"),
        ("rita", "/deal wait deal:D-1 on:Legal note:Signed NDA"),
        ("rita", "/deal snooze deal:D-1 until:+3d why:They are at a fair"),
        ("rita", "/deal assign deal:D-1 backup:@ben"),
        ("lena", "/deal won deal:D-1 amount:160k reason:They signed at the fair"),
        ("rita", "/deal won deal:D-1"),
        ("rita", "/deal reopen deal:D-1 why:The contract was not signed after all"),
        ("lena", "/deal reopen deal:D-1 why:The contract was not signed after all"),
        ("rita", "/deal lost deal:D-1 reason:Price or terms"),
        ("rita", "/deal list show:Lost"),
        ("rita", "/deal history deal:D-1"),
    ] {
        let shown = stage.says(who, command).await;
        assert!(shown.ephemeral, "{command}");
        said.push(format!("> {who}: {command}\n{}", shown.text()));
    }
    insta::assert_snapshot!(said.join("\n\n"));
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_with_a_new_deal_is_told_at_once_and_nothing_typed_is_lost() {
    let stage = Stage::ready().await;
    let typed = "/deal new account:Globex partner:Initec source:Influenced: the partner took part in a named event \
                 amount:lots close:12/15 next_step:Discovery call";
    let question = stage.says("rita", typed).await;
    holds(
        &question.text(),
        &[
            "4 things",
            "Initec",
            "Initech",
            "evidence",
            "lots",
            "12/15",
            "Discovery call",
            "[With Initech]",
            "[Try again]",
        ],
    );
    let fewer = stage.presses("rita", &question, "With Initech").await;
    holds(&fewer.text(), &["3 things", "lots"]);
    let form = stage.sandbox.person("rita").press(&fewer, "Try again").await.expect_form();
    let texts = [("Evidence", "Their workshop on 28 October"), ("Amount", "90k"), ("Expected close", "15 Dec")];
    let saved = stage.sandbox.person("rita").submit(&form, &texts).await.expect_message();
    holds(&saved.text(), &["Saved as D-1 Globex · Initech", "$90,000", "Discovery call", "new account"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_account_is_asked_about_and_an_unknown_partner_can_be_asked_for() {
    let stage = with_globex().await;
    let typed = "/deal new account:Globx partner:Umbrella source:Undecided: to be settled within 14 days amount:10k";
    let question = stage.says("ben", typed).await;
    holds(
        &question.text(),
        &["Did you mean Globex?", "[It's Globex]", "[Create Globx]", "[Ask a lead to add Umbrella]"],
    );
    let asked = stage.presses("ben", &question, "Ask a lead").await;
    holds(&asked.text(), &["leads are asked", "10k", "[Try again]"]);
    stage.wait(Duration::seconds(1)).await;
    holds(&stage.reads("#ops").join("\n"), &["@ben", "Umbrella", "Globx", "/partner add", "kept until"]);
    let added = stage.says("lena", "/partner add name:Umbrella").await;
    holds(&added.text(), &["Umbrella is a partner now", "@ben asked for it"]);
    stage.wait(Duration::seconds(1)).await;
    let told = stage.sandbox.channel("#pipeline").pop().expect("who asked is told");
    holds(&told.text(), &["Umbrella is a partner now. @ben: your deal with Globx", "[Try again]"]);
    assert!(told.pinged.is_empty());
    holds(&stage.presses("ana", &told, "Try again").await.text(), &["out of date"]);
    let private = stage.presses("ben", &told, "Try again").await;
    assert!(private.ephemeral && private.id != told.id, "the line stays as it is");
    holds(&private.text(), &["Did you mean Globex?", "[It's Globex]"]);
    let form = stage.sandbox.person("ben").press(&asked, "Try again").await.expect_form();
    assert!(form.field("Account").is_some() && form.field("Partner").is_none(), "{}", form.text());
    let saved = stage.sandbox.person("ben").submit(&form, &[("Account", "Wayne Enterprises")]).await.expect_message();
    holds(&saved.text(), &["Saved as D-2 Wayne Enterprises · Umbrella", "$10,000"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_deal_with_the_account_is_shown_first() {
    let stage = with_globex().await;
    let typed = "/deal new account:Globex partner:Hooli source:Influenced: the partner took part in a named event \
                 evidence:Workshop on 28 October";
    let question = stage.says("ben", typed).await;
    holds(&question.text(), &["1 open deal already", "D-1 Globex · Initech", "[Note it on D-1]", "[Join D-1]"]);
    let joined = stage.presses("ben", &question, "Join D-1").await;
    holds(&joined.text(), &["Saved. D-1", "also with Hooli (influenced)"]);

    let question = stage.says("ben", typed).await;
    let noted = stage.presses("ben", &question, "Note it on D-1").await;
    holds(
        &noted.text(),
        &["Saved. D-1 Globex · Initech: “With Hooli (influenced). Evidence: Workshop on 28 October.”"],
    );
    let stale = stage.presses("ben", &question, "Note it on D-1").await;
    holds(&stale.text(), &["out of date"]);

    let question = stage.says("ben", typed).await;
    let form = stage.sandbox.person("ben").press(&question, "It's another deal").await.expect_form();
    let saved = stage.sandbox.person("ben").submit(&form, &[("Why", "Another plant of theirs")]).await.expect_message();
    holds(&saved.text(), &["Saved as D-2 Globex · Hooli"]);
    holds(&stage.says("ben", "/deal history deal:D-1").await.text(), &["Workshop on 28 October", "also with Hooli"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_can_be_taken_back_for_a_minute_by_who_made_it() {
    let stage = with_globex().await;
    let saved = stage.says("rita", "/deal update deal:D-1 amount:200k").await;
    stage.wait(Duration::seconds(59)).await;
    let undone = stage.presses("rita", &saved, "Undo").await;
    holds(&undone.text(), &["Taken back", "$200,000 → $120,000"]);
    holds(&stage.says("rita", "/deal view deal:D-1").await.text(), &["$120,000"]);

    let saved = stage.says("rita", "/deal update deal:D-1 amount:200k").await;
    stage.wait(Duration::seconds(61)).await;
    holds(&stage.presses("rita", &saved, "Undo").await.text(), &["too late to undo"]);

    let recorded = stage.says("ben", "/deal new account:Acme partner:Hooli source:undecided").await;
    let undone = stage.presses("ben", &recorded, "Undo").await;
    holds(&undone.text(), &["Taken back", "counts nowhere"]);
    stage.wait(Duration::minutes(11)).await;
    let lines = stage.reads("#pipeline").join("\n");
    assert!(!lines.contains("Acme"), "a deal that was taken back is no news:\n{lines}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_is_taken_back_is_quoted_no_more() {
    let stage = with_globex().await;
    stage.says("rita", "/deal update deal:D-1 note:They like the price").await;
    let saved = stage.says("rita", "/deal update deal:D-1 note:Meant for another deal amount:200k").await;
    let undone = stage.presses("rita", &saved, "Undo").await;
    holds(&undone.text(), &["Taken back", "$200,000 → $120,000", "The note went too"]);
    let history = stage.says("lena", "/deal history deal:D-1").await.text();
    holds(&history, &["They like the price", "a note that was taken back", "took a change back"]);
    assert!(!history.contains("Meant for another deal"), "{history}");
    let changed = stage.says("rita", "/deal update deal:D-1 amount:150k").await;
    let undone = stage.presses("rita", &changed, "Undo").await.text();
    assert!(!undone.contains("note"), "there was none: {undone}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_edits_lose_nothing() {
    let stage = with_globex().await;
    let rita = stage.sandbox.person("rita");
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    stage.says("lena", "/deal update deal:D-1 amount:150k").await;
    // Another field: both stay.
    let saved =
        rita.submit(&form, &[("Note", "They want a pilot"), ("Expected close", "20 Jan")]).await.expect_message();
    holds(&saved.text(), &["Saved. D-1", "They want a pilot", "close"]);
    holds(&stage.says("rita", "/deal view deal:D-1").await.text(), &["$150,000", "20 Jan"]);

    // The same field: told what changed, and the text is given back.
    let form = rita.slash("/deal update deal:D-1").await.expect_form();
    stage.says("lena", "/deal update deal:D-1 amount:170k close:30 Jan").await;
    let told = rita.submit(&form, &[("Note", "Budget is cut"), ("Amount", "90k")]).await.expect_message();
    holds(&told.text(), &["changed while the form was open", "@lena", "$150,000 → $170,000", "Budget is cut", "90k"]);
    let again = rita.press(&told, "Try again").await.expect_form();
    let saved = rita.submit(&again, &[]).await.expect_message();
    holds(&saved.text(), &["Budget is cut", "$170,000 → $90,000"]);
    let card = stage.says("rita", "/deal view deal:D-1").await.text();
    holds(&card, &["$90,000", "30 Jan"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stage_needs_is_asked_for_and_kept() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Acme partner:Hooli source:undecided").await;
    let lena = stage.sandbox.person("lena");
    let form = lena.slash("/deal stage deal:D-1 stage:Qualified reason:They called us back").await.expect_form();
    let back = lena.submit(&form, &[("Amount", "many"), ("Expected close", "20 Jan")]).await.expect_message();
    holds(&back.text(), &["many", "They called us back", "[Try again]"]);
    let form = lena.press(&back, "Try again").await.expect_form();
    let saved = lena.submit(&form, &[("Amount", "45k")]).await.expect_message();
    holds(&saved.text(), &["Prospect → Qualified", "$45,000", "They called us back"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_owner_is_pinged_once_and_can_decline() {
    let stage = with_globex().await;
    stage.says("rita", "/deal assign deal:D-1 owner:@ben").await;
    stage.wait(Duration::minutes(2)).await;
    let ping = stage.sandbox.channel("#nudges").pop().expect("the new owner is told");
    assert_eq!(ping.pinged, ["ben"]);
    holds(&ping.text(), &["D-1 Globex · Initech", "yours now", "[Decline]"]);
    let refused = stage.presses("ana", &ping, "Decline").await;
    holds(&refused.text(), &["Only @ben can decline this deal", "/deal assign", "D-1"]);
    let declined = stage.presses("ben", &ping, "Decline").await;
    holds(&declined.text(), &["leads are told"]);
    stage.wait(Duration::seconds(1)).await;
    holds(&stage.reads("#ops").join("\n"), &["declined by @ben", "D-1"]);
    let late = stage.presses("ana", &ping, "Decline").await;
    holds(&late.text(), &["out of date", "D-1"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_people_with_a_role_own_deals_and_only_their_owners_change_them() {
    let stage = with_globex().await;
    let bot = stage.says("rita", "/deal assign deal:D-1 owner:@cosell").await;
    holds(&bot.text(), &["owner", "no role"]);
    let other = stage.says("ana", "/deal update deal:D-1 amount:1k").await;
    holds(&other.text(), &["Only the deal's owner", "@rita"]);
    let noted = stage.says("ana", "/deal update deal:D-1 note:Met their CTO at a fair").await;
    holds(&noted.text(), &["Saved. D-1", "Met their CTO"]);
    let form = stage.sandbox.person("ana").slash("/deal update deal:D-1").await.expect_form();
    assert!(form.field("Amount").is_none(), "a rep who may only note is asked for nothing else");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_turns_pages_and_opens_a_deal() {
    let stage = Stage::ready().await;
    for name in &NAMES[..17] {
        let command = format!("/deal new account:{name} partner:Hooli source:undecided amount:10k");
        stage.says("rita", &command).await;
    }
    let first = stage.says("rita", "/deal list partner:Hooli owner:@rita").await;
    holds(&first.text(), &["17 deals, $170k", "Page 1 of 2", "D-17"]);
    let second = stage.presses("rita", &first, "▶").await;
    holds(&second.text(), &["Page 2 of 2", "D-1 "]);
    let opened = stage.sandbox.person("rita").pick(&second, "Open a deal", &["D-1"]).await.expect_message();
    holds(&opened.text(), &["D-1 ", "[Update]", "[History]"]);
    stage.finish().await;
}

/// Accounts so unlike each other that none is taken for another.
pub const NAMES: [&str; 17] = [
    "Acme",
    "Borealis",
    "Cyberdyne",
    "Dunder",
    "Enron",
    "Fabrikam",
    "Gringotts",
    "Hanso",
    "Inovar",
    "Jupiter",
    "Kwik",
    "Lumon",
    "Monarch",
    "Nakatomi",
    "Oscorp",
    "Pied Piper",
    "Quantum",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_select_on_an_old_version_shows_the_fresh_card_and_changes_nothing() {
    let stage = with_globex().await;
    let lena = stage.sandbox.person("lena");
    let card = stage.says("lena", "/deal view deal:D-1").await;
    let stages = lena.press(&card, "Stage").await.expect_message();
    let owners = lena.press(&card, "Hand over").await.expect_message();
    stage.says("rita", "/deal update deal:D-1 amount:77k").await;
    for (asked, menu, value) in
        [(&stages, "Choose a stage", "technical_validation"), (&owners, "Choose the new owner", "@ana")]
    {
        let fresh = lena.pick(asked, menu, &[value]).await.expect_message();
        let changed = "Somebody changed this after it was opened, so nothing of yours was saved.";
        holds(&fresh.text(), &[changed, "$77,000", "@rita", "Prospect", "[Hand over]"]);
    }
    let fresh = stage.says("lena", "/deal view deal:D-1").await;
    let owners = lena.press(&fresh, "Hand over").await.expect_message();
    stage.says("ben", "/deal update deal:D-1 note:They asked for a demo").await;
    let saved = lena.pick(&owners, "Choose the new owner", &["@ana"]).await.expect_message();
    holds(&saved.text(), &["Saved.", "@ana"]);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_nothing_but_invisible_characters_is_no_text() {
    let stage = with_globex().await;
    let blank = "\u{200B}\u{2060}\u{FEFF}\u{00AD}\u{202E}\u{2066}";
    for (command, refused) in [
        (format!("/deal new account:Umbrella partner:Initech source:sourced evidence:{blank}"), "evidence:"),
        (format!("/deal new account:{blank} partner:Initech source:undecided"), "account:"),
        (format!("/deal register deal:D-1 reference:{blank}"), "reference:"),
        (format!("/partner contact partner:Initech name:{blank}"), "name:"),
    ] {
        let said = stage.says("lena", &command).await.text();
        holds(&said, &["Nothing was saved.", refused]);
    }
    for command in ["/deal update deal:D-1 note:", "/deal snooze deal:D-1 until:+3d why:"] {
        stage.sandbox.person("rita").slash(&format!("{command}{blank}")).await.expect_form();
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_says_what_it_is_narrowed_to_and_sums_only_what_is_known() {
    let stage = Stage::ready().await;
    let none = stage.says("rita", "/deal list owner:@ben").await.text();
    assert!(none.contains("Open deals · this person: none. Leave an option out"), "{none}");
    for account in ["Globex", "Umbrella"] {
        stage.says("rita", &format!("/deal new account:{account} partner:Initech source:undecided")).await;
    }
    let list = stage.says("rita", "/deal list").await.text();
    assert!(list.contains("2 deals") && !list.contains("$0"), "{list}");
    stage.says("rita", "/deal update deal:D-1 amount:50k close:20 Nov").await;
    let closing = stage.says("rita", "/deal list show:closing").await.text();
    assert!(closing.contains("Deals closing this quarter") && closing.contains("1 deal, $50k"), "{closing}");

    stage.says("rita", "/deal lost deal:D-2 reason:Price").await;
    let card = stage.says("rita", "/deal view deal:D-2").await.text();
    assert!(card.contains("never settled") && !card.contains("settle it by"), "{card}");
    stage.finish().await;
}
