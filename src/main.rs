//! The `lodestone` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    lodestone::cli::run()
}
