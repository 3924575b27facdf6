//! Handovers against the real store: parts, what was settled otherwise, walls, and what goes back.

use super::*;
use crate::app::answer_handover::{AnswerHandover, AssignHandover};
use crate::app::assign_deal::AssignDeal;
use crate::app::edit_partner::{EditPartner, OpenDeals, Status, Which};
use crate::app::name_number_owner::NameNumberOwner;
use crate::app::offer_handover::OfferHandover;
use crate::app::plan_handover::{ChooseRecipient, Leaver};
use crate::app::record_deal::RecordDeal;
use crate::app::start_handover::StartHandover;
use crate::app::testing::{Bench, GUILD, REPS, admin_of, caller, deal_with, lead, person, rep};
use crate::app::undo_handover::UndoHandover;
use crate::app::update_deal::UpdateDeal;
use crate::app::{Caller, Person};
use crate::domain::access::Needed;
use crate::domain::event::{EventKind, SubjectKind};
use crate::domain::handover::{Obstacle, Reply};
use crate::domain::id::{GuildId, HandoverId};
use crate::domain::refusal::Problem;

const RITA: UserId = UserId(3);

fn ben() -> Person {
    person(4, "Ben", &[REPS])
}

fn as_ben() -> Caller {
    caller(GUILD, 4, "Ben", &[REPS])
}

fn start_to(to: Option<Person>) -> StartHandover {
    StartHandover { from: Leaver::User(RITA), to, note: None, part_of: None }
}

fn answer(handover: HandoverId, what: Option<What>, reply: Reply) -> AnswerHandover {
    AnswerHandover { handover, what, reply }
}

/// Rita's deals D-1 and following, with Ben behind the first.
async fn with_deals(deals: usize) -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    for n in 0..deals {
        let backup = (n == 0).then(ben);
        let deal = RecordDeal { backup, ..deal_with("Globex", Some("one of many")) };
        bench.app.change(&rep(), deal).await.unwrap();
    }
    bench
}

async fn deal(bench: &Bench, number: i64) -> Deal {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_deal(DealNumber(number)).await.unwrap().unwrap()
}

async fn member(bench: &Bench, user: UserId) -> MemberId {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_member_of_user(user).await.unwrap().unwrap().id
}

async fn stored(bench: &Bench) -> Handover {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_handover(HandoverId(1)).await.unwrap().unwrap()
}

fn problem<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(refused)) => refused.problems[0].clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_handover_of_many_deals_is_moved_and_taken_back_in_parts() {
    let bench = with_deals(BATCH + 3).await;
    let caller = lead();
    let handover = bench.app.start_handover(&caller, start_to(Some(ben()))).await.unwrap();
    assert_eq!((handover.items.len(), handover.waiting), (BATCH + 3, BATCH + 3));
    assert_eq!(handover, stored(&bench).await);
    bench.assert_replays(GUILD, &handover).await;
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let (rita, lena) = (member(&bench, RITA).await, handover.lead.unwrap());
    assert!(workspace.find_open_deals_of_owner(rita).await.unwrap().is_empty());
    assert_eq!(workspace.find_open_deals_of_owner(lena).await.unwrap().len(), BATCH + 3);
    let events = workspace.find_events_of(caller.interaction).await.unwrap();
    assert_eq!(events.len(), BATCH + 3 + 2, "two of them are the handover's own, one a part");

    let undone = bench.app.undo_handover(&lead(), UndoHandover { handover: handover.id }).await.unwrap();
    assert!(undone.items.values().all(|item| item.answer == Answer::Back) && undone.waiting == 0);
    assert_eq!(workspace.find_open_deals_of_owner(rita).await.unwrap().len(), BATCH + 3);
    assert!(deal(&bench, 1).await.backup.is_some(), "its backup is back too");
    bench.assert_replays(GUILD, &undone).await;
    let again = bench.app.undo_handover(&lead(), UndoHandover { handover: handover.id }).await;
    assert_eq!(problem(again), Problem::Stale);
}

