//! Tables of phrases: what they tell, a tab, then phrases between bars. Lines that begin with `#` are remarks.

/// The name of the row and the phrase of every entry of a table, as they are written.
pub(crate) fn named_phrases(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.flat_map(|(name, phrases)| phrases.split('|').map(move |phrase| (name, phrase)))
}
