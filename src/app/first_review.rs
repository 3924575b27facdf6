//! Schedules the first review as setup proposes it. Where one meets already it is left as it is: two admins may press the
//! same button.

use super::UseCase;
use super::change::Change;
use super::schedule_review::ScheduleReview;
use crate::domain::access::Needed;
use crate::domain::overview::FirstMeeting;
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::setup::FIRST_REVIEW;

/// The first review, each week in the pipeline channel.
#[derive(Debug, Clone)]
pub struct FirstReview(pub FirstMeeting);

impl UseCase for FirstReview {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Admin)?;
        if change.workspace.find_reviews().await?.iter().any(|review| !review.cancelled) {
            return Ok(());
        }
        let channel = change.settings.pipeline_channel.ok_or(Problem::NotSetUp)?;
        let FirstMeeting { weekday, hour } = self.0;
        let review = ScheduleReview::weekly(FIRST_REVIEW, channel, weekday, format!("{hour:02}:00"));
        review.run(change).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, admin, rep, weekly};
    use crate::domain::id::ChannelId;

    async fn names(bench: &Bench) -> Vec<String> {
        let reviews = bench.app.store.read(GUILD).await.unwrap().find_reviews().await.unwrap();
        reviews.into_iter().map(|review| review.name).collect()
    }

    #[tokio::test]
    async fn it_meets_weekly_in_the_pipeline_channel_and_is_scheduled_once() {
        let bench = Bench::ready().await;
        let monday = FirstMeeting { weekday: chrono::Weekday::Mon, hour: 9 };
        assert!(bench.app.change(&rep(), FirstReview(monday)).await.is_err(), "it is an admin's");
        bench.app.change(&admin(), FirstReview(monday)).await.unwrap();
        bench.app.change(&admin(), FirstReview(FirstMeeting::default())).await.unwrap();
        let reviews = bench.app.store.read(GUILD).await.unwrap().find_reviews().await.unwrap();
        let [review] = &reviews[..] else { panic!("{reviews:?}") };
        let rhythm = &review.rhythm;
        assert_eq!((rhythm.weekday, rhythm.zone), (chrono::Weekday::Mon, chrono_tz::Tz::America__New_York));
        assert_eq!((review.channel, rhythm.time.to_string().as_str()), (ChannelId(11), "09:00:00"));
    }

    #[tokio::test]
    async fn a_review_that_a_lead_scheduled_is_the_first_one() {
        let bench = Bench::ready().await;
        bench.app.change(&admin(), weekly("Monday talk", ChannelId(14))).await.unwrap();
        bench.app.change(&admin(), FirstReview(FirstMeeting::default())).await.unwrap();
        assert_eq!(names(&bench).await, ["Monday talk"]);
    }
}
