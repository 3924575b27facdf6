//! `/partner`.

use serde::Deserialize;

use super::deal::list_page;
use crate::app::Person;
use crate::app::add_contact::AddContact;
use crate::app::add_partner::{AddPartner, PartnerAdded};
use crate::app::claim::Scope;
use crate::app::edit_partner::{EditPartner, OpenDeals, PartnerEdited, Status, Which};
use crate::app::list_deals::Filter;
use crate::app::partner::find_any;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::discord::sheet::from_key;
use crate::domain::access::Needed;
use crate::domain::account::name_key;
use crate::domain::card::Named;
use crate::domain::event::EventKind;
use crate::domain::id::PartnerId;
use crate::domain::partner::{Partner, PartnerKind, Tier};
use crate::domain::refusal::{Problem, Refused};
use crate::error::Failure;
use crate::render::deal::list::Show;
use crate::render::message::Message;
use crate::render::offer::Offer;
use crate::render::partner as words;
use crate::render::press;

/// The options of `/partner add`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOptions {
    name: String,
    kind: Option<PartnerKind>,
    tier: Option<Tier>,
    manager: Option<Picked>,
}

/// `/partner add`
pub async fn add(call: Call, given: AddOptions) -> Result<Answer, Failure> {
    let AddOptions { name, kind, tier, manager } = given;
    let manager: Option<Person> = manager.map(Into::into);
    let add = AddPartner { name, kind, tier, manager: manager.clone() };
    match call.app.change(&call.caller, add).await {
        Err(Failure::Refused(refused)) => known(&call, refused, (kind, tier), manager).await,
        added => said_added(&call, added?).await,
    }
}

/// What stands in the way of a new partner; one that is archived can be brought back.
async fn known(
    call: &Call,
    refused: Refused,
    given: (Option<PartnerKind>, Option<Tier>),
    manager: Option<Person>,
) -> Result<Answer, Failure> {
    let [Problem::Archived { partner, .. }] = refused.problems.as_slice() else { return Err(refused.into()) };
    let id = press::bring_back(call.caller.guild, *partner, given, manager.map(|person| person.user));
    let look = call.look().await?;
    Ok(call.say(words::archived(&look.voice(&call.commands), &refused, vec![(Offer::BringBack, id)])))
}

async fn said_added(call: &Call, added: PartnerAdded) -> Result<Answer, Failure> {
    let PartnerAdded { partner, askers } = added;
    let mut look = call.look().await?;
    let card = look.partner_card(partner).await?;
    let askers: Vec<Named> = askers.iter().map(Named::from).collect();
    Ok(call.say(words::added(&look.voice(&call.commands), &card, &askers, vec![call.undo()])))
}

/// "Bring it back": the archived partner of a name that was to be added, with what was given for it.
pub async fn bring_back(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let partner = Which::Id(id.number(0).map(PartnerId).ok_or(Problem::Stale)?);
    let (kind, tier) = (id.word(1).and_then(from_key), id.word(2).and_then(from_key));
    let manager = match id.word(3) {
        Some(user) => Some(call.person("manager", user).await?),
        None => None,
    };
    let back = EditPartner { kind, tier, manager, ..EditPartner::status(partner, Status::Active, OpenDeals::AskFirst) };
    let edited = call.app.edit_partner(&call.caller, back).await?;
    Ok(Answer::Update(after(&call, edited).await?))
}

/// The options of `/partner edit`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditOptions {
    partner: String,
    name: Option<String>,
    kind: Option<PartnerKind>,
    tier: Option<Tier>,
    manager: Option<Picked>,
    status: Option<Status>,
}

/// `/partner edit`
pub async fn edit(call: Call, given: EditOptions) -> Result<Answer, Failure> {
    let EditOptions { partner, name, kind, tier, manager, status } = given;
    let (partner, manager) = (Which::Named(partner), manager.map(Into::into));
    let edit = EditPartner { partner, name, kind, tier, manager, status, open_deals: OpenDeals::AskFirst };
    let edited = call.app.edit_partner(&call.caller, edit).await?;
    Ok(call.say(after(&call, edited).await?))
}

/// The options of `/partner archive`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveOptions {
    partner: String,
}

/// `/partner archive`
pub async fn archive(call: Call, given: ArchiveOptions) -> Result<Answer, Failure> {
    let archive = EditPartner::status(Which::Named(given.partner), Status::Archived, OpenDeals::AskFirst);
    let edited = call.app.edit_partner(&call.caller, archive).await?;
    Ok(call.say(after(&call, edited).await?))
}

/// The answer to "archive it although deals are open?".
pub async fn archive_confirmed(call: Call) -> Result<Answer, Failure> {
    let partner = PartnerId(call.id()?.number(0).ok_or(Problem::Stale)?);
    if call.id()?.word(1) == Some("no") {
        return Ok(Answer::Update(words::left_as_it_is()));
    }
    let archive = EditPartner::status(Which::Id(partner), Status::Archived, OpenDeals::Confirmed);
    let edited = call.app.edit_partner(&call.caller, archive).await?;
    Ok(Answer::Update(after(&call, edited).await?))
}

/// The options of `/partner contact`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactOptions {
    partner: String,
    name: String,
    role: Option<String>,
    email: Option<String>,
}

