//! People who type one command after the other, and a book of what they typed and what they were told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cosell::sandbox::{Person, Reply, Sandbox};
use fastrand::Rng;
use tokio::sync::{OwnedRwLockWriteGuard, RwLock, watch};
use tokio::task::JoinSet;

/// So many type at once, each about other deals.
pub const TYPISTS: usize = 8;
/// Who has more deals than this ends one, so that a long run is like a short one.
const MANY: usize = 25;
const OWNERS: [&str; 3] = ["rita", "ben", "ana"];

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    New,
    Note,
    Step,
    Lose,
    /// Gives the deal to somebody else; has no mark.
    Assign,
}

/// An open deal.
#[derive(Debug, Clone)]
pub struct OpenDeal {
    pub number: i64,
    pub owner: String,
}

/// A command that was typed.
#[derive(Debug, Clone)]
pub struct Typed {
    pub what: What,
    /// Stands in whatever it leaves in the database, and in nothing else.
    pub mark: String,
    /// What it is about, unless it makes a deal.
    pub deal: Option<i64>,
    /// What was read in answer, if anything was.
    pub answer: Option<String>,
    /// Whether it was typed when nothing could be saved any more.
    pub is_late: bool,
}

impl Typed {
    /// Whether somebody was told that it is saved.
    pub fn is_saved(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.starts_with("Saved"))
    }
}

/// What was typed since it was opened. Clones are the same book.
#[derive(Clone)]
pub struct Book {
    typed: Arc<Mutex<Vec<Typed>>>,
    /// How many were answered.
    answered: watch::Sender<usize>,
    /// How many are on their way.
    begun: watch::Sender<usize>,
    /// Held by each who waits for an answer.
    pause: Arc<RwLock<()>>,
}

impl Book {
    /// Waits until so many commands were answered.
    pub async fn answered(&self, count: usize) {
        self.answered.subscribe().wait_for(|n| *n >= count).await.map(drop).unwrap();
    }

    /// Waits until nobody waits for an answer, and keeps them from typing on.
    pub async fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.pause).write_owned().await
    }

    /// How many commands were typed.
    pub fn len(&self) -> usize {
        *self.begun.borrow()
    }

    /// Waits until so many commands were typed.
    pub async fn reaches(&self, count: usize) {
        self.begun.subscribe().wait_for(|n| *n >= count).await.map(drop).unwrap();
    }

    fn begin(&self, typed: Typed) -> usize {
        let mut all = self.typed.lock().unwrap();
        all.push(typed);
        self.begun.send_replace(all.len());
        all.len() - 1
    }

    fn end(&self, place: usize, answer: String) {
        self.typed.lock().unwrap()[place].answer = Some(answer);
        self.answered.send_modify(|n| *n += 1);
    }
}

/// People at it.
pub struct Typing {
    pub book: Book,
    typists: JoinSet<()>,
}

impl Typing {
    /// Has everybody type about these deals, and about new ones. Marks go on counting.
    pub fn begin(sandbox: &Sandbox, deals: &[OpenDeal], marks: &Arc<AtomicUsize>, chance: &mut Rng) -> Typing {
        let (answered, begun) = (watch::Sender::new(0), watch::Sender::new(0));
        let book = Book { typed: Arc::default(), answered, begun, pause: Arc::default() };
        let typists = (0..TYPISTS).map(|n| Typist {
            sandbox: sandbox.clone(),
            book: book.clone(),
            deals: deals.iter().skip(n).step_by(TYPISTS).cloned().collect(),
            marks: Arc::clone(marks),
            chance: chance.fork(),
        });
        let typists = typists.map(Typist::type_on).collect();
        Typing { book, typists }
    }

    /// Sends them away, whatever they wait for, and tells what they typed.
    pub async fn end(mut self) -> Vec<Typed> {
        self.typists.abort_all();
        while let Some(ended) = self.typists.join_next().await {
            if let Err(error) = ended
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }
        std::mem::take(&mut *self.book.typed.lock().unwrap())
    }
}

struct Typist {
    sandbox: Sandbox,
    book: Book,
    deals: Vec<OpenDeal>,
    marks: Arc<AtomicUsize>,
    chance: Rng,
}

impl Typist {
    async fn type_on(mut self) {
        loop {
            let _waiting = Arc::clone(&self.book.pause).read_owned().await;
            let (person, text, typed) = self.command();
            let place = self.book.begin(typed);
            match person.slash(&text).await {
                Reply::Message(shown) => self.book.end(place, shown.text()),
                // Nobody answered: the process is gone.
                Reply::Refused(_) => {}
                other => panic!("{text} was answered with {other:?}"),
            }
        }
    }

    fn command(&mut self) -> (Person, String, Typed) {
        let mark = format!("m{:06}x", self.marks.fetch_add(1, Ordering::Relaxed));
        if self.deals.is_empty() || self.chance.u8(..100) < 15 {
            return self.new_deal(mark);
        }
        let (place, many) = (self.chance.usize(..self.deals.len()), self.deals.len() > MANY);
        let (days, amount) = (self.chance.u32(1..6), self.chance.u32(10..900));
        let deal = &mut self.deals[place];
        let label = format!("D-{}", deal.number);
        let drawn = if many { u8::MAX } else { self.chance.u8(..100) };
        let (what, text) = match drawn {
            ..55 => (What::Note, format!("/deal update deal:{label} note:{mark} went well amount:{amount}k")),
            55..80 => (What::Step, format!("/deal update deal:{label} next_step:{mark} due:+{days}d")),
            80..93 => {
                let others: Vec<&str> = OWNERS.into_iter().filter(|name| *name != deal.owner).collect();
                let other = *self.chance.choice(&others).unwrap();
                deal.owner = other.to_owned();
                (What::Assign, format!("/deal assign deal:{label} owner:@{other}"))
            }
            _ => (What::Lose, format!("/deal lost deal:{label} reason:Price detail:{mark}")),
        };
        let deal = Some(deal.number);
        if what == What::Lose {
            self.deals.swap_remove(place);
        }
        (self.sandbox.person("lena"), text, Typed { what, mark, deal, answer: None, is_late: false })
    }

    fn new_deal(&mut self, mark: String) -> (Person, String, Typed) {
        let account: String = (0..12).map(|_| self.chance.lowercase()).collect();
        let owner = self.sandbox.person(self.chance.choice(OWNERS).unwrap());
        let (days, amount) = (self.chance.u32(1..6), self.chance.u32(10..900));
        let text = format!(
            "/deal new account:{account} partner:Initech source:undecided amount:{amount}k close:in 6 weeks \
             next_step:{mark} due:+{days}d"
        );
        (owner, text, Typed { what: What::New, mark, deal: None, answer: None, is_late: false })
    }
}
