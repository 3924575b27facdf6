use super::*;
use crate::app::Caller;
use crate::app::testing::{Bench, GUILD, LEADS, REPS, admin_of, caller, deal_with, lead, rep};
use crate::domain::id::GuildId;
use crate::domain::testing::at;

fn candidate(deal: i64, text: &str, open: bool, owner: i64, touched: &str) -> Candidate {
    let touched_at = at(&format!("2026-11-{touched}T10:00:00Z"));
    Candidate { deal: DealNumber(deal), text: text.to_owned(), open, owner: MemberId(owner), touched_at }
}

fn order(typed: &str, running: Running) -> Vec<i64> {
    let candidates = vec![
        candidate(1, "D-1 Globex · Initech", false, 7, "05"),
        candidate(2, "D-2 Globex · Hooli", true, 8, "04"),
        candidate(3, "D-3 Globex · Initech", true, 7, "02"),
        candidate(4, "D-4 Glabex · Initech", true, 7, "06"),
        candidate(12, "D-12 Umbrella · Hooli", true, 8, "01"),
        candidate(120, "D-120 Umbrella · Hooli", true, 7, "03"),
    ];
    ranked(candidates, typed, running, MemberId(7)).into_iter().map(|deal| deal.0).collect()
}

#[test]
fn the_closest_come_first_then_running_own_and_recent_ones() {
    assert_eq!(order("globex", Running::Open), [3, 2, 1, 4]);
    assert_eq!(order("globex", Running::Closed), [1, 3, 2, 4]);
    assert_eq!(order("12", Running::Open), [12, 120], "the number itself before one that begins with it");
    assert_eq!(order("", Running::Open), [4, 120, 3, 2, 12, 1]);
    assert!(order("wayne", Running::Open).is_empty());
}

/// A workspace with D-1 Globex, D-2 Umbrella and D-3 Wayne Enterprises, all with Initech; Rita's, but for the last.
async fn bench() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    for (who, account) in [(rep(), "Globex"), (rep(), "Umbrella"), (lead(), "Wayne Enterprises")] {
        bench.app.change(&who, deal_with(account, None)).await.unwrap();
    }
    bench
}

async fn deals(bench: &Bench, who: Caller, typed: &str) -> Vec<String> {
    let offered = bench.app.look(&who).await.unwrap().offer_deals(typed, Running::Open).await.unwrap();
    offered.iter().map(|label| format!("{} {} · {}", label.deal.label(), label.account, label.partner)).collect()
}

#[tokio::test]
async fn a_deal_is_found_by_number_account_and_partner_and_in_spite_of_mistakes() {
    let bench = bench().await;
    for typed in ["globex", "globx", "gl", "golbex", "1", "D-1", "globex initech", "GLOBEX", "D-1 Globex · Initech"] {
        let found = deals(&bench, rep(), typed).await;
        assert_eq!(found.first().map(String::as_str), Some("D-1 Globex · Initech"), "{typed}: {found:?}");
    }
    assert_eq!(deals(&bench, rep(), "initech").await.len(), 3);
    assert_eq!(deals(&bench, rep(), "").await[2], "D-3 Wayne Enterprises · Initech", "one's own come first");
    assert_eq!(deals(&bench, lead(), "").await[0], "D-3 Wayne Enterprises · Initech");
    for typed in ["zzz", "9", "·"] {
        assert!(deals(&bench, rep(), typed).await.is_empty(), "{typed}");
    }
}

#[tokio::test]
async fn people_without_a_role_are_offered_nothing() {
    let bench = bench().await;
    let stranger = || caller(GUILD, 9, "Newt", &[]);
    assert!(deals(&bench, stranger(), "globex").await.is_empty());
    let mut look = bench.app.look(&stranger()).await.unwrap();
    assert!(look.offer_accounts("").await.unwrap().is_empty());
    assert!(look.offer_partners("").await.unwrap().is_empty());
    assert!(look.offer_reviews("").await.unwrap().is_empty());
}

/// DESIGN §3, rule 4.
#[tokio::test]
async fn workspaces_are_walls_for_what_is_offered() {
    const OTHER: GuildId = GuildId(900_000_000_000_000_002);
    let bench = bench().await;
    bench.set_up(OTHER).await;
    let there = || caller(OTHER, 3, "Rita", &[REPS, LEADS]);
    for typed in ["globex", "gl", "1", "D-1", "initech", ""] {
        assert!(deals(&bench, there(), typed).await.is_empty(), "{typed}");
        assert!(deals(&bench, admin_of(OTHER)(), typed).await.is_empty(), "{typed}");
    }
    let mut look = bench.app.look(&there()).await.unwrap();
    for typed in ["globex", ""] {
        assert!(look.offer_accounts(typed).await.unwrap().is_empty(), "{typed}");
        assert!(look.offer_partners(typed).await.unwrap().is_empty(), "{typed}");
    }
}

#[tokio::test]
async fn accounts_and_partners_are_found_in_spite_of_mistakes() {
    let bench = bench().await;
    bench.add_partner("Hooli").await;
    let mut look = bench.app.look(&rep()).await.unwrap();
    assert_eq!(look.offer_accounts("globx").await.unwrap(), ["Globex"]);
    assert_eq!(look.offer_accounts("enter").await.unwrap(), ["Wayne Enterprises"]);
    assert_eq!(look.offer_accounts("").await.unwrap(), ["Wayne Enterprises", "Umbrella", "Globex"]);
    assert_eq!(look.offer_partners("hoo").await.unwrap(), ["Hooli"]);
    assert_eq!(look.offer_partners("").await.unwrap(), ["Hooli", "Initech"]);
    assert!(look.offer_reviews("").await.unwrap().is_empty());
}
