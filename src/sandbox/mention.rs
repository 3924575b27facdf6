//! Mentions: how a person types them, whom a message really pings, and how it is read.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::check::{id_of, list};
use super::message::Message;
use super::permission::MENTION_EVERYONE;
use super::snowflake::Snowflake;
use super::state::{Guild, State};

/// Where a message comes from, which decides on what is parsed when nothing is said about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// A channel's message parses users, roles and everyone.
    Channel,
    /// An answer to an interaction parses users.
    Answer,
}

/// Something in a text that stands for a person, role, channel, command or time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark<'a> {
    User(Snowflake),
    Role(Snowflake),
    Channel(Snowflake),
    Command(&'a str),
    Time(i64, Option<char>),
}

/// Reads the mark at the start of a text; gives it with its length in bytes.
pub(super) fn mark(text: &str) -> Option<(Mark<'_>, usize)> {
    let end = text.find('>')?;
    let inner = text.strip_prefix('<')?.get(..end - 1)?;
    let id = |digits: &str| digits.parse::<Snowflake>().ok();
    let mark = if let Some(rest) = inner.strip_prefix("@&") {
        Mark::Role(id(rest)?)
    } else if let Some(rest) = inner.strip_prefix('@') {
        Mark::User(id(rest.trim_start_matches('!'))?)
    } else if let Some(rest) = inner.strip_prefix('#') {
        Mark::Channel(id(rest)?)
    } else if let Some(rest) = inner.strip_prefix('/') {
        let (name, command) = rest.rsplit_once(':')?;
        id(command)?;
        Mark::Command(name)
    } else {
        time(inner.strip_prefix("t:")?)?
    };
    Some((mark, end + 1))
}

fn time(inner: &str) -> Option<Mark<'_>> {
    match inner.split_once(':') {
        None => Some(Mark::Time(inner.parse().ok()?, None)),
        Some((seconds, style)) => {
            let mut letters = style.chars();
            let letter = letters.next().filter(|c| "tTdDfFR".contains(*c))?;
            let alone = letters.next().is_none();
            alone.then_some(())?;
            Some(Mark::Time(seconds.parse().ok()?, Some(letter)))
        }
    }
}

