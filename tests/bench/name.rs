//! Names of companies, a different one for each number, with the likeness to each other that names have.

const SYLLABLES: [&str; 60] = [
    "vel", "mo", "ra", "tin", "gar", "lo", "be", "san", "ki", "dor", "ul", "pha", "ne", "co", "rim", "ta", "zen",
    "hol", "ba", "ris", "qua", "len", "ot", "mer", "fi", "cas", "jo", "wen", "dra", "sil", "pu", "nor", "ea", "gil",
    "vo", "tha", "xan", "ry", "bel", "mu", "cro", "ste", "lin", "du", "har", "pe", "wis", "go", "ash", "ter", "ca",
    "ylo", "fen", "sor", "hu", "mal", "ex", "dia", "por", "nu",
];
const KINDS: [&str; 20] = [
    "Systems",
    "Labs",
    "Foods",
    "Energy",
    "Bank",
    "Health",
    "Logistics",
    "Media",
    "Insurance",
    "Retail",
    "Motors",
    "Telecom",
    "Airlines",
    "Pharma",
    "Steel",
    "Textiles",
    "Software",
    "Games",
    "Travel",
    "Hotels",
];
/// The companies that deals are sold with.
pub const PARTNERS: [&str; 12] = [
    "Initech",
    "Hooli",
    "Umbrella",
    "Stark",
    "Wayne",
    "Acme",
    "Soylent",
    "Cyberdyne",
    "Tyrell",
    "Aperture",
    "Vandelay",
    "Wonka",
];

/// The name of an account. Different for each number below 216 000.
pub fn account(number: usize) -> String {
    // 60³ has no factor in common with 7 919, so that no two numbers meet, and neighbours don't look alike.
    let spread = number * 7_919 % 216_000;
    let word = [spread / 3_600, spread / 60 % 60, spread % 60].map(|digit| SYLLABLES[digit]).concat();
    format!("{} {}", capital(&word), KINDS[number % KINDS.len()])
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Numbers that look like chance and are the same in every run (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(pub u64);

impl Chance {
    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// One of some things.
    pub fn of<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len())]
    }
}
