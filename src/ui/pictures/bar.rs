//! A bar of a histogram.

use maud::{Markup, html};

/// A bar as long as its share of the longest one, 0 to 1. The number stands beside it, so that it says nothing by itself.
pub(crate) fn bar(share: f64) -> Markup {
    let width = (share.clamp(0.0, 1.0) * 100.0).max(if share > 0.0 { 1.5 } else { 0.0 });
    html! {
        svg.bar viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track width="100" height="6" {}
            rect.fill width=(format!("{width:.1}")) height="6" {}
        }
    }
}
