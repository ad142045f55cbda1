//! `near:` and `relocate:`: how they are read, printed and refused.

use super::*;
use crate::query::{FilterSet, NearFilter};

/// A query, its demand as it is printed, and the codes of its warnings.
const CASES: [(&str, &str, &[&str]); 14] = [
    ("near:Milano", "near:\"Milan, IT\"~50km", &[]),
    ("near:\"Mailand\"~20km", "near:\"Milan, IT\"~20km", &[]),
    ("near:米兰~2.5km", "near:\"Milan, IT\"~2.5km", &[]),
    ("near:Milano~10mi", "near:\"Milan, IT\"~16.093km", &[]),
    ("near:“Milano”~20km", "near:\"Milan, IT\"~20km", &["smart_quotes"]),
    ("NEAR:Milano", "near:\"Milan, IT\"~50km", &["field_case"]),
    ("near: Milano", "near:\"Milan, IT\"~50km", &["space_after_field"]),
    ("near:Milano,", "near:\"Milan, IT\"~50km", &[]),
    ("near:Milano~far", "near:\"Milan, IT\"~50km", &["invalid_value"]),
    ("near:Milano~30000km", "near:\"Milan, IT\"~50km", &["invalid_value"]),
    ("near:Milano~20km^2", "near:\"Milan, IT\"~20km", &["invalid_value"]),
    ("relocate:\"Milan, IT\"", "relocate:\"Milan, IT\"~50km", &[]),
    ("near:\"Milan, IT\"~0km", "near:\"Milan, IT\"~0km", &[]),
    ("-near:Milano", "(not near:\"Milan, IT\"~50km)", &[]),
];

#[test]
fn circles_are_facts_and_print_as_they_are_read() {
    for (query, demand, warnings) in CASES {
        let read = plan(query);
        assert_eq!(sketch_demand(read.demand.as_ref().unwrap()), demand, "{query}");
        assert_eq!(codes(query), warnings, "{query}");
        assert!(read.wishes.is_empty() && read.embedded_text.is_empty(), "{query}");
        let printed = parse(query, Syntax::Boolean).unwrap().ast.to_string();
        assert_eq!(sketch(&plan(&printed)), sketch(&read), "{query}: {printed}");
        assert_eq!(codes(&printed), [""; 0], "{printed}");
    }
}

#[test]
fn what_is_no_place_is_words() {
    for (query, expected, warnings) in [
        ("near:Neverland nurse", " | neverland nurse | Wished", &["unknown_place"][..]),
        ("near:\"Neverland\"~5km", " | neverland | Wished", &["unknown_place"]),
        ("near:(Milano OR Roma)", "(or milano roma) | +milano +roma | Demanded", &["invalid_value"]),
        ("near:", " | near | Wished", &[]),
        ("near: ", " | near | Wished", &[]),
        ("near Milano", " | near milano | Wished", &[]),
    ] {
        assert_eq!(sketch(&plan(query)), expected, "{query}");
        assert_eq!(codes(query), warnings, "{query}");
    }
}

#[test]
fn a_name_of_several_places_is_said() {
    let parsed = parse("near:Boston", Syntax::Boolean).unwrap();
    let [warning] = parsed.warnings.as_slice() else { panic!("{:?}", parsed.warnings) };
    assert_eq!((warning.code.as_str(), warning.assumed.as_str()), ("ambiguous_place", "Boston, US"));
    assert_eq!((warning.span.start, warning.span.end), (5, 11));
    assert_eq!(codes("near:\"Boston, US\""), [""; 0]);
}

#[test]
fn filters_name_places_too() {
    let near =
        |place: &str, km| FilterSet { near: Some(NearFilter { place: place.to_owned(), km }), ..FilterSet::default() };
    let read = |set: FilterSet| set.validate().map(|filters| filters[0].to_string());
    assert_eq!(read(near("Mailand", None)).unwrap(), "near:\"Milan, IT\"~50km");
    assert_eq!(read(near("Milano", Some(5.5))).unwrap(), "near:\"Milan, IT\"~5.5km");
    let refused = |set: FilterSet| read(set).unwrap_err().remove(0);
    let error = refused(near("Neverland", None));
    assert_eq!((error.pointer.as_str(), error.code), ("/filters/near/place", "unknown_place"));
    for km in [-1.0, 20_001.0, f64::NAN] {
        let error = refused(near("Milano", Some(km)));
        assert_eq!((error.pointer.as_str(), error.code), ("/filters/near/km", "out_of_range"));
    }
}
