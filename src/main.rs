//! `cosell`: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use cosell::cli::Cli;

fn main() -> ExitCode {
    if let Err(error) = cosell::config::load_dotenv() {
        eprintln!("cosell: {error}");
        return ExitCode::from(2);
    }
    Cli::parse().execute()
}
