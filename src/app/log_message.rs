//! Makes a message a note on a deal: the context menu "Log to a deal". The message is kept as a draft until the person
//! has said which deal is meant.

use super::UseCase;
use super::change::Change;
use super::draft::Draft;
use super::on_deal::Changed;
use super::update_deal::UpdateDeal;
use crate::domain::id::{ChannelId, DealNumber, GuildId, InteractionId, MessageId};
use crate::domain::member::Member;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::text::{clip, units};

/// Saves a kept message as a note on a deal, once.
#[derive(Debug, Clone)]
pub struct LogMessage {
    /// The draft that holds it.
    pub draft: InteractionId,
    /// On which deal.
    pub deal: DealNumber,
}

impl UseCase for LogMessage {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let (user, now) = (change.actor.user, change.now);
        let kept = change.workspace.find_draft(user, self.draft, now).await?;
        let Some(Draft::Note { text }) = kept else { return Err(Problem::Stale.into()) };
        let update = UpdateDeal { note: Some(text), ..UpdateDeal::of(self.deal) };
        let changed = update.run(change).await?;
        change.drop_draft(self.draft);
        Ok(changed)
    }
}

/// A message's text as people read it, with nothing that only Discord makes sense of: mentions of members and commands
/// by name, and no asterisks around what stands bold.
pub fn as_read(text: &str, members: &[Member]) -> String {
    let by_name = |text: String, member: &Member| {
        let name = format!("@{}", member.name);
        text.replace(&format!("<@{}>", member.user), &name).replace(&format!("<@!{}>", member.user), &name)
    };
    let plain = commands_by_name(&text.replace("**", ""));
    if plain.contains("<@") { members.iter().fold(plain, by_name) } else { plain }
}

/// `</deal update:1566>` as `/deal update`.
fn commands_by_name(text: &str) -> String {
    let mut parts = text.split("</");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mention = part.split_once('>').and_then(|(mention, rest)| Some((mention.split_once(':')?, rest)));
        match mention {
            Some(((name, id), rest)) if id.bytes().all(|digit| digit.is_ascii_digit()) => {
                read.push_str(&format!("/{name}{rest}"));
            }
            _ => read.push_str(&format!("</{part}")),
        }
    }
    read
}

/// A message as a text of ours: as much of it as fits into so many units, and where it stands.
pub fn note_of(text: &str, guild: GuildId, channel: ChannelId, message: MessageId, limit: usize) -> String {
    let link = format!("https://discord.com/channels/{guild}/{channel}/{message}");
    match text.trim() {
        "" => link,
        text => format!("{}\n{link}", clip(text, limit - units(&link) - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::draft::KeepDraft;
    use crate::app::testing::{Bench, GUILD, REPS, caller, deal_with, rep};
    use crate::domain::deal::Deal;
    use crate::domain::deal::limit::NOTE;
    use crate::domain::event::{EventKind, Subject, Tracked};
    use crate::domain::id::{MemberId, UserId};

    #[test]
    fn a_message_is_noted_as_it_is_read() {
        let ana = Member::new(MemberId(1), UserId(77), "Ana".to_owned());
        let read = as_read("<@77>, **D-1 Globex** is yours now, <@!77> and <@78>", &[ana]);
        assert_eq!(read, "@Ana, D-1 Globex is yours now, @Ana and <@78>");
        let read = as_read("Go on with </deal update:15667>. </b> and </a:b> stay", &[]);
        assert_eq!(read, "Go on with /deal update. </b> and </a:b> stay");
    }

    #[test]
    fn a_note_ends_with_the_link_however_long_the_message_is() {
        let note = |text: &str| note_of(text, GuildId(1), ChannelId(2), MessageId(3), NOTE);
        let link = "https://discord.com/channels/1/2/3";
        assert_eq!(note(" They want a pilot "), format!("They want a pilot\n{link}"));
        assert_eq!(note(""), link);
        let long = note(&"word ".repeat(800));
        assert!(units(&long) <= NOTE && long.ends_with(&format!("…\n{link}")), "{long}");
    }

    #[tokio::test]
    async fn a_kept_message_becomes_a_note_once_and_only_its_keepers() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let keeper = caller(GUILD, 4, "Ben", &[REPS]);
        let draft = Draft::Note { text: "They want a pilot".to_owned() };
        let kept = bench.app.change(&keeper, KeepDraft { id: keeper.interaction, draft }).await.unwrap();
        let log = LogMessage { draft: kept, deal: DealNumber(1) };
        assert!(bench.app.change(&rep(), log.clone()).await.is_err(), "another's");
        let ben = || caller(GUILD, 4, "Ben", &[REPS]);
        assert!(bench.app.change(&ben(), LogMessage { deal: DealNumber(9), ..log.clone() }).await.is_err());
        bench.app.change(&ben(), log.clone()).await.unwrap();
        assert!(bench.app.change(&ben(), log).await.is_err(), "once");
        let subject = Subject { kind: Deal::KIND, id: 1 };
        let events = bench.app.store.read(GUILD).await.unwrap().find_events(subject).await.unwrap();
        let notes: Vec<_> = events.iter().filter(|e| e.kind == EventKind::Noted).map(|e| e.text.as_deref()).collect();
        assert_eq!(notes, [Some("They want a pilot")]);
    }
}
