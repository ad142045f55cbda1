//! What a page shows, as its address.
//!
//! Input: the query string of a URL. Output: a [`View`], and the URL of any other. Invariants: every state of the pages is a URL, and a URL
//! gives the same page to whoever opens it; names of filters are those of the API with dots (`years.min=5`, `skills.any=Rust`);
//! parameters that are no one's are ignored, wrong values of known ones are errors.

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::{
    error::{ErrorCode, FieldError},
    http::problem::Problem,
    query::{FilterField, FilterSet, Unknowns},
    search::{SearchBody, SortBody, SortBy},
};

/// People on a page.
pub(super) const PAGE_SIZE: usize = 20;

/// People that may be picked: their ids stand in the address.
pub(super) const MAX_PICKED: usize = 50;

/// The longest page number: further ones are never reached.
const MAX_PAGE: usize = 50;

/// Filters that are no lists of values.
const FACTS: [&str; 10] = [
    "years",
    "openToWork",
    "lastActive",
    "remote",
    "near",
    "relocate",
    "applied",
    "interviewed",
    "contacted",
    "replied",
];

/// What a page shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// What was typed.
    pub(super) query: String,
    /// Whether a plain sentence is read for filters; not once its parts are filters of the view.
    pub(super) is_read: bool,
    /// The filters.
    pub(super) filters: FilterSet,
    /// What becomes of those of whom a filter is unknown.
    pub(super) unknowns: Unknowns,
    /// The order.
    pub(super) sort: SortBy,
    /// The page, from 1.
    pub(super) page: usize,
    /// Whether names, and what tells them, are hidden.
    pub(super) is_blind: bool,
    /// Who was picked for the shortlist, in the order of picking.
    pub(super) picked: Vec<String>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            query: String::new(),
            is_read: true,
            filters: FilterSet::default(),
            unknowns: Unknowns::default(),
            sort: SortBy::default(),
            page: 1,
            is_blind: false,
            picked: Vec::new(),
        }
    }
}

impl View {
    /// The view of a query string.
    pub(super) fn of(query: &str) -> Result<Self, Problem> {
        Self::of_pairs(&pairs_of(query.as_bytes()))
    }

