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
    /// Below zero.
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
mod tests;
