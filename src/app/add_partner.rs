//! Adds a partner: `/partner add`. Who asked for it, and whose deal still waits, is told how to go on.

use super::change::Change;
use super::draft::Draft;
use super::reading::read_name;
use super::{Person, UseCase, partner};
use crate::domain::access::Needed;
use crate::domain::account::name_key;
use crate::domain::id::PartnerId;
use crate::domain::member::Member;
use crate::domain::outgoing::{About, Destination};
use crate::domain::partner::{Partner, PartnerKind, Plan, Tier};
use crate::domain::refusal::{Problem, Problems, Thing};
use crate::error::Failure;

/// A partner as typed.
#[derive(Debug, Clone)]
pub struct AddPartner {
    /// The company's name.
    pub name: String,
    /// What it is to us.
    pub kind: Option<PartnerKind>,
    /// How much we put into it.
    pub tier: Option<Tier>,
    /// The partner manager on our side.
    pub manager: Option<Person>,
}

/// A partner that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerAdded {
    /// The partner.
    pub partner: Partner,
    /// Who asked for it and has a deal waiting.
    pub askers: Vec<Member>,
}

impl UseCase for AddPartner {
    type Outcome = PartnerAdded;

    async fn run(self, change: &mut Change<'_>) -> Result<PartnerAdded, Failure> {
        change.allow(Needed::Lead)?;
        let mut problems = Problems::default();
        let name = problems.take(read_name("name", &self.name)).unwrap_or_default();
        if let Some(known) = change.workspace.find_partner_named(&name).await? {
            problems.add(Problem::NameTaken { what: Thing::Partner, name: known.name });
        } else if let Ok(known) = partner::find_any(&mut change.workspace, &name).await? {
            problems.add(Problem::Archived { partner: known.id, name: known.name });
        }
        let manager = match &self.manager {
            Some(person) => problems.take(change.admit_holder("manager", person).await?).map(|manager| manager.id),
            None => None,
        };
        problems.finish()?;
        let id = change.workspace.next_partner_id().await?;
        let (kind, tier) = (self.kind, self.tier);
        let partner = Partner {
            id,
            version: 0,
            name,
            kind,
            tier,
            manager,
            contacts: Vec::new(),
            plan: Plan::default(),
            archived: false,
        };
        let partner = change.create(partner, None)?;
        let askers = tell_askers(change, partner.id, &partner.name).await?;
        Ok(PartnerAdded { partner, askers })
    }
}

/// Has those told who asked for a partner of this name and whose deal is still kept.
pub(super) async fn tell_askers(
    change: &mut Change<'_>,
    partner: PartnerId,
    name: &str,
) -> Result<Vec<Member>, Failure> {
    let mut askers: Vec<Member> = Vec::new();
    for kept in change.workspace.find_asking_drafts::<Draft>(change.now).await? {
        let waits = matches!(&kept.form, Draft::Deal(record) if name_key(&record.partner) == name_key(name));
        let asker = if waits { change.workspace.find_member_of_user(kept.user).await? } else { None };
        let Some(asker) = asker else { continue };
        if let Some(channel) = change.settings.pipeline_channel {
            let until = kept.until.timestamp_millis();
            let about = About::PartnerAdded { partner, asker: asker.id, draft: kept.id, until };
            change.say(about, Destination::Channel(channel), change.now);
        }
        if !askers.contains(&asker) {
            askers.push(asker);
        }
    }
    Ok(askers)
}

#[cfg(test)]
mod tests {
    use crate::app::ask_partner::AskPartner;
    use crate::app::draft::{Draft, KeepDraft};
    use crate::app::record_deal::RecordDeal;
    use crate::app::testing::{Bench, admin_of, deal_with, rep};
    use crate::domain::id::{GuildId, InteractionId};

    /// Rita asks for a partner for Globex; gives her draft.
    async fn asked_for(bench: &Bench, partner: &str) -> InteractionId {
        let (rita, record) = (rep(), RecordDeal { partner: partner.to_owned(), ..deal_with("Globex", None) });
        let id = rita.interaction;
        bench.app.change(&rita, KeepDraft { id, draft: Draft::Deal(Box::new(record)) }).await.unwrap();
        bench.app.change(&rep(), AskPartner { draft: id }).await.unwrap();
        id
    }

    async fn said(bench: &Bench) -> Vec<String> {
        bench.app.deliver().await.unwrap();
        bench.discord.posts.lock().unwrap().drain(..).map(|(_, body)| body).collect()
    }

    #[tokio::test]
    async fn who_asked_for_a_partner_is_told_when_it_is_there() {
        let bench = Bench::ready().await;
        asked_for(&bench, "Umbrella").await;
        let alert = said(&bench).await.concat();
        assert!(
            alert.contains("Umbrella") && alert.contains("Globex") && alert.contains("<t:1797606000:F>"),
            "{alert}"
        );

        assert_eq!(bench.add_partner("Hooli").await.askers, []);
        assert_eq!(said(&bench).await, Vec::<String>::new(), "nobody waits for another one");
        let added = bench.add_partner("  umbrella ").await;
        assert_eq!(added.askers.iter().map(|asker| asker.name.as_str()).collect::<Vec<_>>(), ["Rita"]);
        let told = said(&bench).await.concat();
        assert!(told.contains("<@3>") && told.contains("Globex") && told.contains("Try again"), "{told}");
        assert!(!told.contains(r#""users":["3"]"#), "it pings nobody: {told}");
    }

    #[tokio::test]
    async fn who_went_on_or_waited_for_too_long_is_told_nothing() {
        let bench = Bench::ready().await;
        let draft = asked_for(&bench, "Umbrella").await;
        said(&bench).await;
        bench.add_partner("Umbrella").await;
        let record = RecordDeal { partner: "Umbrella".into(), draft: Some(draft), ..deal_with("Globex", None) };
        bench.app.change(&rep(), record).await.unwrap();
        assert_eq!(said(&bench).await, Vec::<String>::new(), "the deal is recorded, and its line waits");

        asked_for(&bench, "Tyrell").await;
        bench.now_is("2026-12-18T15:00:00Z");
        assert_eq!(bench.add_partner("Tyrell").await.askers, [], "the draft's day is over");
    }

    #[tokio::test]
    async fn another_workspaces_askers_are_none_of_ours() {
        let bench = Bench::ready().await;
        asked_for(&bench, "Umbrella").await;
        bench.set_up(GuildId(2)).await;
        let add = super::AddPartner { name: "Umbrella".into(), kind: None, tier: None, manager: None };
        assert_eq!(bench.app.change(&admin_of(GuildId(2))(), add).await.unwrap().askers, []);
        assert_eq!(bench.add_partner("Umbrella").await.askers.len(), 1);
    }
}
