//! The bot's token: where it is read from, and that it is never shown.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// The bot's token. Its `Debug` shows nothing of it.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// The token that `DISCORD_TOKEN` or the file holds; an empty path means no file.
    pub fn from_environment(file: &Path) -> Result<Token, ConfigError> {
        let value = std::env::var_os("DISCORD_TOKEN").filter(|v| !v.is_empty());
        match (value, file.as_os_str().is_empty()) {
            (Some(_), false) => Err(ConfigError::TwoTokens),
            (Some(value), true) => {
                let value = value.into_string().map_err(|_| ConfigError::MalformedToken("DISCORD_TOKEN"))?;
                Token::parse(&value).ok_or(ConfigError::MalformedToken("DISCORD_TOKEN"))
            }
            (None, false) => Token::from_file(file),
            (None, true) => Err(ConfigError::NoToken),
        }
    }

    /// The application's id, which is the first part of the environment's token.
    pub fn application_id_of_environment() -> Option<u64> {
        Token::from_environment(Path::new("")).ok()?.application_id()
    }

    pub(super) fn from_file(path: &Path) -> Result<Token, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::UnreadableToken { path: path.to_owned(), reason: e.to_string() })?;
        Token::parse(&text).ok_or(ConfigError::MalformedToken("DISCORD_TOKEN_FILE"))
    }

    /// Takes a token as people paste it: spaces and quotes around it and a leading `Bot` don't matter. `None` for what
    /// can't be sent in a header.
    pub fn parse(text: &str) -> Option<Token> {
        let bare = text.trim().trim_matches(['"', '\'']);
        let bare = bare.strip_prefix("Bot ").unwrap_or(bare).trim();
        let sendable = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_graphic());
        sendable.then(|| Token(SecretString::from(bare)))
    }

    /// The token itself, for the header that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The application's id, which a token's first part carries; `None` when it does not.
    pub fn application_id(&self) -> Option<u64> {
        let first = self.expose().split('.').next()?;
        let decoded = STANDARD_NO_PAD.decode(first.trim_end_matches('=')).ok()?;
        std::str::from_utf8(&decoded).ok()?.parse().ok()
    }
}
