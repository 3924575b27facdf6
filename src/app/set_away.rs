//! Says when a person is away and who stands in, and that they are back: `/my away`.

use chrono::NaiveDate;

use super::change::Change;
use super::reading::all_read;
use super::{App, Caller, Person, UseCase};
use crate::domain::access::Needed;
use crate::domain::id::MemberId;
use crate::domain::member::{Away, Member};
use crate::domain::refusal::{DateRule, Problem, Problems};
use crate::error::Failure;

/// An absence as typed.
#[derive(Debug, Clone)]
pub struct SetAway {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Who stands in.
    pub cover: Person,
    /// Whose absence it is; the actor's when not given. Somebody else's is for leads.
    pub user: Option<Person>,
}

/// The absence is over, or is not to be. For the person, or for a lead.
#[derive(Debug, Clone)]
pub struct EndAway {
    /// Whose.
    pub member: MemberId,
}

/// An absence that was entered.
#[derive(Debug, Clone)]
pub struct Absence {
    /// Whose.
    pub member: Member,
    /// From when to when.
    pub away: Away,
    /// Who stands in.
    pub cover: Member,
    /// How many open deals are covered.
    pub deals: usize,
    /// The other absence that it took the place of, with who would have stood in.
    pub replaced: Option<(Away, Option<Member>)>,
}

impl App {
    /// Enters an absence, and tells for how many deals somebody stands in.
    pub async fn set_away(&self, caller: &Caller, away: SetAway) -> Result<Absence, Failure> {
        let entered = self.change(caller, away).await?;
        let mut workspace = self.store.read(caller.guild).await?;
        let deals = workspace.find_open_deals_of_owner(entered.member.id).await?.len();
        Ok(Absence { deals, ..entered })
    }
}

impl UseCase for SetAway {
    type Outcome = Absence;

    /// Without the deals, which are counted apart: the writer is not kept for that.
    async fn run(self, change: &mut Change<'_>) -> Result<Absence, Failure> {
        change.allow(Needed::Any)?;
        let mut problems = Problems::default();
        let other = self.user.as_ref().filter(|user| user.user != change.actor.user);
        let member = match other {
            Some(person) => {
                change.allow(Needed::Lead)?;
                problems.take(change.admit_holder("user", person).await?)
            }
            None => Some(change.actor.clone()),
        };
        let cover = problems.take(change.admit_holder("cover", &self.cover).await?);
        let span = self.span(change, &mut problems);
        if let (Some(member), Some(cover)) = (&member, &cover) {
            cover_problem(member, cover, span).into_iter().for_each(|problem| problems.add(problem));
        }
        let ((member, cover), (from, to)) = all_read(problems, member.zip(cover).zip(span))?;
        let away = Away { from, to, cover: cover.id };
        let before = member.away.clone().filter(|before| before.to >= change.today() && *before != away);
        let replaced = match before {
            Some(before) => Some((before.clone(), change.find_member(before.cover).await?)),
            None => None,
        };
        let member = change.edit_member(member.id, |member| member.away = Some(away.clone())).await?;
        Ok(Absence { member, away, cover, deals: 0, replaced })
    }
}

impl SetAway {
    /// The days, if they make sense: not over yet, and the last one not before the first.
    fn span(&self, change: &Change<'_>, problems: &mut Problems) -> Option<(NaiveDate, NaiveDate)> {
        let from = problems.take(change.read_day("from", &self.from));
        let to = problems.take(change.read_day("to", &self.to));
        let rule = match to? {
            to if from.is_some_and(|from| to < from) => DateRule::AfterStart,
            to if to < change.today() => DateRule::NotPast,
            to => return Some((from?, to)),
        };
        problems.add(Problem::BadDate { option: "to", date: to?, rule });
        None
    }
}

/// What stands in the way of a cover: being the same person, or away on one of the days, where those are known.
fn cover_problem(member: &Member, cover: &Member, span: Option<(NaiveDate, NaiveDate)>) -> Option<Problem> {
    if member.id == cover.id {
        return Some(Problem::StandsInForSelf { option: "cover" });
    }
    let (from, to) = span?;
    let away = cover.away.as_ref().filter(|away| away.from <= to && from <= away.to)?;
    Some(Problem::CoverAway { user: cover.user, from: away.from, to: away.to })
}

impl UseCase for EndAway {
    type Outcome = Member;

