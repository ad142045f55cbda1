//! Counts of facets against the specification: each is the total that its selection gives.

use std::collections::BTreeSet;

use lodestone::{
    query::{
        Facet, FacetBody, FilterField, FilterSet, HitSet, Plan, Syntax, Unknowns, canonical_value,
        naive::{NaiveCandidate, Verdict, evaluate},
        parse,
    },
    search::{FacetCounts, Facets},
    text::Language,
};
use serde_json::{Value, json};

/// Every facet, with as many values as it shows.
pub(super) fn asked() -> Vec<FacetBody> {
    Facet::all().map(|facet| FacetBody { field: facet.name().to_owned(), limit: Some(200) }).collect()
}

/// What a search was asked, and whom its words hold for.
pub(super) struct Counted<'a> {
    /// The people with what the specification says of them.
    pub(super) people: Vec<(&'a NaiveCandidate, &'a Verdict)>,
    pub(super) filters: &'a Value,
    pub(super) hit_set: HitSet,
    pub(super) unknowns: Unknowns,
    pub(super) languages: &'a [Language],
}

impl Counted<'_> {
    pub(super) fn check(&self, facets: &Facets, told: &str) {
        for (facet, counts) in Facet::all().zip(&facets.fields) {
            assert_eq!(counts.field, facet.name());
            // The cohort keeps other populations out: without it, they are counted too.
            if facet != Facet::Values(FilterField::Cohorts) {
                self.check_facet(facet, counts, told);
            }
        }
    }

    fn check_facet(&self, facet: Facet, counts: &FacetCounts, told: &str) {
        let told = format!("{told}: {} {counts:?}", facet.name());
        assert_eq!(counts.hits, self.total(&self.with(facet, None)), "{told}");
        let mut shown = BTreeSet::new();
        for value in &counts.values {
            assert_eq!(value.count, self.total(&self.with(facet, Some(&value.value))), "{told}: {}", value.label);
            shown.insert(value.value.to_string().to_lowercase());
        }
        if let Facet::Values(field) = facet {
            let filters = self.with(facet, None);
            let hits = self.people.iter().filter(|(known, verdict)| self.is_hit(known, verdict, &filters));
            for own in hits.flat_map(|(known, _)| values(known, field)) {
                assert!(shown.contains(&json!(own).to_string().to_lowercase()), "{told}: {own}");
            }
        }
    }

    /// The filters of the request with one value of a facet selected in the place of its alternatives, or none.
    fn with(&self, facet: Facet, value: Option<&Value>) -> FilterSet {
        let mut filters = self.filters.clone();
        match facet {
            Facet::Values(_) => {
                if filters[facet.name()].is_null() {
                    filters[facet.name()] = json!({});
                }
                filters[facet.name()]["any"] = json!(value.into_iter().collect::<Vec<_>>());
            }
            _ => filters[facet.name()] = value.cloned().unwrap_or(Value::Null),
        }
        serde_json::from_value(filters).unwrap()
    }

    fn total(&self, filters: &FilterSet) -> usize {
        self.people.iter().filter(|(known, verdict)| self.is_hit(known, verdict, filters)).count()
    }

    fn is_hit(&self, known: &NaiveCandidate, verdict: &Verdict, filters: &FilterSet) -> bool {
        let everybody = Plan::compile(&parse("", Syntax::Boolean).unwrap().ast);
        let filters = evaluate(&everybody, &filters.validate().unwrap(), known, self.languages).filters;
        Verdict { filters, ..*verdict }.is_hit(self.hit_set, self.unknowns)
    }
}

fn values(known: &NaiveCandidate, field: FilterField) -> Vec<String> {
    if let FilterField::Countries | FilterField::Cities = field {
        let own = if field == FilterField::Cities { &known.city } else { &known.country };
        return own.clone().into_iter().collect();
    }
    let own = known.values.iter().filter(|(of, _)| *of == field);
    own.map(|(_, value)| canonical_value(field, value)).filter(|value| !value.is_empty()).collect()
}
