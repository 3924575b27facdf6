//! How a typed line is cut into options and their values.

use serde_json::Value;

use super::not_an_option;

/// Splits `name:value name:value` where a name is one of the options; values may hold spaces.
pub(super) fn split<'a>(options: &'a [Value], text: &'a str) -> Result<Vec<(&'a Value, &'a str)>, String> {
    let names = options.iter().filter_map(|o| o["name"].as_str().map(|name| (o, name)));
    let mut starts: Vec<(usize, usize, &Value)> = names
        .flat_map(|(option, name)| {
            let label = format!("{name}:");
            let places = text.match_indices(&label).map(|(at, _)| at).collect::<Vec<_>>();
            let fresh = places.into_iter().filter(|at| starts_word(text, *at));
            fresh.map(|at| (at, at + name.len() + 1, option)).collect::<Vec<_>>()
        })
        .filter(|(at, ..)| !in_quotes(text, *at))
        .collect();
    starts.sort_by_key(|(at, ..)| *at);
    let before = &text[..starts.first().map_or(text.len(), |(at, ..)| *at)];
    if !before.trim().is_empty() {
        return Err(not_an_option(options, before.trim()));
    }
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    let pairs = starts.iter().zip(ends);
    Ok(pairs.map(|((_, from, option), to)| (*option, unquoted(&text[*from..to]))).collect())
}

fn starts_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(char::is_whitespace)
}

/// Whether a place is inside `"…"` that began right after a colon.
fn in_quotes(text: &str, at: usize) -> bool {
    let mut open = false;
    for (place, letter) in text[..at].char_indices() {
        if letter == '"' {
            open = if open { false } else { text[..place].ends_with(':') };
        }
    }
    open
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    inner.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
        let options: Vec<Value> =
            ["account", "note", "next_note"].map(|name| json!({"name": name, "type": 3})).to_vec();
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
}
