//! Progress of long work, on standard error.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a known number of steps.
pub(super) fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = "{prefix:>12} [{bar:32}] {human_pos}/{human_len} {per_sec} eta {eta} {msg}";
    styled(ProgressBar::new(length), style, what)
}

/// A bar over the bytes of an input.
pub(super) fn bytes_bar(length: u64, what: &'static str) -> ProgressBar {
    styled(ProgressBar::new(length), "{prefix:>12} [{bar:32}] {bytes}/{total_bytes} eta {eta} {msg}", what)
}

fn styled(bar: ProgressBar, style: &str, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> ")).with_prefix(what)
}
