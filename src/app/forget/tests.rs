//! Forgetting, against a real store.

use super::*;
use crate::app::assign_deal::AssignDeal;
use crate::app::close_deal::LoseDeal;
use crate::app::edit_partner::{EditPartner, OpenDeals, Which};
use crate::app::name_number_owner::NameNumberOwner;
use crate::app::record_deal::RecordDeal;
use crate::app::testing::{Bench, GUILD, REPS, admin, caller, deal_with, lead, person, rep};
use crate::app::update_deal::UpdateDeal;
use crate::domain::deal::{Deal, LossReason, Role};
use crate::domain::forget::FORGOTTEN;
use crate::domain::id::{DealNumber, GuildId};

const SECRET: &str = "SECRET";

async fn deal(bench: &Bench, number: i64) -> Deal {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_deal(DealNumber(number)).await.unwrap().expect("the deal is there")
}

async fn rita(bench: &Bench) -> Member {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_member_of_user(rep().person.user).await.unwrap().expect("Rita is known")
}

/// D-1, of which Rita typed all there is, and Ben some; Rita's, until she loses it.
async fn told() -> Bench {
    let bench = Bench::ready().await;
    bench.add_partner("Initech").await;
    let record = RecordDeal {
        source: Role::Sourced,
        evidence: Some(format!("{SECRET} evidence")),
        next_step: Some(format!("{SECRET} step")),
        due: Some("+3d".to_owned()),
        ..deal_with("Globex", None)
    };
    bench.app.change(&rep(), record).await.unwrap();
    let note = |text: &str| UpdateDeal { note: Some(text.to_owned()), ..UpdateDeal::of(DealNumber(1)) };
    bench.app.change(&rep(), note("SECRET note")).await.unwrap();
    let ben = caller(GUILD, 4, "Ben", &[REPS]);
    bench.app.change(&ben, note("Ben's note")).await.unwrap();
    let later = UpdateDeal { due: Some("+9d".to_owned()), ..UpdateDeal::of(DealNumber(1)) };
    bench.app.change(&lead(), later).await.unwrap();
    bench
}

async fn lose(bench: &Bench) {
    let detail = Some(format!("{SECRET} detail"));
    let lose = LoseDeal { deal: Ok(DealNumber(1)), reason: LossReason::Price, detail };
    bench.app.change(&rep(), lose).await.unwrap();
}

/// Everything that the database holds of the workspace, as text.
async fn everything(bench: &Bench) -> String {
    let mut reader = bench.app.store.reader().await.unwrap();
    let mut all = String::new();
    for query in [
        "SELECT COALESCE(group_concat(before || after || COALESCE(text, '')), '') FROM event WHERE guild_id = ?",
        "SELECT COALESCE(group_concat(state), '') FROM deal WHERE guild_id = ?",
        "SELECT COALESCE(group_concat(state || user_id), '') FROM member WHERE guild_id = ?",
        "SELECT COALESCE(group_concat(COALESCE(body, '') || about || COALESCE(user_id, '')), '') FROM outbox WHERE guild_id = ?",
        "SELECT COALESCE(group_concat(form || user_id), '') FROM draft WHERE guild_id = ?",
    ] {
        let part: String = sqlx::query_scalar(query).bind(GUILD.0).fetch_one(&mut *reader).await.unwrap();
        all.push_str(&part);
    }
    all
}

#[tokio::test]
async fn whoever_owns_open_deals_hands_over_first() {
    let bench = told().await;
    let user = rep().person.user;
    let asked = bench.app.traces(&admin(), user).await;
    let refused = |refused: Failure| match refused {
        Failure::Refused(refused) => refused.problems,
        other => panic!("{other:?}"),
    };
    let owns = [Problem::HasOpenWork { user, deals: 1, actions: 0 }];
    assert_eq!(refused(asked.unwrap_err()), owns);
    let member = rita(&bench).await.id;
    assert_eq!(refused(bench.app.forget_person(&admin(), member).await.unwrap_err()), owns);
    assert!(everything(&bench).await.contains("SECRET note"), "nothing was touched");
    let to_ben = AssignDeal { deal: Ok(DealNumber(1)), owner: Some(person(4, "Ben", &[REPS])), backup: None };
    bench.app.change(&lead(), to_ben).await.unwrap();
    let traces = bench.app.traces(&admin(), user).await.unwrap();
    assert_eq!((traces.changes, traces.deals), (4, 1), "herself, the account, the deal and a note");
}

