//! `cosell`: arguments in, exit code out.

use std::process::ExitCode;

use cosell::cli::Cli;
use cosell::discord::end::MISCONFIGURED;

fn main() -> ExitCode {
    if let Err(error) = cosell::config::load_dotenv() {
        eprintln!("cosell: {error}");
        return ExitCode::from(MISCONFIGURED);
    }
    match Cli::read(std::env::args_os()) {
        Ok(cli) => cli.execute(),
        Err(error) => error.exit(),
    }
}
