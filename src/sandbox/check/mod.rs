//! Whether Discord would take a request body: the collector of mistakes, and a small way to say
//! which fields an object may have. Every mistake is told with its path, as code 50035 does.

pub(super) mod command;
mod component;
mod form;
mod mention;
pub(super) mod message;

pub(super) use form::form;

use serde_json::{Map, Value, json};

use super::fault::Rejection;

/// How long a text is to Discord: in UTF-16 code units.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The mistakes found so far, nested by path.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    errors: Map<String, Value>,
}

/// Where in the body one is; cheap to extend.
#[derive(Clone, Debug, Default)]
pub(super) struct Path(Vec<String>);

impl Path {
    pub fn to(&self, step: impl ToString) -> Path {
        let mut steps = self.0.clone();
        steps.push(step.to_string());
        Path(steps)
    }
}

impl Mistakes {
    pub fn note(&mut self, path: &Path, code: &str, message: impl Into<String>) {
        let mut place = &mut self.errors;
        for step in &path.0 {
            let next = place.entry(step.as_str()).or_insert_with(|| json!({}));
            place = next.as_object_mut().expect("every step holds an object");
        }
        let list = place.entry("_errors").or_insert_with(|| json!([]));
        let mistake = json!({"code": code, "message": message.into()});
        list.as_array_mut().expect("made as a list").push(mistake);
    }

    /// Refuses when anything was noted.
    pub fn into_result(self) -> Result<(), Rejection> {
        if self.errors.is_empty() { Ok(()) } else { Err(Rejection::form(Value::Object(self.errors))) }
    }
}

/// What a field may hold. Lengths are UTF-16 units, bounds inclusive.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text(usize, usize),
    Integer(i64, i64),
    Number,
    Flag,
    Id,
    List(usize, usize),
    Object,
    Any,
}

/// A field of an object. `null` counts as absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field(pub &'static str, pub Kind, pub Need);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// Holds an object against its fields; returns whether its members can be looked at.
pub(super) fn object(found: &mut Mistakes, path: &Path, value: &Value, fields: &[Field]) -> bool {
    let Some(map) = value.as_object() else {
        found.note(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return false;
    };
    for name in map.keys() {
        if !fields.iter().any(|field| field.0 == name) {
            found.note(&path.to(name), "UNKNOWN_FIELD", "This field is not known here");
        }
    }
    for Field(name, kind, need) in fields {
        match map.get(*name) {
            None | Some(Value::Null) if *need == Need::Required => {
                found.note(&path.to(name), "BASE_TYPE_REQUIRED", "This field is required");
            }
            None | Some(Value::Null) => {}
            Some(value) => one(found, &path.to(name), value, *kind),
        }
    }
    true
}

fn one(found: &mut Mistakes, path: &Path, value: &Value, kind: Kind) {
    match kind {
        Kind::Text(min, max) => match value.as_str() {
            Some(text) => bounds(found, path, length(text), (min, max), "BASE_TYPE_BAD_LENGTH"),
            None => mistyped(found, path, "STRING_TYPE_CONVERT", "string"),
        },
        Kind::Integer(min, max) => match value.as_i64() {
            Some(n) if (min..=max).contains(&n) => {}
            Some(n) if n < min => {
                found.note(path, "NUMBER_TYPE_MIN", format!("int value should be greater than or equal to {min}."))
            }
            Some(_) => found.note(path, "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}.")),
            None => mistyped(found, path, "NUMBER_TYPE_COERCE", "int"),
        },
        Kind::Number if !value.is_number() => {
            mistyped(found, path, "NUMBER_TYPE_COERCE", "number");
        }
        Kind::Flag if !value.is_boolean() => {
            mistyped(found, path, "BOOLEAN_TYPE_CONVERT", "boolean");
        }
        Kind::Id if id_of(value).is_none() => {
            mistyped(found, path, "NUMBER_TYPE_COERCE", "snowflake");
        }
        Kind::List(min, max) => match value.as_array() {
            Some(list) => bounds(found, path, list.len(), (min, max), "BASE_TYPE_BAD_LENGTH"),
            None => mistyped(found, path, "LIST_TYPE_CONVERT", "list"),
        },
        Kind::Object if !value.is_object() => {
            mistyped(found, path, "MODEL_TYPE_CONVERT", "dictionary");
        }
        Kind::Number | Kind::Flag | Kind::Id | Kind::Object | Kind::Any => {}
    }
}

fn mistyped(found: &mut Mistakes, path: &Path, code: &str, wanted: &str) {
    found.note(path, code, format!("Value is not a {wanted}."));
}

pub(super) fn bounds(found: &mut Mistakes, path: &Path, size: usize, (min, max): (usize, usize), code: &str) {
    if size < min || size > max {
        let text = if min == 0 {
            format!("Must be {max} or fewer in length.")
        } else {
            format!("Must be between {min} and {max} in length.")
        };
        found.note(path, code, text);
    }
}

/// An id that travels as text; Discord's clients take it as a number too, its document does not.
pub(super) fn id_of(value: &Value) -> Option<super::snowflake::Snowflake> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// The elements of a list field, or none.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}
