//! How the connection to Discord ended, and the exit code that tells the supervisor.

use std::time::Duration;

use serenity::gateway::GatewayError;

use crate::app::courier::Trouble;

/// Exit code for a failure of our own.
pub const FAILED: u8 = 1;
/// Exit code for arguments or a configuration that can't be used; clap's own.
pub const MISCONFIGURED: u8 = 2;
const UNAUTHORIZED: u16 = 401;

/// An exit code, and what the supervisor is told by it.
#[derive(Debug, Clone, Copy)]
pub struct Exit {
    /// The code.
    pub code: u8,
    /// What the process ended because of.
    pub because: &'static str,
    /// What a restart does, after "a restart".
    pub restart: &'static str,
}

/// All exit codes of `run`.
#[rustfmt::skip]
pub const EXITS: [Exit; 14] = [
    Exit { code: 0, because: "it was asked to stop", restart: "is not needed" },
    Exit { code: FAILED, because: "it failed; the log has it", restart: "may help" },
    Exit { code: MISCONFIGURED, because: "arguments or configuration can't be used", restart: "does not help" },
    Exit { code: 14, because: "the token was refused (401, or close code 4004)", restart: "does not help" },
    Exit { code: 20, because: "the shard is invalid (4010)", restart: "does not help" },
    Exit { code: 21, because: "more shards are needed (4011)", restart: "helps once Discord recommends them" },
    Exit { code: 22, because: "this version of the gateway is gone (4012)", restart: "does not help" },
    Exit { code: 23, because: "the intents are invalid (4013)", restart: "does not help" },
    Exit { code: 24, because: "an intent is not allowed (4014)", restart: "does not help" },
    Exit { code: 30, because: "the gateway gave another final error", restart: "may help" },
    Exit { code: 31, because: "Discord refused to open a session twice in a row", restart: "helps, not before 90 s" },
    Exit { code: 32, because: "a shard fell silent, or was not connected for too long", restart: "helps; not before 90 s if it ends so again" },
    Exit { code: 33, because: "the day's session starts are nearly used up", restart: "helps after some hours" },
    Exit { code: 34, because: "Discord could not be reached at the start", restart: "helps, not before 90 s" },
];

/// How the connection ended. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum End {
    /// Close code 4004, or 401.
    #[error("Discord refused the token. Reset it on the Bot page of your application and set DISCORD_TOKEN anew")]
    TokenRefused,
    /// Close code 4010.
    #[error("Discord calls the shard invalid (close code 4010). This is a mistake in the bot: please report it")]
    InvalidShard,
    /// Close code 4011.
    #[error("the bot is in too many servers for its shards (close code 4011). Restart it: it asks how many it needs")]
    ShardingRequired,
    /// Close code 4012.
    #[error("Discord does not speak this version of its gateway any more (close code 4012). Update cosell")]
    InvalidVersion,
    /// Close code 4013.
    #[error("Discord calls the intents invalid (close code 4013). This is a mistake in the bot: please report it")]
    InvalidIntents,
    /// Close code 4014.
    #[error("Discord does not allow an intent (close code 4014). This is a mistake in the bot: please report it")]
    DisallowedIntents,
    /// Whatever else the gateway client gave up for.
    #[error("the connection to Discord ended for good: {0}")]
    OtherFinal(String),
    /// Two sessions in a row were not opened.
    #[error("Discord refused to open a session twice in a row. Restart after 90 s or more")]
    RefusedBeforeReady,
    /// No sign of life.
    #[error("a shard gave no sign of life. Restart, and after 90 s or more if it ends so again")]
    Silent,
    /// Too few session starts are left.
    #[error("only {remaining} session starts are left, and using them up would reset the token. Start again in {} minutes", .reset_after.as_secs() / 60)]
    StartsUsedUp {
        /// How many are left.
        remaining: u32,
        /// After how long there are more.
        reset_after: Duration,
    },
    /// Discord did not answer at the start.
    #[error("Discord can't be reached: {0}. Check the network and DISCORD_API_URL")]
    Unreachable(String),
    /// It was asked to.
    #[error("stopped as asked")]
    Asked,
}

impl End {
    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            End::Asked => 0,
            End::TokenRefused => 14,
            End::InvalidShard => 20,
            End::ShardingRequired => 21,
            End::InvalidVersion => 22,
            End::InvalidIntents => 23,
            End::DisallowedIntents => 24,
            End::OtherFinal(_) => 30,
            End::RefusedBeforeReady => 31,
            End::Silent => 32,
            End::StartsUsedUp { .. } => 33,
            End::Unreachable(_) => 34,
        }
    }

    /// What serenity's `start` gave back. It returns without an error only when the shards were shut down.
    pub fn of_start(outcome: serenity::Result<()>) -> End {
        match outcome {
            Ok(()) => End::Asked,
            Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => End::TokenRefused,
            Err(serenity::Error::Gateway(GatewayError::InvalidGatewayIntents)) => End::InvalidIntents,
            Err(serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents)) => End::DisallowedIntents,
            Err(other) => End::OtherFinal(other.to_string()),
        }
    }

    /// What a call that failed at the start means.
    pub fn of_trouble(trouble: Trouble) -> End {
        match trouble {
            Trouble::Refused { status: UNAUTHORIZED, .. } => End::TokenRefused,
            Trouble::Unknown(cause) => End::Unreachable(cause),
            other => End::Unreachable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn refused(status: u16) -> Trouble {
        Trouble::Refused { status, code: 0, message: "No.".to_owned() }
    }

    #[test]
    fn each_end_has_an_exit_code_of_its_own() {
        let ends = [
            End::Asked,
            End::TokenRefused,
            End::InvalidShard,
            End::ShardingRequired,
            End::InvalidVersion,
            End::InvalidIntents,
            End::DisallowedIntents,
            End::OtherFinal(String::new()),
            End::RefusedBeforeReady,
            End::Silent,
            End::StartsUsedUp { remaining: 3, reset_after: Duration::ZERO },
            End::Unreachable(String::new()),
        ];
        let codes: BTreeSet<u8> = ends.iter().map(End::exit_code).chain([FAILED, MISCONFIGURED]).collect();
        assert_eq!(codes.len(), ends.len() + 2);
        assert_eq!(codes, EXITS.iter().map(|exit| exit.code).collect());
    }

    #[test]
    fn close_codes_and_a_refused_token_are_told_apart() {
        let gateway = |error| End::of_start(Err(serenity::Error::Gateway(error)));
        assert_eq!(gateway(GatewayError::InvalidAuthentication), End::TokenRefused);
        assert_eq!(gateway(GatewayError::InvalidGatewayIntents), End::InvalidIntents);
        assert_eq!(gateway(GatewayError::DisallowedGatewayIntents), End::DisallowedIntents);
        assert!(matches!(gateway(GatewayError::OverloadedShard), End::OtherFinal(_)));
        assert_eq!(End::of_start(Ok(())), End::Asked);
        assert_eq!(End::of_trouble(refused(401)), End::TokenRefused);
        assert!(matches!(End::of_trouble(refused(403)), End::Unreachable(_)));
        assert!(matches!(End::of_trouble(Trouble::Unknown("refused".to_owned())), End::Unreachable(_)));
    }
}
