//! What a row becomes, by what is known.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::deal::{Loss, LossReason};
use crate::domain::money::Currency;
use crate::domain::testing::{calendar, day, deal, import_row};

const RITA: UserId = UserId(7);

fn row(crm: &str) -> Row {
    let owner = Some("Rita Moreno (rita@acme.example)".to_owned());
    Row { close: Some(day("2026-12-15")), stage: Some(Stage::Qualified), owner, ..import_row(2, crm) }
}

fn fine(row: Row) -> Read {
    Read { row, problems: Vec::new() }
}

/// Initech and Rita are known, and D-1, which the CRM calls 501.
fn known() -> Known {
    let one = Deal {
        crm: Some("501".to_owned()),
        amount: Some(12_000_000),
        close: Some(day("2026-12-15")),
        stage: Stage::Qualified,
        ..deal()
    };
    Known {
        linked: vec![(one.number, "501".to_owned())],
        deals: BTreeMap::from([(one.number, one)]),
        unlinked: BTreeMap::new(),
        accounts: BTreeMap::from([("globex".to_owned(), AccountId(1))]),
        partners: BTreeMap::from([("initech".to_owned(), (PartnerId(1), "Initech".to_owned()))]),
        members: BTreeMap::from([("rita".to_owned(), vec![RITA])]),
    }
}

fn fate_in(known: &Known, row: Row) -> Fate {
    let plan = plan(&[fine(row)], known, &Owners::default(), UnknownPartner::Refuse, day("2026-11-02"));
    plan.rows[0].1.clone()
}

fn fate(row: Row) -> Fate {
    fate_in(&known(), row)
}

#[test]
fn a_row_of_an_unknown_id_is_a_new_deal_of_the_owner_it_names() {
    assert_eq!(fate(row("502")), Fate::New { owner: RITA });
}

#[test]
fn a_row_that_says_what_is_known_changes_nothing() {
    assert_eq!(fate(row("501")), Fate::Same { deal: DealNumber(1), left: Vec::new() });
}

#[test]
fn amount_and_close_of_an_open_deal_follow_the_file_and_its_stage_does_not() {
    let moved = Row { amount: Some(1), close: Some(day("2027-01-31")), stage: Some(Stage::Launched), ..row("501") };
    let left = vec![Left::Stage { here: Stage::Qualified, there: Stage::Launched }];
    let (amount, close) = (Some((Some(12_000_000), 1)), Some((Some(day("2026-12-15")), day("2027-01-31"))));
    assert_eq!(fate(moved), Fate::Changed { deal: DealNumber(1), amount, close, left });
    let silent = Row { amount: None, close: None, stage: None, ..row("501") };
    assert_eq!(fate(silent), Fate::Same { deal: DealNumber(1), left: Vec::new() }, "an empty cell takes nothing out");
}

#[test]
fn a_past_close_would_stall_a_deal_and_is_left() {
    let past = Row { close: Some(day("2026-10-30")), ..row("501") };
    let left = vec![Left::PastClose(day("2026-10-30"))];
    assert_eq!(fate(past), Fate::Same { deal: DealNumber(1), left });
}

#[test]
fn closed_credit_does_not_move() {
    let mut known = known();
    let won = known.deals.get_mut(&DealNumber(1)).expect("D-1");
    won.win(day("2026-11-01"), won.created_at);
    let fate = fate_in(&known, Row { amount: Some(1), ..row("501") });
    assert_eq!(fate, Fate::Same { deal: DealNumber(1), left: vec![Left::Ended(Stage::Launched)] });
}

#[rstest]
#[case::a_link("https://app.hubspot.com/contacts/9/record/0-3/5012345", "5012345")]
#[case::a_longer_form("006A0000001abcd", "006A0000001abcdEFG")]
#[case::a_salesforce_link(
    "https://x.my.salesforce.com/lightning/r/Opportunity/0065g00000XYZABAA4/view?x=1",
    "0065g00000XYZAB"
)]
fn an_id_is_known_in_a_link_and_in_both_of_its_lengths(#[case] stored: &str, #[case] in_file: &str) {
    let mut known = known();
    known.linked = vec![(DealNumber(1), stored.to_owned())];
    assert_eq!(fate_in(&known, row(in_file)), Fate::Same { deal: DealNumber(1), left: Vec::new() });
}

