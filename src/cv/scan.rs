//! A line → pieces → dates and periods at a piece.

use std::ops::Range;

use super::dates::{CvDate, End, Period};
use super::words::{self, DateWord};
use crate::text::TokenList;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Word,
    Mark,
}

/// A run of digits, a run of letters, or another character.
#[derive(Debug)]
struct Piece<'t> {
    sort: Sort,
    text: &'t str,
    folded: String,
    bytes: Range<usize>,
    /// Whether white space stands before it.
    is_apart: bool,
}

fn sort_of(letter: char) -> Sort {
    if letter.is_ascii_digit() {
        Sort::Number
    } else if letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter) {
        Sort::Word
    } else {
        Sort::Mark
    }
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut is_apart = true;
    for (at, letter) in line.char_indices() {
        if letter.is_whitespace() {
            is_apart = true;
            continue;
        }
        let sort = sort_of(letter);
        let end = at + letter.len_utf8();
        match pieces.last_mut() {
            Some(last) if !is_apart && last.sort == sort && sort != Sort::Mark => {
                last.bytes.end = end;
                last.text = &line[last.bytes.clone()];
            }
            _ => pieces.push(Piece { sort, text: &line[at..end], folded: String::new(), bytes: at..end, is_apart }),
        }
        is_apart = false;
    }
    for piece in pieces.iter_mut().filter(|piece| piece.sort == Sort::Word) {
        piece.folded = TokenList::of(piece.text).joined();
    }
    pieces
}

const FIRST_YEAR: u16 = 1950;
const LAST_YEAR: u16 = 2049;

/// Dates of two digits of the year: those below are of this century.
const CENTURY: u16 = 50;

/// The pieces of a line.
pub(super) struct Scan<'t> {
    pieces: Vec<Piece<'t>>,
}

/// A date, whether it is a season, and the piece behind it.
type Found = (CvDate, bool, usize);

