//! Checks what the bot sent against Discord's OpenAPI document, when DISCORD_OPENAPI names it.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use cosell::sandbox::Request;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::say_once;

struct Document {
    whole: Value,
    validators: Mutex<HashMap<String, Option<std::sync::Arc<Validator>>>>,
}

fn document() -> Option<&'static Document> {
    static DOCUMENT: OnceLock<Option<Document>> = OnceLock::new();
    static SAID: OnceLock<()> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| {
        let path = std::env::var_os("DISCORD_OPENAPI")?;
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("DISCORD_OPENAPI names {path:?}: {e}"));
        let whole = mend(serde_json::from_str(&text).expect("DISCORD_OPENAPI names a JSON document"));
        Some(Document { whole, validators: Mutex::default() })
    });
    if document.is_none() {
        say_once(
            &SAID,
            "SKIPPED: bodies are not checked against Discord's OpenAPI document, because DISCORD_OPENAPI is not set",
        );
    }
    document.as_ref()
}

/// Permission bitsets are typed integer in the document and travel as strings.
fn mend(mut whole: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    if name == "default_member_permissions" {
                        *field = json!({});
                    }
                    walk(field);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut whole);
    whole
}

/// Fails on a body that the document does not allow, or a call that it does not know.
pub fn check(requests: &[Request]) {
    let Some(document) = document() else { return };
    for request in requests {
        let body = &request.body;
        if body.is_null() {
            continue;
        }
        let Some(validator) = document.validator(&request.method, &request.path) else { continue };
        let errors: Vec<String> =
            validator.iter_errors(body).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(
            errors.is_empty(),
            "{} {} is not as Discord's document says: {errors:#?}\n{body:#}",
            request.method,
            request.path
        );
    }
}

impl Document {
    fn validator(&self, method: &str, path: &str) -> Option<std::sync::Arc<Validator>> {
        let path = path.split('?').next().unwrap_or(path);
        let path = path.strip_prefix("/api/v10").unwrap_or(path);
        let (template, item) = self.template(path).unwrap_or_else(|| panic!("the document knows no {path}"));
        let key = format!("{} {template}", method.to_lowercase());
        let mut validators = self.validators.lock().unwrap();
        validators.entry(key).or_insert_with(|| self.compile(item, method)).clone()
    }

    fn compile(&self, item: &Value, method: &str) -> Option<std::sync::Arc<Validator>> {
        let schema = &item[method.to_lowercase()]["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return None;
        }
        let root = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "components": self.whole["components"], "allOf": [schema]});
        Some(std::sync::Arc::new(jsonschema::draft202012::new(&root).expect("the document's schemas compile")))
    }

    /// The path of the document that an actual path is an instance of, the one with the fewest parameters.
    fn template(&self, path: &str) -> Option<(&str, &Value)> {
        let parts: Vec<&str> = path.split('/').collect();
        let paths = self.whole["paths"].as_object()?;
        let fits = |template: &str| {
            let wanted: Vec<&str> = template.split('/').collect();
            wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(w, p)| w.starts_with('{') || w == p)
        };
        let fitting = paths.iter().filter(|(template, _)| fits(template));
        fitting.min_by_key(|(template, _)| template.matches('{').count()).map(|(t, item)| (t.as_str(), item))
    }
}
