//! What can go wrong: a refusal, which people are told, and an internal failure, which we are told.

use crate::domain::refusal::{Problem, Refused};

/// What the log says of a broken page that is met while the bot runs.
const DAMAGED: &str =
    "the database is damaged; see how far with: cosell check; go back to a backup with: cosell restore";

/// Why a use of a command had no effect.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person can mend it; `render` has the words.
    #[error("refused: {0:?}")]
    Refused(Refused),
    /// The same interaction had its effect before: Discord delivers some events twice.
    #[error("the interaction was delivered before")]
    Repeated,
    /// Ours to mend. People get a plain sentence with a reference that the log holds too.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        Failure::Refused(refused)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Refused(problem.into())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Failure {
        const CORRUPT: i64 = 11;
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i64>().ok());
        let is_damage = code.is_some_and(|code| code & 0xff == CORRUPT);
        let error = anyhow::Error::new(error);
        Failure::Internal(if is_damage { error.context(DAMAGED) } else { error })
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::Internal(error.into())
    }
}
