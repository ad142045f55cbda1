//! Phone numbers.

use std::ops::Range;

use super::{before, continues_word};

/// Words for telephone, in lower case, that may stand right before a number.
const LABELS: &[&str] = &[
    "tel",
    "phone",
    "mobile",
    "cell",
    "cellphone",
    "fax",
    "mob",
    "whatsapp",
    "telefon",
    "handy",
    "mobil",
    "telefono",
    "teléfono",
    "móvil",
    "movil",
    "cellulare",
    "tél",
    "téléphone",
    "telephone",
    "portable",
    "telefone",
    "telemóvel",
    "telefoon",
    "celular",
];

/// What money is counted in, before or after a number.
const MONEY: &[&str] = &[
    "eur", "usd", "gbp", "chf", "ron", "lei", "pln", "sek", "euro", "euros", "dollars", "k", "mio", "tsd", "budget",
    "revenue", "umsatz",
];

/// Finds phone numbers.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(offset) = text[at..].find(|letter: char| letter.is_ascii_digit() || letter == '+' || letter == '(') {
        let start = at + offset;
        let run = run(text, start);
        if let Some(number) = number(text, &run) {
            found.push(number);
        }
        at = run.end.max(start + 1);
    }
}

/// The digits of a text from `start` on, with what may separate them, up to the last digit.
fn run(text: &str, start: usize) -> Range<usize> {
    let mut end = start;
    let mut gap = 0;
    for (offset, letter) in text[start..].char_indices() {
        match letter {
            '0'..='9' => {
                end = start + offset + 1;
                gap = 0;
            }
            '+' if offset == 0 => {}
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' if gap < 3 => gap += 1,
            _ => break,
        }
    }
    // A bracket that closes after the number belongs to the sentence around it.
    let open = text[start..].starts_with('(') && !text[start..end].contains(')');
    start + usize::from(open)..end
}

/// The part of a run that is a phone number.
fn number(text: &str, run: &Range<usize>) -> Option<Range<usize>> {
    let glued = continues_word(before(text, run.start).next()) || continues_word(text[run.end..].chars().next());
    if glued || run.is_empty() {
        return None;
    }
    let run = without_years(text, run.clone());
    let groups: Vec<&str> = digit_groups(&text[run.clone()]).collect();
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let written = &text[run.clone()];
    let labelled = (6..=15).contains(&digits) && follows_label(text, run.start);
    let international = written.starts_with('+') || (written.starts_with("00") && !written.starts_with("000"));
    if labelled || (international && (8..=15).contains(&digits)) {
        return Some(run);
    }
    let plausible = (9..=12).contains(&digits)
        && !has_year(&groups)
        && !groups.iter().skip(1).any(|group| *group == "000")
        && !written.ends_with("000")
        && !counts_money(text, &run);
    (plausible && is_national(written, &groups)).then_some(run)
}

/// Whether the groups are those of a number within a country: a trunk zero, an area code in
/// brackets, 3-3-4 digits, or a mobile number.
fn is_national(written: &str, groups: &[&str]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let thousands = lengths.iter().skip(1).all(|length| *length == 3) && written.contains('.');
    let area_code = written.starts_with('(') && matches!(lengths.first(), Some(2 | 3));
    let trunk = groups.first().is_some_and(|group| group.starts_with('0')) && !thousands;
    match lengths.as_slice() {
        _ if trunk || area_code => true,
        // What starts like a year or a counter is more often the number of a job or a licence.
        [9..=11] => !written.starts_with(['1', '2']),
        [3, 3, 4] | [3, 7] | [3, 6] => true,
        [3, 3, 3] => !thousands && written.starts_with(['6', '7', '8', '9']),
        _ => false,
    }
}

fn digit_groups(written: &str) -> impl Iterator<Item = &str> {
    written.split(|letter: char| !letter.is_ascii_digit()).filter(|group| !group.is_empty())
}

fn is_year(group: &str) -> bool {
    group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
}

/// Dates have a year among groups of one or two digits.
fn has_year(groups: &[&str]) -> bool {
    groups.iter().any(|group| is_year(group)) && groups.iter().all(|group| group.len() <= 2 || is_year(group))
}

/// Leaves out years at the start of a run: they belong to what stands before the number.
fn without_years(text: &str, mut run: Range<usize>) -> Range<usize> {
    while let Some(group) = text.get(run.start..run.start + 4).filter(|_| run.end > run.start + 4)
        && is_year(group)
        && let Some(skip) =
            text[run.start + 4..run.end].find(|letter: char| letter.is_ascii_digit()).filter(|skip| *skip > 0)
    {
        run.start += 4 + skip;
    }
    run
}

fn follows_label(text: &str, at: usize) -> bool {
    let lead =
        text[..at].trim_end_matches(|letter: char| letter.is_whitespace() || matches!(letter, ':' | '.' | '(' | '#'));
    let lead_word = lead.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or("").to_lowercase();
    LABELS.contains(&lead_word.as_str())
}

fn counts_money(text: &str, run: &Range<usize>) -> bool {
    let is_sign = |letter: char| matches!(letter, '$' | '€' | '£' | '¥' | '%' | '#');
    let lead = text[..run.start].trim_end();
    let tail = text[run.end..].trim_start();
    let is_money = |word: &str| MONEY.contains(&word.to_lowercase().as_str());
    lead.ends_with(is_sign)
        || tail.starts_with(is_sign)
        || is_money(lead.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or(""))
        || is_money(tail.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or(""))
}