#[tokio::test]
async fn whoever_gets_a_part_is_asked_although_the_rest_is_cut_short() {
    let bench = with_deals(BATCH + 3).await;
    let asked = async || -> i64 {
        let query = "SELECT COUNT(*) FROM outbox WHERE guild_id = ? AND kind = 'handover'";
        let mut reader = bench.app.store.reader().await.unwrap();
        sqlx::query_scalar(query).bind(GUILD.0).fetch_one(&mut *reader).await.unwrap()
    };
    let caller = lead();
    let part = bench.app.change(&caller, start_to(Some(ben()))).await.unwrap();
    assert_eq!((part.handover.items.len(), asked().await), (BATCH, 1), "here the power goes");
    let part_of = Some(part.handover.id);
    bench.app.go_on(&caller, StartHandover { part_of, ..start_to(Some(ben())) }).await.unwrap();
    assert_eq!(asked().await, 1, "in one message for all of it");
}

#[tokio::test]
async fn what_the_lead_settled_otherwise_is_neither_accepted_nor_taken_back() {
    let bench = with_deals(2).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let ana = person(5, "Ana", &[REPS]);
    let assign = AssignDeal { deal: Ok(DealNumber(2)), owner: Some(ana.clone()), backup: None };
    bench.app.change(&lead(), assign).await.unwrap();
    let answered = bench.app.change(&as_ben(), answer(handover, None, Reply::Accept)).await.unwrap();
    let answers: Vec<Answer> = answered.items.iter().map(|item| item.answer).collect();
    assert_eq!(answers, [Answer::Accepted, Answer::Overtaken]);
    assert_eq!(deal(&bench, 2).await.owner, member(&bench, ana.user).await);
    let twice = bench.app.change(&as_ben(), answer(handover, None, Reply::Accept)).await;
    assert_eq!(problem(twice), Problem::Handover(Obstacle::NothingWaits));
    let undone = bench.app.undo_handover(&lead(), UndoHandover { handover }).await.unwrap();
    let answers: Vec<Answer> = undone.in_order().iter().map(|item| item.answer).collect();
    assert_eq!(answers, [Answer::Back, Answer::Stayed]);
    assert_eq!(deal(&bench, 2).await.owner, member(&bench, ana.user).await);
}

/// Gives Initech another partner manager.
async fn manage_initech(bench: &Bench, manager: Person) {
    let initech = Which::Named("Initech".to_owned());
    let kept = EditPartner::status(initech, Status::Active, OpenDeals::AskFirst);
    bench.app.change(&lead(), EditPartner { manager: Some(manager), ..kept }).await.unwrap();
}

#[tokio::test]
async fn a_role_that_somebody_else_was_given_before_an_answer_does_not_go_back() {
    let bench = with_deals(0).await;
    manage_initech(&bench, rep().person).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    manage_initech(&bench, person(5, "Ana", &[REPS])).await;
    let undone = bench.app.undo_handover(&lead(), UndoHandover { handover }).await.unwrap();
    assert_eq!(undone.in_order()[0].answer, Answer::Stayed, "nobody moved it back");
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let manager = workspace.find_partner_named("Initech").await.unwrap().unwrap().manager;
    assert_eq!(manager, Some(member(&bench, UserId(5)).await));
}

#[tokio::test]
async fn a_deal_that_was_touched_before_the_answer_does_not_go_back() {
    let bench = with_deals(2).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let note = UpdateDeal { note: Some("They called".to_owned()), ..UpdateDeal::of(DealNumber(1)) };
    bench.app.change(&as_ben(), note).await.unwrap();
    bench.app.change(&as_ben(), answer(handover, None, Reply::Accept)).await.unwrap();
    let undone = bench.app.undo_handover(&lead(), UndoHandover { handover }).await.unwrap();
    let answers: Vec<Answer> = undone.in_order().iter().map(|item| item.answer).collect();
    assert_eq!(answers, [Answer::Stayed, Answer::Back]);
    assert_eq!(deal(&bench, 1).await.owner, member(&bench, ben().user).await);
}

