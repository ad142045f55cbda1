//! A career on the axis of time.
//!
//! Input: bars with their months. Output: a row a bar over a scale of years. Invariants: what is not known is drawn dashed and never guessed to be
//! long; where nothing is drawn nothing is said.

use maud::{Markup, html};

use crate::candidate::Month;

/// Units across; the style gives the picture its size.
const WIDTH: f64 = 720.0;

/// Units left free at either side.
const MARGIN: f64 = 8.0;

/// Units of a row: its label, and the bar beneath it.
const LABEL: f64 = 17.0;
const POSITION: f64 = 11.0;
const EDUCATION: f64 = 5.0;
const SPACE: f64 = 7.0;

/// Units of the scale.
const SCALE: f64 = 20.0;

/// Letters of a label: it has half the width.
const LABEL_CHARS: usize = 44;

/// Months that are drawn of what has a start or an end only.
const UNKNOWN_MONTHS: i32 = 9;

/// Years between two lines of the scale, and how many lines there may be.
const STEPS: [i32; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MAX_LINES: i32 = 12;

/// The end of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// First month after it.
    At(Month),
    /// It goes on.
    Open,
    /// Unknown; it counts to a month.
    Counted(Month),
    /// Unknown.
    Unknown,
}

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Position,
    Current,
    Education,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) kind: Kind,
    /// First month; `None` where it is unknown.
    pub(crate) start: Option<Month>,
    pub(crate) end: End,
}

impl Bar {
    /// The months between which it is drawn; `None` where it has no date.
    fn months(&self, now: Month) -> Option<(Month, Month)> {
        let end = match self.end {
            End::At(month) | End::Counted(month) => Some(month),
            End::Open => Some(Month(now.0 + 1)),
            End::Unknown => None,
        };
        match (self.start, end) {
            (Some(start), Some(end)) => Some((start, end.max(start))),
            (Some(start), None) => Some((start, Month(start.0 + UNKNOWN_MONTHS))),
            // An open end without a start is no date.
            (None, Some(end)) if self.end != End::Open => Some((Month(end.0 - UNKNOWN_MONTHS), end)),
            (None, _) => None,
        }
    }

    fn is_partly_unknown(&self) -> bool {
        self.start.is_none() || matches!(self.end, End::Counted(_) | End::Unknown)
    }

    fn height(&self) -> f64 {
        if self.kind == Kind::Education { EDUCATION } else { POSITION }
    }

    fn class(&self) -> &'static str {
        match (self.kind, self.is_partly_unknown()) {
            (Kind::Position, false) => "held",
            (Kind::Position, true) => "held unclear",
            (Kind::Current, false) => "current",
            (Kind::Current, true) => "current unclear",
            (Kind::Education, false) => "learnt",
            (Kind::Education, true) => "learnt unclear",
        }
    }
}

/// Bars over the years, in their order; `told` says in words what they show. Nothing where no bar has a date.
pub(crate) fn career(bars: &[Bar], now: Month, told: &str) -> Markup {
    let drawn: Vec<(&Bar, (Month, Month))> = bars.iter().filter_map(|bar| Some((bar, bar.months(now)?))).collect();
    let years = |(from, to): (Month, Month)| (from.0.div_euclid(12), (to.0 - 1).div_euclid(12) + 1);
    let spans = || drawn.iter().map(|(_, months)| years(*months));
    let (Some(from), Some(to)) = (spans().map(|(from, _)| from).min(), spans().map(|(_, to)| to).max()) else {
        return html! {};
    };
    let axis = Axis { from, to: to.max(from + 1) };
    let mut rows = Vec::with_capacity(drawn.len());
    let mut y = 0.0;
    for (bar, months) in drawn {
        rows.push(row(bar, (axis.x(months.0), axis.x(months.1)), y));
        y += LABEL + bar.height() + SPACE;
    }
    let height = y + SCALE;
    html! {
        svg.career role="img" aria-label=(told) viewBox=(format!("0 0 {WIDTH} {height}")) focusable="false" {
            title { (told) }
            (axis.scale(y))
            @for row in rows { (row) }
        }
    }
}

