//! What people set, and what they are told when it can't be used.

use std::ffi::OsStr;
use std::path::Path;

use clap::{CommandFactory, Parser};
use rstest::rstest;

use super::*;

/// A snowflake in base 64, a time stamp, a signature: the shape of a token. Not one of anybody's.
const SHAPED: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    run: RunOptions,
}

fn refusal(arguments: &[&str]) -> String {
    Line::try_parse_from([&["cosell"], arguments].concat()).expect_err("refused").to_string()
}

#[rstest]
#[case::bare(SHAPED)]
#[case::with_a_line_end("MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")]
#[case::in_quotes("\"MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
#[case::with_its_scheme("Bot MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
fn a_token_is_taken_as_people_paste_it(#[case] pasted: &str) {
    let token = Token::parse(pasted).expect("a token");
    assert_eq!(token.expose(), SHAPED);
    assert_eq!(token.application_id(), Some(123_456_789_012_345_678));
}

#[test]
fn a_token_never_prints() {
    let token = Token::parse(SHAPED).expect("a token");
    let config = Config {
        token,
        api: ApiUrl::parse("").expect("the default"),
        database: "cosell.db".into(),
        shards: Part::Whole,
        http: Endpoint::Off,
        backups: None,
    };
    let shown = format!("{config:?} {config:#?} {:?}", config.token);
    assert!(shown.contains("REDACTED"), "{shown}");
    for part in SHAPED.split('.') {
        assert!(!shown.contains(part), "{shown}");
    }
}

#[test]
fn a_token_that_can_not_be_sent_is_refused_without_showing_it() {
    for text in ["", "  ", "\"\"", "two words", "tökén", "a\nb"] {
        assert!(Token::parse(text).is_none(), "{text:?}");
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "secret\nlines").expect("written");
    let error = Token::from_file(file.path()).expect_err("two lines");
    assert_eq!(error, ConfigError::MalformedToken("DISCORD_TOKEN_FILE"));
    assert!(!error.to_string().contains("secret"));
}

#[test]
fn a_token_of_another_shape_has_no_application() {
    for text in ["sandbox-token", "####.b.c", "aGVsbG8.b.c"] {
        assert_eq!(Token::parse(text).expect("sendable").application_id(), None, "{text}");
    }
}

#[test]
fn a_token_is_read_from_a_file() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), format!("{SHAPED}\n")).expect("written");
    assert_eq!(Token::from_file(file.path()).expect("a token").expose(), SHAPED);
    let gone = Token::from_file(Path::new("/nowhere/token")).expect_err("no file");
    assert!(gone.to_string().starts_with("DISCORD_TOKEN_FILE names /nowhere/token"), "{gone}");
}

#[test]
fn without_a_token_one_is_led_to_the_sandbox() {
    let told = ConfigError::NoToken.to_string();
    assert!(told.contains("DISCORD_TOKEN") && told.contains("cosell sandbox"), "{told}");
}

#[rstest]
#[case("", "https://discord.com")]
#[case("http://127.0.0.1:8080/", "http://127.0.0.1:8080")]
#[case("https://proxy.example/discord/", "https://proxy.example/discord")]
fn an_api_url_is_kept_without_its_last_slash(#[case] text: &str, #[case] kept: &str) {
    assert_eq!(ApiUrl::parse(text).expect("a base").as_str(), kept);
}

#[rstest]
#[case("http://127.0.0.1:1", true)]
#[case("http://[::1]:1", true)]
#[case("http://localhost", true)]
#[case("https://discord.com", false)]
#[case("http://10.0.0.1", false)]
fn an_api_url_knows_whether_it_is_on_this_machine(#[case] text: &str, #[case] loopback: bool) {
    assert_eq!(ApiUrl::parse(text).expect("a base").is_loopback(), loopback);
}

#[rstest]
#[case("", Endpoint::Off)]
#[case("8080", Endpoint::At(SocketAddr::from(([127, 0, 0, 1], 8080))))]
#[case(":8080", Endpoint::At(SocketAddr::from(([127, 0, 0, 1], 8080))))]
#[case("0.0.0.0:80", Endpoint::At(SocketAddr::from(([0, 0, 0, 0], 80))))]
fn a_port_alone_is_on_this_machine_only(#[case] text: &str, #[case] at: Endpoint) {
    assert_eq!(Endpoint::parse(text), Ok(at));
}

