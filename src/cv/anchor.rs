//! Lines that head entries: those with a period.
//!
//! The lines of a part → anchors: each with its period, what is left of the line without it, and running text behind.

use super::dates::{End, Period, periods};
use super::employers::is_duration;
use super::line::Line;
use super::words::{self, Cue, DateWord};

/// A heading is at most so long, in characters.
pub(super) const LONGEST_HEADING: usize = 110;

/// A line with its period and what is left without it.
pub(super) struct Anchor {
    pub(super) at: usize,
    pub(super) period: Period,
    pub(super) rest: String,
    /// Running text behind the period: "Since 2021. Team of six".
    pub(super) prose: Option<String>,
}

/// Lines that head entries; items of lists where most of these do.
pub(super) fn all_anchors(lines: &[Line], is_work: bool) -> Vec<Anchor> {
    let plain = anchors(lines, is_work, false);
    if !is_work {
        return plain;
    }
    let all = anchors(lines, is_work, true);
    let dated_items = || all.iter().filter(|anchor| lines[anchor.at].is_bullet && anchor.period.is_range());
    let dated = dated_items().count();
    // Items of items stand deeper.
    let deepest = dated_items().map(|anchor| lines[anchor.at].indent).max().unwrap_or_default();
    let items = lines.iter().filter(|line| line.is_bullet && line.indent <= deepest).count();
    let are_entries = dated >= LEAST_ITEMS && dated > plain.len() && dated * 2 > items;
    let opens = |anchor: &Anchor| {
        let line = &lines[anchor.at];
        !line.is_bullet
            || is_at_start(&line.text, &anchor.period) && anchor.period.is_range() && names_title(&anchor.rest)
    };
    let mut anchors = if plain.is_empty() || are_entries {
        all
    } else if all.iter().filter(|anchor| lines[anchor.at].is_bullet && opens(anchor)).count() >= LEAST_TITLED {
        all.into_iter().filter(opens).collect()
    } else {
        plain
    };
    let remarks: Vec<bool> = (0..anchors.len()).map(|number| is_remark(lines, &anchors, number)).collect();
    let mut remarks = remarks.into_iter();
    anchors.retain(|_| !remarks.next().unwrap_or_default());
    anchors
}

/// Whether what stands behind the time of an item is a title and more: "Cariste – Laiterie du Val d'Orne, Domfront".
fn names_title(rest: &str) -> bool {
    let end = [" – ", " - ", ", ", " | ", "\t"].iter().filter_map(|mark| rest.find(mark)).min();
    end.is_some_and(|end| super::evidence::title_likeness(&rest[..end]) > 0.0)
}

/// Whether a date only tells of a part of a position whose time stands beside it: "Storeperson (casual, then full time from 2016)",
/// "Aug 2015 – May 2019".
fn is_remark(lines: &[Line], anchors: &[Anchor], number: usize) -> bool {
    let anchor = &anchors[number];
    let line = &lines[anchor.at];
    let head = line.text[..anchor.period.bytes.start].trim_end();
    if matches!(anchor.period.end, End::On(_)) || anchor.prose.is_some() || head.split(' ').count() < 2 {
        return false;
    }
    let begins_within = |other: &Anchor| {
        let date = Period { end: End::On(anchor.period.start), ..anchor.period.clone() };
        other.period.is_range() && other.period.holds(&date)
    };
    let open = head.rfind('(').filter(|open| !head[*open..].contains(')'));
    let is_aside = open.is_some_and(|open| head[open + 1..].contains(' ')) || head.contains(',');
    let is_near = |other: &Anchor| {
        let (first, last) = (anchor.at.min(other.at), anchor.at.max(other.at));
        last - first <= 2 && !lines[first + 1..=last].iter().any(|line| line.is_after_blank)
    };
    let beside = [number.checked_sub(1), Some(number + 1)].into_iter().flatten().filter_map(|at| anchors.get(at));
    // "ST OSWIN'S SCHOOL  2008 – 2014", beneath it "Class teacher (grade 2 from 2011)"
    let is_one = |other: &Anchor| !anchors.get(number + 1).is_some_and(|next| other.period.holds(&next.period));
    // "Acme (2009 – 2016)", beneath it "Clerk, part time since 2012": what has ended does not last.
    let is_part = |other: &Anchor| open.is_some() || head.contains(',') && matches!(other.period.end, End::On(_));
    let heads = |other: &Anchor| {
        other.at + 1 == anchor.at && is_part(other) && anchor.period.end == End::Lasts && is_one(other)
    };
    let mut beside = beside.filter(|other| (other.rest.is_empty() || heads(other)) && begins_within(other));
    beside.any(|other| {
        let is_deeper = other.at < anchor.at && line.indent > lines[other.at].indent && !line.is_after_blank;
        is_deeper || is_aside && is_near(other)
    })
}