#[tokio::test]
async fn what_a_person_typed_is_gone_and_every_state_is_still_the_replay_of_its_events() {
    let bench = told().await;
    lose(&bench).await;
    let before = deal(&bench, 1).await;
    let member = rita(&bench).await;
    assert!(everything(&bench).await.contains(SECRET));
    let forgotten = bench.app.forget_person(&admin(), member.id).await.unwrap();
    let all = everything(&bench).await;
    assert!(!all.contains(SECRET) && !all.contains("Rita"), "{all}");
    assert!(all.contains("Ben's note"), "what others typed stays");
    assert_eq!(forgotten.name, former_name_of(&member));
    let after = deal(&bench, 1).await;
    assert_eq!((after.owner, after.lost.as_ref().map(|l| l.reason)), (before.owner, before.lost.map(|l| l.reason)));
    assert_eq!(after.lost.and_then(|loss| loss.detail).as_deref(), Some(FORGOTTEN));
    bench.assert_replays(GUILD, &deal(&bench, 1).await).await;
    bench.assert_replays(GUILD, &stored(&bench, member.id).await).await;
    let nobody = bench.app.store.read(GUILD).await.unwrap().find_member_of_user(member.user).await.unwrap();
    assert_eq!(nobody, None);
    // Whoever comes back is somebody new.
    bench.app.change(&rep(), deal_with("Umbrella", None)).await.unwrap();
    assert_ne!(rita(&bench).await.id, member.id);
}

fn former_name_of(member: &Member) -> String {
    crate::domain::forget::former_name(member.id)
}

async fn stored(bench: &Bench, id: MemberId) -> Member {
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    workspace.find_members(&[id]).await.unwrap().pop().expect("the row stays")
}

#[tokio::test]
async fn a_leaver_who_is_known_to_be_gone_is_forgotten_too() {
    let bench = told().await;
    lose(&bench).await;
    let id = rita(&bench).await.id;
    bench
        .app
        .store
        .write(move |connection| {
            Box::pin(async move {
                let mut change = Change::by_bot(Workspace::writing(GUILD, connection), Instant::UNIX_EPOCH).await?;
                let mut member = change.find_member(id).await?.expect("Rita is known");
                change.edit(&mut member, EventKind::Edited, None, |m| m.gone = true)?;
                change.commit().await
            })
        })
        .await
        .unwrap();
    bench.app.forget_person(&admin(), id).await.unwrap();
    let member = stored(&bench, id).await;
    assert_eq!(member.name, former_name_of(&member));
    bench.assert_replays(GUILD, &member).await;
}

#[tokio::test]
async fn the_log_lets_nothing_else_be_changed_while_somebody_is_forgotten() {
    let bench = told().await;
    let tamper = |statement: &'static str| {
        let store = bench.app.store.clone();
        async move {
            let allow = "INSERT INTO forgetting (guild_id, member_id) VALUES (900000000000000001, 3); ";
            let both = format!("{allow}{statement}");
            store
                .write(move |connection| {
                    let both = both.clone();
                    Box::pin(async move {
                        sqlx::raw_sql(sqlx::AssertSqlSafe(both)).execute(connection).await?;
                        Ok(())
                    })
                })
                .await
        }
    };
    for statement in [
        "DELETE FROM event",
        "UPDATE event SET actor = 9",
        "UPDATE event SET at = 0",
        "UPDATE event SET kind = 'won'",
        "UPDATE event SET version = version + 100",
        "UPDATE event SET text = NULL WHERE text IS NOT NULL",
        "UPDATE event SET text = 'said' WHERE text IS NULL",
    ] {
        let error = tamper(statement).await.unwrap_err();
        assert!(format!("{error:?}").contains("append-only"), "{statement}: {error:?}");
    }
    let mut reader = bench.app.store.reader().await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM forgetting").fetch_one(&mut *reader).await.unwrap();
    assert_eq!(left, 0, "what was refused left no way open");
}

