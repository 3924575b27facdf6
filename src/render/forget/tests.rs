//! What is asked before somebody or everything is forgotten.

use super::super::offer::Offer;
use super::super::testing::*;
use super::*;
use crate::domain::id::{MemberId, UserId};

#[test]
fn what_goes_is_named_before_it_goes() {
    let ask = || offers(&[Offer::Forget, Offer::Cancel]);
    let rita = Named { member: MemberId(3), user: UserId(73), name: "Rita".to_owned(), gone: true };
    let extent = Extent { deals: 1_200, changes: 18_031, partners: 1, reviews: 2, people: 14 };
    let said = [
        seen(&confirm_person(&rita, (41, 1), Standing::default(), ask())),
        seen(&confirm_person(&rita, (0, 0), Standing { number: 1, partners: 2, backups: 3, claims: 1 }, ask())),
        seen(&person_forgotten(&rita)),
        seen(&confirm_workspace(extent, ask())),
        speaking(|voice| seen(&workspace_forgotten(voice))),
        seen(&kept()),
    ];
    insta::assert_snapshot!(said.join("---\n"));
}
