//! Lines of a CV.
//!
//! Text → lines without page numbers and rules, bullets and marks taken off and noted, columns told apart.

use super::dates::periods;
use super::words;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// Without bullet, marks and surrounding white space; a tab stands between columns.
    pub(super) text: String,
    /// Whether it is an item of a list.
    pub(super) is_bullet: bool,
    /// Spaces before it.
    pub(super) indent: usize,
    /// Whether an empty line stands before it.
    pub(super) is_after_blank: bool,
    /// Whether it is marked as a heading: underlined, `#`, `**`, or in capitals.
    pub(super) is_marked: bool,
    /// Whether it goes on with the item of a list above it.
    pub(super) is_continued: bool,
    /// Whether it may be a heading though nothing sets it apart: in a text that hardly has empty lines.
    pub(super) may_head: bool,
}

/// So many spaces stand between columns.
const COLUMN_GAP: usize = 3;

/// A line of a list is that long before it is broken.
const FULL_LINE: usize = 80;

/// At most so many lines are read.
const MAX_LINES: usize = 6_000;

/// Splits a text into lines.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut is_after_blank, mut is_at_page_end) = (true, false);
    // A carriage return before a line feed ends no line of its own.
    let raw = || {
        let ends = text.split(['\n', '\u{b}', '\u{c}', '\u{2028}']);
        ends.flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).take(MAX_LINES)
    };
    let full = full_line(raw().map(|line| line.trim().chars().count()));
    for raw in raw() {
        let (text, indent) = spaced(raw);
        if text.is_empty() {
            is_after_blank = true;
            continue;
        }
        if is_rule(&text) {
            match lines.last_mut() {
                Some(last) if !is_after_blank => last.is_marked = true,
                _ => {}
            }
            is_after_blank = true;
            continue;
        }
        if is_page_number(&text) {
            is_at_page_end = true;
            continue;
        }
        let mut line = marked(&text, indent, is_after_blank);
        if line.text.is_empty() {
            continue;
        }
        // A period at the top of a page belongs to the title at the foot of the one before.
        if is_at_page_end && is_bare_period(&line.text) {
            line.is_after_blank = false;
        }
        is_at_page_end = false;
        line.is_continued = lines.last().is_some_and(|last| goes_on(last, &line, full));
        is_after_blank = false;
        lines.push(line);
    }
    drop_running_lines(&mut lines);
    super::form::set_labels_off(&mut lines);
    super::form::join_broken_labels(&mut lines);
    super::broken::join_broken_headings(&mut lines);
    super::broken::join_broken_periods(&mut lines);
    super::broken::join_narrow_periods(&mut lines);
    super::broken::join_stacked_periods(&mut lines);
    mark_in_dense(&mut lines);
    lines
}

/// Whether a line is a period, and a remark in brackets at most.
fn is_bare_period(text: &str) -> bool {
    periods(text).first().is_some_and(|period| {
        let tail = text[period.bytes.end..].trim();
        period.is_range()
            && period.bytes.start == 0
            && (tail.is_empty() || tail.starts_with('(') && tail.ends_with(')'))
    })
}

/// In a text with fewer than one empty line in so many lines, headings stand between other lines.
const DENSE: usize = 8;

/// Marks the lines that may be headings in a text that hardly has empty lines.
fn mark_in_dense(lines: &mut [Line]) {
    if lines.iter().filter(|line| line.is_after_blank).count() * DENSE >= lines.len() {
        return;
    }
    for line in lines {
        let text = &line.text;
        line.may_head = !line.is_bullet
            && !line.is_continued
            && text.split(' ').count() <= 4
            && text
                .chars()
                .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '&' | ':' | '\'' | '’' | '-'))
            && text.starts_with(char::is_uppercase);
    }
}

/// A line with single spaces, tabs between columns, and its indent.
fn spaced(raw: &str) -> (String, usize) {
    let mut text = String::with_capacity(raw.len());
    let (mut gap, mut indent, mut is_tab) = (0, 0, false);
    for letter in raw.chars() {
        match letter {
            '\t' => is_tab = true,
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}' => {}
            letter if letter.is_whitespace() => gap += 1,
            letter if letter.is_control() => {}
            letter => {
                if text.is_empty() {
                    indent = gap + if is_tab { 4 } else { 0 };
                } else if is_leader(&text, letter) {
                    text.truncate(text.trim_end_matches(['.', '_', '…', ' ', '\t']).len());
                    text.push_str(": ");
                } else if is_tab || gap >= COLUMN_GAP {
                    text.push('\t');
                } else if gap > 0 {
                    text.push(' ');
                }
                (gap, is_tab) = (0, false);
                text.push(letter);
            }
        }
    }
    (text, indent)
}