    /// Somebody who is back already stays so: that is no mistake.
    async fn run(self, change: &mut Change<'_>) -> Result<Member, Failure> {
        change.allow(if self.member == change.actor.id { Needed::Any } else { Needed::Lead })?;
        let member = change.find_member(self.member).await?.ok_or(Problem::Stale)?;
        match member.away {
            Some(_) => change.edit_member(member.id, |member| member.away = None).await,
            None => Ok(member),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, GUILD, REPS, caller, deal_with, lead, person, rep};

    fn away(from: &str, to: &str, cover: Person) -> SetAway {
        SetAway { from: from.to_owned(), to: to.to_owned(), cover, user: None }
    }

    fn ben() -> Person {
        person(4, "Ben", &[REPS])
    }

    async fn problems(bench: &Bench, who: Caller, away: SetAway) -> Vec<Problem> {
        match bench.app.change(&who, away).await {
            Err(Failure::Refused(refused)) => refused.problems,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_absence_names_its_days_and_its_cover_and_ends_early() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.unwrap();
        let absence = bench.app.set_away(&rep(), away("21 Dec", "8 Jan", ben())).await.unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let entered = absence.member.away.clone().unwrap();
        assert_eq!((entered.from, entered.to), (day("2026-12-21"), day("2027-01-08")));
        assert_eq!((entered.cover, absence.cover.name.as_str(), absence.deals), (absence.cover.id, "Ben", 1));
        bench.assert_replays(GUILD, &absence.member).await;
        for _ in 0..2 {
            let back = bench.app.change(&rep(), EndAway { member: absence.member.id }).await.unwrap();
            assert_eq!(back.away, None);
        }
    }

    #[tokio::test]
    async fn a_cover_is_somebody_else_of_the_program_who_is_there() {
        let bench = Bench::ready().await;
        let own = caller(GUILD, 4, "Ben", &[REPS]);
        bench.app.change(&own, away("2026-12-30", "2027-01-02", lead().person)).await.unwrap();
        let there = problems(&bench, rep(), away("21 Dec", "30 Dec", ben())).await;
        assert!(matches!(there[..], [Problem::CoverAway { .. }]), "{there:?}");
        let own = problems(&bench, rep(), away("21 Dec", "30 Dec", rep().person)).await;
        assert_eq!(own, [Problem::StandsInForSelf { option: "cover" }]);
        let bot = Person { is_bot: true, ..ben() };
        for cover in [person(9, "Newt", &[]), bot] {
            let strange = problems(&bench, rep(), away("21 Dec", "30 Dec", cover)).await;
            assert!(matches!(strange[..], [Problem::NotAMember { option: "cover", .. }]), "{strange:?}");
        }
        bench.app.change(&rep(), away("21 Dec", "29 Dec", ben())).await.unwrap();
    }

    #[tokio::test]
    async fn days_that_make_no_sense_are_told_at_once() {
        let bench = Bench::ready().await;
        let said = problems(&bench, rep(), away("someday", "never", person(9, "Newt", &[]))).await;
        assert_eq!(said.len(), 3, "{said:?}");
        for (from, to, expected) in
            [("8 Jan", "21 Dec", DateRule::AfterStart), ("2026-12-01", "2026-12-10", DateRule::NotPast)]
        {
            let said = problems(&bench, rep(), away(from, to, ben())).await;
            assert!(matches!(said[..], [Problem::BadDate { option: "to", rule, .. }] if rule == expected), "{said:?}");
        }
    }

    #[tokio::test]
    async fn somebody_else_s_absence_is_for_leads() {
        let bench = Bench::ready().await;
        let of_rita = || SetAway { user: Some(rep().person), ..away("21 Dec", "30 Dec", ben()) };
        let ana = || caller(GUILD, 5, "Ana", &[REPS]);
        let said = problems(&bench, ana(), of_rita()).await;
        assert!(matches!(said[..], [Problem::NotAllowed { needed: Needed::Lead, .. }]), "{said:?}");
        let Absence { member: rita, .. } = bench.app.change(&lead(), of_rita()).await.unwrap();
        assert_eq!(rita.name, "Rita");
        assert!(bench.app.change(&ana(), EndAway { member: rita.id }).await.is_err());
        assert_eq!(bench.app.change(&lead(), EndAway { member: rita.id }).await.unwrap().away, None);
    }
}
