//! Random people, queries and filters.

use proptest::prelude::*;
use serde_json::{Value, json};

const WORDS: [&str; 15] = [
    "java",
    "developers",
    "developer",
    "development",
    "senior",
    "C++",
    "nurse",
    "machine",
    "learning",
    "münchen",
    "R&D",
    "node-js",
    "東京都",
    "Résumé",
    "Go",
];

const SCOPES: [&str; 19] = [
    "",
    "",
    "title:",
    "currentTitle:",
    "pastTitle:",
    "company:",
    "currentCompany:",
    "pastCompany:",
    "skill:",
    "school:",
    "degree:",
    "location:",
    "country:",
    "language:",
    "industry:",
    "summary:",
    "name:",
    "tag:",
    "source:",
];

const ODD: [&str; 24] = [
    "dev*",
    "developer*",
    "de*ers",
    "mün*",
    "ma*e",
    "country:de*",
    "language:g*",
    "country:IT",
    "language:German",
    "title:dev*er",
    "open:true",
    "open:false",
    "remote:true",
    "remote:false",
    "years:2..6",
    "years:<3",
    "years:>=30m",
    "years:0..1",
    "years:>=30",
    "active:<20d",
    "near:Milano~20km",
    "near:\"Monza, IT\"~5km",
    "near:Roma~400mi",
    "relocate:Turin",
];

const CODES: [&str; 2] = ["DE", "IT"];

/// Places that the gazetteer knows, one of them in two languages, and one that nobody knows.
const CITIES: [&str; 7] = ["Milano", "Mailand", "Monza", "Roma", "München", "Hamburg", "Nirgendwo"];

/// Where somebody wishes to move to.
const WISHED: [&str; 5] = ["Milan", "Torino", "IT", "Germany", "somewhere warm"];

/// Long enough that its language is told apart.
const ENGLISH: &str = "I have been building and running large systems with several teams over the last ten years.";
const GERMAN: &str = "Ich habe in den letzten zehn Jahren mit mehreren Teams große Systeme gebaut und betrieben.";

pub(super) fn words(at_most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..=at_most).prop_map(|words| words.join(" "))
}

fn maybe(at_most: usize) -> impl Strategy<Value = Option<String>> {
    prop::option::of(words(at_most))
}

fn dates() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    prop::option::of((1990..2025_i32, 1..13_i32, prop::option::of(0..40_i32))).prop_map(|dates| {
        let Some((year, month, length)) = dates else { return (None, None) };
        let told = |month: i32| format!("{}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
        let start = year * 12 + month - 1;
        (Some(told(start)), length.map(|length| told((start + length).min(2026 * 12))))
    })
}

fn position() -> impl Strategy<Value = Value> {
    (maybe(3), maybe(2), maybe(5), prop::collection::vec(words(4), 0..2), maybe(1), dates()).prop_map(
        |(title, company, summary, highlights, industry, (start, end))| {
            json!({"position": title, "name": company, "summary": summary, "highlights": highlights,
                   "industry": industry, "startDate": start, "endDate": end, "description": company})
        },
    )
}

fn project() -> impl Strategy<Value = Value> {
    (maybe(2), maybe(3), dates()).prop_map(
        |(name, description, (start, _))| json!({"name": name, "description": description, "startDate": start}),
    )
}

/// Somebody, without an id.
pub(super) fn person() -> impl Strategy<Value = Value> {
    let lists = (
        prop::collection::vec(words(2), 0..3),
        prop::collection::vec(position(), 0..4),
        prop::collection::vec(project(), 0..2),
        prop::collection::vec(words(2), 0..2),
        prop::collection::vec((maybe(2), maybe(2)), 0..2),
        prop::collection::vec(words(1), 0..2),
    );
    let city = prop::option::of(prop::sample::select(&CITIES[..]));
    let basics = (maybe(2), maybe(4), 0..3_usize, city, maybe(1));
    let facts = (
        prop::option::of(prop::sample::select(&CODES[..])),
        prop::collection::vec(prop::sample::select(&["German", "Italian"][..]), 0..2),
        (prop::option::of(any::<bool>()), prop::option::of(prop::sample::select(&WISHED[..]))),
        prop::option::weighted(0.2, words(6)),
        prop::option::weighted(0.3, prop::sample::select(&["java", "greenhouse"][..])),
    );
    (lists, basics, facts).prop_map(|(lists, basics, (country, languages, (open, wished), document, source))| {
        let (skills, work, projects, certificates, education, tags) = lists;
        let (label, more, language, city, name) = basics;
        let summary =
            [String::new(), format!("{ENGLISH} "), format!("{GERMAN} ")][language].clone() + &more.unwrap_or_default();
        let names = |texts: Vec<String>| texts.into_iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
        json!({
            "profile": {
                "basics": {"name": name, "label": label, "summary": summary,
                           "location": {"city": city, "countryCode": country}},
                "work": work, "projects": projects, "skills": names(skills), "certificates": names(certificates),
                "education": education.iter()
                    .map(|(school, degree)| json!({"institution": school, "studyType": degree})).collect::<Vec<_>>(),
                "languages": languages.iter().map(|language| json!({ "language": language })).collect::<Vec<_>>(),
            },
            "tags": tags,
            "documents": document.iter()
                .map(|text| json!({"name": "cv.txt", "mediaType": "text/plain", "text": text})).collect::<Vec<_>>(),
            "source": source.map(|system| json!({ "system": system })),
            "availability": match open {
                Some(true) => json!({"openToWork": {"remote": language == 0, "locations": wished.into_iter().collect::<Vec<_>>()}}),
                Some(false) => json!({"notLooking": true}),
                None => json!({}),
            },
        })
    })
}

