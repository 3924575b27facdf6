//! Money: how people type an amount, and the currency of a workspace that it is read in. An amount is an integer in
//! minor units; no floating point comes near it. What a scale or a separator means is decided here, once.

/// The most that an amount may be, in minor units: ten trillion in a currency with cents. Thousands of such amounts
/// still add up within 63 bits.
pub const MOST: i64 = 1_000_000_000_000_000;

/// Why a text is no amount of the workspace's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Not an amount at all, or separators that could mean two things.
    NotMoney,
    /// Below zero. A deal is worth nothing at worst.
    Negative,
    /// Above [`MOST`].
    TooMuch,
    /// Finer than the currency's smallest unit.
    TooFine {
        /// How many decimals the currency has.
        decimals: u32,
    },
    /// In another currency than the workspace's. Nothing is converted: a rate of some day would slip into every sum.
    OtherCurrency,
}

/// A currency of ISO 4217 that companies sell in (no funds, metals or test codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    /// Three capital letters.
    pub code: &'static str,
    /// How many decimals its minor unit has: 2 for USD, 0 for JPY, 3 for BHD.
    pub exponent: u32,
}

/// ISO 4217 list one, by exponent. The lists are short enough to read against the standard.
const BY_EXPONENT: [(u32, &str); 3] = [
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
         CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
         JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
         NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
         SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    ),
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
];