/// From so many items on that begin with a time and a title, these are entries beside those that are no items.
const LEAST_TITLED: usize = 2;

/// From so many dated items of a list on, items are entries.
const LEAST_ITEMS: usize = 3;

fn anchors(lines: &[Line], is_work: bool, with_items: bool) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_continued || line.is_bullet && !with_items && is_work {
            continue;
        }
        if is_work && is_within(&line.text) {
            continue;
        }
        let found = periods(&line.text);
        if let Some((period, rest, prose)) = in_sentences(&line.text, &found, is_work) {
            anchors.push(Anchor { at, period, rest, prose: Some(prose).filter(|prose| !prose.is_empty()) });
        } else if let Some((period, rest, prose)) = within_paragraph(&line.text, &found) {
            anchors.push(Anchor { at, period, rest, prose: Some(prose) });
        } else if let Some((period, heading, prose)) = before_sentence(&line.text, &found, is_work) {
            anchors.push(Anchor { at, period, rest: heading, prose: Some(prose).filter(|prose| !prose.is_empty()) });
        } else if let Some((period, rest, prose)) = before_semicolon(&line.text, &found, is_work) {
            anchors.push(Anchor { at, period, rest, prose: Some(prose) });
        } else if let Some((period, prose)) = before_prose(&line.text, &found) {
            anchors.push(Anchor { at, period, rest: String::new(), prose: Some(prose) });
        } else if line.text.chars().count() <= LONGEST_HEADING + 60
            && let Some((period, rest)) = anchor_of(&line.text, &found, is_work)
            && !(is_work && (is_within(&rest) || is_addition(&line.text, &period) || is_gap(&line.text, &rest)))
        {
            anchors.push(Anchor { at, period, rest, prose: None });
        }
    }
    anchors
}

/// Whether a label says that a line is about a part of a position: "Project: …".
fn is_within(text: &str) -> bool {
    let Some((label, _)) = text.split_once([':', '\t']) else { return false };
    words::is_cue(
        Cue::Within,
        words::fold(label).trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ' '),
    )
}

/// The period of a paragraph that begins with its heading, the heading and the text behind: "Research Fellow, Institute of Botany,
/// Graz (2014–2016). Effectors of fungi."
fn within_paragraph(text: &str, found: &[Period]) -> Option<(Period, String, String)> {
    let period = found.iter().find(|period| period.is_range())?;
    let head = text[..period.bytes.start].trim_end_matches(['(', '[', ' ']);
    let is_bracketed = text[head.len()..period.bytes.start].contains(['(', '[']);
    let tail = &text[period.bytes.end..];
    let prose = if is_bracketed {
        // Remarks may stand behind the period: "(2007–2009, part time)".
        tail.split_once([')', ']']).filter(|(remark, _)| remark.chars().count() <= 40)?.1
    } else {
        tail
    };
    let prose = prose.strip_prefix('.')?.trim();
    let is_heading = head.contains(',') && head.chars().count() <= LONGEST_HEADING + 20 && !head.contains(". ");
    let is_prose = prose.split(' ').count() >= 3 && text.chars().count() > 80;
    (is_heading && is_prose).then(|| (period.clone(), head.trim_end_matches([',', ' ']).to_owned(), prose.to_owned()))
}

/// Whether a line says from when on something was added to what is above: "from 2009 also training of new drivers".
fn is_addition(text: &str, period: &Period) -> bool {
    let tail = &text[period.bytes.end..];
    period.end == End::Lasts
        && text.starts_with(char::is_lowercase)
        && period.bytes.start == 0
        && tail.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase))
        && words::fold(&text[..period.bytes.end]).split(' ').count() == 2
}