/// Whether a row of dots leads from what stands in a text to what follows: "Databases ........ SQL".
fn is_leader(text: &str, next: char) -> bool {
    let head = text.trim_end_matches(['.', '_', '…', ' ', '\t']);
    let dots = text[head.len()..].chars().filter(|letter| matches!(letter, '.' | '_')).count();
    let is_drawn = dots >= 4 || text[head.len()..].contains("……");
    is_drawn && !head.is_empty() && !matches!(next, '.' | '_' | '…')
}

fn is_rule(text: &str) -> bool {
    text.chars().all(|letter| {
        matches!(
            letter,
            '-' | '='
                | '_'
                | '*'
                | '~'
                | '─'
                | '━'
                | '—'
                | '–'
                | '·'
                | '.'
                | '#'
                | '+'
                | '|'
                | ' '
                | '\t'
                | '═'
                | '•'
                | '―'
        )
    }) && text.chars().count() > 2
}

/// A line at the foot of a page has at most so many words.
const MOST_RUNNING_WORDS: usize = 10;

fn is_page_number(text: &str) -> bool {
    let folded = words::fold(text);
    // "Pagina 1 - Curriculum vitae di Rossi Anna"
    let is_running = folded.contains("curriculum vitae")
        && folded.split(' ').take(2).any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        && folded.split(' ').count() <= MOST_RUNNING_WORDS;
    if is_running {
        return true;
    }
    let tokens: Vec<String> = folded.split(' ').map(str::to_owned).collect();
    let is_number = |token: &String| token.len() <= 3 && token.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |token: &String| {
        matches!(
            token.as_str(),
            "page" | "pagina" | "seite" | "pag" | "of" | "von" | "di" | "de" | "van" | "sur" | "din" | "p"
        )
    };
    match tokens.as_slice() {
        [only] => is_number(only),
        [_, ..] if tokens.len() <= 4 => {
            tokens.iter().all(|token| is_number(token) || is_word(token))
                && tokens.iter().any(is_number)
                && (tokens.iter().any(is_word) || text.contains('/') && tokens.len() == 2 && text.len() <= 7)
        }
        _ => false,
    }
}

fn marked(text: &str, indent: usize, is_after_blank: bool) -> Line {
    let mut rest = text;
    let mut is_bullet = false;
    let mut is_marked = false;
    if let Some(heading) = rest.strip_prefix('#') {
        rest = heading.trim_start_matches('#').trim();
        is_marked = true;
    }
    rest = without_number(rest);
    let mut letters = rest.chars();
    if let Some(first) = letters.next()
        && is_bullet_sign(first)
    {
        let after = letters.as_str();
        let is_spaced = after.starts_with([' ', '\t']);
        if is_spaced || !matches!(first, '-' | '*' | '–' | '—' | '·' | '+' | 'o' | '>') && !first.is_ascii() {
            rest = after.trim_start();
            is_bullet = true;
        }
    }
    if let Some(inner) =
        rest.strip_prefix("**").and_then(|inner| inner.strip_suffix("**").or_else(|| inner.strip_suffix("**:")))
    {
        rest = inner;
        is_marked = true;
    }
    let cleaned = without_stars(rest);
    let cleaned = cleaned.replace("**", "").replace("__", "");
    let cleaned = joined_letters(cleaned.trim());
    let capitals = cleaned.chars().any(char::is_alphabetic) && !cleaned.chars().any(char::is_lowercase);
    Line { text: cleaned, is_bullet, indent, is_after_blank, is_marked: is_marked || capitals, ..Line::default() }
}

/// A line in which a comma stands for the stars of a hotel: "Hotel Sol de Levante **** Benidorm".
fn without_stars(text: &str) -> String {
    let mut text = text.to_owned();
    for stars in [" *****", " ****", " ***"].into_iter().filter(|_| text.contains(" ***")).collect::<Vec<_>>() {
        text = text.replace(&format!("{stars} "), ", ").replace(&format!("{stars},"), ",");
        text.truncate(text.strip_suffix(stars).map_or(text.len(), str::len));
    }
    text
}

