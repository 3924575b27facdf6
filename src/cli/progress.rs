//! A line on standard error that tells how far something is: only on a terminal, only where it takes longer than a
//! moment, written over itself and taken away at the end.

use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{Instant, interval, timeout_at};

use crate::render::money;

/// What is done sooner is not told of.
const MOMENT: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const AGAIN: Duration = Duration::from_millis(100);

/// Tells of work from when it began.
pub(super) struct Progress {
    target: fn() -> ProgressDrawTarget,
    began: Instant,
    moment: Duration,
}

impl Progress {
    /// The work begins.
    pub fn begin() -> Progress {
        // Where it is no terminal, indicatif writes nothing.
        Progress { target: ProgressDrawTarget::stderr, began: Instant::now(), moment: MOMENT }
    }

    /// Waits for a part of the work, and tells how far it is in the words that are asked for each time.
    pub async fn during<T>(&self, work: impl Future<Output = T>, told: impl Fn() -> String) -> T {
        let mut work = pin!(work);
        if let Ok(done) = timeout_at(self.began + self.moment, &mut work).await {
            return done;
        }
        let bar = ProgressBar::with_draw_target(None, (self.target)()).with_elapsed(self.began.elapsed());
        // Cut to the width of the terminal, so that it stays one line.
        bar.set_style(ProgressStyle::with_template("{wide_msg}").expect("a template"));
        let mut again = interval(AGAIN);
        let done = loop {
            tokio::select! {
                done = &mut work => break done,
                _ = again.tick() => bar.set_message(format!("{}, {} s", told(), bar.elapsed().as_secs())),
            }
        };
        bar.finish_and_clear();
        done
    }
}

/// How much of a file is copied, as far as it can be seen; `None` once it has its name.
pub(super) fn copied(from: &Path, growing: &Path) -> Option<String> {
    let size = |path| Some(std::fs::metadata(path).ok()?.len() / 1_000_000);
    Some(format!("{} of about {} MB", grouped(size(growing)?), grouped(size(from)?)))
}

/// A number with a space between thousands.
pub(super) fn grouped(number: u64) -> String {
    money::grouped(number, ' ')
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};

    use indicatif::TermLike;
    use rstest::rstest;

    use super::*;

    /// What a terminal is told to do.
    static WRITTEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[derive(Debug)]
    struct Terminal;

    fn note(text: &str) -> io::Result<()> {
        WRITTEN.lock().expect("unpoisoned").push(text.to_owned());
        Ok(())
    }

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            30
        }
        fn move_cursor_up(&self, n: usize) -> io::Result<()> {
            if n > 0 { note("up") } else { Ok(()) }
        }
        fn move_cursor_down(&self, n: usize) -> io::Result<()> {
            if n > 0 { note("down") } else { Ok(()) }
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            note(&format!("{text}\n"))
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            note(text)
        }
        fn clear_line(&self) -> io::Result<()> {
            note("clear")
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn progress(moment: Duration) -> Progress {
        let target = || ProgressDrawTarget::term_like(Box::new(Terminal));
        Progress { target, began: Instant::now(), moment }
    }

    fn written() -> Vec<String> {
        WRITTEN.lock().expect("unpoisoned").clone()
    }

    async fn until(seen: impl Fn(&[String]) -> bool) {
        while !seen(&written()) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_is_quick_is_silent_and_what_is_not_is_told_on_one_line_that_goes_at_the_end() {
        let quick = progress(Duration::from_secs(3_600)).during(async { 7 }, || "Copying".to_owned()).await;
        assert_eq!((quick, written()), (7, Vec::new()));

        let count = AtomicU64::new(0);
        let rows = || format!("Exporting, {} rows of a table with a name", grouped(count.load(Ordering::Relaxed)));
        let work = async {
            until(|seen| seen.iter().any(|text| text.contains("Exporting, 0 rows"))).await;
            count.store(1_234, Ordering::Relaxed);
            until(|seen| seen.iter().any(|text| text.contains("Exporting, 1 234 rows"))).await;
        };
        progress(Duration::ZERO).during(work, rows).await;
        let seen = written();
        assert!(seen.iter().all(|text| !text.contains('\n') && text != "up" && text != "down"), "{seen:?}");
        assert!(seen.iter().all(|text| text.chars().count() <= 30), "{seen:?}");
        let last = seen.iter().rposition(|text| text == "clear").expect("it is taken away");
        assert!(seen[last..].iter().all(|text| !text.contains("Exporting")), "{seen:?}");
    }

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(5_000, "5 000")]
    #[case(1_234_567, "1 234 567")]
    fn thousands_stand_apart(#[case] number: u64, #[case] told: &str) {
        assert_eq!(grouped(number), told);
    }
}
