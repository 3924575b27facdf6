//! Checking a whole workspace again, after something changed that every deal and review is counted by. The commit of
//! that change writes where to begin; this goes on from there in parts, whoever calls it and however often. So does
//! everything else that is done in parts.

use super::App;
use crate::domain::id::GuildId;
use crate::error::Failure;
use crate::store::Workspace;
use crate::store::parts::Left;

/// Deals made due in one write, so that no job holds the writer for long.
pub(super) const BATCH: i64 = 500;

impl App {
    /// Makes what is left of a workspace's reviews and open deals due for a check; the next tick does them.
    pub(super) async fn recheck(&self, guild: GuildId) -> Result<(), Failure> {
        while self.recheck_part(guild).await? == Left::Some {}
        Ok(())
    }

    /// One part of it.
    pub(super) async fn recheck_part(&self, guild: GuildId) -> Result<Left, Failure> {
        let now = self.now();
        self.store
            .write(move |connection| {
                Box::pin(async move { Workspace::writing(guild, connection).mark_due(BATCH, now).await })
            })
            .await
    }

    /// Goes on with what a crash or a failure cut short, in whichever workspace.
    pub(super) async fn go_on_with_parts(&self) -> Result<(), Failure> {
        for guild in self.store.find_unfinished().await? {
            self.finish_parts_of(guild).await?;
        }
        Ok(())
    }

    /// Does all that is done in parts and not finished in a workspace.
    pub(super) async fn finish_parts_of(&self, guild: GuildId) -> Result<(), Failure> {
        self.recheck(guild).await?;
        self.reindex(guild).await?;
        self.owe_pay_news(guild).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::configure::Configure;
    use crate::app::record_deal::RecordDeal;
    use crate::app::rename_account::RenameAccount;
    use crate::app::set_comp::SetComp;
    use crate::app::testing::{Bench, GUILD, admin, deal_with, lead, rep};
    use crate::app::update_deal::UpdateDeal;
    use crate::domain::id::DealNumber;
    use crate::store::commit::LookupKind;

    const DEALS: usize = 501;

    async fn with_deals() -> Bench {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        for n in 0..DEALS {
            let deal = deal_with("Globex", (n > 0).then_some("one of many"));
            bench.app.change(&rep(), RecordDeal { amount: Some("1k".to_owned()), ..deal }).await.unwrap();
        }
        bench.app.tick(bench.app.now()).await.unwrap();
        bench
    }

    async fn due(bench: &Bench) -> usize {
        bench.app.store.find_due_deals(bench.app.now(), 10_000).await.unwrap().len()
    }

    /// What the newest deal is found by.
    async fn text_of_newest(bench: &Bench) -> String {
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let newest = DEALS as i64;
        let found = workspace.find_lookups(LookupKind::Deal, &format!("D-{newest}")).await.unwrap();
        found.into_iter().find(|found| found.subject == newest).expect("it is found by its number").text
    }

    #[tokio::test]
    async fn a_recheck_that_is_cut_short_goes_on_after_a_restart() {
        let bench = with_deals().await;
        assert_eq!(due(&bench).await, 0);
        let zone = Configure { timezone: Some("Asia/Tokyo".to_owned()), ..Configure::default() };
        bench.app.change(&admin(), zone).await.unwrap();
        assert_eq!(bench.app.recheck_part(GUILD).await.unwrap(), Left::Some);
        assert_eq!(due(&bench).await, BATCH as usize, "here the power goes");

        let bench = bench.reopened().await;
        bench.app.go_on_with_parts().await.unwrap();
        assert_eq!(due(&bench).await, DEALS);
        assert!(bench.app.store.find_unfinished().await.unwrap().is_empty());
        bench.app.tick(bench.app.now()).await.unwrap();
        assert_eq!(due(&bench).await, 0);
    }

    #[tokio::test]
    async fn a_change_that_comes_in_between_begins_the_recheck_anew() {
        let bench = with_deals().await;
        for zone in ["Asia/Tokyo", "Europe/Berlin"] {
            let zone = Configure { timezone: Some(zone.to_owned()), ..Configure::default() };
            bench.app.change(&admin(), zone).await.unwrap();
            bench.app.recheck_part(GUILD).await.unwrap();
            bench.app.check_stalls(bench.app.now()).await.unwrap();
        }
        assert_eq!(bench.app.recheck_part(GUILD).await.unwrap(), Left::Some, "the last one deal is left");
        assert_eq!(due(&bench).await, DEALS - BATCH as usize);
    }

    #[tokio::test]
    async fn what_no_deal_is_counted_by_rechecks_nothing() {
        let bench = with_deals().await;
        let hour = Configure { digest_hour: Some(7), ..Configure::default() };
        bench.app.change(&admin(), hour).await.unwrap();
        assert_eq!(bench.app.recheck_part(GUILD).await.unwrap(), Left::Nothing);
    }

    #[tokio::test]
    async fn telling_owners_of_other_terms_that_is_cut_short_goes_on_after_a_restart() {
        let bench = with_deals().await;
        bench.app.change(&lead(), rates("10", "9")).await.unwrap();
        assert_eq!(bench.app.owe_pay_news_part(GUILD).await.unwrap(), Left::Some);
        assert_eq!(news(&bench).await, BATCH as usize, "here the power goes");

        let bench = bench.reopened().await;
        bench.app.go_on_with_parts().await.unwrap();
        assert_eq!(news(&bench).await, DEALS);
        assert!(bench.app.store.find_unfinished().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn word_of_what_a_deal_pays_is_written_in_the_commit_that_changes_it() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.set_comp(&lead(), rates("10", "9")).await.unwrap();
        bench
            .app
            .change(&rep(), RecordDeal { amount: Some("1k".to_owned()), ..deal_with("Globex", None) })
            .await
            .unwrap();
        assert_eq!(news(&bench).await, 0, "who records it is told in the answer");
        let update = UpdateDeal { amount: Some("2k".to_owned()), ..UpdateDeal::of(DealNumber(1)) };
        bench.app.change(&lead(), update).await.unwrap();
        assert_eq!(news(&bench.reopened().await).await, 1, "here the power goes");
    }

    fn rates(solo: &str, cosell: &str) -> SetComp {
        let (solo_rate, cosell_rate) = (solo.to_owned(), cosell.to_owned());
        SetComp { solo_rate, cosell_rate, quota_credit: None, spiff: None, from: None }
    }

    /// On how many deals Rita is owed news of her pay.
    async fn news(bench: &Bench) -> usize {
        let mut workspace = bench.app.store.read(GUILD).await.unwrap();
        let rita = workspace.find_member_of_user(rep().person.user).await.unwrap().unwrap();
        workspace.find_pay_news(rita.id).await.unwrap().len()
    }

    #[tokio::test]
    async fn a_renaming_that_is_cut_short_goes_on_after_a_restart() {
        let bench = with_deals().await;
        let rename = RenameAccount { account: "Globex".to_owned(), to: "Virtucon".to_owned() };
        bench.app.change(&admin(), rename).await.unwrap();
        bench.app.reindex_part(GUILD).await.unwrap();
        assert!(text_of_newest(&bench).await.contains("Globex"), "here the power goes");

        let bench = bench.reopened().await;
        bench.app.tick(bench.app.now()).await.unwrap();
        assert!(text_of_newest(&bench).await.contains("Virtucon"));
        assert!(bench.app.store.find_unfinished().await.unwrap().is_empty());
    }
}
