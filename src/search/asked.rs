//! What a query asks for, against what a person wishes for.

use std::collections::HashSet;

use super::SearchRequest;
use crate::{
    engine::CandidateFacts,
    places::Coordinates,
    query::{Circle, Clause, Demand, FactTest, Filter, FilterField, Matcher, Quantifier, Scope, Wanted},
};

/// The words and places that a query asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AskedFor {
    /// The words that score, folded.
    words: HashSet<String>,
    /// Demanded cities, regions and countries, folded.
    places: HashSet<String>,
    /// Demanded places on the map.
    circles: Vec<Circle>,
    /// From where distances count, where that is said apart: who is a hit and what they score does not hang on it.
    origin: Option<Circle>,
}

impl AskedFor {
    pub(super) fn of(request: &SearchRequest) -> Self {
        let words = request.plan.wishes.iter().map(|wish| wish.exact.clone()).collect();
        let mut asked = Self { words, ..Self::default() };
        if let Some(demand) = &request.plan.demand {
            asked.demand(demand);
        }
        request.filters.iter().for_each(|filter| asked.filter(filter));
        asked.origin = request.sort.circle;
        asked
    }

    fn demand(&mut self, demand: &Demand) {
        match demand {
            Demand::All(parts) | Demand::Any(parts) => parts.iter().for_each(|part| self.demand(part)),
            Demand::Clause(Clause {
                scope: Scope::Location | Scope::Country, matcher: Matcher::Tokens(words), ..
            }) => {
                self.places.insert(words.join(" "));
            }
            Demand::Clause(Clause {
                matcher: Matcher::Fact(FactTest { wanted: Wanted::Within(circle), .. }), ..
            }) => {
                self.circles.push(*circle);
            }
            Demand::Clause(_) | Demand::Not(_) => {}
        }
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::Values { quantifier: Quantifier::None, .. } => {}
            Filter::Values { field: FilterField::Locations | FilterField::Countries, values, .. } => {
                self.places.extend(values.iter().cloned());
            }
            Filter::Values { field: FilterField::Cities, values, .. } => {
                let circles = values.iter().filter_map(|city| Circle::around(city, None).ok());
                self.circles.extend(circles.map(|(circle, _)| circle));
            }
            Filter::Fact { test: FactTest { wanted: Wanted::Within(circle), .. }, is_negated: false } => {
                self.circles.push(*circle);
            }
            Filter::Values { .. } | Filter::Fact { .. } => {}
        }
    }

    /// Whether some place on the map is asked for.
    pub(super) fn has_place(&self) -> bool {
        self.origin.is_some() || !self.circles.is_empty()
    }

    /// How far a point is from where distances count, else from the nearest place that is asked for, in kilometres; `None`
    /// where none is.
    pub(super) fn distance_km(&self, point: Coordinates) -> Option<f64> {
        if let Some(origin) = self.origin {
            return Some(origin.distance_km(point));
        }
        self.circles.iter().map(|circle| circle.distance_km(point)).min_by(f64::total_cmp)
    }

    /// Whether somebody wishes to move to a place that is asked for; `None` where nothing is wished or asked for.
    pub(super) fn would_relocate(&self, facts: &CandidateFacts) -> Option<bool> {
        let is_told = !self.circles.is_empty() && !facts.wished_at.is_empty();
        is_told.then(|| self.admits(facts))
    }

    fn admits(&self, facts: &CandidateFacts) -> bool {
        facts.wished_at.iter().any(|place| self.circles.iter().any(|circle| circle.admits(place)))
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
        // Wished places that nobody knows lie nowhere on the map.
        let is_silent = facts.wished_places.is_empty() || (self.places.is_empty() && facts.wished_at.is_empty());
        let fits_place = is_silent
            || (self.places.is_empty() && self.circles.is_empty())
            || facts.wished_places.iter().any(|place| self.places.contains(place))
            || self.admits(facts);
        if fits_place { titles } else { 0.0 }
    }

    /// What a person wishes where it does not fit wholly, in words.
    pub(super) fn wished_elsewhere(&self, facts: &CandidateFacts) -> Option<String> {
        let wished = || facts.wished_titles.iter().chain(&facts.wished_places).cloned().collect::<Vec<_>>().join(", ");
        (self.fit(facts) < 1.0).then(wished)
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
