//! What goes along with files, and the CRM's file itself.

use super::super::testing::*;
use super::*;
use crate::domain::deal::{Claim, Deal, Participant, Role, Signature};
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::testing::{at, card, deal};

fn linked(crm: &str) -> Deal {
    Deal { crm: Some(crm.to_owned()), amount: Some(12_000_050), ..deal() }
}

fn cards() -> Vec<DealCard> {
    let signature = Signature { by: MemberId(2), at: at("2026-11-05T10:00:00Z") };
    let confirmed = Deal { claim: Claim { confirmed: Some(signature), ..Claim::default() }, ..linked("501") };
    let influenced = Participant {
        partner: PartnerId(2),
        role: Role::Influenced,
        evidence: None,
        by: MemberId(1),
        at: at("2026-11-05T10:00:00Z"),
        claim: Claim::default(),
    };
    let shared =
        Deal { participants: vec![influenced], evidence: Some("=HYPERLINK(\"http://x\")".to_owned()), ..linked("-1") };
    let open = Deal {
        role: Role::Undecided,
        evidence: None,
        ..linked("https://app.hubspot.com/contacts/9/record/0-3/5012345")
    };
    let mut shared = card(shared);
    shared.participants = vec!["Hooli".to_owned()];
    vec![card(confirmed), shared, DealCard { timeliness: Timeliness::Overdue, ..card(open) }]
}

#[test]
fn a_crm_takes_attribution_back_by_its_id() {
    let file = speaking(|voice| String::from_utf8(crm_file(voice, &cards())).expect("UTF-8"));
    let said = speaking(|voice| {
        [
            seen(&crm(voice, &[], None, 0)),
            seen(&crm(voice, &cards()[..1], None, 1)),
            seen(&crm(voice, &cards(), Some(&Period::of("2026-12-01".parse().expect("a day"), 1)), 12)),
            seen(&crm_too_big()),
        ]
        .join("---\n")
    });
    insta::assert_snapshot!(format!("{said}---\n{file}"));
}

#[test]
fn everything_is_given_with_what_is_private_in_it() {
    let said = [workspace("cosell-export.zip", vec![1], 0), workspace("cosell-export.json", vec![1], 3), too_big()];
    insta::assert_snapshot!(said.iter().map(seen).collect::<Vec<_>>().join("---\n"));
}
