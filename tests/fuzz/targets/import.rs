//! Any bytes are a file of rows or none; each row is read and comes to something.
#![no_main]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use cosell_fuzz::domain::calendar::Calendar;
use cosell_fuzz::domain::import::row::read as read_row;
use cosell_fuzz::domain::import::{Known, Owners, Terms, UnknownPartner, plan};
use cosell_fuzz::domain::money::Currency;
use cosell_fuzz::file;
use libfuzzer_sys::fuzz_target;

const HEADERS: [&str; 3] = [
    "",
    "Record ID,Associated Company,Partner,Deal owner,Deal Stage,Amount,Close Date,Create Date\n",
    "Opportunity ID;Account Name;Partner;Owner;Stage;Amount;Close Date\r\n",
];

fuzz_target!(|input: (u8, &[u8])| {
    let (header, bytes) = input;
    let bytes = [HEADERS[usize::from(header) % HEADERS.len()].as_bytes(), bytes].concat();
    let Ok(table) = file::read(&bytes) else { return };
    assert!(table.rows.is_sorted_by(|one, next| one.line < next.line) && table.rows[0].line > 1);
    let today = NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day");
    let calendar =
        Calendar { zone: chrono_tz::Tz::UTC, former_zones: Vec::new(), holidays: Default::default(), fiscal_month: 1 };
    let (currency, stages) = (Currency::of("USD").expect("a currency"), BTreeMap::new());
    let terms = Terms { currency, calendar: &calendar, today, dates: None, stages: &stages, partner: None };
    let rows: Vec<_> = table.rows.iter().map(|raw| read_row(raw, &terms)).collect();
    let known = Known {
        linked: Vec::new(),
        deals: BTreeMap::new(),
        unlinked: BTreeMap::new(),
        accounts: BTreeMap::new(),
        partners: BTreeMap::new(),
        members: BTreeMap::new(),
    };
    let judged = plan(&rows, &known, &Owners::default(), UnknownPartner::Create, today);
    assert_eq!(judged.rows.len(), table.rows.len());
});
