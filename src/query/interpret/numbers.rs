//! Numbers as recruiters write them: digits, and words up to twenty in English and Italian.

/// Number words; Italian `un` is also an article, so a unit must follow wherever it is read.
const WORDS: [(&str, f64); 41] = [
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("un", 1.0),
    ("uno", 1.0),
    ("due", 2.0),
    ("tre", 3.0),
    ("quattro", 4.0),
    ("cinque", 5.0),
    ("sei", 6.0),
    ("sette", 7.0),
    ("otto", 8.0),
    ("nove", 9.0),
    ("dieci", 10.0),
    ("undici", 11.0),
    ("dodici", 12.0),
    ("tredici", 13.0),
    ("quattordici", 14.0),
    ("quindici", 15.0),
    ("sedici", 16.0),
    ("diciassette", 17.0),
    ("diciotto", 18.0),
    ("diciannove", 19.0),
    ("venti", 20.0),
];

/// Units that are written directly behind a number: `5yrs`, `20km`.
const GLUED_UNITS: [&str; 7] = ["yrs", "yr", "years", "yoe", "anni", "km", "mi"];

/// The number that a folded token stands for, with or without a unit behind it.
pub(super) fn number(form: &str) -> Option<f64> {
    digits(form).or_else(|| WORDS.iter().find(|(word, _)| *word == form).map(|(_, number)| *number))
}

/// The unit directly behind the digits of a token.
pub(super) fn glued_unit(form: &str) -> Option<&str> {
    let unit = form.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (unit.len() < form.len() && GLUED_UNITS.contains(&unit)).then_some(unit)
}

fn digits(form: &str) -> Option<f64> {
    let bare = glued_unit(form).map_or(form, |unit| &form[..form.len() - unit.len()]);
    let is_plain = bare.len() <= 6 && bare.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    bare.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_words_and_glued_units() {
        let read = [("5", Some(5.0)), ("2.5", Some(2.5)), ("twenty", Some(20.0)), ("diciassette", Some(17.0))];
        let more =
            [("5yrs", Some(5.0)), ("20km", Some(20.0)), ("25enne", None), ("c", None), ("1e3", None), ("", None)];
        for (form, expected) in read.into_iter().chain(more) {
            assert_eq!(number(form), expected, "{form}");
        }
        assert_eq!(glued_unit("20km"), Some("km"));
        assert_eq!(glued_unit("km"), None);
    }
}
