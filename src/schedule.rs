//! The metronome: what makes the bot act by itself. Once a minute it ticks, and whenever a commit leaves something to
//! say it is woken to deliver. Under a manual clock it never ticks by itself: whoever sets the clock calls
//! [`Metronome::pass`].

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::clock::Clock;
use crate::domain::Instant;
use crate::error::Failure;

/// At second 0 of each minute, in UTC: the scheduler's only job. What is due at which local time is the database's to
/// say, as this scheduler freezes offsets, drops jobs and catches nothing up.
const EACH_MINUTE: &str = "0 * * * * *";

/// A beat that is later than this comes without the scheduler, which goes by the time of day: where the clock was set back
/// it would be silent until the clock is where it was.
const SILENT: Duration = Duration::from_secs(65);

/// A step that the metronome takes.
pub type Step = Box<dyn Fn(Instant) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// The running metronome. Stopped by [`Metronome::stop`].
pub struct Metronome {
    steps: Arc<Steps>,
    scheduler: Option<JobScheduler>,
    tasks: [JoinHandle<()>; 2],
}

struct Steps {
    clock: Clock,
    tick: Mutex<Step>,
    deliver: Mutex<Step>,
    wake: Arc<Notify>,
    /// Told of each beat.
    beaten: Notify,
}

impl Metronome {
    /// Starts it. `tick` does what is due and `deliver` empties the outbox; each runs once at a time, and a failure or
    /// a panic in one is logged and ends only that run. A `notify_one` on `wake` has it deliver at once.
    pub async fn start(
        clock: Clock,
        wake: Arc<Notify>,
        tick: Step,
        deliver: Step,
    ) -> Result<Metronome, JobSchedulerError> {
        Metronome::start_at((EACH_MINUTE, SILENT), clock, wake, tick, deliver).await
    }

    async fn start_at(
        (times, silent): (&str, Duration),
        clock: Clock,
        wake: Arc<Notify>,
        tick: Step,
        deliver: Step,
    ) -> Result<Metronome, JobSchedulerError> {
        let is_manual = clock.is_manual();
        let (tick, deliver) = (Mutex::new(tick), Mutex::new(deliver));
        let steps = Arc::new(Steps { clock, tick, deliver, wake, beaten: Notify::new() });
        let scheduler = if is_manual { None } else { Some(schedule(times, Arc::clone(&steps)).await?) };
        let delivery = tokio::spawn(deliver_when_woken(Arc::clone(&steps)));
        let watch = Arc::clone(&steps);
        let watch = tokio::spawn(async move {
            if !is_manual {
                beat_when_silent(&watch, silent).await
            }
        });
        Ok(Metronome { steps, scheduler, tasks: [delivery, watch] })
    }

    /// Ticks and delivers once, after whatever runs of either is at it.
    pub async fn pass(&self, now: Instant) {
        take("tick", &*self.steps.tick.lock().await, now).await;
        take("deliver", &*self.steps.deliver.lock().await, now).await;
    }

    /// Waits until a delivery that is at it is done. What it holds is due only when its claim ends.
    pub async fn delivered(&self) {
        drop(self.steps.deliver.lock().await);
    }

