//! A script at the prompt reads as a transcript.

use cosell::sandbox::prompt::{self, Mode};

use crate::support;
use crate::tiny_bot::{Stage, stage};

/// Runs a script; gives what was printed and how many lines were wrong.
async fn script(stage: &Stage, text: &str) -> (String, usize) {
    let mut printed = Vec::new();
    let end = prompt::run(stage.sandbox.clone(), text.as_bytes(), &mut printed, Mode::Script).await;
    let printed = String::from_utf8(printed).expect("only text is printed");
    (printed, end.expect("memory never fails").mistakes)
}

#[tokio::test]
async fn a_script_reads_as_a_transcript() {
    let stage = stage().await;
    let (printed, mistakes) = script(
        &stage,
        "as rita\n\
         # a deal, and what happens to it\n\
         ? /deal new account:glo\n\
         /deal new account:Globex Corp owner:@ana\n\
         press 1\n\
         fill Note=called; met them\n\
         +3d\n\
         read #general\n",
    )
    .await;
    insta::assert_snapshot!(printed);
    assert_eq!(mistakes, 0);
}

#[tokio::test]
async fn a_wrong_line_is_counted_and_says_what_can_be_typed() {
    let stage = stage().await;
    let (printed, mistakes) = script(&stage, "jump\n/deal new\npress 4\nas nobody\nfill a=b\nread #none\n").await;
    assert_eq!(mistakes, 6, "{printed}");
    for hint in ["Type a /command", "Still needed: account", "no message yet", "ada", "no open form", "#pipeline"] {
        assert!(printed.contains(hint), "{hint} is missing in\n{printed}");
    }
}

#[tokio::test]
async fn menus_are_picked_by_name_and_used_on_messages() {
    let stage = stage().await;
    let (printed, mistakes) = script(
        &stage,
        "as ben\nsay #general Globex signed\nmenu Log to a deal\n/deal new account:Globex\npick Leads\n",
    )
    .await;
    assert_eq!(mistakes, 0, "{printed}");
    assert!(printed.contains("cosell to ben alone\n  │ Logged"), "{printed}");
    assert!(printed.contains("RoleSelect"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_posted_while_time_passed_says_when() {
    let stage = support::Stage::ready().await;
    let text = "as rita\n/deal new account:Globex partner:Initech source:undecided next_step:Call due:+1d\n+3d\n";
    let mut printed = Vec::new();
    let end = prompt::run(stage.sandbox.clone(), text.as_bytes(), &mut printed, Mode::Script).await;
    let printed = String::from_utf8(printed).expect("only text is printed");
    assert_eq!(end.expect("memory never fails").mistakes, 0, "{printed}");
    for head in ["Mon 2 Nov 2026 10:10 UTC, cosell in #pipeline", "Wed 4 Nov 2026 09:00 UTC, cosell in #nudges"] {
        assert!(printed.contains(head), "no “{head}” in\n{printed}");
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_message_can_be_saved() {
    let stage = support::Stage::ready().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inner = folder.path().join("reports");
    let text = format!("save x\nas finn\n/program report format:CSV\nsave {}\n", inner.display());
    let mut printed = Vec::new();
    let end = prompt::run(stage.sandbox.clone(), text.as_bytes(), &mut printed, Mode::Script).await;
    let printed = String::from_utf8(printed).expect("only text is printed");
    assert_eq!(end.expect("memory never fails").mistakes, 1, "the first one had nothing to save: {printed}");
    assert!(printed.contains("[file report-q4-fy2026.csv "), "{printed}");
    let saved = std::fs::read_to_string(inner.join("report-q4-fy2026.csv")).expect("a file");
    assert!(saved.starts_with("\u{feff}Section,Class,Standing,"), "{saved}");
    stage.finish().await;
}