#[tokio::test]
async fn a_forgotten_workspace_leaves_no_row_and_no_other_one_loses_any() {
    let bench = told().await;
    let other = GuildId(GUILD.0 + 1);
    bench.set_up(other).await;
    let counts = |guild: GuildId| {
        let store = bench.app.store.clone();
        async move {
            let mut reader = store.reader().await.unwrap();
            let tables: Vec<String> = sqlx::query_scalar(
                "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table'
                 AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'guild_id') ORDER BY 1",
            )
            .fetch_all(&mut *reader)
            .await
            .unwrap();
            let mut counts = Vec::new();
            for table in tables {
                let count = format!("SELECT COUNT(*) FROM {table} WHERE guild_id = ?");
                let query = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).bind(guild.0);
                let rows: i64 = query.fetch_one(&mut *reader).await.unwrap();
                counts.push((table, rows));
            }
            counts
        }
    };
    let before = counts(other).await;
    assert!(counts(GUILD).await.iter().filter(|(_, rows)| *rows > 0).count() >= 7);
    let wrong = bench.app.forget_workspace(&admin(), "Northwind").await;
    assert!(matches!(wrong, Err(Failure::Refused(_))), "{wrong:?}");
    assert!(bench.app.forget_workspace(&lead(), &format!("Server {GUILD}")).await.is_err(), "only an admin");
    bench.app.forget_workspace(&admin(), &format!(" Server {GUILD} ")).await.unwrap();
    let left: Vec<(String, i64)> = counts(GUILD).await.into_iter().filter(|(_, rows)| *rows > 0).collect();
    assert_eq!(left, []);
    assert_eq!(counts(other).await, before);
    let mut reader = bench.app.store.reader().await.unwrap();
    let grams: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM gram WHERE gram MATCH 'globex'")
        .fetch_one(&mut *reader)
        .await
        .unwrap_or(0);
    assert_eq!(grams, 0);
    drop(reader);
    let refused = bench.app.change(&rep(), deal_with("Globex", None)).await;
    assert!(matches!(refused, Err(Failure::Refused(r)) if r.problems == [Problem::NotSetUp]));
    bench.set_up(GUILD).await;
    bench.add_partner("Initech").await;
    bench.app.change(&rep(), deal_with("Globex", None)).await.expect("as new");
    assert_eq!(deal(&bench, 1).await.version, 1);
    bench.assert_replays(GUILD, &deal(&bench, 1).await).await;
}

#[tokio::test]
async fn whoever_is_forgotten_lets_go_of_what_they_stand_for() {
    let bench = told().await;
    lose(&bench).await;
    let ben = caller(GUILD, 4, "Ben", &[REPS]);
    let backed = RecordDeal { backup: Some(rep().person), ..deal_with("Umbrella", None) };
    bench.app.change(&ben, backed).await.unwrap();
    let member = rita(&bench).await;
    bench.app.change(&lead(), NameNumberOwner { user: rep().person }).await.unwrap();
    let manages = EditPartner {
        partner: Which::Named("Initech".to_owned()),
        name: None,
        kind: None,
        tier: None,
        manager: Some(rep().person),
        status: None,
        open_deals: OpenDeals::Confirmed,
    };
    bench.app.edit_partner(&lead(), manages).await.unwrap();
    let traces = bench.app.traces(&admin(), member.user).await.unwrap();
    assert_eq!(traces.standing, Standing { number: 1, partners: 1, backups: 1, claims: 0 });
    bench.app.forget_person(&admin(), member.id).await.unwrap();
    let mut workspace = bench.app.store.read(GUILD).await.unwrap();
    assert_eq!(workspace.get_settings().await.unwrap().number_owner, None);
    assert!(workspace.find_partners().await.unwrap().iter().all(|partner| partner.manager.is_none()));
    assert_eq!(deal(&bench, 2).await.backup, None);
    bench.assert_replays(GUILD, &deal(&bench, 2).await).await;
}
