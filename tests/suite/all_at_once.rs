//! A refusal tells all problems at once, those about what isn't there among them.

use super::support::Stage;

/// Fails unless a text holds each of some parts.
fn holds(command: &str, text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{command}: no “{part}” in:\n{text}");
    }
}

/// Who types what, and what of it is told.
const WRONG: &[(&str, &str, &[&str])] = &[
    ("rita", "/deal won deal:zzz amount:abc on:never", &["3 things", "no deal “zzz”", "“abc”", "“never”"]),
    ("rita", "/deal won deal:D-99 amount:abc", &["2 things", "no deal “D-99”", "“abc”"]),
    ("rita", "/deal wait deal:zzz on:Legal until:never", &["2 things", "no deal “zzz”", "“never”"]),
    ("rita", "/deal snooze deal:zzz until:+90d why:A fair", &["2 things", "no deal “zzz”", "within 10 business"]),
    (
        "rita",
        "/deal stage deal:zzz stage:Qualifed reason:They called",
        &["2 things", "no deal “zzz”", "no stage “Qualifed”", "Did you mean Qualified", "They called"],
    ),
    ("rita", "/deal lost deal:zzz reason:Another reason", &["2 things", "no deal “zzz”", "detail:"]),
    ("rita", "/deal assign deal:zzz owner:@newt backup:@finn", &["2 things", "no deal “zzz”", "@newt"]),
    ("rita", "/deal update deal:zzz amount:abc close:2020-01-01", &["3 things", "no deal “zzz”", "“abc”", "is over"]),
    ("rita", "/deal update deal:D-1 amount:abc close:2020-01-01", &["2 things", "“abc”", "is over"]),
    ("rita", "/deal list partner:Initec stage:Qualifed", &["2 things", "no partner “Initec”", "no stage “Qualifed”"]),
    ("lena", "/partner contact partner:Umbrella name:Ana email:nope", &["2 things", "“Umbrella”", "“nope”"]),
    ("lena", "/partner edit partner:Umbrella manager:@newt", &["2 things", "“Umbrella”", "@newt"]),
    ("lena", "/partner edit partner:Initech name:Hooli manager:@newt", &["2 things", "already a partner", "@newt"]),
    ("rita", "/my away from:never to:2020-01-01 cover:@rita", &["3 things", "“never”", "is over", "cover:"]),
    (
        "ada",
        "/cosell account account:zzz rename:X merge_into:yyy",
        &["3 things", "account: there is no account “zzz”", "merge_into: there is no account “yyy”", "not both"],
    ),
    ("ada", "/cosell account account:zzz", &["2 things", "no account “zzz”", "Nothing changed"]),
    (
        "ada",
        "/cosell account account:Umbrella merge_into:Umbrella",
        &["account: there is no account “Umbrella”", "merge_into: there is no account “Umbrella”"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_with_everything_else() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided").await;
    for (who, command, parts) in WRONG {
        let answer = stage.says(who, command).await;
        holds(command, &answer.text(), parts);
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_change_a_deal_is_told_that_alone() {
    let stage = Stage::ready().await;
    stage.says("rita", "/deal new account:Globex partner:Initech source:undecided").await;
    let refused = stage.says("ben", "/deal won deal:D-1 amount:abc").await.text();
    holds("won", &refused, &["Only the deal's owner or a lead", "Your text", "abc"]);
    assert!(!refused.contains("isn't") && !refused.contains("[Try again]"), "{refused}");
    let note = stage.says("finn", "/deal update deal:D-1 note:They pay late").await.text();
    holds("update", &note, &["Noting on others' deals takes @Reps", "They pay late"]);
    assert!(!note.contains("[Try again]") && !note.contains("Recording"), "{note}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_that_may_be_meant_is_named_without_its_link() {
    let stage = Stage::ready().await;
    let new = "/deal new account:Vandelay partner:Hooli source:undecided crm:https://crm.example.com/deals/17";
    stage.says("rita", new).await;
    let asked = stage.says("rita", "/deal view deal:vandelai").await.text();
    holds("view", &asked, &["Did you mean D-1 Vandelay · Hooli?"]);
    stage.finish().await;
}