/// A period, the title and the employer that follow it as sentences, and the text behind: "2017 – today. Teacher. Quillfeather School
/// (Vigo). Class of one-year-olds."
fn in_sentences(text: &str, found: &[Period], is_work: bool) -> Option<(Period, String, String)> {
    let period = found.first().filter(|period| is_work && is_at_start(text, period))?;
    let tail = text[period.bytes.end..].strip_prefix(". ")?;
    let mut rest = tail;
    let mut next = || {
        let sentence = sentence_of(rest);
        rest = rest[sentence.len()..].trim_start_matches(['.', ' ']);
        sentence.trim_end_matches('.')
    };
    let (title, employer) = (next(), next());
    let is_title = title.split(' ').count() <= MOST_OF_TITLE && super::evidence::title_likeness(title) > 0.0;
    let is_name = employer.chars().count() <= LONGEST_HEADING && super::evidence::capital_share(employer) > 0.5;
    (is_title && is_name).then(|| (period.clone(), format!("{title}\t{employer}"), rest.to_owned()))
}

/// A title has at most so many words.
const MOST_OF_TITLE: usize = 10;

/// So many full stops are looked at for the end of a sentence.
const MOST_STOPS: usize = 10;

/// The first sentence of a text: what stands before a full stop behind a whole word or a bracket.
fn sentence_of(text: &str) -> &str {
    let ends = text.match_indices(". ").map(|(at, _)| at).take(MOST_STOPS);
    let end = ends.into_iter().find(|at| {
        let last = text[..*at].rsplit([' ', '.']).next().unwrap_or_default();
        last.chars().count() >= 4 || last.ends_with(')') || text[..*at].ends_with(".L") || text[..*at].ends_with(".A")
    });
    end.map_or(text, |end| &text[..end])
}

/// A period in a column of its own, the heading beside it, and what a semicolon parts from that: "2009 – 2019  Clerk, Acme Ltd, Leeds; from
/// 2014 deputy of the manager".
fn before_semicolon(text: &str, found: &[Period], is_work: bool) -> Option<(Period, String, String)> {
    let period = found.first().filter(|period| is_work && period.is_range() && is_at_start(text, period))?;
    let (heading, prose) = text[period.bytes.end..].strip_prefix('\t')?.split_once("; ")?;
    let is_heading = heading.contains(", ") && heading.chars().count() <= LONGEST_HEADING;
    is_heading.then(|| (period.clone(), heading.to_owned(), prose.to_owned()))
}

/// Whether a sentence says that somebody did not work for a time: "Furloughed April – July 2020."
fn is_gap(text: &str, rest: &str) -> bool {
    text.ends_with('.') && words::is_cue(Cue::Gap, words::fold(rest).trim_end_matches('.'))
}

/// A period with a colon, the heading that the first sentence behind it is, and the text behind that: "Dal gennaio 2020 ad oggi: avvocato presso
/// Studio Legale Bonaiuti, Ferrara. Contenzioso giuslavoristico …"
fn before_sentence(text: &str, found: &[Period], is_work: bool) -> Option<(Period, String, String)> {
    let period = found.first().filter(|period| is_work && is_at_start(text, period))?;
    let told = text[period.bytes.end..].strip_prefix(':')?.trim();
    let ends = told.match_indices(['.', ';']).map(|(at, _)| at);
    let mut ends = ends.take_while(|end| *end <= 4 * LONGEST_SENTENCE);
    let end = ends.find(|end| {
        let last = told[..*end].rsplit([' ', '.', ',', ';', '(']).next().unwrap_or_default();
        let is_word = last.chars().count() >= 4 || last.ends_with([')', '"', '”', '»']);
        is_word && !told[end + 1..].starts_with(|letter: char| letter.is_alphanumeric())
    });
    let (heading, prose) = end.map_or((told, ""), |end| (&told[..end], told[end + 1..].trim()));
    let at = words_of(heading).find(|(_, word)| words::is_cue(Cue::At, &words::fold(word))).map(|(at, _)| at)?;
    let is_heading =
        heading.chars().count() <= LONGEST_SENTENCE && super::evidence::title_likeness(&heading[..at]) > 0.0;
    is_heading.then(|| (period.clone(), heading.to_owned(), prose.to_owned()))
}

