//! Close codes for good that serenity tells nobody but its log: it hangs on the closed connection, or opens one session
//! after the other. So they are read where it writes them.

use std::fmt;

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Context;
use tracing_subscriber::{Layer, Registry};

use super::end::End;

/// Where serenity tells of a closed connection.
const TARGET: &str = "serenity::gateway::shard";
/// Its words for codes that it has words for.
const WORDS: [(&str, u16); 2] = [("Sent invalid shard data", 4010), ("Shard has too many guilds", 4011)];
/// Before any other code.
const OTHER: &str = "Unknown unclean close ";

/// The code with which a connection was last closed. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct LastClose(watch::Sender<u16>);

impl LastClose {
    /// What listens to serenity's log.
    pub fn listener(&self) -> impl Layer<Registry> + Send + Sync + use<> {
        Listener(self.clone()).with_filter(Targets::new().with_target(TARGET, LevelFilter::WARN))
    }

    /// Waits for a code after which no connection is of use.
    pub async fn is_final(&self) -> End {
        let mut codes = self.0.subscribe();
        loop {
            match *codes.borrow_and_update() {
                4010 => return End::InvalidShard,
                4011 => return End::ShardingRequired,
                4012 => return End::InvalidVersion,
                _ => {}
            }
            if codes.changed().await.is_err() {
                unreachable!("the sender is borrowed");
            }
        }
    }
}

struct Listener(LastClose);

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        if let Some(code) = said.0 {
            self.0.0.send_replace(code);
        }
    }
}

/// The code that an event tells of.
#[derive(Default)]
struct Said(Option<u16>);

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = code_in(&format!("{value:?}"));
        }
    }
}

fn code_in(text: &str) -> Option<u16> {
    if let Some((_, rest)) = text.split_once(OTHER) {
        return rest.split(':').next()?.parse().ok();
    }
    WORDS.iter().find(|(words, _)| text.contains(words)).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use rstest::rstest;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[rstest]
    #[case("[ShardInfo { id: ShardId(0), total: 1 }] Sent invalid shard data.", Some(End::InvalidShard))]
    #[case("[ShardInfo { id: ShardId(0), total: 1 }] Shard has too many guilds.", Some(End::ShardingRequired))]
    #[case(
        "[ShardInfo { id: ShardId(0), total: 1 }] Unknown unclean close 4012: Some(\"\")",
        Some(End::InvalidVersion)
    )]
    #[case("[ShardInfo { id: ShardId(0), total: 1 }] Unknown unclean close 4000: Some(\"\")", None)]
    fn a_close_for_good_is_told_from_others(#[case] said: &str, #[case] end: Option<End>) {
        let last = LastClose::default();
        tracing::subscriber::with_default(Registry::default().with(last.listener()), || {
            tracing::error!(target: "serenity::gateway::shard", "{said}");
            tracing::warn!(target: "cosell", "Unknown unclean close 4010: somewhere else");
        });
        assert_eq!(last.is_final().now_or_never(), end);
    }
}
