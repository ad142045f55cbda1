//! Skills and certificates.
//!
//! The lines of a part → items: split at separators, without levels, labels of groups and remarks.

use super::anchor::without;
use super::dates::{CvDate, End, periods};
use super::line::{Line, flowed};
use super::words::{self, Cue};
use crate::taxonomy::{Recognition, Sort, Taxonomy};
use crate::text::TokenList;

/// The longest skill, in characters and tokens.
const LONGEST_SKILL: (usize, usize) = (60, 8);

/// At most so many items of each sort are kept.
const MAX_ITEMS: usize = 150;

const SEPARATORS: [char; 9] = [',', ';', '•', '|', '·', '\t', '、', '▪', '●'];

/// Skills, each once.
pub(super) fn skills(lines: &[Line]) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let (told, listed): (Vec<&[Line]>, Vec<&[Line]>) = blocks(lines).into_iter().partition(|block| is_told(block));
    let told = told.into_iter().flat_map(|block| mentioned(&flowed(block.iter().map(|line| line.text.as_str()))));
    let told: Vec<String> = told.collect();
    for piece in pieces(&listed.concat()).into_iter().chain(told) {
        let item = bare(&piece);
        let tokens = TokenList::of(&item);
        let is_skill = item.chars().any(char::is_alphabetic)
            && item.chars().count() <= LONGEST_SKILL.0
            && (1..=LONGEST_SKILL.1).contains(&tokens.len())
            && !words::is_cue(Cue::Level, &tokens.joined())
            && !tokens.exact_forms().all(|word| words::is_cue(Cue::NoSkill, word))
            && words::leading(Cue::Private, &tokens) == 0;
        if is_skill && seen.insert(tokens.joined()) && skills.len() < MAX_ITEMS {
            skills.push(item);
        }
    }
    skills
}

/// A text of so many words that ends as a sentence is told, not listed, where its pieces are so long.
const TOLD: (usize, usize) = (10, 4);

/// Lines between empty ones.
fn blocks(lines: &[Line]) -> Vec<&[Line]> {
    lines.chunk_by(|_, next| !next.is_after_blank).collect()
}

/// Whether skills are told in sentences: "I draw with AutoCAD, and keep the books in Excel."
fn is_told(block: &[Line]) -> bool {
    if block.iter().any(|line| line.is_bullet || line.text.contains('\t') || without_label(&line.text) != line.text) {
        return false;
    }
    let text = flowed(block.iter().map(|line| line.text.as_str()));
    let words = text.split(' ').count();
    text.ends_with('.') && words >= TOLD.0 && words >= TOLD.1 * split(&text).len()
}

/// The skills and products that a text mentions, as it writes them.
fn mentioned(text: &str) -> Vec<String> {
    let tokens = TokenList::of(text);
    let about = Recognition { text, languages: None, is_query: false, is_skill_entry: false };
    let mentions = Taxonomy::built_in().mentions(&tokens, about);
    let skills = mentions.iter().filter(|mention| mention.sort == Sort::Skill);
    let written = skills.filter_map(|mention| {
        let (first, last) = (tokens.token(mention.tokens.start), tokens.token(mention.tokens.end.checked_sub(1)?));
        text.get(first.bytes.start..last.bytes.end)
    });
    written.map(str::to_owned).collect()
}

/// The pieces of a list between separators: of lines that are joined where one flows into the next.
fn pieces(lines: &[Line]) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    let has_separator = |text: &str| text.contains([',', ';', '•', '·', '|']);
    let flows = lines.iter().filter(|line| has_separator(&line.text)).count() * 2 >= lines.len();
    for (at, line) in lines.iter().enumerate() {
        let label = line.text.split([':', '\t']).next().unwrap_or_default();
        if words::is_cue(Cue::NoSkillLabel, &words::fold(label)) && label.len() < line.text.len() {
            is_open = false;
            continue;
        }
        let text = without_label(&line.text);
        let has_label = text.len() < line.text.len();
        let begins_small = text.chars().next().is_some_and(char::is_lowercase);
        let joins = !line.is_bullet
            && !has_label
            && !line.is_after_blank
            && !line.text.contains('\t')
            && (is_open
                || line.is_continued
                || flows
                    && paragraphs.last().is_some_and(|last| has_separator(last) && !last.ends_with('.'))
                    && is_wrapped(lines, at, begins_small));
        match paragraphs.last_mut() {
            Some(last) if joins => *last = flowed([last.as_str(), text]),
            _ => paragraphs.push(text.to_owned()),
        }
        is_open = text.ends_with([',', ';', '·', '•', '|', '-', '&', '/']);
    }
    paragraphs.iter().flat_map(|paragraph| split(paragraph)).collect()
}

