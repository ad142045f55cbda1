//! The filters, each value with the number of people that it would leave.
//!
//! Input: the counts of a search. Output: links that select and unselect values, and a few fields for places and ranges that belong to the
//! search box's form. Invariant: the number beside a value is the total of the search with that value alone of its facet; where none of
//! the facet is selected, that is what its link leads to. A second value of a facet is an alternative to the first.

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    query::{FilterField, Quantifier, Unknowns, canonical_value},
    search::{FacetCounts, FacetValue, SearchResponse},
    ui::{
        language::Language,
        pictures,
        view::{View, filter_pairs},
        words,
    },
};

/// The fields that this panel and the box show; what else a view has is sent along hidden.
pub(super) const FIELDS: [&str; 6] = ["q", "near.place", "near.km", "years.min", "years.max", "unknowns"];

/// Facets that are folded until somebody opens them.
const FOLDED: [&str; 5] = ["countries", "languages", "remote", "cohorts", "tags"];

struct Texts {
    title: &'static str,
    place: &'static str,
    km: &'static str,
    years: &'static str,
    from: &'static str,
    to: &'static str,
    unknowns: &'static str,
    apply: &'static str,
    clear: &'static str,
    add: &'static str,
    remove: &'static str,
    of_unknown: &'static str,
    yes: &'static str,
    no: &'static str,
    nothing: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Filters",
        place: "Place",
        km: "Within km",
        years: "Years of experience",
        from: "from",
        to: "to",
        unknowns: "Show people of whom it is unknown",
        apply: "Apply",
        clear: "Clear all filters",
        add: "Only",
        remove: "Remove the filter",
        of_unknown: "unknown",
        yes: "yes",
        no: "no",
        nothing: "No values",
    },
    Texts {
        title: "Filtri",
        place: "Luogo",
        km: "Entro km",
        years: "Anni di esperienza",
        from: "da",
        to: "a",
        unknowns: "Mostra anche chi non si sa",
        apply: "Applica",
        clear: "Togli tutti i filtri",
        add: "Solo",
        remove: "Togli il filtro",
        of_unknown: "ignoto",
        yes: "sì",
        no: "no",
        nothing: "Nessun valore",
    },
];

/// Whether a value of a facet leads anywhere.
fn tells_something(facet: &FacetCounts) -> bool {
    facet.values.iter().any(|value| value.count > 0 || value.is_selected)
}

/// The panel of filters.
pub(super) struct FilterPanel<'a> {
    pub(super) language: Language,
    pub(super) view: &'a View,
    /// The view as it was understood: what links change.
    pub(super) resolved: &'a View,
    pub(super) response: &'a SearchResponse,
}

impl FilterPanel<'_> {
    pub(super) fn html(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let has_filters = !filter_pairs(&self.resolved.filters).is_empty();
        let facets = self.response.facets.iter().flat_map(|facets| &facets.fields);
        html! {
            aside.filters aria-label=(texts.title) {
                details.panel open data-panel {
                    summary { (texts.title) }
                    @if has_filters {
                        p { a href=(self.resolved.with_filters(Default::default()).url("/")) { (texts.clear) } }
                    }
                    (self.fields())
                    @for facet in facets.filter(|facet| tells_something(facet)) { (self.facet(facet)) }
                }
            }
        }
    }

    /// Places and ranges: fields of the search box's form.
    fn fields(&self) -> Markup {
        let (texts, filters) = (self.language.of(&TEXTS), &self.view.filters);
        let years = filters.years.unwrap_or_default();
        let near = filters.near.as_ref();
        html! {
            fieldset.fields {
                legend.sr { (texts.title) }
                label { (texts.place)
                    input type="text" name="near.place" form="search" value=[near.map(|near| &near.place)] data-suggest="cities" autocomplete="off"; }
                label { (texts.km)
                    input type="number" name="near.km" form="search" min="1" max="20000" value=[near.and_then(|near| near.km)]
                        placeholder="50"; }
                span.range role="group" aria-label=(texts.years) {
                    label { (texts.years) " " (texts.from)
                        input type="number" name="years.min" form="search" min="0" max="70" step="any" value=[years.min]; }
                    label { (texts.to)
                        input type="number" name="years.max" form="search" min="0" max="70" step="any" value=[years.max]; }
                }
                label.check {
                    input type="checkbox" name="unknowns" value="include" form="search" checked[self.view.unknowns == Unknowns::Include];
                    " " (texts.unknowns)
                }
                button type="submit" form="search" { (texts.apply) }
            }
        }
    }

    fn facet(&self, facet: &FacetCounts) -> Markup {
        let texts = self.language.of(&TEXTS);
        let most = facet.values.iter().map(|value| value.count).max().unwrap_or(0).max(1);
        let is_open = !FOLDED.contains(&facet.field.as_str()) || facet.values.iter().any(|value| value.is_selected);
        html! {
            details.facet open[is_open] {
                summary { (words::filter(&facet.field, self.language)) }
                @if facet.values.is_empty() { p.quiet { (texts.nothing) } }
                ul {
                    @for value in &facet.values { (self.value(facet, value, value.count as f64 / most as f64)) }
                }
                @if facet.unknown > 0 { p.quiet { (texts.of_unknown) ": " (self.language.number(facet.unknown)) } }
            }
        }
    }

    fn value(&self, facet: &FacetCounts, value: &FacetValue, share: f64) -> Markup {
        let texts = self.language.of(&TEXTS);
        let label = match (&value.value, value.value["withinDays"].as_u64(), value.value["min"].as_f64()) {
            (Value::Bool(true), ..) => texts.yes.to_owned(),
            (Value::Bool(false), ..) => texts.no.to_owned(),
            (_, Some(days), _) => words::fact("withinDays", &days.to_string(), self.language),
            (_, _, Some(from)) => words::years(from, value.value["max"].as_f64(), self.language),
            _ => value.label.clone(),
        };
        let does = if value.is_selected { texts.remove } else { texts.add };
        html! {
            li {
                a href=(self.toggled(&facet.field, value).url("/")) aria-current=[value.is_selected.then_some("true")] {
                    span.sr { (does) " " } span.label dir="auto" { (label) }
                    " " span.count { (self.language.number(value.count)) }
                }
                (pictures::bar(share))
            }
        }
    }

    /// The view with a value selected alone beside its like, or no longer.
    fn toggled(&self, field: &str, value: &FacetValue) -> View {
        let mut filters = self.resolved.filters.clone();
        if let Some(field) = FilterField::named(field) {
            let text = value.value.as_str().unwrap_or(&value.label);
            let list = filters.selection_mut(field).get_or_insert_default().list_mut(Quantifier::Any);
            if value.is_selected {
                list.retain(|known| canonical_value(field, known) != canonical_value(field, text));
            } else {
                list.push(text.to_owned());
            }
            return self.resolved.with_filters(filters);
        }
        let mut members = serde_json::to_value(&filters).unwrap_or_default();
        if let Some(members) = members.as_object_mut() {
            let wanted = if value.is_selected { Value::Null } else { value.value.clone() };
            members.insert(field.to_owned(), wanted);
        }
        self.resolved.with_filters(serde_json::from_value(members).unwrap_or_default())
    }
}
