//! What a query asks for, against what a person wishes for.

use std::collections::HashSet;

use super::SearchRequest;
use crate::{
    engine::CandidateFacts,
    query::{Clause, Demand, Filter, FilterField, Matcher, Quantifier, Scope},
};

/// The words and places that a query asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AskedFor {
    /// The words that score, folded.
    words: HashSet<String>,
    /// Demanded cities, regions and countries, folded.
    places: HashSet<String>,
}

impl AskedFor {
    pub(super) fn of(request: &SearchRequest) -> Self {
        let words = request.plan.wishes.iter().map(|wish| wish.exact.clone()).collect();
        let mut places = HashSet::new();
        if let Some(demand) = &request.plan.demand {
            demanded_places(demand, &mut places);
        }
        for filter in &request.filters {
            if let Filter::Values { field: FilterField::Locations | FilterField::Countries, quantifier, values } =
                filter
                && *quantifier != Quantifier::None
            {
                places.extend(values.iter().cloned());
            }
        }
        Self { words, places }
    }

    /// How far what a person wishes fits, from 0 to 1: the share of the words of the nearest wished title that are asked
    /// for, times 0 where other places are wished than asked for. 1 where either side says nothing.
    pub(super) fn fit(&self, facts: &CandidateFacts) -> f64 {
        let title = |title: &String| {
            let words: Vec<&str> = title.split(' ').collect();
            words.iter().filter(|word| self.words.contains(**word)).count() as f64 / words.len() as f64
        };
        let titles = match (facts.wished_titles.as_slice(), self.words.is_empty()) {
            ([], _) | (_, true) => 1.0,
            (wished, false) => wished.iter().map(title).fold(0.0, f64::max),
        };
        let fits_place = facts.wished_places.is_empty()
            || self.places.is_empty()
            || facts.wished_places.iter().any(|place| self.places.contains(place));
        if fits_place { titles } else { 0.0 }
    }

    /// What a person wishes where it does not fit wholly, in words.
    pub(super) fn wished_elsewhere(&self, facts: &CandidateFacts) -> Option<String> {
        let wished = || facts.wished_titles.iter().chain(&facts.wished_places).cloned().collect::<Vec<_>>().join(", ");
        (self.fit(facts) < 1.0).then(wished)
    }
}

fn demanded_places(demand: &Demand, places: &mut HashSet<String>) {
    match demand {
        Demand::All(parts) | Demand::Any(parts) => parts.iter().for_each(|part| demanded_places(part, places)),
        Demand::Clause(Clause { scope: Scope::Location | Scope::Country, matcher: Matcher::Tokens(words), .. }) => {
            places.insert(words.join(" "));
        }
        Demand::Clause(_) | Demand::Not(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::SearchBody;

    fn fit(query: &str, filters: serde_json::Value, titles: &[&str], places: &[&str]) -> (f64, Option<String>) {
        let body: SearchBody = serde_json::from_value(serde_json::json!({"query": query, "filters": filters})).unwrap();
        let asked = AskedFor::of(&body.validate(jiff::Timestamp::UNIX_EPOCH).unwrap());
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let facts =
            CandidateFacts { wished_titles: owned(titles), wished_places: owned(places), ..CandidateFacts::default() };
        (asked.fit(&facts), asked.wished_elsewhere(&facts))
    }

    #[test]
    fn wishes_fit_by_words_of_titles_and_by_places() {
        let none = serde_json::json!({});
        assert_eq!(fit("rust engineer", none.clone(), &[], &[]).0, 1.0);
        assert_eq!(fit("rust engineer", none.clone(), &["nurse", "data engineer"], &[]).0, 0.5);
        assert_eq!(fit("rust", none.clone(), &["nurse"], &["rome"]), (0.0, Some("nurse, rome".to_owned())));
        assert_eq!(fit("rust location:Milano", none.clone(), &[], &["milano", "roma"]), (1.0, None));
        assert_eq!(fit("rust location:Milano", none.clone(), &[], &["roma"]).0, 0.0);
        assert_eq!(fit("rust -location:Milano", none.clone(), &[], &["roma"]).0, 1.0);
        assert_eq!(fit("rust", serde_json::json!({"countries": ["IT"]}), &[], &["de"]).0, 0.0);
        assert_eq!(fit("rust", serde_json::json!({"countries": ["IT"]}), &[], &["it"]).0, 1.0);
        assert_eq!(fit("", none, &["nurse"], &[]).0, 1.0);
    }
}
