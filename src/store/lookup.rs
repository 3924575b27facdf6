//! What is offered while a person types: grams of three characters, prefixed with the workspace and the kind, in one
//! full-text table. The prefix makes the index the wall between workspaces and keeps a look-up's cost flat.

use std::collections::BTreeSet;

use super::commit::LookupKind;
use super::document;
use super::workspace::Workspace;
use crate::error::Failure;

/// At most this many candidates are ranked by likeness.
const CANDIDATES: i64 = 200;
/// Found so many with every gram of the query: no need to look for misspellings.
const ENOUGH: usize = 5;
/// At most about so many rows are ranked for what shares only some words: its rarest grams tell most, and the common ones
/// (the end of "… Systems") would rank half the workspace.
const RANKED: i64 = 4_000;

/// One candidate: what it leads to, and the text it was found by.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Found {
    /// The deal's number or the account's id.
    pub subject: i64,
    /// Number, account and partner names.
    pub text: String,
}

/// The words under which a text is indexed: each gram of three with the workspace's and the kind's prefix. Words get a
/// leading pad, so that two letters find a word that begins with them.
pub(super) fn grams(guild: i64, kind: LookupKind, text: &str) -> String {
    gram_set(text).iter().map(|gram| word(guild, kind, gram)).collect::<Vec<_>>().join(" ")
}

/// The grams of a text.
fn gram_set(text: &str) -> BTreeSet<String> {
    grams_of_words(text).into_iter().flatten().collect()
}

/// The grams of each word of a text in their order: lower-cased, with one leading pad.
fn grams_of_words(text: &str) -> Vec<Vec<String>> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let grams = words.map(|word| {
        let padded: Vec<char> = std::iter::once('_').chain(word.chars()).collect();
        match padded.len() {
            0..=2 => vec![padded.iter().collect()],
            _ => padded.windows(3).map(|w| w.iter().collect()).collect(),
        }
    });
    grams.collect()
}

/// What finds a word with a slip in it, by its grams: one slip leaves its beginning and some other gram of it, or two
/// grams in a row. A pair is held by few texts, however many hold each of the two.
fn with_a_slip(grams: &[String]) -> String {
    let [first, rest @ ..] = grams else { return String::new() };
    let Some((second, more)) = rest.split_first() else { return first.clone() };
    if more.is_empty() {
        return format!("({first} AND {second})");
    }
    let in_a_row = rest.windows(2).map(|pair| format!(" OR ({})", pair.join(" AND ")));
    format!("(({first} AND ({})){})", rest.join(" OR "), in_a_row.collect::<String>())
}

/// One index word. Characters are written as hexadecimal numbers, so that the tokenizer sees letters and digits only.
fn word(guild: i64, kind: LookupKind, gram: &str) -> String {
    let kind = match kind {
        LookupKind::Deal => 'd',
        LookupKind::Account => 'a',
    };
    let letters: String = gram
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("x{:x}x", u32::from(c)) })
        .collect();
    format!("{guild}{kind}{letters}")
}

impl Workspace<'_> {
    /// Candidates for what was typed, newest first; when few hold all of its grams, those that hold each of its words
    /// with a slip; when that is few too, those that share its rarest grams. The latter two best first.
    pub async fn find_lookups(&mut self, kind: LookupKind, typed: &str) -> Result<Vec<Found>, Failure> {
        let of_words: Vec<Vec<String>> = grams_of_words(typed)
            .into_iter()
            .map(|grams| grams.iter().map(|gram| word(self.guild.0, kind, gram)).collect())
            .collect();
        let words: Vec<String> = of_words.iter().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.matching(&words.join(" AND ")).await?;
        if found.len() < ENOUGH && words.len() > of_words.len() {
            let slips: Vec<String> = of_words.iter().map(|grams| with_a_slip(grams)).collect();
            add(&mut found, self.ranked(&slips.join(" AND ")).await?);
        }
        if found.len() < ENOUGH && words.len() > 1 {
            let rarest = self.rarest(&words).await?;
            // The common grams bring nothing in; they rank what the rare ones bring.
            let expression = format!("({}) AND ({})", rarest.join(" OR "), words.join(" OR "));
            let ranked = if rarest.is_empty() { Vec::new() } else { self.ranked(&expression).await? };
            add(&mut found, ranked);
        }
        Ok(found)
    }

    /// Those of some index words that are in use, the rarest first, as long as few enough look-ups hold them; the rarest
    /// one in any case.
    async fn rarest(&mut self, words: &[String]) -> Result<Vec<String>, Failure> {
        // A word that no look-up holds is as good as any: it finds nothing.
        let asked = serde_json::to_string(words)?;
        let used = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(term, doc)) AS "used!: String"
               FROM (SELECT u.term, u.doc FROM json_each(?) w CROSS JOIN gram_use u ON u.term = w.value ORDER BY u.doc)"#,
            asked
        )
        .fetch_one(self.connection())
        .await?;
        let used: Vec<(String, i64)> = document(&used)?;
        let mut ranked = 0;
        let few = used.into_iter().enumerate().take_while(|(place, (_, held))| {
            ranked += held;
            *place == 0 || ranked <= RANKED
        });
        Ok(few.map(|(_, (word, _))| word).collect())
    }

    // Each query gives one row with all candidates in it: what a row costs on its way from SQLite's thread is more than
    // what it costs to find.
    async fn matching(&mut self, expression: &str) -> Result<Vec<Found>, Failure> {
        let guild = self.guild.0;
        let found = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_object('subject', subject_id, 'text', text)) AS "found!: String" FROM (
                 SELECT l.subject_id, l.text FROM gram CROSS JOIN lookup l ON l.id = gram.rowid
                 WHERE gram MATCH ? AND l.guild_id = ? ORDER BY gram.rowid DESC LIMIT ?)"#,
            expression,
            guild,
            CANDIDATES
        )
        .fetch_one(self.connection())
        .await?;
        document(&found)
    }

    async fn ranked(&mut self, expression: &str) -> Result<Vec<Found>, Failure> {
        let guild = self.guild.0;
        let found = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_object('subject', subject_id, 'text', text)) AS "found!: String" FROM (
                 SELECT l.subject_id, l.text FROM (SELECT rowid AS id, rank FROM gram WHERE gram MATCH ? ORDER BY rank LIMIT ?) g
                 CROSS JOIN lookup l ON l.id = g.id WHERE l.guild_id = ? ORDER BY g.rank)"#,
            expression,
            CANDIDATES,
            guild
        )
        .fetch_one(self.connection())
        .await?;
        document(&found)
    }
}

