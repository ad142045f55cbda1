//! Positions on the axis of time: which one is current, how long somebody has worked.
//!
//! Invariants: overlaps count once; a missing start makes a duration unknown, never zero; no clock (an open position
//! runs to the month that the caller names).

use std::collections::BTreeSet;

use super::{Month, Position};

/// The months in which somebody worked: those before the first open position, once each, and that position's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Experience {
    /// Months before `open_since`, overlaps once.
    pub closed_months: u32,
    /// Start of the earliest position that is still open.
    pub open_since: Option<Month>,
}

impl Experience {
    /// Months of work up to and without the month `as_of`.
    pub fn months_at(self, as_of: Month) -> u32 {
        self.closed_months + self.open_since.map_or(0, |since| as_of.months_since(since))
    }

    /// The union of half-open spans of months; an end of `None` is open.
    pub(super) fn of_spans(spans: impl Iterator<Item = (Month, Option<Month>)>) -> Option<Self> {
        let mut spans: Vec<_> = spans.collect();
        if spans.is_empty() {
            return None;
        }
        spans.sort_unstable();
        let open_since = spans.iter().filter(|(_, end)| end.is_none()).map(|(start, _)| *start).min();
        let mut closed_months = 0;
        let mut covered_to = spans[0].0;
        for (start, end) in spans.into_iter().filter_map(|(start, end)| Some((start, end?))) {
            let end = open_since.map_or(end, |since| end.min(since));
            closed_months += end.months_since(start.max(covered_to));
            covered_to = covered_to.max(end);
        }
        Some(Self { closed_months, open_since })
    }
}

/// One position with a start, as months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of the position in [`super::Profile::positions`].
    pub(super) position: usize,
    pub(super) start: Month,
    /// First month after it; `None` while it is open.
    pub(super) end: Option<Month>,
}

/// The dated positions of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    spans: Vec<Span>,
    current: Option<usize>,
}

/// The current position and how long those before it lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PositionTenure {
    /// Start of the current position.
    pub since: Month,
    /// Median length of the closed positions, at least 1; 0 where there is none.
    pub median_months: u32,
    /// How many positions are closed.
    pub closed_positions: u32,
}

impl Timeline {
    /// Reads positions.
    ///
    /// Current is the open position with the latest start (the first of the document among equals); where no open
    /// position has a start, the first position without any date. An earlier open position that another one follows
    /// is stale: its end is unknown, and its months count to the next start.
    pub fn of(positions: &[Position]) -> Self {
        let mut spans: Vec<Span> =
            positions.iter().enumerate().filter_map(|(at, position)| span(at, position)).collect();
        let latest_open = spans.iter().filter(|span| span.end.is_none()).map(|span| span.start).max();
        let starts: Vec<Month> = spans.iter().map(|span| span.start).collect();
        for span in spans.iter_mut().filter(|span| span.end.is_none() && Some(span.start) < latest_open) {
            span.end = starts.iter().copied().filter(|start| *start > span.start).min();
        }
        let open = spans.iter().find(|span| span.end.is_none()).map(|span| span.position);
        let undated = || positions.iter().position(|position| position.start.is_none() && position.end.is_none());
        Self { current: open.or_else(undated), spans }
    }

    /// Index of the current position in [`super::Profile::positions`].
    pub fn current(&self) -> Option<usize> {
        self.current
    }

    /// Total experience; `None` where no position has a start.
    pub fn experience(&self) -> Option<Experience> {
        self.experience_in(|_| true)
    }

    /// Experience in the positions that `used` keeps; `None` where none of them has a start.
    pub fn experience_in(&self, used: impl Fn(usize) -> bool) -> Option<Experience> {
        Experience::of_spans(self.spans.iter().filter(|span| used(span.position)).map(|span| (span.start, span.end)))
    }

    /// First month after the position ended: `Some(None)` while it is open, `None` where it has no start.
    pub fn end_of(&self, position: usize) -> Option<Option<Month>> {
        self.spans.iter().find(|span| span.position == position).map(|span| span.end)
    }

    /// Start of a position, where stated.
    pub fn start_of(&self, position: usize) -> Option<Month> {
        self.spans.iter().find(|span| span.position == position).map(|span| span.start)
    }

    /// The latest month at which a position is known to have been held: `None` while one is open or none is dated.
    pub fn last_closed(&self) -> Option<Month> {
        self.spans.iter().map(|span| span.end).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Distance in months of a position from the person's own latest one: 0 for the latest. `None` without dates.
    ///
    /// The latest moment of a career is taken from its own dates, so that nothing grows stale with the clock.
    pub fn months_before_latest(&self, position: usize) -> Option<u32> {
        let moment = |span: &Span| span.end.unwrap_or(span.start.max(self.latest_start()));
        let latest = self.spans.iter().map(moment).max()?;
        self.spans.iter().find(|span| span.position == position).map(|span| latest.months_since(moment(span)))
    }

    /// Months that some positions lasted, overlaps once; an open one runs to the latest moment of the person's own dates.
    /// `None` where none has a start.
    pub fn months_in(&self, held: impl Fn(usize) -> bool) -> Option<u32> {
        let latest = self.spans.iter().map(|span| span.end.unwrap_or(span.start)).max()?;
        self.experience_in(held).map(|experience| experience.months_at(latest))
    }

    /// How long the current position has been held against the closed ones; `None` without a current one with a start.
    pub fn tenure(&self) -> Option<PositionTenure> {
        let current = self.current?;
        let since = self.start_of(current)?;
        let closed = self.spans.iter().filter(|span| span.position != current);
        // A position that is told twice was held once.
        let spans: BTreeSet<(Month, Month)> = closed.filter_map(|span| Some((span.start, span.end?))).collect();
        let mut lengths: Vec<u32> = spans.into_iter().map(|(start, end)| end.months_since(start)).collect();
        let (middle, closed_positions) = (lengths.len() / 2, lengths.len() as u32);
        let median_months = if lengths.is_empty() { 0 } else { (*lengths.select_nth_unstable(middle).1).max(1) };
        Some(PositionTenure { since, median_months, closed_positions })
    }

    fn latest_start(&self) -> Month {
        self.spans.iter().map(|span| span.start).max().unwrap_or(Month(0))
    }
}

fn span(at: usize, position: &Position) -> Option<Span> {
    let start = position.start?.first_month();
    let end = position.end.map(|end| end.month_after().max(start));
    // A bare year that starts and ends in the same year says half a year.
    let end = end.map(|end| if end == start { Month(start.0 + bare_year_months(position)) } else { end });
    Some(Span { position: at, start, end })
}

fn bare_year_months(position: &Position) -> i32 {
    if position.start == position.end { 6 } else { 0 }
}