#[rstest]
#[case("", Some("data/backups"))]
#[case("/mnt/copies", Some("/mnt/copies"))]
#[case("off", None)]
fn backups_are_beside_the_database_unless_they_are_elsewhere_or_off(#[case] named: &str, #[case] folder: Option<&str>) {
    let backups = Backups::of(named.into(), 7, Path::new("data/cosell.db"));
    assert_eq!(backups, folder.map(|folder| Backups { folder: folder.into(), kept: 7 }));
}

#[rstest]
#[case(&["--backups-kept", "0"], "COSELL_BACKUPS_KEPT takes a number of backups, e.g. 7")]
#[case(&["--backups-kept", "many"], "COSELL_BACKUPS_KEPT takes a number")]
#[case(&["--http", "everywhere"], "COSELL_HTTP takes a port or an address with a port, e.g. 8080")]
#[case(&["--http", "99999"], "COSELL_HTTP takes a port")]
#[case(&["--api-url", "discord.com"], "DISCORD_API_URL takes the base of a REST interface, e.g. http://127.0.0.1:8080")]
#[case(&["--api-url", "ftp://x"], "DISCORD_API_URL takes the base")]
#[case(&["--api-url", "https://a:b@x"], "DISCORD_API_URL takes the base")]
#[case(&["--api-url", "https://discord.com/api/v10"], "DISCORD_API_URL goes without /api")]
#[case(&["--shards", "4"], "COSELL_SHARDS takes the first and the last shard")]
#[case(&["--shards", "0-16/16"], "e.g. 0-3/16")]
#[case(&["--shards", "3-0/16"], "counted from 0")]
#[case(&["--shards", "a-3/16"], "COSELL_SHARDS")]
#[case(&["--log", "cosell=loud"], "COSELL_LOG takes levels, e.g. info or info,cosell=debug")]
#[case(&["--log", "verbose"], "COSELL_LOG takes levels")]
#[case(&["--log", "info,cosell"], "COSELL_LOG takes levels")]
#[case(&["--log-format", "xml"], "COSELL_LOG_FORMAT takes text, for people, or json")]
fn a_malformed_value_names_itself_and_the_way_to_mend_it(#[case] arguments: &[&str], #[case] told: &str) {
    let refused = refusal(arguments);
    assert!(refused.contains(told), "{refused}");
}

#[test]
fn an_empty_value_is_as_good_as_none() {
    let flags = ["token-file", "api-url", "db", "shards", "http", "backups", "backups-kept", "log", "log-format"];
    let all = Line::command();
    let known: Vec<&str> = all.get_arguments().filter_map(|argument| argument.get_long()).collect();
    assert_eq!(known.iter().filter(|known| !flags.contains(known)).count(), 0, "{known:?}");
    let empty = flags.iter().flat_map(|flag| [format!("--{flag}"), String::new()]);
    let read = |line: Vec<String>| format!("{:?}", Line::try_parse_from(line).expect("read").run);
    let bare = read(vec!["cosell".to_owned()]);
    assert_eq!(read(std::iter::once("cosell".to_owned()).chain(empty).collect()), bare);
}

#[test]
fn a_database_or_backups_where_they_can_not_be_are_told_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a file");
    std::fs::write(&file, "").expect("written");
    let token = folder.path().join("token");
    std::fs::write(&token, SHAPED).expect("written");
    let told = |flag: &str, value: &Path| {
        let named = [OsStr::new("cosell"), OsStr::new("--token-file"), token.as_os_str()];
        let line = named.into_iter().chain([OsStr::new(flag), value.as_os_str()]);
        Line::try_parse_from(line).expect("read").run.config().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(told("--db", &folder.path().join("cosell.db")), Ok(()));
    for (flag, value, parts) in [
        ("--db", folder.path(), ["COSELL_DB names", "which is a folder", "Name a file in a folder"]),
        ("--db", Path::new("/nowhere/cosell.db"), ["COSELL_DB names /nowhere", "folder is not there", "may write to"]),
        ("--backups", &file, ["COSELL_BACKUPS names", "is no folder", "or off"]),
        ("--token-file", Path::new("/nowhere/token"), ["DISCORD_TOKEN_FILE names", "can't be read", "Name a file"]),
    ] {
        let told = match flag {
            "--token-file" => Token::from_file(value).map(drop).map_err(|error| error.to_string()),
            flag => told(flag, value),
        };
        let told = told.expect_err(flag);
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
}

#[rstest]
#[case("", Part::Whole)]
#[case("0-3/16", Part::Of(Shards::part(0, 3, 16).expect("a part")))]
#[case("15/16", Part::Of(Shards::part(15, 15, 16).expect("a part")))]
fn a_part_of_the_shards_names_its_last_too(#[case] text: &str, #[case] part: Part) {
    assert_eq!(Part::parse(text), Ok(part));
}