/// Adds what is not there yet.
fn add(found: &mut Vec<Found>, others: Vec<Found>) {
    for other in others {
        if !found.contains(&other) {
            found.push(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::commit::{Commit, LookupRow};
    use super::*;
    use crate::domain::Instant;
    use crate::domain::id::GuildId;

    /// A store in which look-ups of deals lead to these texts, numbered from 1.
    async fn store_of(texts: Vec<String>) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database opens");
        let row = |(n, text)| LookupRow { kind: LookupKind::Deal, subject: n, text };
        let commit = std::sync::Arc::new(Commit { lookups: (1..).zip(texts).map(row).collect(), ..Commit::default() });
        let written = store.write(move |connection| {
            let commit = std::sync::Arc::clone(&commit);
            let now = Instant::UNIX_EPOCH;
            Box::pin(async move { Workspace::writing(GuildId(7), connection).commit(&commit, now).await })
        });
        written.await.expect("look-ups are written");
        (folder, store)
    }

    async fn first_found(store: &Store, typed: &str) -> Option<i64> {
        let mut workspace = store.read(GuildId(7)).await.expect("a reader");
        let found = workspace.find_lookups(LookupKind::Deal, typed).await.expect("found");
        found.first().map(|found| found.subject)
    }

    #[tokio::test]
    async fn a_misspelt_name_is_among_the_candidates_however_many_share_some_of_it() {
        let text =
            |n| if n == 900 { "D-900 Globex Insurance".to_owned() } else { format!("D-{n} Number{n} Insurance") };
        let (_folder, store) = store_of((1..=1_000).map(text).collect()).await;
        assert_eq!(first_found(&store, "Golbex Insurance").await, Some(900));
    }

    #[tokio::test]
    async fn a_misspelt_name_is_found_though_more_than_are_ranked_hold_each_gram_that_is_left_of_it() {
        let text = |n| match n {
            2_500 => "D-2500 Bajocro Systems".to_owned(),
            n if n % 2 == 0 => format!("D-{n} Basan{n} Bank"),
            n => format!("D-{n} Velcro{n} Systems"),
        };
        let (_folder, store) = store_of((1..=12_000).map(text).collect()).await;
        for typed in ["Baojcro Systems", "Baojcro", "Bajcro Systmes"] {
            assert_eq!(first_found(&store, typed).await, Some(2_500), "{typed}");
        }
    }

    #[test]
    fn a_word_with_a_slip_is_found_by_its_beginning_and_more_or_by_two_grams_in_a_row() {
        let grams = |word: &str| grams_of_words(word).concat();
        assert_eq!(with_a_slip(&grams("d")), "_d");
        assert_eq!(with_a_slip(&grams("gle")), "(_gl AND gle)");
        assert_eq!(with_a_slip(&grams("acmes")), "((_ac AND (acm OR cme OR mes)) OR (acm AND cme) OR (cme AND mes))");
    }

    #[test]
    fn two_letters_make_the_gram_that_begins_a_word() {
        assert!(gram_set("Globex Corp").contains("_gl"));
        assert_eq!(gram_set("gl"), BTreeSet::from(["_gl".to_owned()]));
        assert!(gram_set("D-12").contains("_12"));
    }

    #[test]
    fn the_index_words_of_two_workspaces_have_nothing_in_common() {
        let (a, b) = (grams(1, LookupKind::Deal, "Globex"), grams(11, LookupKind::Deal, "Globex"));
        assert!(a.split(' ').all(|w| !b.split(' ').any(|v| v == w)));
    }
}
