//! What people count by where a language is spoken: what setup proposes before anybody chose.

use chrono_tz::Tz;

/// A zone and a currency that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The zone of the largest city.
    pub zone: Tz,
    /// ISO 4217.
    pub currency: &'static str,
}

/// Currencies to choose from when nothing is typed, the most used first.
pub const CURRENCIES: [&str; 22] = [
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "BRL", "MXN", "INR",
    "SGD", "HKD", "CNY", "KRW", "AED", "ZAR",
];

/// What goes with one of the languages that Discord can be set to, e.g. `en-GB`; `None` where it says too little.
pub fn usual(locale: &str) -> Option<Usual> {
    let (zone, currency) = match locale {
        "en-US" => (Tz::America__New_York, "USD"),
        "en-GB" => (Tz::Europe__London, "GBP"),
        "de" => (Tz::Europe__Berlin, "EUR"),
        "fr" => (Tz::Europe__Paris, "EUR"),
        "es-ES" => (Tz::Europe__Madrid, "EUR"),
        "es-419" => (Tz::America__Mexico_City, "MXN"),
        "it" => (Tz::Europe__Rome, "EUR"),
        "nl" => (Tz::Europe__Amsterdam, "EUR"),
        "fi" => (Tz::Europe__Helsinki, "EUR"),
        "el" => (Tz::Europe__Athens, "EUR"),
        "hr" => (Tz::Europe__Zagreb, "EUR"),
        "lt" => (Tz::Europe__Vilnius, "EUR"),
        "pt-BR" => (Tz::America__Sao_Paulo, "BRL"),
        "sv-SE" => (Tz::Europe__Stockholm, "SEK"),
        "da" => (Tz::Europe__Copenhagen, "DKK"),
        "no" => (Tz::Europe__Oslo, "NOK"),
        "pl" => (Tz::Europe__Warsaw, "PLN"),
        "cs" => (Tz::Europe__Prague, "CZK"),
        "hu" => (Tz::Europe__Budapest, "HUF"),
        "ro" => (Tz::Europe__Bucharest, "RON"),
        "tr" => (Tz::Europe__Istanbul, "TRY"),
        "uk" => (Tz::Europe__Kyiv, "UAH"),
        "hi" => (Tz::Asia__Kolkata, "INR"),
        "id" => (Tz::Asia__Jakarta, "IDR"),
        "ja" => (Tz::Asia__Tokyo, "JPY"),
        "ko" => (Tz::Asia__Seoul, "KRW"),
        "th" => (Tz::Asia__Bangkok, "THB"),
        "vi" => (Tz::Asia__Ho_Chi_Minh, "VND"),
        "zh-CN" => (Tz::Asia__Shanghai, "CNY"),
        "zh-TW" => (Tz::Asia__Taipei, "TWD"),
        _ => return None,
    };
    Some(Usual { zone, currency })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    /// Discord's own list of locales.
    const LOCALES: [&str; 32] = [
        "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
        "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
    ];

    #[test]
    fn what_is_proposed_for_a_language_can_be_chosen() {
        let usual: Vec<Usual> = LOCALES.into_iter().filter_map(usual).collect();
        assert_eq!(usual.len(), 30, "Bulgarian and Russian say too little of the money");
        for code in usual.iter().map(|usual| usual.currency).chain(CURRENCIES) {
            assert!(Currency::of(code).is_some_and(|currency| currency.code == code), "{code}");
        }
        assert_eq!(super::usual("tlh"), None);
    }
}