fn leaf() -> impl Strategy<Value = String> {
    let scope = || prop::sample::select(&SCOPES[..]);
    let facts = prop::sample::select(&["active", "applied", "interviewed", "contacted", "replied"][..]);
    let ages = prop::sample::select(&["<20d", "<=2w", ">20d", ">=14d", "10d..20d", "true", "false"][..]);
    let months = prop::sample::select(&[">=1", "<1", "0..0", ">=20m", "1..3", "<=100"][..]);
    let grades = prop::sample::select(&[">=used", "<used", "=listed", ">=proven", "<listed", ">=listed"][..]);
    prop_oneof![
        5 => (scope(), words(1)).prop_map(|(scope, word)| format!("{scope}{word}")),
        3 => (scope(), words(3)).prop_map(|(scope, words)| format!("{scope}\"{words}\"")),
        2 => (scope(), words(3), 0..6_u32).prop_map(|(scope, words, others)| format!("{scope}\"{words}\"~{others}")),
        1 => (facts, ages).prop_map(|(fact, age)| format!("{fact}:{age}")),
        2 => prop::sample::select(&ODD[..]).prop_map(str::to_owned),
        1 => (words(2), months).prop_map(|(words, years)| format!("skillYears({words}):{years}")),
        1 => (words(2), grades).prop_map(|(words, grade)| format!("evidence({words}):{grade}")),
    ]
}

/// A query with every operator.
pub(super) fn query() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.join(" ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            inner.clone().prop_map(|part| format!("NOT ({part})")),
            inner.clone().prop_map(|part| format!("-({part})")),
            inner.clone().prop_map(|part| format!("+({part})^2")),
            inner.prop_map(|part| format!("-{part}")),
        ]
    })
}

fn event_filter() -> impl Strategy<Value = Option<(&'static str, Value)>> {
    let name = prop::sample::select(&["applied", "interviewed", "contacted", "replied"][..]);
    let window = prop_oneof![
        (1..30_u32).prop_map(|days| json!({ "withinDays": days })),
        (1..30_u32).prop_map(|days| json!({ "notWithinDays": days })),
        any::<bool>().prop_map(|ever| json!({ "ever": ever })),
    ];
    prop::option::weighted(0.3, (name, window))
}

/// Filters as a request has them.
pub(super) fn filters() -> impl Strategy<Value = Value> {
    let list = |values: &'static [&'static str]| {
        let quantifier = prop::sample::select(&["all", "any", "none"][..]);
        let values = prop::collection::vec(prop::sample::select(values), 1..3);
        prop::option::weighted(0.2, (quantifier, values).prop_map(|(how, values)| json!({ how: values })))
    };
    let years = prop::option::weighted(0.2, (0..5_u32).prop_map(|min| json!({"min": min, "max": min + 6})));
    let people = (list(&WORDS), list(&WORDS), list(&CODES), list(&["German", "Italian"]), years);
    let near = prop::option::weighted(0.2, prop::sample::select(&CITIES[..6]));
    let more = (list(&WORDS), list(&WORDS), list(&WORDS), list(&["java", "greenhouse"]), list(&CITIES), near);
    let people = (people, more);
    (people, prop::option::weighted(0.2, any::<bool>()), event_filter()).prop_map(
        |(((skills, titles, countries, languages, years), more), open, event)| {
            let (current, companies, industries, sources, cities, near) = more;
            let near = near.map(|place| json!({"place": place, "km": 120.5}));
            let mut set = json!({});
            for (name, value) in [
                ("skills", skills),
                ("titles", titles),
                ("countries", countries),
                ("languages", languages),
                ("currentTitles", current),
                ("companies", companies),
                ("industries", industries),
                ("sources", sources),
                ("cities", cities),
                ("near", near),
            ] {
                value.into_iter().for_each(|value| set[name] = value);
            }
            years.into_iter().for_each(|value| set["years"] = value);
            open.into_iter().for_each(|value| set["openToWork"] = json!(value));
            event.into_iter().for_each(|(name, value)| set[name] = value);
            set
        },
    )
}

/// Something that happened to the n-th of some people, so many days from now.
pub(super) fn event() -> impl Strategy<Value = (usize, &'static str, i64)> {
    let kinds = [
        "profileUpdated",
        "loggedIn",
        "openToWork",
        "notLooking",
        "applied",
        "outreachSent",
        "outreachOpened",
        "outreachReplied",
        "outreachDeclined",
        "interviewed",
        "hired",
        "laidOff",
    ];
    (0..20_usize, prop::sample::select(kinds.to_vec()), -30..10_i64)
}
