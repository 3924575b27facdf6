//! How a typed line is cut into options.

use super::*;

fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let options: Vec<Value> = ["account", "note", "next_note"].map(|name| json!({"name": name, "type": 3})).to_vec();
    let pairs = split(&options, text)?.into_iter();
    Ok(pairs.map(|(o, v)| (o["name"].as_str().unwrap_or_default().to_owned(), v.to_owned())).collect())
}

#[test]
fn a_value_reaches_up_to_the_next_option() {
    let read = pairs("account:Globex Corp next_note:call at 10:30 note:ok").expect("all are options");
    let read: Vec<(&str, &str)> = read.iter().map(|(o, v)| (o.as_str(), v.as_str())).collect();
    assert_eq!(read, [("account", "Globex Corp"), ("next_note", "call at 10:30"), ("note", "ok")]);
}

#[test]
fn quotes_keep_a_value_together() {
    let read = pairs(r#"note:"the account: Globex" account:Initech"#).expect("all are options");
    assert_eq!(read[0], ("note".to_owned(), "the account: Globex".to_owned()));
    assert_eq!(read[1].1, "Initech");
}

#[test]
fn text_before_the_first_option_is_refused() {
    assert!(pairs("Globex note:x").expect_err("no option").contains("account, note, next_note"));
}
