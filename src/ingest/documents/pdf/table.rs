//! Tables of a page whose first row names the columns.
//!
//! Runs of text → runs in which the cells that were broken over lines are whole. A cell goes on in the line below where its next
//! word would not have fitted; a row goes on where its period does.

use super::layout::{COLUMN, Segment, lines_of};
use crate::cv;

/// A table has at most so many lines.
const MOST_LINES: usize = 200;

/// Between the text of two cells lie so many sizes of the letters.
const BETWEEN: f32 = 1.2;

/// Edges that are nearer are the same, in points.
const SAME_EDGE: f32 = 2.0;

/// A word may be so much broader than the letters of its line are on average.
const BROADER: f32 = 1.15;

/// A line lies at most so many of its letters' sizes below the one before it.
const FARTHEST: f32 = 5.0;

/// Makes the cells of tables whole. Segments come from the top of the page to its foot, and go so.
pub(super) fn with_whole_cells(segments: Vec<Segment>) -> Vec<Segment> {
    let mut lines = lines_of(segments);
    lines.iter_mut().for_each(|line| line.sort_by(|a, b| a.x.total_cmp(&b.x)));
    let mut whole: Vec<Segment> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let columns = Columns::of(&lines[at]);
        let end = columns.map(|columns| {
            let mut below = lines[at + 1..].iter().take(MOST_LINES).cloned().collect::<Vec<_>>();
            below.iter_mut().for_each(|line| columns.part(line));
            below.truncate(columns.end(&below));
            (below, columns)
        });
        match end {
            Some((table, columns)) if table.len() > 1 => {
                whole.extend_from_slice(&lines[at]);
                columns.rows(&table, &mut whole);
                at += 1 + table.len();
            }
            _ => {
                whole.extend_from_slice(&lines[at]);
                at += 1;
            }
        }
    }
    whole.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    whole
}

/// The columns of a table.
struct Columns {
    /// From where to where the name of each reaches, in points.
    names: Vec<(f32, f32)>,
    /// The column of periods.
    of_periods: usize,
}

/// What a line is to the table above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Each run lies in a column.
    Cells,
    /// One run reaches over several columns.
    Across,
}

impl Columns {
    /// The columns that a line names.
    fn of(line: &[Segment]) -> Option<Self> {
        if line.len() < 2 {
            return None;
        }
        let cells: Vec<&str> = line.iter().map(|segment| segment.text.as_str()).collect();
        let of_periods = cv::column_of_periods(&cells)?;
        Some(Self { names: line.iter().map(|segment| (segment.x, segment.end)).collect(), of_periods })
    }

    /// Parts runs whose words begin where a column does: cells with hardly a gap between them.
    fn part(&self, line: &mut Vec<Segment>) {
        for (edge, _) in &self.names[1..] {
            let Some(at) = line.iter().position(|segment| segment.x < edge - SAME_EDGE && segment.end > *edge) else {
                continue;
            };
            let Some(word) = line[at].words.iter().position(|word| (word.x - edge).abs() < SAME_EDGE) else { continue };
            if line[at].text.split(' ').count() != line[at].words.len() || word == 0 {
                continue;
            }
            let [first, next] = line[at].clone().parted_at(word);
            line[at] = first;
            line.insert(at + 1, next);
        }
    }

    /// The column that a run lies in: that whose name it stands beneath, or the nearest.
    fn column(&self, segment: &Segment) -> usize {
        let gap = |(start, end): &(f32, f32)| (start - segment.end).max(segment.x - end).max(0.0);
        let nearest = self.names.iter().enumerate().min_by(|a, b| gap(a.1).total_cmp(&gap(b.1)));
        nearest.map_or(0, |(column, _)| column)
    }

    fn fit(&self, line: &[Segment]) -> Fit {
        let reaches = |segment: &Segment| {
            let held = self.names.iter().filter(|(start, end)| segment.x < end - 1.0 && segment.end > start + 1.0);
            held.count() > 1
        };
        if line.iter().any(reaches) { Fit::Across } else { Fit::Cells }
    }