    /// Ends it after the runs that are at it.
    pub async fn stop(&self) {
        if let Some(mut scheduler) = self.scheduler.clone()
            && let Err(error) = scheduler.shutdown().await
        {
            tracing::warn!(%error, "the metronome did not stop in order");
        }
        let _ticked = self.steps.tick.lock().await;
        let _delivered = self.steps.deliver.lock().await;
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn schedule(times: &str, steps: Arc<Steps>) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let job = Job::new_async(times, move |_, _| {
        let steps = Arc::clone(&steps);
        Box::pin(async move { beat(&steps).await })
    })?;
    scheduler.add(job).await?;
    scheduler.start().await?;
    Ok(scheduler)
}

/// One beat. One that comes while the last still ticks is left out: the next finds what is due all the same.
async fn beat(steps: &Steps) {
    steps.beaten.notify_one();
    match steps.tick.try_lock() {
        Ok(tick) => take("tick", &tick, steps.clock.now()).await,
        Err(_) => tracing::warn!("a tick was left out: the one before is still at it"),
    }
    steps.wake.notify_one();
}

async fn beat_when_silent(steps: &Steps, silent: Duration) {
    loop {
        if timeout(silent, steps.beaten.notified()).await.is_err() {
            tracing::warn!("the scheduler is silent, as it is when the clock was set back: a beat comes without it");
            beat(steps).await;
        }
    }
}

async fn deliver_when_woken(steps: Arc<Steps>) {
    loop {
        steps.wake.notified().await;
        take("deliver", &*steps.deliver.lock().await, steps.clock.now()).await;
    }
}

async fn take(step: &'static str, run: &Step, now: Instant) {
    let outcome = AssertUnwindSafe(async { run(now).await }).catch_unwind().await;
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(step, error = %format!("{error:#}"), "a step of the metronome failed"),
        Err(_) => tracing::error!(step, "a step of the metronome panicked; the log has where"),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    type Taken = (&'static str, Instant);

    fn noting(name: &'static str, to: &UnboundedSender<Taken>) -> Step {
        let to = to.clone();
        Box::new(move |now| {
            let to = to.clone();
            Box::pin(async move {
                to.send((name, now)).expect("the test listens");
                Ok(())
            })
        })
    }

    fn noon() -> Instant {
        "2026-12-18T12:00:00Z".parse().expect("an instant")
    }

    async fn started(times: &str, clock: Clock) -> (Metronome, Arc<Notify>, UnboundedReceiver<Taken>) {
        let (to, taken) = unbounded_channel();
        let wake = Arc::new(Notify::new());
        let steps = (noting("tick", &to), noting("deliver", &to));
        let metronome =
            Metronome::start_at((times, SILENT), clock, Arc::clone(&wake), steps.0, steps.1).await.expect("started");
        (metronome, wake, taken)
    }

    #[tokio::test]
    async fn a_beat_ticks_and_then_delivers() {
        let (metronome, _wake, mut taken) = started("* * * * * *", Clock::System).await;
        assert_eq!(taken.recv().await.expect("ticked").0, "tick");
        assert_eq!(taken.recv().await.expect("delivered").0, "deliver");
        metronome.stop().await;
    }

    #[tokio::test]
    async fn beats_go_on_where_the_scheduler_waits_for_a_clock_that_was_set_back() {
        let (to, mut taken) = unbounded_channel();
        let (new_year, silent) = ("0 0 0 1 1 *", Duration::from_millis(20));
        let steps = (noting("tick", &to), noting("deliver", &to));
        let wake = Arc::new(Notify::new());
        let metronome = Metronome::start_at((new_year, silent), Clock::System, wake, steps.0, steps.1).await;
        let ticks = async {
            let mut ticks = 0;
            while ticks < 3 {
                ticks += usize::from(taken.recv().await.expect("a beat").0 == "tick");
            }
        };
        timeout(Duration::from_secs(30), ticks).await.expect("it beats");
        metronome.expect("started").stop().await;
    }

    #[tokio::test]
    async fn a_commit_wakes_delivery_alone() {
        let (metronome, wake, mut taken) = started(EACH_MINUTE, Clock::manual(noon())).await;
        wake.notify_one();
        assert_eq!(taken.recv().await, Some(("deliver", noon())));
        metronome.stop().await;
        assert_eq!(taken.try_recv().ok(), None);
    }

    #[tokio::test]
    async fn a_delivery_that_is_at_it_can_be_waited_for() {
        let (to, mut taken) = unbounded_channel();
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (deliver, at_it, held) = (noting("deliver", &to), Arc::clone(&begun), Arc::clone(&go_on));
        let slow: Step = Box::new(move |now| {
            let (rest, at_it, held) = (deliver(now), Arc::clone(&at_it), Arc::clone(&held));
            Box::pin(async move {
                at_it.notify_one();
                held.notified().await;
                rest.await
            })
        });
        let wake = Arc::new(Notify::new());
        let clock = Clock::manual(noon());
        let metronome = Metronome::start(clock, Arc::clone(&wake), noting("tick", &to), slow).await.expect("started");
        wake.notify_one();
        begun.notified().await;
        let waiting = async {
            metronome.delivered().await;
            taken.try_recv().ok()
        };
        let (seen, ()) = tokio::join!(waiting, async { go_on.notify_one() });
        assert_eq!(seen, Some(("deliver", noon())));
        metronome.stop().await;
    }

    #[tokio::test]
    async fn under_a_manual_clock_only_a_pass_ticks() {
        let (metronome, _wake, mut taken) = started("* * * * * *", Clock::manual(noon())).await;
        assert!(metronome.scheduler.is_none());
        let later = noon() + chrono::Duration::hours(1);
        metronome.pass(later).await;
        assert_eq!(taken.recv().await, Some(("tick", later)));
        assert_eq!(taken.recv().await, Some(("deliver", later)));
        metronome.stop().await;
    }

    #[tokio::test]
    async fn a_beat_during_a_tick_is_left_out() {
        let (to, mut taken) = unbounded_channel();
        let clock = Clock::manual(noon());
        let steps = Steps {
            clock,
            tick: Mutex::new(noting("tick", &to)),
            deliver: Mutex::new(noting("deliver", &to)),
            wake: Arc::new(Notify::new()),
            beaten: Notify::new(),
        };
        let held = steps.tick.lock().await;
        beat(&steps).await;
        assert_eq!(taken.try_recv().ok(), None);
        drop(held);
        beat(&steps).await;
        assert_eq!(taken.try_recv().ok(), Some(("tick", noon())));
    }

    #[tokio::test]
    async fn a_step_that_fails_or_panics_does_not_end_the_metronome() {
        let (to, mut taken) = unbounded_channel();
        let wake = Arc::new(Notify::new());
        let failing: Step = Box::new(|_| Box::pin(async { Err(anyhow::anyhow!("out of order").into()) }));
        let (panicking, after) = (Arc::new(std::sync::atomic::AtomicBool::new(true)), noting("deliver", &to));
        let first_panics: Step = Box::new(move |now| {
            let panics = panicking.swap(false, std::sync::atomic::Ordering::SeqCst);
            let rest = after(now);
            Box::pin(async move { if panics { panic!("on purpose") } else { rest.await } })
        });
        let clock = Clock::manual(noon());
        let metronome = Metronome::start(clock, Arc::clone(&wake), failing, first_panics).await.expect("started");
        metronome.pass(noon()).await;
        wake.notify_one();
        assert_eq!(taken.recv().await, Some(("deliver", noon())));
        metronome.stop().await;
    }
}
