//! The log: to standard error, filtered as configured, and discreet whatever the filter says.

use std::io::{IsTerminal, stderr};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::filter::{FilterExt, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Identity, SubscriberExt};
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{LogFormat, LogOptions};

/// Starts logging for the whole process.
pub fn start(options: &LogOptions) -> Result<(), SetGlobalDefaultError> {
    start_with(options, Identity::new())
}

/// The same, with somebody else listening.
pub fn start_with(
    options: &LogOptions,
    listener: impl Layer<Registry> + Send + Sync,
) -> Result<(), SetGlobalDefaultError> {
    let layers = vec![layer(options, stderr), listener.boxed()];
    tracing::subscriber::set_global_default(Registry::default().with(layers))
}

fn layer<W>(options: &LogOptions, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::new(&options.filter).and(discreet());
    let written = fmt::layer().with_writer(writer);
    match options.format {
        LogFormat::Text if stderr().is_terminal() => written.with_filter(filter).boxed(),
        LogFormat::Text => written.with_ansi(false).with_filter(filter).boxed(),
        LogFormat::Json => written.json().flatten_event(true).with_filter(filter).boxed(),
    }
}

/// What is never logged, as it holds what people typed or the tokens of their interactions: serenity puts every event
/// and request into spans below WARN, and one that does not decode into a WARN as it came; those below it show frames
/// and headers.
fn discreet() -> Targets {
    Targets::new()
        .with_default(LevelFilter::DEBUG)
        .with_target("cosell", LevelFilter::TRACE)
        .with_target("serenity", LevelFilter::WARN)
        .with_target("serenity::gateway::ws", LevelFilter::ERROR)
        .with_targets(["tungstenite", "tokio_tungstenite", "hyper", "hyper_util", "h2"].map(|t| (t, LevelFilter::INFO)))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use rstest::rstest;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written of a few events under a filter.
    fn written(filter: &str, format: LogFormat, events: fn()) -> String {
        let kept = Written::default();
        let to = kept.clone();
        let options = LogOptions { filter: filter.to_owned(), format };
        let subscriber = Registry::default().with(layer(&options, move || to.clone()));
        tracing::subscriber::with_default(subscriber, events);
        let bytes = kept.0.lock().expect("unpoisoned").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[rstest]
    #[case("info")]
    #[case("trace")]
    #[case("serenity=trace,tungstenite=trace,hyper=trace")]
    fn what_people_typed_is_not_logged_whatever_the_filter(#[case] filter: &str) {
        let text = written(filter, LogFormat::Text, || {
            let span = tracing::info_span!(target: "serenity::gateway::shard", "handle_event", event = "Globex token");
            let _entered = span.enter();
            tracing::warn!(target: "serenity::gateway::ws", "Err deserializing text; text: Globex token");
            tracing::debug!(target: "serenity::http::client", "Globex token");
            tracing::trace!(target: "tungstenite::protocol", "Globex token");
            tracing::debug!(target: "hyper::proto", "Globex token");
            tracing::warn!(target: "serenity::gateway::shard", "Sent invalid seq");
        });
        assert!(!text.contains("Globex"), "{text}");
        assert!(filter == "info" || text.contains("Sent invalid seq"), "{text}");
    }

    #[test]
    fn the_filter_decides_on_the_rest() {
        let events = || {
            tracing::info!(target: "cosell::app", "kept");
            tracing::debug!(target: "cosell::app", "left out");
            tracing::trace!(target: "cosell::store", "asked for");
        };
        let text = written("info,cosell::store=trace", LogFormat::Text, events);
        assert!(text.contains("kept") && text.contains("asked for") && !text.contains("left out"), "{text}");
    }

    #[test]
    fn json_is_one_object_a_line() {
        let text = written("info", LogFormat::Json, || {
            tracing::info!(target: "cosell::app", { deal.id = 12 }, "first");
            tracing::warn!(target: "cosell::app", "second");
        });
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[0]["message"], &lines[0]["deal.id"]), (&"first".into(), &12.into()));
    }
}
