//! What is typed, and by whom: commands as people write them, each on another deal.

use cosell::sandbox::{Person, Reply};

use crate::name::{self, Chance, PARTNERS};
use crate::seed::Seeded;

/// What is measured of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `/deal new`, for an account that is known and has no deal yet.
    New,
    /// `/deal update`, with a note and a next step.
    Update,
    /// `/deal view`.
    View,
    /// The choices for a deal, with a few letters typed.
    Autocomplete,
}

impl Kind {
    /// Look-ups first, as the others make the database larger.
    pub const ALL: [Kind; 4] = [Kind::View, Kind::Autocomplete, Kind::Update, Kind::New];

    /// As the table names it.
    pub fn label(self) -> &'static str {
        match self {
            Kind::New => "`/deal new`",
            Kind::Update => "`/deal update`",
            Kind::View => "`/deal view`",
            Kind::Autocomplete => "deal autocomplete",
        }
    }

    /// Whether it changes the database.
    pub fn writes(self) -> bool {
        matches!(self, Kind::New | Kind::Update)
    }
}

/// One thing to type, and what shows that it worked.
#[derive(Debug)]
pub struct Ask {
    kind: Kind,
    person: Person,
    text: String,
    /// A part of the right answer.
    shows: String,
}

/// Makes things to type. The n-th is always the same.
pub struct Asker {
    people: Vec<Person>,
    seeded: Seeded,
}

impl Asker {
    pub fn new(people: Vec<Person>, seeded: Seeded) -> Asker {
        Asker { people, seeded }
    }

    /// The n-th thing of a kind.
    pub fn ask(&self, kind: Kind, n: usize) -> Ask {
        let mut chance = Chance(n as u64 + 77);
        let person = chance.below(self.people.len());
        let (person, text, shows) = match kind {
            Kind::New => (person, new_deal(self.seeded.prospects + n, n), "D-".to_owned()),
            Kind::Update => {
                // Another deal each time, so that no two at once are of the same.
                let deal = self.seeded.open[n % self.seeded.open.len()];
                let text = format!(
                    "/deal update deal:{} note:Call {n} went well next_step:Send the joint proposal due:+{}d",
                    deal.number.label(),
                    5 + n % 9
                );
                (deal.owner, text, deal.number.label())
            }
            Kind::View => {
                let label = format!("D-{}", 1 + chance.below(self.seeded.deals));
                (person, format!("/deal view deal:{label}"), label)
            }
            Kind::Autocomplete => {
                let (typed, shows) = self.typed(&mut chance);
                (person, format!("/deal view deal:{typed}"), shows)
            }
        };
        Ask { kind, person: self.people[person % self.people.len()].clone(), text, shows }
    }

    /// As far as people type: the beginning of an account's name, its number, or the name with two letters swapped; and
    /// a part of what is offered for it.
    fn typed(&self, chance: &mut Chance) -> (String, String) {
        let deal = chance.of(&self.seeded.open);
        let name = name::account(deal.account);
        let mut letters: Vec<char> = name.chars().collect();
        match chance.below(10) {
            0 => (deal.number.label(), deal.number.label()),
            1 => {
                letters.swap(2, 3);
                (letters.into_iter().collect(), "D-".to_owned())
            }
            _ => (letters[..3 + chance.below(3)].iter().collect(), "D-".to_owned()),
        }
    }
}

fn new_deal(account: usize, n: usize) -> String {
    format!(
        "/deal new account:{} partner:{} source:undecided amount:{}k close:in 6 weeks next_step:Call them due:+5d",
        name::account(account),
        PARTNERS[n % PARTNERS.len()],
        50 + n % 400
    )
}

impl Ask {
    /// Types it and waits for the answer. An error is an answer that is not the right one.
    pub async fn put(self) -> anyhow::Result<()> {
        let answer = match self.kind {
            Kind::Autocomplete => {
                let choices = self.person.try_autocomplete(&self.text).await.map_err(anyhow::Error::msg)?;
                choices.into_iter().map(|choice| choice.name).collect::<Vec<_>>().join("\n")
            }
            _ => match self.person.slash(&self.text).await {
                Reply::Message(message) => message.text(),
                other => anyhow::bail!("{} was answered with {other:?}", self.text),
            },
        };
        anyhow::ensure!(answer.contains(&self.shows), "{} was answered with {answer}", self.text);
        Ok(())
    }
}