/// `/partner contact`
pub async fn contact(call: Call, given: ContactOptions) -> Result<Answer, Failure> {
    let ContactOptions { partner, name, role, email } = given;
    let key = name_key(&name);
    let partner = call.app.change(&call.caller, AddContact { partner, name, role, email }).await?;
    let contact = partner.contacts.iter().find(|contact| name_key(&contact.name) == key).cloned();
    let contact = contact.ok_or_else(|| anyhow::anyhow!("the contact was just saved"))?;
    let card = call.look().await?.partner_card(partner).await?;
    Ok(call.say(words::contact_saved(&card, &contact, vec![call.undo()])))
}

/// The options of `/partner view`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewOptions {
    partner: String,
    #[serde(rename = "share")]
    _share: Option<bool>,
}

/// `/partner view`
pub async fn view(call: Call, given: ViewOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let partner = find_any(&mut look.workspace, &given.partner).await?.map_err(Failure::from)?;
    let card = look.partner_card(partner).await?;
    let (guild, id) = (call.caller.guild, card.partner.id);
    let claims = look.count_claims_with(id).await?;
    let theirs = look.waiting_claims(Scope::With(id)).await?.total;
    let deals = CustomId::new("partner_deals", guild).with(id).to_control();
    let deals = (card.open.deals > 0).then_some((Offer::ShowDeals, deals));
    let confirm = (theirs > 0 && !call.is_shared()).then(|| press::claims_with(guild, id));
    let contacts = CustomId::new("contacts", guild).with(id).to_control();
    let contacts = (card.partner.contacts.len() > 1).then_some((Offer::Contacts, contacts));
    let offers = deals.into_iter().chain(contacts).chain(confirm).collect();
    Ok(call.say(words::card(&look.voice(&call.commands), &card, claims, offers)))
}

/// "Show deals" on a partner's card: for whoever pressed.
pub async fn deals(call: Call) -> Result<Answer, Failure> {
    let partner = call.id()?.number(0).map(PartnerId).ok_or(Problem::Stale)?;
    call.look().await?.workspace.find_partner(partner).await?.ok_or(Problem::Stale)?;
    let filter = Filter { show: Show::Open, owner: None, partner: Some(partner), stage: None };
    Ok(Answer::Say(list_page(&call, filter, 0).await?.private()))
}

/// "Contacts" on a partner's card: all of them, for whoever pressed.
pub async fn contacts(call: Call) -> Result<Answer, Failure> {
    Ok(Answer::Say(contacts_page(&call, 0).await?.private()))
}

/// ◀ and ▶ under a partner's contacts.
pub async fn turn_contacts(call: Call) -> Result<Answer, Failure> {
    let page = call.id()?.index(1).ok_or(Problem::Stale)?;
    Ok(Answer::Update(contacts_page(&call, page).await?))
}

async fn contacts_page(call: &Call, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let id = call.id()?.number(0).map(PartnerId).ok_or(Problem::Stale)?;
    let partner = look.workspace.find_partner(id).await?.ok_or(Problem::Stale)?;
    let pages = Pages::new(partner.contacts.len(), words::CONTACTS, page);
    let turn = pages.page(&CustomId::new("contacts_turn", call.caller.guild).with(id));
    Ok(words::contacts_of(&partner, &pages.cut(partner.contacts.clone()), turn))
}

/// The options of `/partner list`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOptions {
    status: Option<words::Status>,
    #[serde(rename = "share")]
    _share: Option<bool>,
}

/// `/partner list`
pub async fn list(call: Call, given: ListOptions) -> Result<Answer, Failure> {
    let page = listed(&call, given.status.unwrap_or(words::Status::Active), 0).await?;
    Ok(call.say(page))
}

/// ◀ and ▶ under a list of partners.
pub async fn turn(call: Call) -> Result<Answer, Failure> {
    let (status, page) = (call.id()?.word(0).and_then(words::Status::parse), call.id()?.number(1));
    let (Some(status), Some(page)) = (status, page) else { return Err(Problem::Stale.into()) };
    Ok(Answer::Update(listed(&call, status, usize::try_from(page).unwrap_or(0)).await?))
}

async fn listed(call: &Call, status: words::Status, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Any)?;
    let mut partners = look.workspace.find_partners().await?;
    partners.retain(|partner| status.shows(partner.archived));
    partners.sort_by_key(|partner| (partner.archived, name_key(&partner.name)));
    let base = CustomId::new("partners", call.caller.guild).with(status.word());
    let pages = Pages::new(partners.len(), words::PAGE, page);
    let cards = look.partner_cards(pages.cut(partners)).await?;
    Ok(words::list(&look.voice(&call.commands), status, &cards, pages.total, pages.page(&base)))
}

async fn after(call: &Call, edited: PartnerEdited) -> Result<Message, Failure> {
    match edited {
        PartnerEdited::Saved { before, after } => match (before.archived, after.archived) {
            (true, false) => active_again(call, after).await,
            (false, true) => saved(call, after, EventKind::Archived).await,
            _ => saved(call, after, EventKind::Edited).await,
        },
        PartnerEdited::HasOpenDeals { partner, deals } => {
            let id = CustomId::new("archive", call.caller.guild).with(partner.id);
            let (yes, no) = (id.clone().with("yes").to_control(), id.with("no").to_control());
            Ok(words::confirm_archive(&partner, deals, vec![(Offer::Confirm, yes), (Offer::Cancel, no)]))
        }
    }
}

async fn saved(call: &Call, partner: Partner, kind: EventKind) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let card = look.partner_card(partner).await?;
    Ok(words::saved(&card, kind, vec![call.undo()]))
}

async fn active_again(call: &Call, partner: Partner) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let card = look.partner_card(partner).await?;
    Ok(words::active_again(&look.voice(&call.commands), &card, vec![call.undo()]))
}
