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
/// At most about so many rows are ranked for a misspelling: its rarest grams tell most, and the common ones (the end of
/// "… Systems") would rank half the workspace.
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

/// The grams of a text: of each word, lower-cased, with one leading pad.
fn gram_set(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let mut grams = BTreeSet::new();
    for word in words {
        let padded: Vec<char> = std::iter::once('_').chain(word.chars()).collect();
        match padded.len() {
            0..=2 => drop(grams.insert(padded.iter().collect())),
            _ => grams.extend(padded.windows(3).map(|w| w.iter().collect::<String>())),
        }
    }
    grams
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
    /// Candidates for what was typed, newest first; when few hold all of its grams, those that hold some, best first.
    pub async fn find_lookups(&mut self, kind: LookupKind, typed: &str) -> Result<Vec<Found>, Failure> {
        let words: Vec<String> = gram_set(typed).iter().map(|gram| word(self.guild.0, kind, gram)).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.matching(&words.join(" AND ")).await?;
        if found.len() < ENOUGH && words.len() > 1 {
            let rarest = self.rarest(&words).await?;
            // The common grams bring nothing in; they rank what the rare ones bring.
            let expression = format!("({}) AND ({})", rarest.join(" OR "), words.join(" OR "));
            let ranked = if rarest.is_empty() { Vec::new() } else { self.ranked(&expression).await? };
            for other in ranked {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
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

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::commit::{Commit, LookupRow};
    use super::*;
    use crate::domain::Instant;
    use crate::domain::id::GuildId;

    #[tokio::test]
    async fn a_misspelt_name_is_among_the_candidates_however_many_share_some_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database opens");
        let text =
            |n| if n == 900 { "D-900 Globex Insurance".to_owned() } else { format!("D-{n} Number{n} Insurance") };
        let row = |n| LookupRow { kind: LookupKind::Deal, subject: n, text: text(n) };
        let commit = std::sync::Arc::new(Commit { lookups: (1..=1_000).map(row).collect(), ..Commit::default() });
        let written = store.write(move |connection| {
            let commit = std::sync::Arc::clone(&commit);
            let now = Instant::UNIX_EPOCH;
            Box::pin(async move { Workspace::writing(GuildId(7), connection).commit(&commit, now).await })
        });
        written.await.expect("look-ups are written");
        let mut workspace = store.read(GuildId(7)).await.expect("a reader");
        let found = workspace.find_lookups(LookupKind::Deal, "Golbex Insurance").await.expect("found");
        assert_eq!(found.first().map(|found| found.subject), Some(900));
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
