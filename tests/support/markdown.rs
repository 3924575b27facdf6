//! What Discord reads as markdown in the JSON that it is sent.

use serde_json::Value;

/// The texts of a body in which Discord reads markdown.
pub fn markdown(body: &Value) -> Vec<&str> {
    let message = if body["data"].is_object() { &body["data"] } else { body };
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let embeds = 0..list(&message["embeds"]).len();
    let parts = embeds.flat_map(|at| {
        let embed = &message["embeds"][at];
        let fields = (0..list(&embed["fields"]).len()).map(|field| &embed["fields"][field]);
        [&embed["title"], &embed["description"]].into_iter().chain(fields.flat_map(|f| [&f["name"], &f["value"]]))
    });
    std::iter::once(&message["content"]).chain(parts).filter_map(Value::as_str).collect()
}

/// What Discord still reads as markdown: the text without escaped characters.
pub fn unescaped(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c => out.push(c),
        }
    }
    out
}
