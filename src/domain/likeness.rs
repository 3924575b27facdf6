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
}
