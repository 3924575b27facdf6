//! Which part of something longer a message shows, and the ids that turn to the others.

use super::custom_id::CustomId;
use crate::render::offer::Page;

/// A page of so many things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// How many things there are.
    pub total: usize,
    size: usize,
    index: usize,
}

impl Pages {
    /// The page that was asked for, or the last one when there are fewer by now.
    pub fn new(total: usize, size: usize, asked: usize) -> Pages {
        let last = total.saturating_sub(1) / size.max(1);
        Pages { total, size: size.max(1), index: asked.min(last) }
    }

    /// The things of the page.
    pub fn cut<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.index * self.size).take(self.size).collect()
    }

    /// For `render`; the page's number is added to the id.
    pub fn page(&self, id: &CustomId) -> Page {
        self.turned(|to| id.clone().with(to))
    }

    /// The same, with a word after the page's number.
    pub fn page_before(&self, id: &CustomId, word: &str) -> Page {
        self.turned(|to| id.clone().with(to).with(word))
    }

    /// The same, with the id of each page.
    pub fn turned(&self, id: impl Fn(usize) -> CustomId) -> Page {
        let of = self.total.div_ceil(self.size).max(1);
        let turn = |to: usize| id(to).to_control();
        Page {
            index: self.index,
            of,
            previous: self.index.checked_sub(1).map(turn),
            next: Some(self.index + 1).filter(|next| *next < of).map(turn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::GuildId;

    #[test]
    fn a_page_turns_as_far_as_there_is_something() {
        let id = CustomId::new("partners", GuildId(7));
        let ids = |asked: usize| {
            let pages = Pages::new(45, 20, asked);
            let page = pages.page(&id);
            let text = |id: Option<crate::render::control::CustomId>| id.map(|id| id.as_str().to_owned());
            (page.index, page.of, text(page.previous), text(page.next), pages.cut((0..45).collect()).len())
        };
        let turn = |to: usize| Some(format!("partners:7:{to}"));
        assert_eq!(ids(0), (0, 3, None, turn(1), 20));
        assert_eq!(ids(1), (1, 3, turn(0), turn(2), 20));
        assert_eq!(ids(9), (2, 3, turn(1), None, 5), "fewer by now");
        let none = Pages::new(0, 20, 0).page(&id);
        assert_eq!((none.of, none.previous, none.next), (1, None, None));
    }
}