#[rstest]
#[case::nobody(Row { owner: Some("Zoe".to_owned()), ..row("502") }, RowProblem::Owner("Zoe".to_owned()))]
#[case::no_owner(Row { owner: None, ..row("502") }, RowProblem::Missing(Column::Owner))]
#[case::no_partner(Row { partner: None, ..row("502") }, RowProblem::Missing(Column::Partner))]
#[case::unknown_partner(
    Row { partner: Some("Initec".to_owned()), ..row("502") },
    RowProblem::Partner("Initec".to_owned(), vec!["Initech".to_owned()])
)]
fn what_is_not_known_is_told(#[case] row: Row, #[case] problem: RowProblem) {
    assert_eq!(fate(row), Fate::Wrong(vec![problem]));
}

#[test]
fn what_is_not_known_is_told_with_what_cannot_be_read() {
    let row = Row { owner: Some("Zoe".to_owned()), partner: Some("Hooli".to_owned()), amount: None, ..row("502") };
    let read = |row: &Row| Read { row: row.clone(), problems: vec![RowProblem::Amount("lots".to_owned())] };
    let fates = |rows: &[Read]| {
        let plan = plan(rows, &known(), &Owners::default(), UnknownPartner::Refuse, day("2026-11-02"));
        plan.rows.into_iter().map(|(_, fate)| fate).collect::<Vec<_>>()
    };
    let all = [
        RowProblem::Amount("lots".to_owned()),
        RowProblem::Owner("Zoe".to_owned()),
        RowProblem::Partner("Hooli".to_owned(), Vec::new()),
    ];
    assert_eq!(fates(&[read(&row)]), [Fate::Wrong(all.to_vec())]);
    let known = Row { crm: "501".to_owned(), ..row.clone() };
    assert_eq!(fates(&[read(&known)]), [Fate::Wrong(all[..1].to_vec())], "a deal that is here has an owner");
    let twice = [read(&known), read(&Row { line: 3, ..known.clone() }), fine(Row { line: 4, ..known.clone() })];
    let same = Fate::Wrong(vec![RowProblem::SameId(2)]);
    assert_eq!(fates(&twice)[2], same, "which of them is right can't be told");
}

#[test]
fn an_open_deal_without_an_id_may_be_the_same_one() {
    let mut known = known();
    known.unlinked.insert((AccountId(1), PartnerId(1)), DealNumber(9));
    assert_eq!(fate_in(&known, row("502")), Fate::Wrong(vec![RowProblem::LooksLike(DealNumber(9))]));
    let won = Row { stage: Some(Stage::Launched), ..row("502") };
    assert_eq!(fate_in(&known, won), Fate::New { owner: RITA }, "one that is over is not the open one");
}

#[test]
fn an_id_that_two_open_deals_have_changes_neither() {
    let mut known = known();
    let two = Deal { number: DealNumber(2), ..known.deals[&DealNumber(1)].clone() };
    known.linked.push((two.number, "501".to_owned()));
    known.deals.insert(two.number, two);
    let several = Fate::Wrong(vec![RowProblem::SeveralDeals(vec![DealNumber(1), DealNumber(2)])]);
    let moved = Row { amount: Some(1), ..row("501") };
    assert_eq!(fate_in(&known, moved.clone()), several);
    let ended = known.deals.get_mut(&DealNumber(2)).expect("D-2");
    ended.lose(Loss { reason: LossReason::Price, detail: None }, day("2026-11-01"), ended.created_at);
    assert!(matches!(fate_in(&known, moved), Fate::Changed { deal: DealNumber(1), .. }), "the open one is meant");
}