/// A column of text is so wide that its lines may be broken before a capital, too.
const WIDE: usize = 45;

/// Whether a line is broken off the one above: the lines around it are all so long that the next word had no room.
fn is_wrapped(lines: &[Line], at: usize, begins_small: bool) -> bool {
    let ends = |at: usize| {
        lines[at].is_bullet || lines[at].is_after_blank || without_label(&lines[at].text).len() < lines[at].text.len()
    };
    let from = (0..at).rev().find(|before| ends(*before)).unwrap_or(0);
    let to = (at + 1..lines.len()).find(|next| ends(*next)).unwrap_or(lines.len());
    let length = |line: &Line| line.text.chars().count();
    let longest = lines[from..to].iter().map(length).max().unwrap_or(0);
    let is_full = |pair: &[Line]| {
        let word = pair[1].text.split(' ').next().unwrap_or_default().chars().count();
        length(&pair[0]) + 1 + word > longest || length(&pair[0]) * 10 >= longest * 9
    };
    let is_barred = at > 0 && lines[at - 1].text.contains(['|', '•', '·']);
    (begins_small || (longest >= WIDE || to - from >= 3) && !is_barred) && lines[from..to].windows(2).all(is_full)
}

/// Splits at separators outside of brackets.
pub(super) fn split(paragraph: &str) -> Vec<String> {
    // Slashes and dashes with spaces around them separate where nothing else does.
    let spaced = [" / ", " // ", " – ", " - ", " — ", " + "];
    let is_plain = !paragraph.contains(SEPARATORS);
    let paragraph = match spaced.iter().find(|mark| is_plain && paragraph.matches(*mark).count() >= 2) {
        Some(mark) => std::borrow::Cow::Owned(paragraph.replace(mark, ";")),
        None => std::borrow::Cow::Borrowed(paragraph),
    };
    let mut pieces = vec![String::new()];
    let mut depth = 0;
    for letter in paragraph.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = (depth - 1).max(0),
            _ => {}
        }
        if depth == 0 && SEPARATORS.contains(&letter) {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    pieces.into_iter().flat_map(|piece| sentences(&piece)).filter(|piece| !piece.is_empty()).collect()
}

/// "Rijbewijs B.  Skutsjesilen" holds two.
fn sentences(piece: &str) -> Vec<String> {
    piece.split(". ").map(|part| part.trim().to_owned()).collect()
}

/// A line without the label of its group: "Databases: PostgreSQL".
fn without_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once(':') else {
        // "Tools   Linux, perf": a short label in a column of its own.
        return match text.split_once('\t') {
            Some((_, rest)) if rest.contains([',', ';']) && !rest.contains('\t') => rest,
            _ => text,
        };
    };
    let is_label = label.chars().count() <= 45
        && !label.contains([',', ';'])
        && (rest.starts_with([' ', '\t']) || rest.is_empty());
    if is_label && !is_level(rest) { rest.trim() } else { text }
}

/// A skill without brackets that hold a level or years; what explains it stays.
fn without_remark(text: String) -> String {
    let Some((head, rest)) = text.split_once('(') else { return text };
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let (head, inner, after) = (head.trim(), inner.trim(), after.trim());
    let is_mark = |letter: char| letter.is_ascii_digit() || matches!(letter, '~' | '>' | '+' | '<');
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let says_how_well = is_level(inner)
        || inner.starts_with(is_mark)
        || inner.split(' ').any(is_year)
        || TokenList::of(inner).exact_forms().any(|word| words::is_cue(Cue::NoSkill, word));
    if head.is_empty() || !says_how_well {
        return text;
    }
    if after.is_empty() { head.to_owned() } else { format!("{head} {after}") }
}

/// A skill without its level, remarks in brackets and the like.
fn bare(piece: &str) -> String {
    let mut text = piece
        .trim()
        .trim_matches(|letter: char| {
            matches!(
                letter,
                '.' | ':'
                    | '*'
                    | '"'
                    | '–'
                    | '—'
                    | '-'
                    | ' '
                    | '★'
                    | '☆'
                    | '●'
                    | '○'
                    | '■'
                    | '□'
                    | '⬤'
                    | '◯'
                    | '▮'
                    | '▯'
            )
        })
        .to_owned();
    text = without_remark(text);
    for mark in [" – ", " — ", " - ", ": ", " / ", "\t"] {
        if let Some((head, tail)) = text.rsplit_once(mark)
            && is_level(tail)
        {
            text = head.trim().to_owned();
        }
    }
    text = without_trailing_level(&text);
    // "SQL 5/5"
    if let Some((head, mark)) = text.rsplit_once(' ')
        && let Some((most, of)) = mark.split_once('/')
        && [most, of]
            .iter()
            .all(|number| matches!(number.len(), 1 | 2) && number.bytes().all(|byte| byte.is_ascii_digit()))
    {
        text = head.to_owned();
    }
    let tokens = TokenList::of(&text);
    let fluff = words::leading(Cue::Fluff, &tokens);
    if fluff > 0
        && fluff < tokens.len()
        && (fluff > 1 || tokens.len() <= 3 && !words::is_cue(Cue::Level, tokens.exact(0)))
    {
        text = text[tokens.token(fluff).bytes.start..].to_owned();
    }
    for joint in ["and ", "und ", "e ", "y ", "et ", "en ", "și ", "& "] {
        if let Some(rest) = text.strip_prefix(joint) {
            text = rest.to_owned();
        }
    }
    text.trim().trim_end_matches(['.', ':', '-', '–', '(']).trim().to_owned()
}

