//! The `lodestone` command.

use std::process::ExitCode;

/// Analysis makes and drops many small strings on several threads: the system's allocator takes a tenth of an import.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lodestone::cli::run()
}
