//! Time zones as people name them: IANA names in any case, or the city alone.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::likeness::likeness;

/// Zones to choose from when nothing is typed yet, from west to east.
pub const FAMILIAR: [Tz; 16] = [
    Tz::America__Los_Angeles,
    Tz::America__Denver,
    Tz::America__Chicago,
    Tz::America__New_York,
    Tz::America__Sao_Paulo,
    Tz::UTC,
    Tz::Europe__London,
    Tz::Europe__Berlin,
    Tz::Europe__Paris,
    Tz::Europe__Athens,
    Tz::Asia__Dubai,
    Tz::Asia__Kolkata,
    Tz::Asia__Singapore,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Australia__Sydney,
];

/// From here on a zone is worth asking about.
const CLOSE: f64 = 0.85;

/// Reads `Europe/Berlin`, `europe/berlin`, `Berlin`, `new york`, `UTC`. A city that two zones share is not guessed.
pub fn parse(typed: &str) -> Option<Tz> {
    let typed = folded(typed);
    if let Some(exact) = TZ_VARIANTS.iter().find(|zone| folded(zone.name()) == typed) {
        return Some(*exact);
    }
    let mut named = known().filter(|zone| folded(city(zone.name())) == typed);
    match (named.next(), named.next()) {
        (Some(zone), None) => Some(zone),
        _ => None,
    }
}

/// Zones whose name or city is like what was typed, best first, at most `most`.
pub fn closest(typed: &str, most: usize) -> Vec<Tz> {
    let typed = folded(typed);
    let score = |zone: Tz| {
        let (name, city) = (folded(zone.name()), folded(city(zone.name())));
        likeness(&typed, &name).max(likeness(&typed, &city)).max(if name.contains(&typed) { 0.9 } else { 0.0 })
    };
    let mut ranked: Vec<(f64, Tz)> = known().map(|zone| (score(zone), zone)).filter(|(s, _)| *s >= CLOSE).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.name().cmp(b.1.name())));
    ranked.into_iter().take(most).map(|(_, zone)| zone).collect()
}

/// The zones that are offered: those named after a place, and UTC. Old aliases such as `US/Eastern` or `GB` can be
/// typed, and are not offered.
fn known() -> impl Iterator<Item = Tz> {
    const PLACES: [&str; 9] =
        ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];
    TZ_VARIANTS.into_iter().filter(|zone| *zone == Tz::UTC || PLACES.iter().any(|place| zone.name().starts_with(place)))
}

fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read_from_its_name_or_its_city() {
        for (typed, zone) in [
            ("Europe/Berlin", Tz::Europe__Berlin),
            ("europe/berlin ", Tz::Europe__Berlin),
            ("berlin", Tz::Europe__Berlin),
            ("New York", Tz::America__New_York),
            ("US/Eastern", Tz::US__Eastern),
            ("utc", Tz::UTC),
        ] {
            assert_eq!(parse(typed), Some(zone), "{typed}");
        }
        for typed in ["", "Europe", "Europe/Berlni", "Globex"] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_misspelt_zone_finds_the_meant_one() {
        assert_eq!(closest("Europe/Berlni", 3)[0], Tz::Europe__Berlin);
        assert_eq!(closest("Berln", 3)[0], Tz::Europe__Berlin);
        assert_eq!(closest("new yrok", 3)[0], Tz::America__New_York);
        assert!(closest("america", 25).len() == 25);
        assert!(closest("qqqq", 5).is_empty());
    }
}