#[tokio::test]
async fn an_answer_that_was_taken_back_touched_nothing() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let accepted = as_ben();
    bench.app.change(&accepted, answer(handover, None, Reply::Accept)).await.unwrap();
    bench.app.undo(&as_ben(), accepted.interaction).await.unwrap();
    assert_eq!(stored(&bench).await.asked(None).len(), 1, "it waits again");
    let undone = bench.app.undo_handover(&lead(), UndoHandover { handover }).await.unwrap();
    assert_eq!(undone.in_order()[0].answer, Answer::Back);
    bench.assert_replays(GUILD, &undone).await;
}

#[tokio::test]
async fn a_lead_who_backed_a_deal_up_does_so_again_once_it_is_accepted() {
    let bench = with_deals(1).await;
    let assign = AssignDeal { deal: Ok(DealNumber(1)), owner: None, backup: Some(lead().person) };
    bench.app.change(&lead(), assign).await.unwrap();
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap();
    assert_eq!(deal(&bench, 1).await.backup, None, "nobody is their own backup");
    bench.app.change(&as_ben(), answer(handover.id, None, Reply::Accept)).await.unwrap();
    let taken = deal(&bench, 1).await;
    assert_eq!((taken.owner, taken.backup), (member(&bench, ben().user).await, handover.lead));
}

#[tokio::test]
async fn what_is_on_its_way_is_not_sent_again() {
    let bench = with_deals(1).await;
    manage_initech(&bench, rep().person).await;
    bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap();
    let again = bench.app.start_handover(&lead(), start_to(Some(person(5, "Ana", &[REPS])))).await;
    assert_eq!(problem(again), Problem::Handover(Obstacle::Underway { user: RITA, things: 2 }));
    bench.app.change(&rep(), deal_with("Soylent", None)).await.unwrap();
    let rest = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap();
    let things: Vec<What> = rest.in_order().iter().map(|item| item.what).collect();
    assert_eq!(things, [What::Deal(DealNumber(2))], "only what is hers still");
    bench.app.change(&as_ben(), answer(HandoverId(1), None, Reply::Decline)).await.unwrap();
    let declined = bench.app.start_handover(&lead(), start_to(None)).await;
    assert_eq!(problem(declined), Problem::Handover(Obstacle::Underway { user: RITA, things: 3 }));
}

#[tokio::test]
async fn somebody_else_is_found_for_what_was_declined_with_two_days_of_their_own() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let what = What::Deal(DealNumber(1));
    bench.app.change(&as_ben(), answer(handover, Some(what), Reply::Decline)).await.unwrap();
    assert_eq!(stored(&bench).await.waiting, 1, "it is kept open");
    bench.now_is("2026-12-21T15:00:00Z");
    let offer = |to| OfferHandover { handover, what, to };
    let rep_s = bench.app.change(&rep(), offer(ben())).await;
    assert_eq!(problem(rep_s), Problem::NotAllowed { needed: Needed::Lead, ask: None });
    let back = bench.app.change(&lead(), offer(rep().person)).await;
    assert_eq!(problem(back), Problem::StandsInForSelf { option: "to" });
    let ana = person(5, "Ana", &[REPS]);
    bench.app.change(&lead(), offer(ana.clone())).await.unwrap();
    let same = bench.app.change(&lead(), offer(ana.clone())).await;
    assert_eq!(problem(same), Problem::NothingToDo);
    let early = bench.app.change(&lead(), AssignHandover { handover }).await;
    let from = "2026-12-23".parse().unwrap();
    assert_eq!(problem(early), Problem::Handover(Obstacle::NotOverdue { from }));
    let late = bench.app.change(&as_ben(), answer(handover, Some(what), Reply::Accept)).await;
    assert_eq!(problem(late), Problem::Handover(Obstacle::NotYours { recipient: ana.user }));
    let as_ana = caller(GUILD, 5, "Ana", &[REPS]);
    bench.app.change(&as_ana, answer(handover, Some(what), Reply::Accept)).await.unwrap();
    assert_eq!(deal(&bench, 1).await.owner, member(&bench, ana.user).await);
    bench.assert_replays(GUILD, &stored(&bench).await).await;
}

