//! Finishing setup: refused while something is missing, or while the bot can't post where it is to post.

use super::change::Change;
use super::channels::chosen;
use super::review::running;
use super::{App, Caller, UseCase};
use crate::domain::access::Needed;
use crate::domain::overview::{Onward, Setup};
use crate::domain::size::Size;
use crate::domain::workspace::Setting;
use crate::error::Failure;

/// Says that setup is complete. What is missing, if anything; then nothing was recorded.
#[derive(Debug, Clone)]
pub struct FinishSetup;

impl UseCase for FinishSetup {
    type Outcome = Vec<Setting>;

    async fn run(self, change: &mut Change<'_>) -> Result<Vec<Setting>, Failure> {
        change.allow(Needed::Admin)?;
        let missing = change.settings.missing();
        if missing.is_empty() {
            change.edit_settings(|settings| settings.ready = true)?;
        }
        Ok(missing)
    }
}

impl App {
    /// Finishes setup if nothing stands in the way; tells what does, otherwise.
    pub async fn finish_setup(&self, caller: &Caller) -> Result<Setup, Failure> {
        let setup = self.setup(caller).await?;
        if !setup.channels.is_empty() {
            return Ok(setup);
        }
        self.change(caller, FinishSetup).await?;
        let settings = self.store.read(caller.guild).await?.get_settings().await?;
        Ok(Setup { missing: settings.missing(), settings, channels: Vec::new() })
    }

    /// What comes after setup, with another look at each chosen channel and the lead role.
    pub async fn onward(&self, caller: &Caller) -> Result<Onward, Failure> {
        let mut look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let review = running(&mut look.workspace, look.now).await?.into_iter().next();
        let partners = look.workspace.find_partners().await?.iter().filter(|partner| !partner.archived).count();
        let size = Size { partners, deals: look.workspace.find_stakes().await?.len() };
        let silent_lead = self.silent_lead(caller.guild, &look.settings).await;
        let channels = self.channel_troubles(caller.guild, chosen(&look.settings)).await;
        Ok(Onward { settings: look.settings, review, size, channels, silent_lead })
    }

    /// How far setup has come, with a look at each chosen channel.
    pub async fn setup(&self, caller: &Caller) -> Result<Setup, Failure> {
        let look = self.look(caller).await?;
        look.allow(Needed::Admin)?;
        let channels = self.channel_troubles(caller.guild, chosen(&look.settings)).await;
        Ok(Setup { missing: look.settings.missing(), settings: look.settings, channels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::configure::Configure;
    use crate::app::testing::{Bench, GUILD, LEADS, admin, caller, lead};
    use crate::domain::id::ChannelId;
    use crate::domain::overview::ChannelState;
    use crate::domain::refusal::Problem;

    fn all_but_the_ops_channel() -> Configure {
        Configure {
            timezone: Some("berlin".to_owned()),
            currency: Some("eur".to_owned()),
            pipeline_channel: Some(ChannelId(11)),
            nudge_channel: Some(ChannelId(11)),
            lead_role: Some(Some(LEADS)),
            everyone_is_rep: Some(true),
            ..Configure::default()
        }
    }

    #[tokio::test]
    async fn setup_is_not_finished_while_something_is_missing_and_can_be_taken_up_again() {
        let bench = Bench::new().await;
        let setup = bench.app.finish_setup(&admin()).await.unwrap();
        assert!(!setup.settings.ready);
        assert_eq!(setup.missing.len(), 7);

        bench.app.configure(&admin(), all_but_the_ops_channel()).await.unwrap();
        let setup = bench.app.finish_setup(&admin()).await.unwrap();
        assert!(!setup.settings.ready);
        assert_eq!(setup.missing, [Setting::OpsChannel]);

        let ops = Configure { ops_channel: Some(ChannelId(13)), ..Configure::default() };
        bench.app.configure(&admin(), ops).await.unwrap();
        let setup = bench.app.finish_setup(&admin()).await.unwrap();
        assert!(setup.settings.ready && setup.missing.is_empty());
        bench.assert_replays(GUILD, &bench.settings(GUILD).await).await;
    }

    #[tokio::test]
    async fn setup_is_not_finished_while_the_bot_lacks_a_permission_in_a_chosen_channel() {
        let bench = Bench::new().await;
        let given = Configure { ops_channel: Some(ChannelId(13)), ..all_but_the_ops_channel() };
        bench.app.configure(&admin(), given).await.unwrap();
        bench.discord.lacking.lock().unwrap().insert(ChannelId(11), vec!["EMBED_LINKS".to_owned()]);
        bench.discord.gone.lock().unwrap().insert(ChannelId(13));
        let setup = bench.app.finish_setup(&admin()).await.unwrap();
        assert!(!setup.settings.ready);
        let states: Vec<_> = setup.channels.iter().map(|c| (c.channel, c.uses.len(), c.trouble.clone())).collect();
        let lacks = ChannelState::Lacks(vec!["EMBED_LINKS".to_owned()]);
        assert_eq!(states, [(ChannelId(11), 2, lacks), (ChannelId(13), 1, ChannelState::Gone)]);
        assert!(!bench.settings(GUILD).await.ready);
    }

    #[tokio::test]
    async fn only_an_admin_sets_up() {
        let bench = Bench::ready().await;
        for somebody in [lead(), caller(GUILD, 9, "Noa", &[])] {
            let refused = bench.app.finish_setup(&somebody).await.unwrap_err();
            let Failure::Refused(refused) = refused else { panic!("{refused}") };
            assert_eq!(refused.problems, [Problem::NotAllowed { needed: Needed::Admin, ask: None }]);
        }
    }
}