impl<'t> Scan<'t> {
    /// Takes a line apart.
    pub(super) fn of(line: &'t str) -> Self {
        Self { pieces: pieces(line) }
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    fn number(&self, at: usize, digits: Range<usize>) -> Option<u16> {
        let piece = self.pieces.get(at).filter(|piece| piece.sort == Sort::Number)?;
        digits.contains(&piece.text.len()).then(|| piece.text.parse().ok()).flatten()
    }

    fn year(&self, at: usize) -> Option<u16> {
        let year = self.number(at, 4..5).filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))?;
        let glued = |piece: &Piece<'_>| piece.sort == Sort::Mark && matches!(piece.text, "," | "." | ":" | "€" | "$");
        // "1.2010" may be a month, "3,2010" is a number.
        let before = at.checked_sub(1).map(|before| &self.pieces[before]);
        let is_number = before.is_some_and(|piece| glued(piece) && piece.text != "." && !self.pieces[at].is_apart)
            && at >= 2
            && self.pieces[at - 2].sort == Sort::Number;
        let is_glued = before.is_some_and(|piece| {
            piece.sort == Sort::Word
                && !self.pieces[at].is_apart
                && piece.text.len() > 1
                && words::month(&piece.folded).is_none()
        });
        (!is_number && !is_glued).then_some(year)
    }

    fn is_mark(&self, at: usize, marks: &[&str]) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.sort == Sort::Mark && marks.contains(&piece.text))
    }

    fn is_dash(&self, at: usize) -> bool {
        self.is_mark(at, &["-", "–", "—", "‒", "−", "→", "➔", "➜", "➝", "⟶", "⇒", "~", "―", "‐", "‑"])
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.pieces.get(at).filter(|piece| piece.sort == Sort::Word).map(|piece| piece.folded.as_str())
    }

    /// The pieces that a phrase of up to four words of a sort takes from `at` on: the most.
    fn phrase(&self, at: usize, sort: DateWord) -> Option<usize> {
        let mut phrase = String::new();
        let mut end = None;
        let mut next = at;
        for _ in 0..4 {
            let Some(word) = self.word(next) else { break };
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(word);
            next += 1;
            if words::is_date_word(sort, &phrase) {
                end = Some(next);
            }
            // An apostrophe or a slash stands within "aujourd'hui", "t/m".
            if self.is_mark(next, &["'", "’", "/"]) && self.word(next + 1).is_some() {
                next += 1;
            }
        }
        end
    }

    /// A date at a piece. `is_short` lets "03/21" be one.
    fn date(&self, at: usize, is_short: bool) -> Option<Found> {
        self.numeric(at, is_short).or_else(|| self.named(at)).or_else(|| {
            if let Some(year) = self.year(at) {
                return Some((CvDate { year, month: None }, false, at + 1));
            }
            // "'98"
            let is_begun = |at: usize| self.pieces[at].is_apart || at > 0 && self.is_dash(at - 1);
            let is_short = self.is_mark(at, &["'", "’", "‘"]) && is_begun(at);
            let short = self.number(at + 1, 2..3).filter(|_| is_short && !self.pieces[at + 1].is_apart)?;
            let year = if short < CENTURY { 2000 + short } else { 1900 + short };
            Some((CvDate { year, month: None }, false, at + 2))
        })
    }

    fn numeric(&self, at: usize, is_short: bool) -> Option<Found> {
        const MARKS: [&str; 4] = ["/", ".", "-", "‑"];
        let glued = |at: usize| self.is_mark(at, &MARKS) && !self.pieces[at].is_apart;
        let month = |at: usize| self.number(at, 1..3).filter(|month| (1..=12).contains(month)).map(|month| month as u8);
        let not_more = |next: usize| {
            !(glued(next)
                && self.pieces.get(next + 1).is_some_and(|piece| piece.sort == Sort::Number && !piece.is_apart))
        };
        if let Some(year) = self.year(at) {
            // 2021-03, 2021-03-15, 2021/03, 2021.03
            let found = (glued(at + 1)
                && self.pieces.get(at + 2).is_some_and(|piece| !piece.is_apart && piece.text.len() == 2))
            .then(|| month(at + 2))??;
            let day = glued(at + 3) && self.number(at + 4, 2..3).is_some_and(|day| day <= 31);
            let next = if day { at + 5 } else { at + 3 };
            return not_more(next).then_some((CvDate { year, month: Some(found) }, false, next));
        }
        let first = self.number(at, 1..3)?;
        if !self.is_mark(at + 1, &MARKS) {
            return None;
        }
        // 15.03.2021
        if (1..=31).contains(&first)
            && self.is_mark(at + 3, &MARKS)
            && let (Some(month), Some(year)) = (month(at + 2), self.year(at + 4))
        {
            return Some((CvDate { year, month: Some(month) }, false, at + 5));
        }
        // 03/2021, 3. 2021
        let month = month(at)?;
        if let Some(year) = self.year(at + 2)
            && !(self.is_mark(at + 1, &["-"]) && self.pieces[at + 1].is_apart)
        {
            return Some((CvDate { year, month: Some(month) }, false, at + 3));
        }
        let year = self.number(at + 2, 2..3).filter(|_| is_short && self.is_mark(at + 1, &["/", "."]))?;
        let year = if year < CENTURY { 2000 + year } else { 1900 + year };
        not_more(at + 3).then_some((CvDate { year, month: Some(month) }, false, at + 3))
    }

    /// "March 2021", "15. März 2021", "enero de 2017", "Mar '21", "Summer 2013", "Q1 2020".
    fn named(&self, at: usize) -> Option<Found> {
        let mut next = at;
        if self.number(next, 1..3).is_some_and(|day| (1..=31).contains(&day)) {
            next += 1;
            if self.is_mark(next, &["."])
                || self.word(next).is_some_and(|word| matches!(word, "st" | "nd" | "rd" | "th" | "er" | "o"))
            {
                next += 1;
            }
            if self.word(next).is_some_and(|word| words::is_date_word(DateWord::Between, word)) {
                next += 1;
            }
        }
        let word = self.word(next)?;
        let (month, is_season) = match words::month(word) {
            Some(month) => (Some(month), false),
            None if next == at => {
                let end = self.season(next)?;
                next = end - 1;
                (None, true)
            }
            None => return None,
        };
        next += 1;
        while self.is_mark(next, &[".", ",", "/", "'", "’", "-"])
            && !(self.is_mark(next, &["-"]) && self.pieces[next].is_apart)
        {
            next += 1;
        }
        if self.number(next, 1..3).is_some_and(|day| day <= 31)
            && self.is_mark(next + 1, &[","])
            && self.year(next + 2).is_some()
        {
            next += 2;
        }
        if self.word(next).is_some_and(|word| words::is_date_word(DateWord::Between, word)) {
            next += 1;
        }
        if let Some(year) = self.year(next) {
            return Some((CvDate { year, month }, is_season, next + 1));
        }
        let short = self
            .number(next, 2..3)
            .filter(|_| self.is_mark(next - 1, &["'", "’", "-", "/", "."]) && month.is_some())?;
        let year = if short < CENTURY { 2000 + short } else { 1900 + short };
        Some((CvDate { year, month }, false, next + 1))
    }

    /// "Sept 13 - Aug 14", "Apr. 19 – now": months by name with two digits of the year on both sides.
    fn short_named_range(&self, at: usize) -> Option<(CvDate, End, usize)> {
        let (start, next) = self.short_named(at)?;
        let after = self.link(next)?;
        if let Some(next) = self.phrase(after, DateWord::Present) {
            return Some((start, End::Lasts, next));
        }
        let (end, next) = self.short_named(after)?;
        (end >= start).then_some((start, End::On(end), next))
    }

    fn short_named(&self, at: usize) -> Option<(CvDate, usize)> {
        let month = words::month(self.word(at)?)?;
        let next = if self.is_mark(at + 1, &["."]) { at + 2 } else { at + 1 };
        let short = self.number(next, 2..3).filter(|_| self.pieces[next].is_apart)?;
        // "May 21, 2019" is a day.
        let behind = if self.is_mark(next + 1, &[","]) { next + 2 } else { next + 1 };
        let year = if short < CENTURY { 2000 + short } else { 1900 + short };
        self.year(behind).is_none().then_some((CvDate { year, month: Some(month) }, next + 1))
    }

    fn season(&self, at: usize) -> Option<usize> {
        if let (Some("q" | "h"), Some(1..=4)) = (self.word(at), self.number(at + 1, 1..2)) {
            return Some(at + 2);
        }
        self.phrase(at, DateWord::Season)
    }

    /// What stands between the two dates of a period: a dash, "to", "bis", or both.
    fn link(&self, at: usize) -> Option<usize> {
        let mut next = at;
        // "(2019) - (2021)" and "2019 , to"
        if self.is_mark(next, &[","]) && self.phrase(next + 1, DateWord::Until).is_some() {
            next += 1;
        }
        let mut found = None;
        let is_spaced_slash = |at: usize| {
            let is_apart = |at: usize| self.pieces.get(at).is_some_and(|piece| piece.is_apart);
            self.is_mark(at, &["/"]) && is_apart(at) && is_apart(at + 1)
        };
        while self.is_dash(next) || self.is_mark(next, &[">", "="]) || is_spaced_slash(next) {
            next += 1;
            found = Some(next);
        }
        // "– (current)"
        if found.is_some() && self.is_mark(next, &["("]) && self.phrase(next + 1, DateWord::Present).is_some() {
            return Some(next + 1);
        }
        // "– in corso": "in" is no "until" there.
        if found.is_some() && self.phrase(next, DateWord::Present).is_some() {
            return found;
        }
        if let Some(end) = self.phrase(next, DateWord::Until) {
            let end = self.phrase(end, DateWord::Until).unwrap_or(end);
            let end = self.phrase(end, DateWord::Until).unwrap_or(end);
            found = Some(end);
        }
        found
    }

    /// A period at a piece.
    pub(super) fn period(&self, at: usize) -> Option<(Period, usize)> {
        let mut from = at;
        let since = self.phrase(at, DateWord::Since);
        let is_bare = self.phrase(at, DateWord::Bare).is_some();
        if let Some(end) = since {
            from = end;
            if self.is_mark(from, &["'", "’"]) {
                from += 1;
            }
        }
        if let Some((start, end, next)) = self.short_named_range(from) {
            let bytes = self.pieces[at].bytes.start..self.pieces[next - 1].bytes.end;
            return Some((Period { start, end, bytes, is_season: false }, next));
        }
        let (start, is_season, next) = self.month_alone(from).or_else(|| self.date(from, self.is_short_range(from)))?;
        let (end, next) = self.end(next, start, since.is_some()).unwrap_or_else(|| {
            let end = if is_bare { End::Lasts } else { End::Unsaid };
            (end, next)
        });
        // "2020-21 – to date": the first is a school year.
        let (end, next) = match end {
            End::On(year) if start.month.is_none() && year.month.is_none() && year.year == start.year + 1 => {
                self.link(next).and_then(|after| self.end_behind_link(after, year)).unwrap_or((end, next))
            }
            _ => (end, next),
        };
        let bytes = self.pieces[at].bytes.start..self.pieces[next - 1].bytes.end;
        Some((Period { start, end, bytes, is_season }, next))
    }

    /// How a period ends whose start lies before a piece, and the piece behind it.
    fn end(&self, next: usize, start: CvDate, is_since: bool) -> Option<(End, usize)> {
        if let Some(found) = self.link(next).and_then(|after| self.end_behind_link(after, start)) {
            return Some(found);
        }
        // "1999/2002"
        if start.month.is_none()
            && self.is_mark(next, &["/"])
            && let Some(year) = self.year(next + 1).filter(|year| (start.year + 1..=start.year + 12).contains(year))
        {
            return Some((End::On(CvDate { year, month: None }), next + 2));
        }
        if let Some(after) = self.phrase(next, DateWord::Present).filter(|_| is_since) {
            return Some((End::Lasts, after));
        }
        // "2007, 2008 e 2009"
        let years = || {
            let (end, after) = self.years_after(next, start).filter(|_| start.month.is_none())?;
            Some((End::On(end), after))
        };
        self.end_behind_noise(next, start).or_else(years)
    }

    /// What stands behind the dash or the word between the dates.
    fn end_behind_link(&self, after: usize, start: CvDate) -> Option<(End, usize)> {
        if let Some((end, _, after)) = self.date(after, true).filter(|(end, ..)| end.year >= start.year) {
            return Some((End::On(end), after));
        }
        if let Some(after) = self.phrase(after, DateWord::Present) {
            return Some((End::Lasts, after));
        }
        let is_glued = |at: usize| self.is_dash(at - 1) && !self.pieces[at].is_apart;
        if let Some(short) = self.number(after, 2..3).filter(|_| start.month.is_none() && is_glued(after)) {
            let year = start.year / 100 * 100 + short;
            let behind = self.pieces.get(after + 1);
            let is_alone = behind.is_none_or(|piece| piece.is_apart || !self.is_mark(after + 1, &["/", ".", "-"]));
            if year > start.year && year <= start.year + 60 && is_alone {
                return Some((End::On(CvDate { year, month: None }), after + 1));
            }
        }
        let is_last = self.pieces.get(after).is_none_or(|piece| matches!(piece.text, ")" | "]" | "?" | "." | "…"));
        (is_last && self.is_dash(after - 1) || self.is_mark(after, &["…"])).then_some((End::Open, after))
    }

    /// Whether a piece stands within a number of several parts.
    pub(super) fn is_inside(&self, at: usize) -> bool {
        at > 1
            && !self.pieces[at].is_apart
            && self.pieces[at].sort == Sort::Number
            && self.pieces[at - 1].sort == Sort::Mark
            && matches!(self.pieces[at - 1].text, "/" | "." | "-" | "+" | "#")
            && !self.pieces[at - 1].is_apart
            && self.pieces[at - 2].sort == Sort::Number
    }

    /// The end of a period whose dash was lost to a wrong encoding or translation: at most one piece between two dates with months.
    fn end_behind_noise(&self, at: usize, start: CvDate) -> Option<(End, usize)> {
        start.month?;
        let piece = self.pieces.get(at)?;
        let is_bracket = matches!(piece.text, "(" | ")" | ";");
        let is_one = piece.sort == Sort::Word || self.pieces.get(at + 1).is_some_and(|next| next.is_apart);
        let behind = || self.date(at + 1, false).filter(|_| is_one && piece.sort != Sort::Number && !is_bracket);
        let (end, is_season, next) = self.named(at).or_else(behind)?;
        (!is_season && end.month.is_some() && end > start).then_some((End::On(end), next))
    }

    /// "May – August 2013": the month whose year stands with the end.
    fn month_alone(&self, at: usize) -> Option<Found> {
        let month = words::month(self.word(at)?)?;
        let mut next = at + 1;
        if self.is_mark(next, &["."]) {
            next += 1;
        }
        let after = self.link(next)?;
        let (end, is_season, _) = self.named(after)?;
        (!is_season && end.month? >= month).then_some((CvDate { year: end.year, month: Some(month) }, false, next))
    }

    /// Whether "03/21" at a piece is followed by a dash and another such date or a word for the present.
    fn is_short_range(&self, at: usize) -> bool {
        let Some((_, _, next)) = self.numeric(at, true) else { return false };
        self.link(next)
            .is_some_and(|after| self.date(after, true).is_some() || self.phrase(after, DateWord::Present).is_some())
    }

    fn years_after(&self, mut next: usize, start: CvDate) -> Option<(CvDate, usize)> {
        let mut last = start;
        let mut found = None;
        loop {
            let is_list = self.is_mark(next, &[","]) || self.word(next).is_some_and(words::is_joint);
            let year = is_list.then(|| self.year(next + 1)).flatten();
            match year {
                Some(year) if year == last.year + 1 => {
                    last = CvDate { year, month: None };
                    next += 2;
                    found = Some((last, next));
                }
                _ => return found,
            }
        }
    }
}
