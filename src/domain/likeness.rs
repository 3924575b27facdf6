//! How alike two names are, for "did you mean" and for autocomplete. Ranks; never decides.

use super::account::name_key;

/// From here on a name is worth asking about.
const CLOSE: f64 = 0.82;

/// How well a name answers what was typed, from 0 to 1: the whole name, or its best single word, or its beginning.
pub fn likeness(typed: &str, name: &str) -> f64 {
    let (typed, name) = (name_key(typed), name_key(name));
    if typed.is_empty() || name.is_empty() {
        return 0.0;
    }
    if name.starts_with(&typed) {
        return 1.0;
    }
    let words = name.split(' ').map(|word| strsim::jaro_winkler(&typed, word));
    words.fold(strsim::jaro_winkler(&typed, &name), f64::max)
}

/// How well a text of many words answers what was typed, from 0 to 1: how close each typed word comes to one of the
/// text's, on average. A word that begins one of them comes all the way.
pub fn fit(typed: &str, text: &str) -> f64 {
    let (typed, text) = (words(typed), words(text));
    if typed.is_empty() {
        return 0.0;
    }
    let best = |typed: &String| text.iter().map(|word| begins_or_like(typed, word)).fold(0.0, f64::max);
    typed.iter().map(best).sum::<f64>() / typed.len() as f64
}

/// Whether a text is worth offering for what was typed.
pub fn is_close(fit: f64) -> bool {
    fit >= CLOSE
}

/// A number is meant as it stands: another digit is another thing, not a mistake.
fn begins_or_like(typed: &str, word: &str) -> f64 {
    let is_number = typed.chars().all(|c| c.is_ascii_digit());
    match word.starts_with(typed) {
        true => 1.0,
        false if is_number => 0.0,
        false => strsim::jaro_winkler(typed, word),
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The names closest to what was typed, best first, at most `most`, and only such as are worth asking about.
pub fn closest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<String> {
    let mut ranked: Vec<(f64, &str)> = names.into_iter().map(|name| (likeness(typed, name), name)).collect();
    ranked.retain(|(score, _)| *score >= CLOSE);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    ranked.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_the_meant_one_and_a_strange_one_finds_none() {
        let names = ["Globex Corp", "Initech", "Umbrella"];
        assert_eq!(closest("Globx", names, 3), ["Globex Corp"]);
        assert_eq!(closest("initec", names, 3), ["Initech"]);
        assert!(closest("Wayne Enterprises", names, 3).is_empty());
    }

    #[test]
    fn each_typed_word_is_looked_for_among_the_words_of_a_text() {
        let text = "D-12 Globex Corp · Initech";
        for typed in ["gl", "12", "D-12", "globex init", "initech globex", "GLOBEX"] {
            assert_eq!(fit(typed, text), 1.0, "{typed}");
        }
        for typed in ["globx", "golbex", "intech", "globex intech"] {
            assert!(is_close(fit(typed, text)) && fit(typed, text) < 1.0, "{typed}: {}", fit(typed, text));
        }
        for typed in ["", "·", "umbrella", "globex umbrella", "13"] {
            assert!(!is_close(fit(typed, text)), "{typed}: {}", fit(typed, text));
        }
    }
}
