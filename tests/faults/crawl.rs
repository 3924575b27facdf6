//! Every kind of button, select and form that a workspace shows to an admin who tries everything.

use std::collections::BTreeSet;

use cosell::sandbox::{Forged, Form, Person, Reply, Select, Shown};
use futures::future::join_all;

use super::manifest::{self, Ids, Slash};

/// How many controls are used on the way.
const MOST: usize = 260;

/// A button or a select on a message.
#[derive(Clone, Debug)]
pub struct Control {
    pub on: Shown,
    pub id: String,
    /// Discord's component type.
    pub kind: u64,
    /// What a select of texts offers.
    pub values: Vec<String>,
}

/// What was found, one of each kind.
#[derive(Debug, Default)]
pub struct Found {
    pub controls: Vec<Control>,
    pub forms: Vec<Form>,
    kinds: BTreeSet<String>,
}

/// What ids of one kind have in common: all but their numbers.
fn shape(id: &str) -> String {
    let part = |part: &str| if part.parse::<i64>().is_ok() { "#".to_owned() } else { part.to_owned() };
    id.split(':').map(part).collect::<Vec<_>>().join(":")
}

impl Found {
    /// Takes what a reply shows.
    pub fn take(&mut self, reply: &Reply) {
        match reply {
            Reply::Message(shown) => self.take_message(shown),
            Reply::Form(form) if self.kinds.insert(shape(&form.custom_id)) => self.forms.push(form.clone()),
            _ => {}
        }
    }

    /// What a reply shows, whatever was seen before, and the last of what was.
    pub fn with(&self, reply: &Reply) -> Found {
        let mut found = Found::default();
        found.take(reply);
        found.controls.extend(self.controls.iter().take(40).cloned());
        found.forms.extend(self.forms.iter().take(10).cloned());
        found
    }

    pub fn take_message(&mut self, shown: &Shown) {
        let buttons = shown.buttons().into_iter().filter_map(|button| button.custom_id);
        let buttons = buttons.map(|id| Control { on: shown.clone(), id, kind: 2, values: Vec::new() });
        let select = |select: Select| Control {
            on: shown.clone(),
            id: select.custom_id,
            kind: select.kind,
            values: select.options.into_iter().map(|(_, value)| value).collect(),
        };
        for control in buttons.chain(shown.selects().into_iter().map(select)) {
            if self.kinds.insert(shape(&control.id)) {
                self.controls.push(control);
            }
        }
    }
}

impl Control {
    /// The data of its use.
    pub fn data(&self, values: &[String]) -> serde_json::Value {
        match self.kind {
            2 => serde_json::json!({"custom_id": self.id, "component_type": 2}),
            kind => serde_json::json!({"custom_id": self.id, "component_type": kind, "values": values}),
        }
    }

    /// A use of it as anybody would.
    pub fn ordinary(&self, ids: &Ids) -> serde_json::Value {
        let value = match self.kind {
            3 => self.values.first().cloned().unwrap_or_default(),
            5 | 7 => ids.person.clone(),
            6 => ids.role.clone(),
            _ => ids.channel.clone(),
        };
        self.data(&[value])
    }

    fn ends_everything(&self) -> bool {
        self.id.starts_with("forget")
    }
}

/// A command with samples for its options.
pub fn filled(slash: &Slash, ids: &Ids) -> serde_json::Value {
    slash.data(slash.options.iter().map(|option| manifest::given(option, manifest::sample(option, ids))).collect())
}

/// Uses a deal's card, then every command with all its options and with the required ones, and what they lead to: each
/// button and select so many times at once, each form once.
pub async fn everything(who: &Person, ids: &Ids, posts: &[Shown], times: usize) -> Found {
    let mut found = Found::default();
    posts.iter().for_each(|post| found.take_message(post));
    found.take(&who.slash("/deal view deal:D-2").await);
    let mut used = (0, 0);
    found.follow(who, ids, times, &mut used).await;
    for slash in manifest::slash_commands() {
        found.take(&who.forge(Forged::Command(filled(&slash, ids))).await);
        let required = slash.options.iter().filter(|option| manifest::is_required(option));
        let required = required.map(|option| manifest::given(option, manifest::sample(option, ids)));
        found.take(&who.forge(Forged::Command(slash.data(required.collect()))).await);
    }
    found.follow(who, ids, times, &mut used).await;
    found
}

impl Found {
    /// Uses what was found and wasn't used yet, and what that leads to.
    async fn follow(&mut self, who: &Person, ids: &Ids, times: usize, used: &mut (usize, usize)) {
        while used.0 + used.1 < MOST {
            if let Some(control) = self.controls.get(used.0).cloned() {
                used.0 += 1;
                if !control.ends_everything() {
                    let press = || who.forge(Forged::Control(control.on.clone(), control.ordinary(ids)));
                    join_all((0..times).map(|_| press())).await.iter().for_each(|reply| self.take(reply));
                }
            } else if let Some(form) = self.forms.get(used.1).cloned() {
                used.1 += 1;
                self.take(&who.forge(Forged::Form(sent(&form))).await);
            } else {
                return;
            }
        }
    }
}

/// The data of a form, filled with words that fit its fields, or with what they hold.
pub fn sent(form: &Form) -> serde_json::Value {
    let input = |field: &cosell::sandbox::Field| {
        let text = if field.value.is_empty() { manifest::words(&field.custom_id) } else { &field.value };
        serde_json::json!({"type": 1, "components": [{"type": 4, "custom_id": field.custom_id, "value": text}]})
    };
    serde_json::json!({"custom_id": form.custom_id, "components": form.fields.iter().map(input).collect::<Vec<_>>()})
}