/// A sentence that is a heading is at most so long, in characters.
const LONGEST_SENTENCE: usize = 140;

/// The words of a text, each with the byte where it begins.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    })
}

/// A period at the start of running text, and the text behind it.
fn before_prose(text: &str, found: &[Period]) -> Option<(Period, String)> {
    let period = found.first().filter(|period| is_at_start(text, period))?;
    let tail = text[period.bytes.end..].trim_start_matches([')', ']']);
    let prose = tail.strip_prefix(['.', ':']).or_else(|| tail.strip_prefix(" –"))?.trim();
    // "2009 – 2013: teacher, De Vlonder te Meppel."
    let names_title = || {
        let (title, _) = prose.split_once(", ").unwrap_or_default();
        let at = title.match_indices(' ').map(|(at, _)| at).find(|at| {
            let word = title[at + 1..].split(' ').next().unwrap_or_default();
            words::is_cue(Cue::At, word)
        });
        let title = at.map_or(title, |at| &title[..at]);
        tail.starts_with(':')
            && prose.chars().count() <= LONGEST_HEADING
            && super::evidence::title_likeness(title) > 0.0
    };
    if names_title() {
        return None;
    }
    let is_prose = prose.split(' ').count() >= 4 && prose.ends_with(['.', '!', ';', ',']) && !ends_with_form(prose);
    is_prose.then(|| (period.clone(), prose.to_owned()))
}

/// The period of a line that heads an entry, and what is left of the line.
pub(super) fn anchor(text: &str, is_work: bool) -> Option<(Period, String)> {
    anchor_of(text, &periods(text), is_work)
}

/// The same, of a line whose periods are found already.
fn anchor_of(text: &str, found: &[Period], is_work: bool) -> Option<(Period, String)> {
    let period = found.iter().find(|period| period.is_range()).or_else(|| found.first())?.clone();
    let rest = without(text, &period);
    let letters = rest.chars().count();
    let is_at_an_end = is_at_start(text, &period) || is_at_end(text, &period);
    // "Head of section. Permanent contract since 2025."
    let has_sentences = rest.match_indices(". ").any(|(at, _)| {
        let last = rest[..at].rsplit([' ', '.']).next().unwrap_or_default();
        last.chars().count() >= 3 && last.chars().all(char::is_lowercase)
    });
    if has_sentences && text.trim_end().ends_with('.') && !is_at_start(text, &period) && !ends_with_form(text) {
        return None;
    }
    let is_in_column = text[period.bytes.end..].starts_with('\t') && rest.contains(", ") && !rest.contains(". ");
    let longest =
        if is_at_start(text, &period) && (!is_work || is_in_column) { LONGEST_SENTENCE } else { LONGEST_HEADING };
    let ends_sentence = text.trim_end().ends_with(['.', '!']) && !is_at_an_end && !ends_with_form(text);
    let passes = if period.is_range() {
        let is_list = rest.contains("; ") && !is_at_start(text, &period);
        let words = rest.split(' ').count();
        let is_prose = ends_sentence && words > 6 || is_list && words > LEAST_OF_LIST;
        letters <= longest && !is_prose && (is_at_an_end || letters <= 80 && !rest.ends_with('.'))
    } else {
        let is_sentence = rest.ends_with(['.', '!']) && rest.split(' ').count() > 4 && !ends_with_form(&rest);
        letters <= longest
            && is_at_an_end
            && !is_sentence
            && (!is_work
                || letters == 0
                || letters <= 70 && is_set_off(text, &period)
                || is_at_start(text, &period) && text[period.bytes.end..].starts_with('\t'))
    };
    passes.then_some((period, rest))
}

/// A list that tells what somebody did has more words than these.
const LEAST_OF_LIST: usize = 4;

/// Whether brackets, a comma or a column set a date off.
fn is_set_off(text: &str, period: &Period) -> bool {
    let before = text[..period.bytes.start].trim_end_matches(' ').chars().next_back();
    let after = text[period.bytes.end..].trim_start_matches(' ').chars().next();
    let is_mark = |letter: Option<char>| {
        letter.is_some_and(|letter| matches!(letter, '(' | ')' | '[' | ',' | '|' | '\t' | ':' | '–' | '—' | '-'))
    };
    // "Prácticas, Agencia Noticias Levante (Valencia). Verano de 2003."
    let is_sentence = before == Some('.') && text[period.bytes.end..].trim() == ".";
    is_sentence || is_mark(before) || before.is_none() && (is_mark(after) || text.chars().count() < 60)
}

