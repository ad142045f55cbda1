//! A part of the query in other words: what a chip's form sends.

use axum::{extract::RawQuery, response::Redirect};

use crate::{
    error::ErrorCode,
    http::problem::Problem,
    ui::view::{View, pairs_of},
};

/// `GET /refine`: the view, and `text` for what stands from `from` to `to` (code points of the query). Leads to the changed search.
pub(in crate::ui) async fn refine(RawQuery(query): RawQuery) -> Result<Redirect, Problem> {
    let query = query.unwrap_or_default();
    let pairs = pairs_of(query.as_bytes());
    let of = |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let wrong = || Problem::new(ErrorCode::InvalidParameter, "`from` and `to` name no part of the query");
    let view = View::of_pairs(&pairs)?;
    let (from, to) = (of("from").parse().map_err(|_| wrong())?, of("to").parse().map_err(|_| wrong())?);
    let changed = spliced(&view.query, (from, to), of("text").trim()).ok_or_else(wrong)?;
    Ok(Redirect::to(&view.with_query(&changed).url("/")))
}

/// A text with other letters in place of some; `None` where there are none such.
fn spliced(text: &str, (from, to): (usize, usize), other: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    if from > to || to > letters.len() {
        return None;
    }
    let (before, after): (String, String) = (letters[..from].iter().collect(), letters[to..].iter().collect());
    let joined = format!("{before}{other}{after}");
    // Nothing in its place leaves no two spaces.
    Some(if other.is_empty() { joined.split_whitespace().collect::<Vec<_>>().join(" ") } else { joined })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_put_in_place() {
        assert_eq!(spliced("café rust", (0, 4), "bar").as_deref(), Some("bar rust"));
        assert_eq!(spliced("a b c", (2, 3), "").as_deref(), Some("a c"));
        assert_eq!(spliced("a", (0, 2), "x"), None);
        assert_eq!(spliced("a", (1, 0), "x"), None);
    }
}
