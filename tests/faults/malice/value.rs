//! Values that name something of the victim's, in marks that mean its names to one sender and names of nothing to the other.

use fastrand::Rng;
use serde_json::{Value, json};

use super::super::manifest::{self, Ids, Slash};
use super::*;

/// A number as it stands or the victim's; an id as something of the victim's.
pub fn renumbered(part: &str, rng: &mut Rng) -> String {
    let (bare, label) = part.strip_prefix("D-").map_or((part, ""), |bare| (bare, "D-"));
    match bare.parse::<u64>() {
        Ok(_) if bare.len() >= 15 => rng.choice([INTERACTION, DRAFT]).unwrap_or(DRAFT).to_string(),
        Ok(_) if rng.bool() => format!("{label}{NUMBER}"),
        _ => part.to_owned(),
    }
}

pub fn picked_by_id(kind: u64) -> String {
    let mark = match kind {
        5 | 7 => PERSON,
        6 => ROLE,
        _ => CHANNEL,
    };
    mark.to_string()
}

/// Something of the victim's, of the kind that an option takes.
pub fn forged_value(option: &Value, rng: &mut Rng) -> String {
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
pub fn command(slash: &Slash, at: usize, rng: &mut Rng) -> Value {
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