fn row(bar: &Bar, (from, to): (f64, f64), y: f64) -> Markup {
    // A label stands where half of the width is free beside it.
    let is_late = (from + to) / 2.0 > WIDTH / 2.0;
    let (x, anchor) = if is_late { (to, "end") } else { (from, "start") };
    let (top, height) = (y + LABEL, bar.height());
    let arrow = format!("{to:.1},{top:.1} {:.1},{:.1} {to:.1},{:.1}", to + 6.0, top + height / 2.0, top + height);
    html! {
        text x=(format!("{x:.1}")) y=(format!("{:.1}", y + LABEL - 4.0)) text-anchor=(anchor) { (crate::ui::words::cut(&bar.label, LABEL_CHARS)) }
        rect.(bar.class()) x=(format!("{from:.1}")) y=(format!("{top:.1}")) width=(format!("{:.1}", (to - from).max(2.0)))
            height=(format!("{height:.1}")) rx="2" {}
        @if bar.end == End::Open { polygon.(bar.class()) points=(arrow) {} }
    }
}

/// The years from the start of one to the start of another.
struct Axis {
    from: i32,
    to: i32,
}

impl Axis {
    fn x(&self, month: Month) -> f64 {
        let share = f64::from(month.0 - self.from * 12) / f64::from((self.to - self.from) * 12);
        MARGIN + share * (WIDTH - 2.0 * MARGIN)
    }

    /// Lines at whole years, their numbers beneath.
    fn scale(&self, bottom: f64) -> Markup {
        let years = self.to - self.from;
        let step = STEPS.into_iter().find(|step| years / step < MAX_LINES).unwrap_or(STEPS[STEPS.len() - 1]);
        let first = (self.from + step - 1).div_euclid(step) * step;
        let lines = (first..=self.to).step_by(step as usize).map(|year| (year, self.x(Month(year * 12))));
        html! {
            @for (year, x) in lines {
                line x1=(format!("{x:.1}")) x2=(format!("{x:.1}")) y1="0" y2=(format!("{bottom:.1}")) {}
                text.year x=(format!("{x:.1}")) y=(format!("{:.1}", bottom + SCALE - 5.0)) text-anchor=(self.anchor(x)) { (year) }
            }
        }
    }

    /// Numbers at the sides stay within the picture.
    fn anchor(&self, x: f64) -> &'static str {
        match x {
            x if x < 4.0 * MARGIN => "start",
            x if x > WIDTH - 4.0 * MARGIN => "end",
            _ => "middle",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(start: Option<i32>, end: End) -> Bar {
        Bar { label: "Cook".into(), kind: Kind::Position, start: start.map(Month), end }
    }

    const NOW: Month = Month(2026 * 12 + 10);

    #[test]
    fn what_is_unknown_is_short_and_dashed() {
        let month = |year: i32| Month(year * 12);
        assert_eq!(bar(Some(2020 * 12), End::At(month(2022))).months(NOW), Some((month(2020), month(2022))));
        assert_eq!(bar(Some(2020 * 12), End::Open).months(NOW), Some((month(2020), Month(NOW.0 + 1))));
        assert_eq!(bar(None, End::At(month(2022))).months(NOW), Some((Month(2022 * 12 - UNKNOWN_MONTHS), month(2022))));
        assert_eq!(bar(None, End::Open).months(NOW), None);
        assert_eq!(bar(None, End::Unknown).months(NOW), None);
        // A start after today is drawn all the same.
        assert_eq!(bar(Some(2030 * 12), End::Open).months(NOW), Some((month(2030), month(2030))));
        assert!(bar(Some(0), End::Counted(month(2001))).class().contains("unclear"));
    }

    #[test]
    fn bars_stand_over_their_years() {
        let drawn = career(&[bar(Some(2020 * 12), End::At(Month(2022 * 12)))], NOW, "one").into_string();
        assert!(drawn.contains(r#"x="8.0" y="17.0" width="704.0""#), "{drawn}");
        for year in 2020..=2022 {
            assert!(drawn.contains(&format!(">{year}</text>")), "{drawn}");
        }
        assert_eq!(career(&[bar(None, End::Open)], NOW, "none").into_string(), "");
    }

    #[test]
    fn two_thousand_years_have_a_few_lines() {
        let long = bar(Some(1000 * 12), End::At(Month(2999 * 12)));
        let drawn = career(&[long], NOW, "long").into_string();
        let lines = drawn.matches("<line").count();
        assert!((5..=12).contains(&lines), "{lines}");
    }
}