/// What people write for a currency besides its code, in lower case. A mark that several share is read as the
/// workspace's own, since a workspace has one currency. The first mark of a currency is how amounts are shown.
const MARKS: [(&str, &str); 29] = [
    (
        "$",
        "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD UYU XCD",
    ),
    ("€", "EUR"),
    ("£", "GBP EGP FKP GIP LBP SHP SDG SSP SYP"),
    ("¥", "JPY CNY"),
    ("₹", "INR"),
    ("₩", "KRW KPW"),
    ("₪", "ILS"),
    ("₫", "VND"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("₽", "RUB"),
    ("₱", "PHP"),
    ("฿", "THB"),
    ("₦", "NGN"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("kr", "SEK NOK DKK ISK"),
    ("ft", "HUF"),
    ("r", "ZAR"),
    ("r$", "BRL"),
    ("us$", "USD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("a$", "AUD"),
    ("nz$", "NZD"),
    ("s$", "SGD"),
    ("hk$", "HKD"),
    ("nt$", "TWD"),
    ("mx$", "MXN"),
];

/// What may follow the digits, and by which power of ten it multiplies. Longer ones first.
const SCALES: [(&str, u32); 9] =
    [("thousand", 3), ("million", 6), ("billion", 9), ("mm", 6), ("mn", 6), ("bn", 9), ("k", 3), ("m", 6), ("b", 9)];

impl Currency {
    /// The currency of a code, in any case.
    pub fn of(code: &str) -> Option<Currency> {
        BY_EXPONENT.iter().find_map(|(exponent, codes)| {
            let code = codes.split(' ').find(|c| c.eq_ignore_ascii_case(code.trim()))?;
            Some(Currency { code, exponent: *exponent })
        })
    }

    /// How amounts in it are marked, e.g. `$`; `None` where only the code will do.
    pub fn symbol(self) -> Option<&'static str> {
        MARKS.iter().find(|(_, codes)| lists(codes, self.code)).map(|(mark, _)| match *mark {
            "zł" | "kr" => *mark,
            "kč" => "Kč",
            "ft" => "Ft",
            "r" => "R",
            "r$" => "R$",
            sign => sign,
        })
    }

    /// How many minor units make one unit: 100 for USD.
    pub fn unit(self) -> i64 {
        10_i64.pow(self.exponent)
    }
}

/// Whether a code is one that a workspace can choose.
pub fn is_currency(code: &str) -> bool {
    Currency::of(code).is_some()
}

/// Reads an amount as people type it: `120k`, `1.2m`, `$120,000`, `120000.50`, `€1.5M`, `USD 120k`, `120 000`,
/// `1.200.000,50`. Returns minor units of the currency.
///
/// Separators: one alone is a decimal point, but a comma before exactly three digits groups thousands (`120,000`). A
/// point is never taken for a group unless it comes twice, so `120.000` in dollars is refused as too fine rather than
/// read a thousand times too big or small. Where two kinds stand together, the last is the decimal one.
pub fn parse(text: &str, currency: Currency) -> Result<i64, Unreadable> {
    let text = text.trim();
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or(Unreadable::NotMoney)?;
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(first, |last| last + 1);
    let before = &text[..first];
    if before.contains(['-', '−', '(']) {
        return Err(Unreadable::Negative);
    }
    belongs(before, currency)?;
    let scale = scale_of(&text[end..], currency)?;
    let number = Digits::read(&text[first..end]).ok_or(Unreadable::NotMoney)?;
    number.minor_units(scale, currency)
}

/// The digits of a typed number, and how many of them are decimals.
struct Digits {
    digits: String,
    decimals: u32,
}

impl Digits {
    fn read(number: &str) -> Option<Digits> {
        // Spaces of any width, underscores and apostrophes only ever group, so they are one separator here.
        let soft = |c: char| c.is_whitespace() || matches!(c, '_' | '\'' | '’');
        let number: String = number.chars().map(|c| if soft(c) { ' ' } else { c }).collect();
        let (whole, fraction) = match decimal_mark(&number) {
            Some(mark) => number.rsplit_once(mark)?,
            None => (number.as_str(), ""),
        };
        let whole = ungroup(whole)?;
        all_digits(fraction).then(|| Digits { digits: whole + fraction, decimals: fraction.len() as u32 })
    }

    fn minor_units(&self, scale: u32, currency: Currency) -> Result<i64, Unreadable> {
        let power = (currency.exponent + scale)
            .checked_sub(self.decimals)
            .ok_or(Unreadable::TooFine { decimals: currency.exponent })?;
        self.digits
            .parse::<u64>()
            .ok()
            .and_then(|value| value.checked_mul(10_u64.checked_pow(power)?))
            .and_then(|minor| i64::try_from(minor).ok())
            .filter(|minor| *minor <= MOST)
            .ok_or(Unreadable::TooMuch)
    }
}

/// Which separator, if any, stands before the decimals.
fn decimal_mark(number: &str) -> Option<char> {
    let count = |mark: char| number.matches(mark).count();
    match (count('.'), count(',')) {
        (1, 0) => Some('.'),
        (0, 1) => {
            let decimals = number.rsplit(',').next().map_or(0, str::len);
            let groups = decimals == 3 && !number.contains(' ');
            (!groups).then_some(',')
        }
        (0, _) | (_, 0) => None,
        _ => number.chars().rfind(|c| matches!(c, '.' | ',')),
    }
}

/// The digits of a grouped whole number. Groups are of three, as in `1,200,000`, or Indian, as in `12,00,000`; one
/// kind of separator only.
fn ungroup(whole: &str) -> Option<String> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    let groups: Vec<&str> = whole.split(separator).collect();
    let (last, rest) = groups.split_last()?;
    let (first, middle) = rest.split_first()?;
    let well_formed = groups.iter().all(|group| all_digits(group))
        && last.len() == 3
        && (1..=3).contains(&first.len())
        && middle.iter().all(|group| (2..=3).contains(&group.len()));
    well_formed.then(|| groups.concat())
}

fn all_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// The power of ten of what follows the digits: a scale, a currency, or a scale and then a currency.
fn scale_of(suffix: &str, currency: Currency) -> Result<u32, Unreadable> {
    let suffix = suffix.trim().to_lowercase();
    let whole = belongs(&suffix, currency).map(|()| 0);
    let scaled = SCALES.iter().filter_map(|(word, power)| {
        let rest = suffix.strip_prefix(word)?;
        Some(belongs(rest, currency).map(|()| *power))
    });
    let mut readings: Vec<_> = std::iter::once(whole).chain(scaled).collect();
    // A reading in our currency beats one in another, which beats none.
    readings.sort_by_key(|reading| match reading {
        Ok(_) => 0,
        Err(Unreadable::OtherCurrency) => 1,
        Err(_) => 2,
    });
    readings.swap_remove(0)
}

/// Whether a mark beside the digits is the currency's own. No mark at all is fine.
fn belongs(mark: &str, currency: Currency) -> Result<(), Unreadable> {
    let mark = mark.trim().to_lowercase();
    if mark.is_empty() || mark.eq_ignore_ascii_case(currency.code) {
        return Ok(());
    }
    let mut owners = MARKS.iter().filter(|(m, _)| *m == mark).peekable();
    if owners.peek().is_none() && !is_currency(&mark) {
        return Err(Unreadable::NotMoney);
    }
    owners.any(|(_, codes)| lists(codes, currency.code)).then_some(()).ok_or(Unreadable::OtherCurrency)
}

fn lists(codes: &str, code: &str) -> bool {
    codes.split(' ').any(|c| c == code)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(text: &str, code: &str) -> Result<i64, Unreadable> {
        parse(text, Currency::of(code).expect("a currency of the table"))
    }

    #[rstest]
    #[case::thousands("120k", "USD", 12_000_000)]
    #[case::millions("1.2m", "USD", 120_000_000)]
    #[case::grouped("$120,000", "USD", 12_000_000)]
    #[case::cents("120000.50", "USD", 12_000_050)]
    #[case::euros("€1.5M", "EUR", 150_000_000)]
    #[case::code_before("USD 120k", "USD", 12_000_000)]
    #[case::code_after("120k usd", "USD", 12_000_000)]
    #[case::symbol_after("1,5 m€", "EUR", 150_000_000)]
    #[case::spaces("120 000", "EUR", 12_000_000)]
    #[case::narrow_spaces("1\u{202f}200\u{202f}000,50", "EUR", 120_000_050)]
    #[case::underscores("1_200_000", "USD", 120_000_000)]
    #[case::swiss("CHF 120'000.00", "CHF", 12_000_000)]
    #[case::continental("1.200.000,50", "EUR", 120_000_050)]
    #[case::indian("₹12,00,000", "INR", 120_000_000)]
    #[case::no_decimals("¥120k", "JPY", 120_000)]
    #[case::three_decimals("1.250", "BHD", 1_250)]
    #[case::fine_but_scaled("1.2345m", "USD", 123_450_000)]
    #[case::million_as_bankers_write("2.5MM", "USD", 250_000_000)]
    #[case::in_words("2 million", "USD", 200_000_000)]
    #[case::kronor("120 kr", "SEK", 12_000)]
    #[case::thousand_rand("120kr", "ZAR", 12_000_000)]
    #[case::shared_dollar("$5", "CAD", 500)]
    #[case::nothing("0", "USD", 0)]
    #[case::the_most("10,000,000,000,000", "USD", MOST)]
    fn an_amount_is_read_as_people_type_it(#[case] text: &str, #[case] code: &str, #[case] minor: i64) {
        assert_eq!(read(text, code), Ok(minor));
    }

    #[rstest]
    #[case::words("a lot", "USD", Unreadable::NotMoney)]
    #[case::empty("", "USD", Unreadable::NotMoney)]
    #[case::a_date("2026-12-15", "USD", Unreadable::NotMoney)]
    #[case::broken_groups("1,20,0", "USD", Unreadable::NotMoney)]
    #[case::mixed_groups("1 200,000.000,0", "USD", Unreadable::NotMoney)]
    #[case::unknown_scale("12x", "USD", Unreadable::NotMoney)]
    #[case::percent("12%", "USD", Unreadable::NotMoney)]
    #[case::minus("-5k", "USD", Unreadable::Negative)]
    #[case::minus_after_the_sign("$-5", "USD", Unreadable::Negative)]
    #[case::typographic_minus("−5", "USD", Unreadable::Negative)]
    #[case::accountants("(5k)", "USD", Unreadable::Negative)]
    #[case::above_the_most("10,000,000,000,000.01", "USD", Unreadable::TooMuch)]
    #[case::overflow("99999999999999999999999b", "USD", Unreadable::TooMuch)]
    #[case::half_a_cent("1.005", "USD", Unreadable::TooFine { decimals: 2 })]
    #[case::looks_like_thousands("120.000", "EUR", Unreadable::TooFine { decimals: 2 })]
    #[case::sen("120.50", "JPY", Unreadable::TooFine { decimals: 0 })]
    #[case::euros("€5k", "USD", Unreadable::OtherCurrency)]
    #[case::pounds_after("5k GBP", "USD", Unreadable::OtherCurrency)]
    #[case::other_dollars("A$5", "USD", Unreadable::OtherCurrency)]
    fn what_is_no_amount_of_the_currency_is_told_why(#[case] text: &str, #[case] code: &str, #[case] why: Unreadable) {
        assert_eq!(read(text, code), Err(why));
    }

    #[rstest]
    #[case("usd", "USD", 2, Some("$"))]
    #[case("CAD", "CAD", 2, Some("$"))]
    #[case("EUR", "EUR", 2, Some("€"))]
    #[case("JPY", "JPY", 0, Some("¥"))]
    #[case("ZAR", "ZAR", 2, Some("R"))]
    #[case("KWD", "KWD", 3, None)]
    fn a_currency_knows_its_decimals_and_sign(
        #[case] typed: &str,
        #[case] code: &str,
        #[case] exponent: u32,
        #[case] symbol: Option<&str>,
    ) {
        let currency = Currency::of(typed).expect("a currency of the table");
        assert_eq!((currency.code, currency.exponent), (code, exponent));
        assert_eq!(currency.symbol(), symbol);
        assert_eq!(currency.unit(), [1, 10, 100, 1000][exponent as usize]);
    }

    #[test]
    fn every_mark_names_currencies_of_the_table() {
        for (mark, codes) in MARKS {
            for code in codes.split(' ') {
                assert!(is_currency(code), "{mark} names {code}");
            }
        }
        for code in ["XAU", "XXX", "DOLLAR", "", "U", "USD EUR"] {
            assert!(!is_currency(code), "{code}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC*") {
            for code in ["USD", "JPY", "BHD"] {
                if let Ok(minor) = read(&text, code) {
                    proptest::prop_assert!((0..=MOST).contains(&minor));
                }
            }
        }

        #[test]
        fn an_amount_written_plainly_reads_as_itself(minor in 0..=MOST) {
            let text = format!("{}.{:02}", minor / 100, minor % 100);
            proptest::prop_assert_eq!(read(&text, "USD"), Ok(minor));
        }
    }
}