#[tokio::test]
async fn a_lead_keeps_what_was_declined_and_what_was_given_on_is_settled() {
    let bench = with_deals(2).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    bench.app.change(&as_ben(), answer(handover, None, Reply::Decline)).await.unwrap();
    let keep = OfferHandover { handover, what: What::Deal(DealNumber(1)), to: lead().person };
    let kept = bench.app.change(&lead(), keep).await.unwrap();
    assert_eq!((kept.items[0].answer, kept.handover.waiting), (Answer::Accepted, 1));
    let owner = Some(person(5, "Ana", &[REPS]));
    bench.app.change(&lead(), AssignDeal { deal: Ok(DealNumber(2)), owner, backup: None }).await.unwrap();
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let stands = as_it_stands(&mut workspace, stored(&bench).await).await.unwrap();
    let answers: Vec<Answer> = stands.in_order().iter().map(|item| item.answer).collect();
    assert_eq!((answers, stands.waiting), (vec![Answer::Accepted, Answer::Overtaken], 0));
    let settled = OfferHandover { handover, what: What::Deal(DealNumber(2)), to: ben() };
    assert_eq!(problem(bench.app.change(&lead(), settled).await), Problem::Handover(Obstacle::Answered));
}

#[tokio::test]
async fn what_the_lead_gets_needs_nobody_s_yes() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(lead().person))).await.unwrap();
    assert_eq!((handover.waiting, handover.in_order()[0].answer), (0, Answer::Accepted));
    assert_eq!(Some(deal(&bench, 1).await.owner), handover.lead);
    let nothing = bench.app.start_handover(&lead(), start_to(None)).await;
    assert_eq!(problem(nothing), Problem::Handover(Obstacle::Nothing { user: RITA }));
}

#[tokio::test]
async fn a_lead_hands_over_their_own_deals_and_stays_the_acting_owner() {
    let bench = with_deals(BATCH + 1).await;
    let own = Leaver::User(lead().person.user);
    bench.app.start_handover(&lead(), start_to(Some(lead().person))).await.unwrap();
    let to_ben = StartHandover { from: own, ..start_to(Some(ben())) };
    let handover = bench.app.start_handover(&lead(), to_ben).await.unwrap();
    assert_eq!((handover.items.len(), handover.waiting), (BATCH + 1, BATCH + 1));
    let lena = member(&bench, lead().person.user).await;
    assert_eq!(deal(&bench, 1).await.owner, lena);
    let what = Some(What::Deal(DealNumber(1)));
    bench.app.change(&as_ben(), answer(handover.id, what, Reply::Accept)).await.unwrap();
    assert_eq!(deal(&bench, 1).await.owner, member(&bench, ben().user).await);
}

#[tokio::test]
async fn an_acceptance_of_everything_is_one_transaction() {
    let bench = with_deals(3).await;
    let own = NameNumberOwner { user: rep().person };
    bench.app.change(&lead(), own).await.unwrap();
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let caller = as_ben();
    bench.app.change(&caller, answer(handover, None, Reply::Accept)).await.unwrap();
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    let events = workspace.find_events_of(caller.interaction).await.unwrap();
    let subjects: Vec<SubjectKind> = events.iter().map(|event| event.subject.kind).collect();
    use SubjectKind::{Deal, Handover, Workspace};
    assert_eq!(subjects, [Workspace, Deal, Deal, Deal, Handover], "what moved and that it did stand in one commit");
    bench.assert_replays(GUILD, &bench.settings(GUILD).await).await;
}

