//! Titles without the markers that say "of any gender", and headlines without all but their title.

use std::borrow::Cow;

/// Takes "(m/w/d)", "(f/m/x)", "H/F", "(all genders)" and kin out of a title, with the spaces and dashes that
/// held them. Endings of words (`Entwickler*in`, `Entwickler:in`, `impiegato/a`) stay: they carry the word.
/// Borrowed where nothing was found.
pub fn strip_gender_markers(title: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = title;
    let mut found = false;
    while let Some((start, end)) = next_marker(rest) {
        found = true;
        let before = rest[..start].trim_end();
        kept.push_str(before);
        rest = &rest[end..];
        let continues = rest.trim_start().chars().next();
        if continues.is_some_and(|letter| !matches!(letter, ',' | ';' | ')' | '.')) && !kept.is_empty() {
            kept.push(' ');
        }
        rest = rest.trim_start();
    }
    if !found {
        return Cow::Borrowed(title);
    }
    kept.push_str(rest);
    let trimmed = kept.trim().trim_end_matches(|letter: char| letter.is_whitespace() || is_dangling(letter));
    Cow::Owned(trimmed.to_owned())
}

/// What stands between the title of a headline and the rest, which is no title: skills, an employer, a motto.
const AFTER_A_TITLE: [&str; 15] = [
    "|",
    "•",
    "·",
    "@",
    ";",
    " - ",
    " – ",
    " — ",
    " at ",
    " bei ",
    " chez ",
    " presso ",
    " bij ",
    " hos ",
    " w firmie ",
];

/// The title that a headline begins with: "Pflegefachfrau bei Sonnenhof | Dialyse" is a "Pflegefachfrau".
pub fn title_of_headline(headline: &str) -> &str {
    let is_behind_text = |end: &usize| !headline[..*end].trim().is_empty();
    let end_at = |mark: &&str| headline.match_indices(*mark).map(|(end, _)| end).find(is_behind_text);
    let end = AFTER_A_TITLE.iter().filter_map(end_at).min();
    headline[..end.unwrap_or(headline.len())].trim()
}

/// What holds a marker at the end of a title, and holds nothing once it is gone.
fn is_dangling(letter: char) -> bool {
    matches!(letter, '-' | '–' | '—' | '|' | ',' | '/' | ':' | ';')
}

/// The byte range of the first marker: bracketed, or on its own between spaces.
fn next_marker(text: &str) -> Option<(usize, usize)> {
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        if let Some(close) = closing(letter)
            && let Some(length) = text[end..].find(close)
            && is_marker(&text[end..end + length], true)
        {
            return Some((at, end + length + close.len_utf8()));
        }
        let is_gap = |letter: char| letter.is_whitespace() || letter == ',';
        let word_ends = text[end..].chars().next().is_none_or(is_gap);
        if is_gap(letter) {
            start = end;
        } else if word_ends && is_marker(&text[start..end], false) {
            return Some((start, end));
        }
    }
    None
}

fn closing(letter: char) -> Option<char> {
    match letter {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        _ => None,
    }
}

/// Whether a text names genders and nothing else. Outside brackets only single letters between strokes count.
fn is_marker(text: &str, bracketed: bool) -> bool {
    let text = text.trim().to_lowercase();
    if bracketed
        && matches!(text.as_str(), "gn" | "gn*" | "all genders" | "all gender" | "alle geschlechter" | "mwd" | "wmd")
    {
        return true;
    }
    let separators: &[char] = if bracketed { &['/', '|', ',', '-', '.', '\\', ' '] } else { &['/', '|'] };
    let (mut genders, mut main) = (0, [false; 3]);
    for part in text.split(separators).map(str::trim).filter(|part| !part.is_empty()) {
        let letter = match part.trim_end_matches('*') {
            "male" | "männlich" | "homme" | "hombre" | "uomo" | "mann" if bracketed => "m",
            "female" | "weiblich" | "femme" | "mujer" | "donna" | "frau" if bracketed => "f",
            "divers" | "diverse" | "div" | "other" | "non-binary" if bracketed => "d",
            letter => letter,
        };
        match letter {
            "m" => main[0] = true,
            "h" | "k" => main[1] = true,
            "f" | "w" => main[2] = true,
            "d" | "x" | "i" | "n" | "v" | "gn" | "a" | "u" => {}
            "" if part == "*" => {}
            _ => return false,
        }
        genders += 1;
    }
    genders >= 2 && main.iter().filter(|named| **named).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_markers_in_five_languages() {
        for (title, stripped) in [
            ("Softwareentwickler (m/w/d)", "Softwareentwickler"),
            ("Softwareentwickler (w/m/d) Java", "Softwareentwickler Java"),
            ("Software Engineer (f/m/x)", "Software Engineer"),
            ("Nurse (M/F)", "Nurse"),
            ("Ingénieur (H/F)", "Ingénieur"),
            ("Ingénieur H/F", "Ingénieur"),
            ("Ingénieur H/F, Paris", "Ingénieur, Paris"),
            ("Programista (K/M)", "Programista"),
            ("Buchhalter - m/w/d", "Buchhalter"),
            ("Buchhalter [m|w|d]", "Buchhalter"),
            ("Buchhalter (m/w/divers) in Teilzeit", "Buchhalter in Teilzeit"),
            ("Koch (all genders)", "Koch"),
            ("Koch (m,w,d)", "Koch"),
            ("(m/w/d) Koch", "Koch"),
            ("Koch (m/w/*)", "Koch"),
        ] {
            assert_eq!(strip_gender_markers(title), stripped, "{title}");
        }
    }

    #[test]
    fn a_headline_begins_with_its_title() {
        for (headline, title) in [
            ("Pflegefachfrau bei Sonnenhof | Dialyse", "Pflegefachfrau"),
            ("Nurse", "Nurse"),
            ("Head of Sales - EMEA", "Head of Sales"),
            ("Software-Engineer @ Brixon", "Software-Engineer"),
            ("| CTO | Speaker", "| CTO"),
            ("Ingénieure chez Dalto", "Ingénieure"),
            (" - ", "-"),
            ("", ""),
        ] {
            assert_eq!(title_of_headline(headline), title, "{headline}");
        }
    }

    #[test]
    fn keeps_everything_else() {
        for title in [
            "C/C++ Developer",
            "Entwickler*in",
            "Entwickler:in",
            "Impiegato/a",
            "Engineer (R&D)",
            "Engineer (C/D)",
            "Manager (M)",
            "QA / Test",
            "I/O Engineer",
            "Director, M&A (Europe)",
            "",
            "(",
            "Pilot (",
        ] {
            assert!(matches!(strip_gender_markers(title), Cow::Borrowed(kept) if kept == title), "{title}");
        }
    }
}
