//! What an admin says of names that are not known: `Rita Moreno = @rita; Ben = @ben; * = @lena`, and of stages,
//! `Demo done = Technical Validation`.

use std::collections::BTreeMap;

use crate::app::{App, Caller, Person};
use crate::domain::account::name_key;
use crate::domain::id::UserId;
use crate::domain::import::{FileProblem, Owners};
use crate::domain::member::Member;
use crate::domain::motion::Stage;
use crate::domain::refusal::{Problem, Problems};
use crate::error::Failure;

/// Stands for everybody who is not named.
const OTHERS: &str = "*";

/// The pairs of a mapping.
fn pairs(option: &'static str, typed: &str) -> Result<Vec<(String, String)>, Problem> {
    let parts = typed.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| match part.rsplit_once('=').map(|(name, to)| (name.trim(), to.trim())) {
        Some((name, to)) if !name.is_empty() && !to.is_empty() => Ok((name.to_owned(), to.to_owned())),
        _ => Err(unreadable(option, part)),
    };
    parts.map(pair).collect()
}

fn unreadable(option: &'static str, typed: &str) -> Problem {
    Problem::Import(FileProblem::Mapping { option, typed: typed.to_owned() })
}

/// The stages of a mapping, by folded name.
pub fn stages(typed: Option<&str>, problems: &mut Problems) -> BTreeMap<String, Stage> {
    let pairs = typed.map_or(Ok(Vec::new()), |typed| pairs("stages", typed));
    let mut stages = BTreeMap::new();
    for (name, to) in problems.take(pairs).unwrap_or_default() {
        match Stage::parse(&to) {
            Some(stage) => drop(stages.insert(folded(&name), stage)),
            None => problems.add(unreadable("stages", &format!("{name} = {to}"))),
        }
    }
    stages
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A mention, a bare id, or nothing of the kind.
fn user_of(text: &str) -> Option<UserId> {
    let inner = text.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
    inner.trim_start_matches('!').parse::<i64>().ok().filter(|id| *id > 0).map(UserId)
}

impl App {
    /// The owners of a mapping, with the people that Discord tells of; by mention, or by the name of a member.
    pub(super) async fn owners(
        &self,
        caller: &Caller,
        typed: Option<&str>,
        members: &[Member],
        problems: &mut Problems,
    ) -> Result<(Owners, Vec<Person>), Failure> {
        let (mut owners, mut people) = (Owners::default(), Vec::<Person>::new());
        let pairs = typed.map_or(Ok(Vec::new()), |typed| pairs("owners", typed));
        for (name, to) in problems.take(pairs).unwrap_or_default() {
            let bare = name_key(to.trim_start_matches('@'));
            let named = || members.iter().find(|member| name_key(&member.name) == bare).map(|member| member.user);
            let Some(user) = user_of(&to).or_else(named) else {
                problems.add(unreadable("owners", &format!("{name} = {to}")));
                continue;
            };
            if !people.iter().any(|person| person.user == user) {
                match self.find_person(caller, user).await? {
                    Some(person) => people.push(person),
                    None => problems.add(Problem::NotAMember { option: "owners", user }),
                }
            }
            match name.as_str() {
                OTHERS => owners.others = Some(user),
                _ => drop(owners.named.insert(name_key(&name), user)),
            }
        }
        Ok((owners, people))
    }

    async fn find_person(&self, caller: &Caller, user: UserId) -> Result<Option<Person>, Failure> {
        let found = self.courier.find_member(caller.guild, user).await.map_err(anyhow::Error::new)?;
        Ok(found.map(|there| Person {
            user,
            name: there.name,
            roles: there.roles,
            manages_server: there.manages_server,
            is_bot: there.is_bot,
        }))
    }
}