fn is_at_start(text: &str, period: &Period) -> bool {
    let head = &text[..period.bytes.start];
    words::fold(head).split(' ').all(|word| word.is_empty() || words::is_date_word(DateWord::Lead, word))
        || head.trim_end().ends_with('\t')
}

fn is_at_end(text: &str, period: &Period) -> bool {
    let tail = text[period.bytes.end..].trim();
    let is_remark = tail.starts_with(['(', '[', ',', '·', '|']) && tail.chars().count() <= 40;
    !tail.chars().any(char::is_alphanumeric) || is_remark || tail.starts_with(')')
}

/// A line without its period, the words and brackets that held it.
pub(super) fn without(text: &str, period: &Period) -> String {
    let mut head = text[..period.bytes.start].trim_end();
    let tail = text[period.bytes.end..].trim_start();
    // "from", "Period:" go with the date.
    loop {
        head = head.trim_end_matches([' ', '(', '[', ':']);
        let last = head.rsplit([' ', '\t', '(']).next().unwrap_or_default();
        let folded = words::fold(last);
        let goes = !folded.is_empty()
            && !last.contains(')')
            && (words::is_date_word(DateWord::Lead, &folded) || words::is_cue(Cue::DateLabel, &folded));
        if !goes {
            break;
        }
        head = head[..head.len() - last.len()].trim_end();
    }
    // A remark on how long it was: "(2 years 3 months)".
    let tail = if tail.starts_with('(') || tail.starts_with('·') {
        let close = tail.find(')').map_or(tail.len(), |close| close + 1);
        let inner = &tail[..close];
        if inner.bytes().any(|byte| byte.is_ascii_digit()) && inner.len() < 40 || tail.starts_with('(') {
            &tail[close..]
        } else {
            tail
        }
    } else {
        tail.strip_prefix([')', ']']).unwrap_or(tail)
    };
    let trim = |text: &str| {
        text.trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '|' | ',' | ';' | ':' | '–' | '—' | '-' | '·' | '•' | '/' | '→')
        })
        .trim_start_matches(". ")
        .to_owned()
    };
    let said = |text: String| if is_length(&text) { String::new() } else { text };
    // "2009 – 2015 winters  Home help"
    let is_season = |cell: &str| words::is_date_word(DateWord::Season, &words::fold(cell));
    let tail = tail.split_once('\t').filter(|(cell, _)| is_season(cell)).map_or(tail, |(_, rest)| rest);
    let (head, tail) = (said(trim(head)), said(trim(tail)));
    let tail = tail.trim_end_matches(')').trim_start_matches(')').trim();
    let tail = if tail.contains('(') && !tail.contains(')') { format!("{tail})") } else { tail.to_owned() };
    let head = if head.contains('(') && !head.contains(')') { format!("{head})") } else { head };
    match (head.is_empty(), tail.is_empty()) {
        (false, false) => format!("{head}\t{tail}"),
        (false, true) => head,
        _ => tail,
    }
}

/// Whether a text only says how long something was: "Until today 3 years and 5 months".
fn is_length(text: &str) -> bool {
    let folded = words::fold(text);
    let at = folded.find(|letter: char| letter.is_ascii_digit()).unwrap_or_default();
    let is_lead = |word: &str| {
        [DateWord::Present, DateWord::Until, DateWord::Lead].iter().any(|kind| words::is_date_word(*kind, word))
    };
    is_duration(&folded[at..]) && folded[..at].split(' ').all(|word| word.is_empty() || is_lead(word))
}

/// Whether a text ends with a legal form, whose full stop ends no sentence.
pub(super) fn ends_with_form(text: &str) -> bool {
    let last = text.rsplit([' ', ',']).next().unwrap_or_default();
    words::is_cue(Cue::LegalForm, &words::fold(last))
        || words::is_cue(Cue::LegalForm, &words::fold(&last.replace('.', "")))
        || last.chars().count() <= 4 && last.ends_with('.')
}
