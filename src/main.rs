//! Arguments in, the stages in order, errors out, an exit code. See the library for what happens in between.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run())
}
