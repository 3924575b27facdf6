//! What a member may do in a server and in a channel, computed as Discord documents it under "Permissions". Pure.

use serde::{Deserialize, Deserializer};

use super::manifest;

/// Everything is allowed to whoever holds this.
const ADMINISTRATOR: u64 = 1 << 3;
/// May change the server's settings, and so is an admin to us.
const MANAGE_GUILD: u64 = 1 << 5;
/// Without it nothing else counts in a channel.
const VIEW_CHANNEL: u64 = 1 << 10;
const EVERYTHING: u64 = u64::MAX;

/// What is needed of a server to tell permissions.
#[derive(Debug, Deserialize)]
pub(super) struct Guild {
    pub id: String,
    #[serde(default)]
    pub name: String,
    pub owner_id: String,
    pub roles: Vec<Role>,
}

/// A role. The one with the server's own id is everyone's.
#[derive(Debug, Deserialize)]
pub(super) struct Role {
    pub id: String,
    #[serde(deserialize_with = "bits")]
    pub permissions: u64,
    #[serde(default)]
    pub mentionable: bool,
}

/// What a channel allows or denies to a role or a member.
#[derive(Debug, Deserialize)]
pub(super) struct Overwrite {
    pub id: String,
    #[serde(deserialize_with = "bits")]
    pub allow: u64,
    #[serde(deserialize_with = "bits")]
    pub deny: u64,
}

/// Who is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who<'w> {
    pub user: &'w str,
    pub roles: &'w [String],
}

impl Guild {
    /// What a member may do in the server as a whole.
    pub fn permissions(&self, who: Who<'_>) -> u64 {
        if self.owner_id == who.user {
            return EVERYTHING;
        }
        let held = self.roles.iter().filter(|role| role.id == self.id || who.roles.contains(&role.id));
        let permissions = held.fold(0, |all, role| all | role.permissions);
        if permissions & ADMINISTRATOR != 0 { EVERYTHING } else { permissions }
    }

    /// Whether a member may change the server's settings.
    pub fn is_managed_by(&self, who: Who<'_>) -> bool {
        self.permissions(who) & MANAGE_GUILD != 0
    }

    /// What a member may do in a channel: everyone's overwrite first, then those of their roles together, then their
    /// own; in each, what is allowed wins over what is denied.
    pub fn permissions_in(&self, overwrites: &[Overwrite], who: Who<'_>) -> u64 {
        let base = self.permissions(who);
        if base == EVERYTHING {
            return EVERYTHING;
        }
        let apply = |permissions: u64, applies: &dyn Fn(&str) -> bool| {
            let own = overwrites.iter().filter(|o| applies(&o.id));
            let (allow, deny) = own.fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny));
            (permissions & !deny) | allow
        };
        let permissions = apply(base, &|id| id == self.id);
        let permissions = apply(permissions, &|id| id != self.id && who.roles.iter().any(|role| role == id));
        let permissions = apply(permissions, &|id| id == who.user);
        if permissions & VIEW_CHANNEL == 0 { 0 } else { permissions }
    }
}

/// The names of those permissions that the bot needs in a channel and does not hold.
pub(super) fn lacking(held: u64) -> Vec<String> {
    let lacks = |name: &&str| {
        !manifest::DISPENSABLE.contains(name) && manifest::permission(name).is_none_or(|bit| held & bit == 0)
    };
    manifest::permission_names().filter(lacks).map(str::to_owned).collect()
}

/// Bit sets travel as strings.
fn bits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const SEND: u64 = 1 << 11;
    const EMBED: u64 = 1 << 14;

    /// Server 1, owned by 9; everyone views and sends, role 2 embeds, role 3 administers.
    fn guild() -> Guild {
        let role = |id: &str, permissions: u64| json!({"id": id, "permissions": permissions.to_string()});
        let roles =
            [role("1", VIEW_CHANNEL | SEND), role("2", EMBED), role("3", ADMINISTRATOR), role("4", MANAGE_GUILD)];
        serde_json::from_value(json!({"id": "1", "owner_id": "9", "roles": roles})).expect("a guild")
    }

    fn overwrite(id: &str, allow: u64, deny: u64) -> Overwrite {
        Overwrite { id: id.to_owned(), allow, deny }
    }

    #[rstest]
    #[case::no_overwrites("5", &["2"], &[], VIEW_CHANNEL | SEND | EMBED)]
    #[case::without_the_role("5", &[], &[], VIEW_CHANNEL | SEND)]
    #[case::owner("9", &[], &[overwrite("9", 0, SEND)], EVERYTHING)]
    #[case::administrator("5", &["3"], &[overwrite("1", 0, VIEW_CHANNEL)], EVERYTHING)]
    #[case::everyone_is_denied("5", &[], &[overwrite("1", 0, SEND)], VIEW_CHANNEL)]
    #[case::a_role_wins_over_everyone("5", &["2"], &[overwrite("2", SEND, 0), overwrite("1", 0, SEND)], VIEW_CHANNEL | SEND | EMBED)]
    #[case::a_role_that_is_not_held("5", &[], &[overwrite("2", EMBED, 0)], VIEW_CHANNEL | SEND)]
    #[case::allowed_by_one_role_wins_over_denied_by_another("5", &["2", "4"], &[overwrite("2", SEND, 0), overwrite("4", 0, SEND)], VIEW_CHANNEL | SEND | EMBED | MANAGE_GUILD)]
    #[case::the_member_wins_over_roles("5", &["2"], &[overwrite("5", 0, EMBED), overwrite("2", EMBED, 0)], VIEW_CHANNEL | SEND)]
    #[case::who_can_not_see_can_do_nothing("5", &["2"], &[overwrite("1", 0, VIEW_CHANNEL)], 0)]
    fn permissions_in_a_channel_follow_discords_order(
        #[case] user: &str,
        #[case] roles: &[&str],
        #[case] overwrites: &[Overwrite],
        #[case] held: u64,
    ) {
        let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
        assert_eq!(guild().permissions_in(overwrites, Who { user, roles: &roles }), held);
    }

    #[rstest]
    #[case("9", "none", true)]
    #[case("5", "3", true)]
    #[case("5", "4", true)]
    #[case("5", "2", false)]
    fn owners_administrators_and_managers_manage_the_server(
        #[case] user: &str,
        #[case] role: &str,
        #[case] manages: bool,
    ) {
        let roles = [role.to_owned()];
        assert_eq!(guild().is_managed_by(Who { user, roles: &roles }), manages);
    }

    #[test]
    fn what_is_lacking_is_named() {
        assert_eq!(lacking(EVERYTHING), Vec::<String>::new());
        let lacks = ["SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "READ_MESSAGE_HISTORY"];
        assert_eq!(lacking(VIEW_CHANNEL), lacks);
        assert_eq!(lacking(0).len(), 5);
    }
}
