//! Filters as parts that are told and switched on and off one by one.
//!
//! A value of a list is a part, and so is each fact (`near.place` and `near.km` go together).

use super::{
    language::Language,
    view::{View, filter_pairs},
    words,
};
use crate::query::{FilterField, FilterSet};

/// A part of the filters: names and values as an address has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FilterPart {
    pairs: Vec<(String, String)>,
}

impl FilterPart {
    /// The parts of filters, in their order.
    pub(super) fn all(filters: &FilterSet) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for pair in filter_pairs(filters) {
            let is_of_last = |part: &Self| part.fact().is_some_and(|fact| fact == field(&pair.0));
            match parts.last_mut().filter(|part| is_of_last(part)) {
                Some(part) => part.pairs.push(pair),
                None => parts.push(Self { pairs: vec![pair] }),
            }
        }
        parts
    }

    /// Whether an address has it already.
    pub(super) fn is_in(&self, filters: &FilterSet) -> bool {
        let known = filter_pairs(filters);
        self.pairs.iter().all(|pair| known.contains(pair))
    }

    /// Whether it is about a field of this name, with this value where values are told apart.
    pub(super) fn is_about(&self, name: &str, value: &str) -> bool {
        self.field() == name && (self.fact().is_some() || self.pairs.iter().any(|(_, known)| known == value))
    }

    /// The filters without it where they have it, else with it.
    pub(super) fn toggled(&self, filters: &FilterSet) -> FilterSet {
        // Of a fact there is one at a time.
        let is_replaced = |pair: &(String, String)| match self.fact() {
            Some(fact) => field(&pair.0) == fact,
            None => self.pairs.contains(pair),
        };
        let mut pairs: Vec<_> = filter_pairs(filters).into_iter().filter(|pair| !is_replaced(pair)).collect();
        if !self.is_in(filters) {
            pairs.extend(self.pairs.clone());
        }
        View::of_pairs(&pairs).map(|view| view.filters).unwrap_or_default()
    }

    /// What it asks for, in words.
    pub(super) fn told(&self, language: Language) -> String {
        let value = |(name, value): &(String, String)| match (self.fact(), member(name)) {
            (Some(_), member) => words::fact(member, value, language),
            (None, "none") => format!("{} {value}", language.text(["not", "non"])),
            (None, _) => value.clone(),
        };
        // A place before its circle.
        let (first, rest): (Vec<_>, Vec<_>) = self.pairs.iter().partition(|(name, _)| member(name) == "place");
        let values: Vec<String> = first.into_iter().chain(rest).map(value).collect();
        format!("{}: {}", words::filter(self.field(), language), values.join(" "))
    }

    fn field(&self) -> &str {
        self.pairs.first().map_or("", |(name, _)| field(name))
    }

    /// Whether it is no value of a list.
    pub(super) fn is_fact(&self) -> bool {
        self.fact().is_some()
    }

    /// The field, where it is a fact and no list of values.
    fn fact(&self) -> Option<&str> {
        Some(self.field()).filter(|field| FilterField::named(field).is_none())
    }
}

fn field(name: &str) -> &str {
    name.split_once('.').map_or(name, |(field, _)| field)
}

fn member(name: &str) -> &str {
    name.split_once('.').map_or("", |(_, member)| member)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(query: &str) -> FilterSet {
        View::of(query).unwrap().filters
    }

    #[test]
    fn parts_are_switched_on_and_off_one_by_one() {
        let proposed = FilterPart::all(&filters(
            "languages.all=German&languages.all=Italian&near.place=Milan,+IT&years.min=5&remote=true",
        ));
        let told: Vec<String> = proposed.iter().map(|part| part.told(Language::English)).collect();
        assert_eq!(
            told,
            ["Languages: German", "Languages: Italian", "Near: Milan, IT", "Remote: yes", "Experience: from 5 years"]
        );
        let mut on = filters("languages.none=French&years.min=2&years.max=9");
        for part in &proposed {
            assert!(!part.is_in(&on));
            on = part.toggled(&on);
            assert!(part.is_in(&on));
        }
        // Years are one fact: what was proposed stands for what was there.
        let expected = "languages.none=French&languages.all=German&languages.all=Italian&near.place=Milan,+IT&years.min=5&remote=true";
        assert_eq!(on, filters(expected));
        for part in &proposed {
            on = part.toggled(&on);
        }
        assert_eq!(on, filters("languages.none=French"));
    }

    #[test]
    fn a_place_and_its_circle_are_one_part() {
        let parts = FilterPart::all(&filters("near.place=Milan&near.km=20&skills.none=PHP"));
        let told: Vec<String> = parts.iter().map(|part| part.told(Language::Italian)).collect();
        assert_eq!(told, ["Vicino a: Milan entro 20 km", "Competenze: non PHP"]);
        assert!(parts[0].is_about("near", "anything") && !parts[1].is_about("skills", "Rust"));
        assert_eq!(parts[0].toggled(&filters("near.place=Milan&near.km=20")), FilterSet::default());
    }
}
