//! Events over time, in two lanes.

use std::collections::BTreeMap;

use maud::{Markup, html};

/// Units of the picture.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 104.0;
const MARGIN: f64 = 10.0;

/// Where the lanes' names and lines stand.
const NAMES: [f64; 2] = [13.0, 53.0];
const LINES: [f64; 2] = [28.0, 68.0];

/// Units within which events are drawn as one.
const NEAR: f64 = 6.0;

/// The largest dot.
const MAX_RADIUS: f64 = 7.0;

/// The shortest time that is drawn, in seconds.
const SHORTEST: i64 = 30 * 86_400;

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// In Unix seconds.
    pub(crate) at: i64,
    /// The first lane, or the second.
    pub(crate) is_first: bool,
}

/// Events up to now, a dot each; those that are near each other are one larger dot. `told` says in words what is shown.
pub(crate) fn events(moments: &[Moment], now: i64, lanes: [&str; 2], told: &str) -> Markup {
    let Some(first) = moments.iter().map(|moment| moment.at).min() else { return html! {} };
    let last = moments.iter().map(|moment| moment.at).fold(now, i64::max);
    let first = first.min(last - SHORTEST);
    let x = |at: i64| MARGIN + (at - first) as f64 / (last - first) as f64 * (WIDTH - 2.0 * MARGIN);
    let mut dots: BTreeMap<(bool, i64), usize> = BTreeMap::new();
    for moment in moments {
        *dots.entry((moment.is_first, (x(moment.at) / NEAR).round() as i64)).or_default() += 1;
    }
    let bottom = format!("{:.1}", HEIGHT - 5.0);
    html! {
        svg.events role="img" aria-label=(told) viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) focusable="false" {
            title { (told) }
            @for (lane, name) in lanes.into_iter().enumerate() {
                text x=(MARGIN) y=(NAMES[lane]) { (name) }
                line x1=(MARGIN) x2=(WIDTH - MARGIN) y1=(LINES[lane]) y2=(LINES[lane]) {}
            }
            @for ((is_first, near), count) in dots {
                circle.(if is_first { "own" } else { "others" }) cx=(format!("{:.1}", near as f64 * NEAR))
                    cy=(LINES[usize::from(!is_first)]) r=(format!("{:.1}", radius(count))) {}
            }
            text.date x=(MARGIN) y=(bottom) { (day(first)) }
            text.date x=(WIDTH - MARGIN) y=(bottom) text-anchor="end" { (day(last)) }
        }
    }
}

/// Dots grow with the root of what they stand for.
fn radius(count: usize) -> f64 {
    (2.5 + (count as f64).sqrt()).min(MAX_RADIUS)
}

/// The day of an instant in Unix seconds (UTC).
fn day(at: i64) -> String {
    jiff::Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn what_is_near_is_one_dot() {
        let moment = |day: i64, is_first| Moment { at: day * DAY, is_first };
        let moments = [moment(0, true), moment(0, true), moment(50, true), moment(0, false)];
        let drawn = events(&moments, 100 * DAY, ["own", "others"], "four").into_string();
        assert_eq!(drawn.matches(r#"<circle class="own""#).count(), 2, "{drawn}");
        assert_eq!(drawn.matches(r#"<circle class="others""#).count(), 1);
        assert!(drawn.contains(">1970-01-01</text>") && drawn.contains(">1970-04-11</text>"), "{drawn}");
        assert!(drawn.contains(&format!(r#"r="{:.1}""#, radius(2))));
    }

    #[test]
    fn nothing_and_one_moment_are_drawn() {
        assert_eq!(events(&[], 0, ["", ""], "").into_string(), "");
        let drawn = events(&[Moment { at: DAY, is_first: true }], DAY, ["a", "b"], "one").into_string();
        assert!(drawn.contains("<circle") && !drawn.contains("NaN"), "{drawn}");
        assert!(radius(1) < radius(4) && radius(1_000_000) <= MAX_RADIUS);
    }
}