    /// The view of the fields of a form.
    pub(super) fn of_pairs(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let mut view = Self::default();
        let mut filters = Map::new();
        let mut errors = Vec::new();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let is_taken = if is_filter(name) { put_filter(&mut filters, name, value) } else { view.put(name, value) };
            if is_taken.is_none() {
                errors.push(no_value(name, value));
            }
        }
        match serde_json::from_value(Value::Object(filters)) {
            Ok(filters) if errors.is_empty() => Ok(Self { filters, ..view }),
            read => {
                let detail = read.err().map_or("the address has a wrong value".to_owned(), |error| error.to_string());
                Err(Problem::new(ErrorCode::InvalidParameter, detail).with_errors(errors))
            }
        }
    }

    /// Takes a parameter that is no filter; `None` where its value is none.
    fn put(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "q" => value.clone_into(&mut self.query),
            "as" => self.is_read = value != "typed",
            "unknowns" => self.unknowns = serde_json::from_value(json!(value)).ok()?,
            "sort" => self.sort = serde_json::from_value(json!(value)).ok()?,
            "page" => self.page = value.parse::<usize>().ok()?.clamp(1, MAX_PAGE),
            "blind" => self.is_blind = value == "1",
            "pick" => self.pick(value),
            _ => {}
        }
        Some(())
    }

    /// Picks a person, once.
    pub(super) fn pick(&mut self, id: &str) {
        if !self.picked.iter().any(|picked| picked == id) && self.picked.len() < MAX_PICKED {
            self.picked.push(id.to_owned());
        }
    }

    /// The view with a person picked, or no longer.
    pub(super) fn with_pick_toggled(&self, id: &str) -> Self {
        let mut view = self.clone();
        match view.picked.iter().position(|picked| picked == id) {
            Some(at) => drop(view.picked.remove(at)),
            None => view.pick(id),
        }
        view
    }

    /// The view with another query, from its first page.
    pub(super) fn with_query(&self, query: &str) -> Self {
        Self { query: query.to_owned(), page: 1, ..self.clone() }
    }

    /// The view with other filters, from its first page.
    pub(super) fn with_filters(&self, filters: FilterSet) -> Self {
        Self { filters, page: 1, ..self.clone() }
    }

    /// What is asked of a search, and how its query is read.
    pub(super) fn body(&self) -> SearchBody {
        let sort = match self.sort {
            SortBy::Name if self.is_blind => SortBy::Score,
            sort => sort,
        };
        SearchBody {
            query: Some(self.query.clone()),
            interpret: Some(self.is_read),
            filters: Some(self.filters.clone()),
            unknowns: Some(self.unknowns),
            sort: Some(SortBody { by: sort, order: None, from: None }),
            limit: Some(PAGE_SIZE),
            ..SearchBody::default()
        }
    }

    /// Names and values of everything that is not as in an empty view; of the page number nothing.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |is_there: bool, name: &str, value: &str| {
            if is_there {
                pairs.push((name.to_owned(), value.to_owned()));
            }
        };
        add(!self.query.is_empty(), "q", &self.query);
        add(!self.is_read, "as", "typed");
        add(self.unknowns == Unknowns::Include, "unknowns", "include");
        let sort = serde_json::to_value(self.sort).unwrap_or_default();
        add(self.sort != SortBy::Score, "sort", sort.as_str().unwrap_or_default());
        add(self.is_blind, "blind", "1");
        pairs.extend(filter_pairs(&self.filters));
        pairs.extend(self.picked.iter().map(|id| ("pick".to_owned(), id.clone())));
        pairs
    }

    /// The address of this view under a path.
    pub(super) fn url(&self, path: &str) -> String {
        self.url_with::<&str>(path, &[])
    }

    /// The same with further parameters.
    pub(super) fn url_with<T: AsRef<str>>(&self, path: &str, more: &[(T, T)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        query.extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// The names and values of a query string or a form.
pub(super) fn pairs_of(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// That a parameter has a value which it cannot have.
pub(super) fn no_value(name: &str, value: &str) -> FieldError {
    let message = format!("`{value}` is no value of `{name}`");
    FieldError { pointer: format!("/{name}"), code: "invalid_parameter", message }
}

/// The path of a candidate's page. Ids need no escapes.
pub(super) fn candidate_path(id: &str) -> String {
    format!("/candidates/{id}")
}

/// The filters as names and values.
pub(super) fn filter_pairs(filters: &FilterSet) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    flatten("", &serde_json::to_value(filters).unwrap_or_default(), &mut pairs);
    pairs
}

/// Fields that a form sends along without showing them: all but those of its own.
pub(super) fn hidden_fields(pairs: &[(String, String)], own: &[&str]) -> Markup {
    html! {
        @for (name, value) in pairs.iter().filter(|(name, _)| !own.contains(&name.as_str())) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                flatten(&name, value, pairs);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| flatten(name, item, pairs)),
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        // Five years, not 5.0.
        Value::Number(number) => pairs.push((name.to_owned(), number.as_f64().unwrap_or_default().to_string())),
        Value::Bool(is) => pairs.push((name.to_owned(), is.to_string())),
    }
}

fn is_filter(name: &str) -> bool {
    let field = name.split('.').next().unwrap_or_default();
    FilterField::named(field).is_some() || FACTS.contains(&field)
}

/// Puts one value where the wire form of filters has it; `None` where it is of another kind.
fn put_filter(filters: &mut Map<String, Value>, name: &str, value: &str) -> Option<()> {
    let (field, member) = name.split_once('.').unwrap_or((name, ""));
    let value = value.trim();
    if FilterField::named(field).is_some() {
        let list = if member.is_empty() { "any" } else { member };
        let selection = filters.entry(field).or_insert_with(|| json!({}));
        let list = selection.as_object_mut()?.entry(list).or_insert_with(|| json!([]));
        list.as_array_mut()?.push(json!(value));
        return Some(());
    }
    let read = match member {
        "place" => json!(value),
        "" | "ever" => json!(value.parse::<bool>().ok()?),
        "km" | "min" | "max" => json!(value.replace(',', ".").parse::<f64>().ok()?),
        _ => json!(value.parse::<u32>().ok()?),
    };
    if member.is_empty() {
        filters.insert(field.to_owned(), read);
    } else {
        filters.entry(field).or_insert_with(|| json!({})).as_object_mut()?.insert(member.to_owned(), read);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_view_are_the_same() {
        let url = "q=rust+engineer&as=typed&unknowns=include&sort=lastActive&blind=1&skills.any=C%2B%2B&skills.any=Rust\
                   &skills.none=PHP&near.place=Milano&near.km=50&years.min=5&openToWork=true&lastActive.withinDays=30\
                   &contacted.notWithinDays=90&pick=gh-1&pick=gh-2&page=3";
        let view = View::of(url).unwrap();
        assert_eq!(view.filters.skills.as_ref().unwrap().any, ["C++", "Rust"]);
        assert_eq!((view.filters.years.unwrap().min, view.page, view.picked.len()), (Some(5.0), 3, 2));
        assert_eq!(View::of(view.url("/").split_once('?').unwrap().1).unwrap(), view);
        assert!(view.url("/").contains("near.km=50&") && view.url("/").contains("years.min=5&"), "{}", view.url("/"));
        assert_eq!(View::default().url("/"), "/");
        assert_eq!(View::of("").unwrap(), View::default());
    }

    #[test]
    fn wrong_values_are_told_and_foreign_names_are_not() {
        let problem = View::of("years.min=many&openToWork=perhaps&sort=luck").unwrap_err();
        let pointers: Vec<&str> = problem.errors().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/years.min", "/openToWork", "/sort"]);
        assert!(View::of("near.km=5").is_err(), "a radius without a place");
        assert!(View::of("skills.some=x").is_err());
        assert_eq!(View::of("utm_source=x&page=0&years.min=").unwrap(), View::default());
        let others = "job=x&title=x&must=x&nice=&minutes=x&each=x&list=x&wrote=x";
        assert_eq!(View::of(others).unwrap(), View::default(), "what other pages have beside the view");
        assert_eq!(View::of("page=999999").unwrap().page, MAX_PAGE);
    }

    #[test]
    fn picks_are_distinct_and_bounded() {
        let many: String = (0..80).map(|number| format!("&pick=p{}", number % 70)).collect();
        assert_eq!(View::of(&many).unwrap().picked.len(), MAX_PICKED);
        let view = View::of("pick=a&pick=b").unwrap();
        assert_eq!(view.with_pick_toggled("a").picked, ["b"]);
        assert_eq!(view.with_pick_toggled("c").picked, ["a", "b", "c"]);
    }
}