pub(super) fn is_level(text: &str) -> bool {
    let tokens = TokenList::of(text);
    let is_count = tokens.len() <= 3 && !tokens.is_empty() && tokens.exact(0).bytes().all(|byte| byte.is_ascii_digit());
    let mut at = 0;
    while at < tokens.len() {
        let longest = (tokens.len() - at).min(3);
        match (1..=longest).rev().find(|length| words::is_cue(Cue::Level, &words::joined(&tokens, at..at + length))) {
            Some(length) => at += length,
            None => return is_count,
        }
    }
    !tokens.is_empty()
}

/// "MS Excel sehr gut" without the level: only where the level has two words, or a mark tells it apart.
fn without_trailing_level(text: &str) -> String {
    let tokens = TokenList::of(text);
    for length in [3, 2] {
        if tokens.len() > length {
            let from = tokens.len() - length;
            if words::is_cue(Cue::Level, &words::joined(&tokens, from..tokens.len())) {
                return text[..tokens.token(from).bytes.start]
                    .trim()
                    .trim_end_matches([',', ':', '–', '-'])
                    .trim()
                    .to_owned();
            }
        }
    }
    text.to_owned()
}

/// Whether a line lists skills, without any heading that says so: many short items of a list.
pub(super) fn is_skills(text: &str) -> bool {
    let pieces = split(text);
    let short = pieces.iter().filter(|piece| piece.split(' ').count() <= 3).count();
    pieces.len() >= 5 && short * 10 >= pieces.len() * 9 && !text.trim_end().ends_with('.')
}

/// A name without how long the course was, and without that it was renewed.
fn without_hours(name: &str) -> String {
    let Some((head, tail)) = name.rsplit_once([',', '(', '–']) else { return name.to_owned() };
    let tokens = TokenList::of(tail);
    let is_count = (1..=3).contains(&tokens.len()) && tokens.exact(0).bytes().all(|byte| byte.is_ascii_digit());
    let is_renewal = tokens.len() == 1
        && [
            "renewed",
            "updated",
            "aggiornamento",
            "rinnovo",
            "erneuert",
            "renovado",
            "renouvele",
            "verlengd",
            "reinnoit",
        ]
        .contains(&tokens.exact(0));
    if is_count || is_renewal { head.to_owned() } else { name.to_owned() }
}

/// A certificate and when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) date: Option<CvDate>,
}

/// The certificates of a part.
pub(super) fn certificates(lines: &[Line]) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    let mut whole: Vec<String> = Vec::new();
    for line in lines {
        let begins_small = line.text.chars().next().is_some_and(char::is_lowercase);
        match whole.last_mut() {
            Some(last)
                if line.is_continued
                    || begins_small && !line.is_bullet
                    || last.ends_with(['–', ',', '-']) && !line.is_bullet =>
            {
                *last = flowed([last.as_str(), &line.text])
            }
            _ => whole.push(line.text.clone()),
        }
    }
    for text in whole.iter().flat_map(|text| text.split(';')) {
        let found = periods(text);
        let date = found.first().map(|period| match period.end {
            End::On(end) => end,
            _ => period.start,
        });
        let name =
            found.first().map_or_else(|| text.trim().to_owned(), |period| without(text, period)).replace('\t', " ");
        let name = without_hours(&name)
            .trim_matches(|letter: char| matches!(letter, ' ' | ',' | '–' | '—' | '-' | ':' | '•' | '.'))
            .to_owned();
        let tokens = TokenList::of(&name);
        let is_signature = date.is_some() && super::evidence::is_place(name.split(',').next().unwrap_or_default());
        if !tokens.is_empty()
            && !is_signature
            && tokens.len() <= 18
            && words::leading(Cue::Private, &tokens) == 0
            && given.len() < 60
        {
            given.push(Given { name, date });
        }
    }
    given
}
