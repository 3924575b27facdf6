//! Adds a person on a partner's side, or changes the one of that name: `/partner contact`.

use super::change::{Change, Edited};
use super::reading::{all_read, read_name};
use super::{UseCase, partner};
use crate::domain::access::Needed;
use crate::domain::account::name_key;
use crate::domain::event::EventKind;
use crate::domain::partner::{Contact, Partner};
use crate::domain::refusal::{Problem, Problems, Takes};
use crate::error::Failure;

/// A contact as typed.
#[derive(Debug, Clone)]
pub struct AddContact {
    /// The partner's name.
    pub partner: String,
    /// The person's name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// Where to write.
    pub email: Option<String>,
}

impl UseCase for AddContact {
    type Outcome = Partner;

    async fn run(self, change: &mut Change<'_>) -> Result<Partner, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let partner = problems.take(partner::find_own(change, &self.partner).await?);
        let name = problems.take(read_name("name", &self.name)).unwrap_or_default();
        let role = self.role.as_deref().and_then(|typed| problems.take(read_name("role", typed)));
        let email = self.email.as_deref().and_then(|typed| problems.take(read_email(typed)));
        let mut partner = all_read(problems, partner)?;
        let put = |partner: &mut Partner| put(&mut partner.contacts, Contact { name, role, email });
        match change.edit(&mut partner, EventKind::Edited, None, put)? {
            Edited::Yes => Ok(partner),
            Edited::No => Err(Problem::NothingToDo.into()),
        }
    }
}

/// A contact of the same name keeps what was not given.
fn put(contacts: &mut Vec<Contact>, given: Contact) {
    match contacts.iter_mut().find(|known| name_key(&known.name) == name_key(&given.name)) {
        Some(known) => {
            known.role = given.role.or_else(|| known.role.take());
            known.email = given.email.or_else(|| known.email.take());
            known.name = given.name;
        }
        None => contacts.push(given),
    }
}

/// An address as far as one can tell by looking at it.
fn read_email(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let well_formed = typed.split_once('@').is_some_and(|(user, host)| {
        let host_parts: Vec<&str> = host.split('.').collect();
        !user.is_empty() && host_parts.len() > 1 && host_parts.iter().all(|part| !part.is_empty())
    });
    let clean = !typed.chars().any(|c| c.is_whitespace() || c.is_control()) && typed.matches('@').count() == 1;
    match well_formed && clean && typed.len() <= 254 {
        true => Ok(typed.to_owned()),
        false => Err(Problem::Unreadable { option: "email", typed: typed.to_owned(), takes: Takes::Email }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, lead, rep};

    fn contact(name: &str, role: Option<&str>, email: Option<&str>) -> AddContact {
        let owned = |text: &str| text.to_owned();
        AddContact {
            partner: "Initech".to_owned(),
            name: name.to_owned(),
            role: role.map(owned),
            email: email.map(owned),
        }
    }

    #[tokio::test]
    async fn a_known_contact_is_changed_and_keeps_what_was_not_given() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&lead(), contact("Ana Silva", Some("Alliance manager"), None)).await.unwrap();
        bench.app.change(&lead(), contact("ana silva", None, Some("ana@initech.example"))).await.unwrap();
        let partner = bench.app.change(&lead(), contact("Bill Lumbergh", None, None)).await.unwrap();
        let ana = Contact {
            name: "ana silva".to_owned(),
            role: Some("Alliance manager".to_owned()),
            email: Some("ana@initech.example".to_owned()),
        };
        assert_eq!(partner.contacts, [ana, Contact { name: "Bill Lumbergh".to_owned(), role: None, email: None }]);
        bench.assert_replays(GUILD, &partner).await;
        assert!(bench.app.change(&rep(), contact("Eve", None, None)).await.is_err(), "a rep adds no contacts");
    }

    #[test]
    fn an_address_is_read_as_far_as_one_can_tell() {
        for good in ["ana@initech.example", " a.b+c@mail.initech.example "] {
            assert!(read_email(good).is_ok(), "{good}");
        }
        for bad in ["ana", "ana@", "@initech.example", "ana@initech", "a b@initech.example", "a@b@c.example", "a@b..c"]
        {
            assert!(read_email(bad).is_err(), "{bad}");
        }
    }
}