#[test]
fn names_are_mapped_and_everybody_else_too() {
    let owners = Owners { named: BTreeMap::from([("zoe".to_owned(), UserId(8))]), others: Some(UserId(9)) };
    let of = |owner: Option<&str>| {
        let row = Row { owner: owner.map(str::to_owned), ..row("502") };
        plan(&[fine(row)], &known(), &owners, UnknownPartner::Refuse, day("2026-11-02")).rows[0].1.clone()
    };
    assert_eq!(of(Some("Zoe")), Fate::New { owner: UserId(8) });
    assert_eq!(of(Some("rita@acme.example")), Fate::New { owner: RITA }, "by what stands before the @");
    assert_eq!(of(Some("Yann")), Fate::New { owner: UserId(9) });
    assert_eq!(of(None), Fate::New { owner: UserId(9) });
}

#[test]
fn new_names_are_made_once_and_an_id_stands_in_one_row() {
    let new = |line, crm: &str, account: &str| Row {
        line,
        account: account.to_owned(),
        partner: Some("Hooli".to_owned()),
        ..row(crm)
    };
    let rows = [new(2, "601", "Acme"), new(3, "602", "ACME"), new(4, "601", "Acme")].map(fine);
    let plan = plan(&rows, &known(), &Owners::default(), UnknownPartner::Create, day("2026-11-02"));
    assert_eq!(
        (plan.accounts.as_slice(), plan.partners.as_slice()),
        (&["Acme".to_owned()][..], &["Hooli".to_owned()][..])
    );
    assert_eq!(plan.rows[2], (4, Fate::Wrong(vec![RowProblem::SameId(2)])));
    assert_eq!(plan.count(), Count { new: 2, changed: 0, same: 0, wrong: 1 });
}

#[test]
fn what_was_lost_is_known_too() {
    let mut known = known();
    let lost = known.deals.get_mut(&DealNumber(1)).expect("D-1");
    lost.lose(Loss { reason: LossReason::Price, detail: None }, day("2026-11-01"), lost.created_at);
    let fate = fate_in(&known, Row { stage: Some(Stage::ClosedLost), ..row("501") });
    assert_eq!(fate, Fate::Same { deal: DealNumber(1), left: Vec::new() });
}

/// What a cell of any column may hold.
fn any_cell() -> impl Strategy<Value = String> {
    let words = [
        "",
        "Globex",
        "Initech",
        "Rita Moreno (rita@acme.example)",
        "Closed Won",
        "Qualified",
        "2026-12-15",
        "15/12/2026",
        "120,000.50",
        "EUR",
        "-1",
        "501",
    ];
    prop_oneof![
        proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        "(?s).{0,40}",
        (900usize..1_100).prop_map(|length| "ä".repeat(length))
    ]
}

proptest! {
    #[test]
    fn any_rows_are_read_and_each_comes_to_something(
        rows in proptest::collection::vec(proptest::collection::vec(any_cell(), Column::ALL.len()), 0..6),
        order in proptest::option::of(proptest::sample::select(vec![DateOrder::DayFirst, DateOrder::MonthFirst])),
    ) {
        let (calendar, stages) = (calendar(), BTreeMap::new());
        let terms = Terms { currency: Currency::of("USD").unwrap(), calendar: &calendar, today: day("2026-11-02"), dates: order, stages: &stages, partner: None };
        let raw = rows.iter().zip(2..).map(|(cells, line)| Raw { line, cells: Column::ALL.into_iter().zip(cells.iter().cloned()).collect() });
        let read: Vec<Read> = raw.map(|raw| crate::domain::import::row::read(&raw, &terms)).collect();
        for unknown in [UnknownPartner::Refuse, UnknownPartner::Create] {
            let plan = plan(&read, &known(), &Owners::default(), unknown, day("2026-11-02"));
            let Count { new, changed, same, wrong } = plan.count();
            prop_assert_eq!(new + changed + same + wrong, rows.len());
            for ((line, fate), read) in plan.rows.iter().zip(&read) {
                prop_assert_eq!(*line, read.row.line);
                prop_assert!(read.problems.is_empty() || matches!(fate, Fate::Wrong(_)), "{:?}", fate);
            }
        }
    }
}