    /// The text of a line in the column of periods.
    fn period<'s>(&self, line: &'s [Segment]) -> Option<&'s Segment> {
        line.iter().find(|segment| self.column(segment) == self.of_periods)
    }

    fn begins_row(&self, line: &[Segment]) -> bool {
        self.fit(line) == Fit::Cells && self.period(line).is_some_and(|cell| cv::holds_date(&cell.text))
    }

    /// How many of the lines below the names belong to the table.
    fn end(&self, lines: &[Vec<Segment>]) -> usize {
        let mut last: Option<(f32, String)> = None;
        let mut length = 0;
        for (at, line) in lines.iter().enumerate().take(MOST_LINES) {
            let is_far = last.as_ref().is_some_and(|(y, _)| y - line[0].y > line[0].size * FARTHEST);
            let heads_rows = || lines.get(at + 1).is_some_and(|next| self.begins_row(next));
            let belongs = match (self.fit(line), self.period(line)) {
                (Fit::Across, _) => heads_rows(),
                (Fit::Cells, None) => last.is_some(),
                (Fit::Cells, Some(cell)) => {
                    cv::holds_date(&cell.text)
                        || last.as_ref().is_some_and(|(_, held)| goes_on(held, &cell.text))
                        || line.len() == 1 && heads_rows() && self.of_periods == 0 && last.is_some()
                }
            };
            if is_far || !belongs {
                break;
            }
            let cell = self.period(line).map(|cell| cell.text.clone());
            let held = last.map(|(_, held)| held).unwrap_or_default();
            last = Some((line[0].y, cell.unwrap_or(held)));
            length = at + 1;
        }
        length
    }

    /// The rows of lines, with whole cells; what does not go on with a cell has a line of its own.
    fn rows(&self, lines: &[Vec<Segment>], whole: &mut Vec<Segment>) {
        let mut right = vec![0.0_f32; self.names.len()];
        let mut left = vec![f32::INFINITY; self.names.len() + 1];
        for segment in lines.iter().filter(|line| self.fit(line) == Fit::Cells).flatten() {
            let column = self.column(segment);
            right[column] = right[column].max(segment.end);
            left[column] = left[column].min(segment.x);
        }
        // Text reaches to the next column but for what lies between cells.
        let size = lines.iter().flatten().map(|segment| segment.size).fold(0.0, f32::max);
        for (right, next) in right.iter_mut().zip(&left[1..]).filter(|(_, next)| next.is_finite()) {
            *right = right.max(next - size * BETWEEN);
        }
        // The cell of each column that the next line may go on with, and the right edge of its last line.
        let mut open: Vec<Option<(usize, f32)>> = vec![None; self.names.len()];
        for line in lines {
            if self.fit(line) == Fit::Across {
                open.fill(None);
                whole.extend_from_slice(line);
                continue;
            }
            let dated = self.period(line).map(|cell| cell.text.as_str());
            let held = open[self.of_periods].map(|(at, _)| whole[at].text.clone());
            if dated.is_some_and(|text| !held.is_some_and(|held| goes_on(&held, text))) {
                open.fill(None);
            }
            for segment in line {
                let column = self.column(segment);
                let is_rest = open[column].filter(|(at, end)| {
                    column == self.of_periods || is_broken(&whole[*at], *end, segment, right[column])
                });
                match is_rest {
                    Some((at, _)) => {
                        whole[at].text = cv::flowed([whole[at].text.as_str(), &segment.text]);
                        open[column] = Some((at, segment.end));
                    }
                    None => {
                        open[column] = Some((whole.len(), segment.end));
                        // Between two columns is a gap, however near they are.
                        let end = segment.end.min(left[column + 1] - segment.size * (COLUMN + 0.1)).max(segment.x);
                        whole.push(Segment { end, ..segment.clone() });
                    }
                }
            }
        }
    }
}

/// Whether a run is what did not fit on the line of a cell that ends at `end`, where the column reaches to `right`.
fn is_broken(cell: &Segment, end: f32, next: &Segment, right: f32) -> bool {
    let letters = next.text.chars().count().max(1) as f32;
    let word = next.text.split(' ').next().unwrap_or_default().chars().count() as f32;
    let width = (next.end - next.x) / letters * word;
    let opens = next.text.starts_with(['•', '-', '–', '*', '▪', '·', '◦']);
    let last = cell.text.rsplit(' ').next().unwrap_or_default();
    // "Pesquera Mar de"
    let is_cut = last.chars().count() <= 3 && last.chars().all(char::is_lowercase);
    let is_full = end + next.size * 0.3 + width * BROADER > right;
    !opens && !cell.text.ends_with(['.', ';', ':']) && (is_full || is_cut)
}

/// Whether the text below a period goes on with it: "March 2013 to", beneath it "December 2015".
fn goes_on(held: &str, next: &str) -> bool {
    let joined = format!("{held} {next}");
    let [whole] = &cv::periods(&joined)[..] else { return false };
    let is_end = whole.bytes.end > held.len();
    is_end && whole.is_range() && !cv::holds_range(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(text: &str, x: f32, y: f32) -> Segment {
        Segment::of(text.to_owned(), (x, x + text.chars().count() as f32 * 5.0), y, 10.0, Vec::new())
    }

    fn texts(segments: Vec<Segment>) -> Vec<String> {
        with_whole_cells(segments).into_iter().map(|segment| segment.text).collect()
    }

    #[test]
    fn cells_that_were_broken_are_whole() {
        let table = vec![
            segment("Period", 0.0, 100.0),
            segment("Employer", 100.0, 100.0),
            segment("Position", 220.0, 100.0),
            segment("March 2013 to", 0.0, 88.0),
            segment("Quillfeather Holding", 100.0, 88.0),
            segment("Warehouse", 220.0, 88.0),
            segment("December 2015", 0.0, 76.0),
            segment("Ltd", 100.0, 76.0),
            segment("operative", 220.0, 76.0),
            segment("2011 – 2012", 0.0, 64.0),
            segment("Ottersbrook Dairies", 100.0, 64.0),
            segment("Driver", 220.0, 64.0),
            segment("Education", 0.0, 40.0),
        ];
        let expected = [
            "Period",
            "Employer",
            "Position",
            "March 2013 to December 2015",
            "Quillfeather Holding Ltd",
            "Warehouse operative",
            "2011 – 2012",
            "Ottersbrook Dairies",
            "Driver",
            "Education",
        ];
        assert_eq!(texts(table), expected);
    }

    #[test]
    fn what_would_have_fitted_has_a_line_of_its_own() {
        let table = vec![
            segment("Period", 0.0, 100.0),
            segment("Position and duties", 100.0, 100.0),
            segment("Place", 300.0, 100.0),
            segment("2017 – 2021", 0.0, 88.0),
            segment("Front office manager", 100.0, 88.0),
            segment("Dubai", 300.0, 88.0),
            segment("Rostering of thirty-four", 100.0, 76.0),
            segment("2014 – 2017", 0.0, 64.0),
            segment("Guest service agent", 100.0, 64.0),
        ];
        let found = texts(table.clone());
        assert_eq!(found, table.into_iter().map(|segment| segment.text).collect::<Vec<_>>());
    }
}