/// A text with the members of a server that it names as `@name` mentioned, as the client sends it. What stands within a
/// word, as in an address, names nobody.
pub(super) fn typed(state: &State, guild: Option<&Guild>, text: &str) -> String {
    let of_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let mut sent = String::new();
    let mut left = text;
    while let Some((before, rest)) = left.split_once('@') {
        sent.push_str(before);
        let end = rest.find(|letter| !of_name(letter)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('.');
        let begins = !sent.ends_with(|letter| of_name(letter) || letter == '<');
        let user = state.user_named(name).filter(|_| begins);
        match user.filter(|user| guild.is_some_and(|guild| guild.members.contains_key(&user.id))) {
            Some(user) => sent.push_str(&format!("<@{}>", user.id)),
            None => sent.push_str(&format!("@{name}")),
        }
        left = &rest[name.len()..];
    }
    sent + left
}

/// Bare names of all that a message pings, in the order of the text, each once.
pub(super) fn pinged(state: &State, message: &Message, allowed: &Value, source: Source) -> Vec<String> {
    let rules = Allowed::new(allowed, source);
    let mut names = Vec::new();
    for mark in marks(&without_code(&message.content)) {
        let name = match mark {
            Found::User(id) => rules.user(state, message, id),
            Found::Role(id) => rules.role(state, message, id),
            Found::Everyone => rules.everyone(state, message),
        };
        if let Some(name) = name
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

enum Found {
    User(Snowflake),
    Role(Snowflake),
    Everyone,
}

fn marks(text: &str) -> Vec<Found> {
    let places = text.char_indices();
    let found = places.filter_map(|(at, letter)| match letter {
        '<' => match mark(&text[at..])?.0 {
            Mark::User(id) => Some(Found::User(id)),
            Mark::Role(id) => Some(Found::Role(id)),
            Mark::Channel(_) | Mark::Command(_) | Mark::Time(..) => None,
        },
        '@' => {
            let rest = &text[at + 1..];
            let all = rest.starts_with("everyone") || rest.starts_with("here");
            all.then_some(Found::Everyone)
        }
        _ => None,
    });
    found.collect()
}

/// The text with what stands in backticks left out, since nothing in it is a mention.
fn without_code(text: &str) -> String {
    let mut left = text;
    let mut kept = String::new();
    while let Some(start) = left.find('`') {
        let ticks = left[start..].chars().take_while(|c| *c == '`').count();
        let fence = "`".repeat(ticks);
        let inside = &left[start + ticks..];
        kept.push_str(&left[..start]);
        match inside.find(&fence) {
            Some(end) => left = &inside[end + ticks..],
            None => left = inside,
        }
    }
    kept + left
}

/// `allowed_mentions`, or what Discord takes for it when there is none.
struct Allowed<'a> {
    said: Option<&'a Value>,
    source: Source,
}

impl<'a> Allowed<'a> {
    fn new(allowed: &'a Value, source: Source) -> Self {
        let said = (!allowed.is_null()).then_some(allowed);
        Allowed { said, source }
    }

    /// Whether a whole kind is parsed: `users`, `roles` or `everyone`.
    fn parses(&self, kind: &str) -> bool {
        match (self.said, self.source) {
            (Some(allowed), _) => list(allowed, "parse").iter().any(|word| word == kind),
            (None, Source::Channel) => true,
            (None, Source::Answer) => kind == "users",
        }
    }

    fn lists(&self, kind: &str, id: Snowflake) -> bool {
        let listed = self.said.map_or(&[][..], |allowed| list(allowed, kind));
        listed.iter().any(|one| id_of(one) == Some(id))
    }

    fn user(&self, state: &State, message: &Message, id: Snowflake) -> Option<String> {
        let allowed = self.parses("users") || self.lists("users", id);
        let sees = message.only_for.is_none_or(|only| only == id);
        let user = state.users.get(&id)?;
        let guild = message.guild.and_then(|id| state.guilds.get(&id));
        let member = guild.is_none_or(|guild| guild.members.contains_key(&id));
        (allowed && sees && member).then(|| user.name.clone())
    }

    fn role(&self, state: &State, message: &Message, id: Snowflake) -> Option<String> {
        let allowed = self.parses("roles") || self.lists("roles", id);
        let guild = state.guilds.get(&message.guild?)?;
        let role = guild.roles.iter().find(|role| role.id == id)?;
        let may = role.mentionable || mentions_all(state, message);
        (allowed && may && message.only_for.is_none()).then(|| role.name.clone())
    }

    fn everyone(&self, state: &State, message: &Message) -> Option<String> {
        let allowed = self.parses("everyone") && mentions_all(state, message);
        (allowed && message.only_for.is_none()).then(|| "everyone".to_owned())
    }
}

fn mentions_all(state: &State, message: &Message) -> bool {
    let channel = state.channels.get(&message.channel);
    let in_guild = channel.filter(|channel| channel.guild.is_some());
    in_guild.is_some_and(|c| state.permissions(c, message.author) & MENTION_EVERYONE != 0)
}

/// A `<t:…>` as Discord shows it to somebody in UTC.
pub(super) fn readable_time(seconds: i64, style: Option<char>, now: DateTime<Utc>) -> String {
    let Some(at) = DateTime::from_timestamp(seconds, 0) else {
        return "Invalid Date".to_owned();
    };
    match style {
        Some('t') => at.format("%H:%M UTC").to_string(),
        Some('T') => at.format("%H:%M:%S UTC").to_string(),
        Some('d') => at.format("%d/%m/%Y").to_string(),
        Some('D') => at.format("%-d %B %Y").to_string(),
        Some('F') => at.format("%A, %-d %B %Y %H:%M UTC").to_string(),
        Some('R') => relative(seconds - now.timestamp()),
        _ => at.format("%-d %B %Y %H:%M UTC").to_string(),
    }
}

fn relative(seconds: i64) -> String {
    let size = seconds.abs();
    let units =
        [(31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let unit = units.into_iter().find(|(length, _)| size >= *length);
    let Some((length, name)) = unit else {
        return "now".to_owned();
    };
    let count = (size + length / 2) / length;
    let plural = if count == 1 { "" } else { "s" };
    if seconds > 0 { format!("in {count} {name}{plural}") } else { format!("{count} {name}{plural} ago") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::world::World;
    use super::*;

    /// A message of the bot in #general with this text, and whom it pings.
    fn pings(content: &str, allowed: Value, source: Source) -> Vec<String> {
        let state = World::seeded().found();
        let guild = state.guild_named(None).expect("seeded").id;
        let channel = state.channel_named(guild, "general").expect("seeded").id;
        let id = |name: &str| state.user_named(name).expect("seeded").id.to_string();
        let roles = &state.guilds[&guild].roles;
        let role = |name: &str| roles.iter().find(|r| r.name == name).expect("seeded").id;
        let content = content.replace("{rita}", &format!("<@{}>", id("rita")));
        let content = content.replace("{ana}", &format!("<@{}>", id("ana")));
        let content = content.replace("{leads}", &format!("<@&{}>", role("Leads")));
        let allowed = allowed.to_string().replace("RITA", &id("rita"));
        let allowed = serde_json::from_str(&allowed).expect("still JSON");
        let mut message = Message::new(Snowflake(1), channel, state.bot, DateTime::UNIX_EPOCH);
        message.guild = Some(guild);
        message.content = content;
        pinged(&state, &message, &allowed, source)
    }

    #[test]
    fn a_member_named_in_a_text_is_mentioned() {
        let state = World::seeded().found();
        let guild = state.guild_named(None).expect("seeded");
        let rita = state.user_named("rita").expect("seeded").id;
        let sent = |text: &str| typed(&state, Some(guild), text).replace(&rita.to_string(), "RITA");
        assert_eq!(sent("Rita Moreno = @rita; * = @rita."), "Rita Moreno = <@RITA>; * = <@RITA>.");
        for text in ["rita@rita", "a@b@rita", "@nobody", "<@RITA>", "@everyone", "me @ rita", "@"] {
            assert_eq!(sent(text), text);
        }
        assert_eq!(typed(&state, None, "@rita"), "@rita", "nobody is a member of a direct message");
    }

    #[test]
    fn a_channel_message_that_says_nothing_pings_all_that_it_names() {
        let text = "{rita} {leads} @everyone {rita}";
        assert_eq!(pings(text, Value::Null, Source::Channel), ["rita", "Leads", "everyone"]);
    }

    #[test]
    fn an_answer_that_says_nothing_pings_users_only() {
        let text = "{rita} {leads} @everyone";
        assert_eq!(pings(text, Value::Null, Source::Answer), ["rita"]);
    }

    #[test]
    fn only_those_who_are_named_are_pinged() {
        let allowed = json!({"parse": [], "users": ["RITA"]});
        assert_eq!(pings("{ana} {rita} @here", allowed, Source::Channel), ["rita"]);
        assert!(pings("{ana}", json!({"parse": []}), Source::Channel).is_empty());
    }

    #[test]
    fn nothing_in_backticks_is_a_mention() {
        assert!(pings("`{rita}` ```\n{ana}\n```", Value::Null, Source::Channel).is_empty());
    }

    #[test]
    fn times_read_as_dates() {
        let now = DateTime::from_timestamp(1_780_000_000, 0).expect("in range");
        assert_eq!(readable_time(1_780_000_000, Some('D'), now), "28 May 2026");
        assert_eq!(readable_time(1_780_000_000 + 172_800, Some('R'), now), "in 2 days");
    }
}
