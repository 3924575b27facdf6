//! What was said, so that two servers can be held against each other.

use cosell::sandbox::{Choice, Reply};
use serde_json::json;

use super::NAMES;

pub fn offered(choices: &Result<Vec<Choice>, String>) -> String {
    format!("{choices:?}")
}

/// All of a reply, as it was sent.
pub fn told(reply: &Reply) -> String {
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
pub fn neutral(told: &str) -> String {
    let mut text = told.to_owned();
    for (_, real, made_up) in NAMES {
        // Names of files are in lower case, without spaces.
        let in_file = |name: &str| name.to_lowercase().replace(' ', "-");
        text = text.replace(real, made_up).replace(&in_file(real), &in_file(made_up));
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