/// A line without the number of a part of a part: "2.1 Research fellow".
fn without_number(text: &str) -> &str {
    let (number, rest) = text.split_once([' ', '\t']).unwrap_or_default();
    let mut parts = number.trim_end_matches('.').split('.');
    let is_number = number.contains('.')
        && number.trim_end_matches('.').contains('.')
        && parts.all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if is_number && rest.trim_start().starts_with(char::is_uppercase) { rest.trim_start() } else { text }
}

fn is_bullet_sign(letter: char) -> bool {
    matches!(
        letter,
        '•' | '-'
            | '*'
            | '–'
            | '—'
            | '·'
            | '▪'
            | '◦'
            | '‣'
            | '→'
            | '●'
            | '○'
            | '■'
            | '□'
            | '►'
            | '➢'
            | '✓'
            | '✔'
            | '➔'
            | '⁃'
            | '∙'
            | '+'
            | '.'
            | 'o'
            | '>'
            | '◆'
            | '▸'
            | '»'
            | '›'
            | '❯'
            | '▶'
            | '➤'
            | '⦁'
            | '◾'
            | '❖'
            | '\u{f0b7}'
            | '\u{f0a7}'
            | '\u{f0d8}'
    )
}

/// "E X P E R I E N C E" → "EXPERIENCE".
fn joined_letters(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    // Narrow pairs lose their gap: "S AV O I R S".
    let letters = |word: &&str| word.chars().count();
    let is_spaced = words.len() >= 4
        && words
            .iter()
            .all(|word| letters(word) <= 3 && word.chars().all(|letter| letter.is_alphabetic() || letter == '&'))
        && words.iter().filter(|word| letters(word) == 1).count() * 3 >= words.len() * 2
        && (!text.chars().any(char::is_lowercase) || words.iter().all(|word| letters(word) == 1));
    if is_spaced { words.concat() } else { text.to_owned() }
}

/// From how many characters on a line may have been broken. Where several are longer than lines of a page, lines are whole paragraphs, and
/// only those nearly as long as the third longest may have been.
fn full_line(lengths: impl Iterator<Item = usize>) -> usize {
    let mut longest: Vec<usize> = lengths.filter(|length| *length >= LONGEST_BROKEN).collect();
    longest.sort_unstable_by(|a, b| b.cmp(a));
    longest.get(LEAST_LONG - 1).map_or(FULL_LINE, |length| length * 4 / 5)
}

/// So many long lines show that lines are paragraphs.
const LEAST_LONG: usize = 3;

/// Lines of a page are at most so long, in characters.
const LONGEST_BROKEN: usize = 150;

/// Whether a line goes on with an item of a list. `full`: from so many characters on a line may have been broken.
fn goes_on(last: &Line, line: &Line, full: usize) -> bool {
    if line.is_bullet || line.is_after_blank || !(last.is_bullet || last.is_continued) {
        return false;
    }
    let begins_small = line.text.chars().next().is_some_and(|letter| letter.is_lowercase() || letter == '(');
    let is_deeper = line.indent > last.indent || last.is_continued && line.indent == last.indent && line.indent > 1;
    let is_row = !begins_small && line.text.contains('\t');
    let is_broken = last.text.chars().count() >= full && !last.text.ends_with(['.', '!', ';', ':']) && !is_row;
    let has_period = periods(&line.text).iter().any(super::dates::Period::is_range);
    !has_period && (begins_small || is_deeper || is_broken)
}

/// Lines that stand on every page: "Curriculum vitae – Name".
fn drop_running_lines(lines: &mut Vec<Line>) {
    let bare = |line: &Line| -> String { line.text.chars().filter(|letter| !letter.is_ascii_digit()).collect() };
    let is_title = |line: &Line| {
        let folded = words::fold(&line.text);
        folded.contains("curriculum vitae")
            || folded.contains("lebenslauf")
            || folded.split(' ').any(|word| matches!(word, "page" | "pagina" | "seite" | "cv"))
    };
    let running: Vec<String> = lines.iter().filter(|line| is_title(line)).map(bare).collect();
    lines.retain(|line| {
        let text = bare(line);
        running.iter().filter(|other| **other == text).count() < 2
    });
}

/// Takes a text apart that was broken over lines: joins lines, and words that a hyphen broke.
pub(super) fn flowed<'l>(lines: impl IntoIterator<Item = &'l str>) -> String {
    let mut text = String::new();
    for line in lines.into_iter().map(str::trim).filter(|line| !line.is_empty()) {
        let is_broken = text.ends_with('-')
            && text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
            && line.chars().next().is_some_and(char::is_lowercase);
        if is_broken {
            text.pop();
        } else if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}
