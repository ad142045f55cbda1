//! What the page of a shortlist shows, as its address: the view of the search, and the time there is.

use crate::{
    error::ErrorCode,
    http::problem::Problem,
    query::FilterSet,
    search::{DEFAULT_MINUTES, DEFAULT_MINUTES_A_CANDIDATE, ShortlistBody},
    ui::view::{View, no_value, pairs_of},
};

/// The path of the page.
pub(super) const PATH: &str = "/shortlist";

/// The path of its tables.
pub(super) const TABLE_PATH: &str = "/shortlist.csv";

/// The name of the person who was marked as contacted just now, in an address.
pub(super) const WROTE: &str = "wrote";

/// What the page of a shortlist shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ShortlistView {
    pub(super) view: View,
    /// Time to spend, in minutes, where it is stated.
    minutes: Option<f64>,
    /// The same for one candidate.
    each: Option<f64>,
    /// Who was marked as contacted just now. No link keeps it.
    pub(super) wrote: Option<String>,
    /// Whether a table is of those who were picked, not of those who are proposed. No link keeps it.
    pub(super) is_of_picks: bool,
}

impl ShortlistView {
    /// The view of a query string.
    pub(super) fn of(query: &str) -> Result<Self, Problem> {
        let pairs = pairs_of(query.as_bytes());
        let of = |name: &str| pairs.iter().rfind(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
        let is_of_picks = match of("list") {
            "" | "proposed" => false,
            "picks" => true,
            other => return Err(wrong("list", other)),
        };
        Ok(Self {
            view: View::of_pairs(&pairs)?,
            minutes: minutes("minutes", of("minutes"))?,
            each: minutes("each", of("each"))?,
            wrote: Some(of(WROTE)).filter(|id| !id.is_empty()).map(str::to_owned),
            is_of_picks,
        })
    }

    /// Time to spend, in minutes.
    pub(super) fn minutes(&self) -> f64 {
        self.minutes.unwrap_or(DEFAULT_MINUTES)
    }

    /// The same for one candidate.
    pub(super) fn each(&self) -> f64 {
        self.each.unwrap_or(DEFAULT_MINUTES_A_CANDIDATE)
    }

    /// Whether anybody is looked for.
    pub(super) fn has_search(&self) -> bool {
        !self.view.query.trim().is_empty() || self.view.filters != FilterSet::default()
    }

    /// What stands in the address beside the view.
    pub(super) fn more(&self) -> Vec<(String, String)> {
        let stated = [("minutes", self.minutes), ("each", self.each)];
        stated.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_string()))).collect()
    }

    /// The address once somebody is marked as contacted.
    pub(super) fn url_after(&self, id: &str) -> String {
        let mut more = self.more();
        more.push((WROTE.to_owned(), id.to_owned()));
        self.view.url_with(PATH, &more)
    }

    /// The address of a table.
    pub(super) fn table_url(&self, is_of_picks: bool) -> String {
        let mut more = self.more();
        more.extend(is_of_picks.then(|| ("list".to_owned(), "picks".to_owned())));
        self.view.url_with(TABLE_PATH, &more)
    }

    /// What is asked of the search.
    pub(super) fn body(&self, recruiter: &str) -> ShortlistBody {
        ShortlistBody {
            query: Some(self.view.query.clone()),
            interpret: Some(self.view.is_read),
            filters: Some(self.view.filters.clone()),
            unknowns: Some(self.view.unknowns),
            minutes: Some(self.minutes()),
            minutes_per_candidate: Some(self.each()),
            recruiter: Some(recruiter.to_owned()),
            ..ShortlistBody::default()
        }
    }
}

fn minutes(name: &str, value: &str) -> Result<Option<f64>, Problem> {
    if value.is_empty() {
        return Ok(None);
    }
    value.replace(',', ".").parse().map(Some).map_err(|_| wrong(name, value))
}

fn wrong(name: &str, value: &str) -> Problem {
    Problem::new(ErrorCode::InvalidParameter, "the address has a wrong value").with_errors(vec![no_value(name, value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(of: &ShortlistView) -> String {
        of.view.url_with(PATH, &of.more())
    }

    #[test]
    fn an_address_and_its_view_are_the_same() {
        let stated = ShortlistView::of("q=rust&minutes=90&each=7,5&pick=a&skills.any=Go").unwrap();
        assert_eq!((stated.minutes(), stated.each()), (90.0, 7.5));
        assert_eq!(url(&stated), "/shortlist?q=rust&skills.any=Go&pick=a&minutes=90&each=7.5");
        assert_eq!(ShortlistView::of(url(&stated).split_once('?').unwrap().1).unwrap(), stated);
        assert_eq!(stated.table_url(true), "/shortlist.csv?q=rust&skills.any=Go&pick=a&minutes=90&each=7.5&list=picks");
        let after = ShortlistView::of(stated.url_after("gh-1").split_once('?').unwrap().1).unwrap();
        assert_eq!((after.wrote.as_deref(), url(&after)), (Some("gh-1"), url(&stated)));
        let plain = ShortlistView::of("").unwrap();
        assert_eq!((plain.minutes(), plain.each(), url(&plain).as_str()), (120.0, 15.0, "/shortlist"));
        assert!(!plain.has_search() && stated.has_search() && ShortlistView::of("remote=true").unwrap().has_search());
        assert!(!ShortlistView::of("pick=a&blind=1&q=+").unwrap().has_search());
    }

    #[test]
    fn wrong_values_are_told() {
        for (query, pointer) in [("minutes=much", "/minutes"), ("each=1h", "/each"), ("list=all", "/list")] {
            assert_eq!(ShortlistView::of(query).unwrap_err().errors()[0].pointer, pointer);
        }
    }
}