#[tokio::test]
async fn an_answer_is_the_recipient_s_and_an_assignment_waits_two_business_days() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    let what = Some(What::Deal(DealNumber(1)));
    let theirs = bench.app.change(&lead(), answer(handover, what, Reply::Accept)).await;
    assert_eq!(problem(theirs), Problem::Handover(Obstacle::NotYours { recipient: ben().user }));
    let early = bench.app.change(&lead(), AssignHandover { handover }).await;
    assert!(matches!(problem(early), Problem::Handover(Obstacle::NotOverdue { .. })));
    bench.now_is("2026-12-21T15:00:00Z");
    let rep = bench.app.change(&as_ben(), AssignHandover { handover }).await;
    assert_eq!(problem(rep), Problem::NotAllowed { needed: Needed::Lead, ask: None });
    let assigned = bench.app.change(&lead(), AssignHandover { handover }).await.unwrap();
    assert_eq!(assigned.items[0].answer, Answer::Assigned);
    assert_eq!(deal(&bench, 1).await.owner, member(&bench, ben().user).await);
    let late = bench.app.change(&as_ben(), answer(handover, what, Reply::Decline)).await;
    assert_eq!(problem(late), Problem::Handover(Obstacle::Answered));
}

#[tokio::test]
async fn a_handover_can_not_be_taken_back_after_seven_days_nor_to_somebody_who_left() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    has_left(&bench, RITA).await;
    let gone = bench.app.undo_handover(&lead(), UndoHandover { handover }).await;
    assert_eq!(problem(gone), Problem::Handover(Obstacle::HasLeft { name: "Rita".to_owned() }));
    bench.now_is("2026-12-24T15:00:01Z");
    let late = bench.app.undo_handover(&lead(), UndoHandover { handover }).await;
    assert_eq!(problem(late), Problem::Handover(Obstacle::NothingToUndo));
}

#[tokio::test]
async fn nothing_is_assigned_to_a_recipient_who_has_left() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    has_left(&bench, ben().user).await;
    bench.now_is("2026-12-21T15:00:00Z");
    let assigned = bench.app.change(&lead(), AssignHandover { handover }).await;
    assert_eq!(problem(assigned), Problem::Handover(Obstacle::RecipientLeft { name: "Ben".to_owned() }));
}

/// Discord shows somebody as gone.
async fn has_left(bench: &Bench, user: UserId) {
    let leaver = member(bench, user).await;
    bench
        .app
        .store
        .write(move |connection| {
            Box::pin(async move {
                let workspace = Workspace::writing(GUILD, connection);
                let now = "2026-12-17T15:00:01Z".parse().expect("an instant");
                let mut change = crate::app::Change::by_bot(workspace, now).await?;
                let mut member = change.find_member(leaver).await?.expect("they are known");
                change.edit(&mut member, EventKind::Edited, None, |member| member.gone = true)?;
                change.commit().await
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn rule_4_a_handover_of_another_workspace_is_not_there() {
    let bench = with_deals(1).await;
    let handover = bench.app.start_handover(&lead(), start_to(Some(ben()))).await.unwrap().id;
    bench.set_up(GuildId(2)).await;
    let stranger = admin_of(GuildId(2));
    let assigned = bench.app.change(&stranger(), AssignHandover { handover }).await;
    assert_eq!(problem(assigned), Problem::Stale);
    let undone = bench.app.undo_handover(&stranger(), UndoHandover { handover }).await;
    assert_eq!(problem(undone), Problem::Stale);
    let leaver = member(&bench, RITA).await;
    let choose = ChooseRecipient { leaver, what: What::Deal(DealNumber(1)), to: ben() };
    assert_eq!(problem(bench.app.change(&stranger(), choose).await), Problem::Stale);
}
