//! A stored person as the specification sees one.

use std::collections::BTreeSet;

use lodestone::{
    activity::Openness,
    candidate::{
        Candidate, Entry, Grade, Month, TextValue, Timeline, candidate_concepts, occupation_of_title, skill_evidence,
        text_values,
    },
    engine::embedded::EngineSnapshot,
    places::{Coordinates, Gazetteer},
    query::{
        Fact, FilterField, canonical_value,
        naive::{NaiveCandidate, NaiveEntry},
    },
    taxonomy::Taxonomy,
};

/// What happened to one person: the type of the event and its distance from now in days.
pub(super) type Events = Vec<(&'static str, i64)>;

const OWN_ACTS: [&str; 8] = [
    "profileUpdated",
    "loggedIn",
    "openToWork",
    "notLooking",
    "applied",
    "outreachReplied",
    "outreachDeclined",
    "interviewed",
];

pub(super) fn specified(
    candidate: &Candidate,
    (snapshot, key): (&EngineSnapshot, u32),
    events: &Events,
    as_of: jiff::Timestamp,
) -> NaiveCandidate {
    let timeline = Timeline::of(&candidate.profile.positions);
    let values = text_values(candidate, &timeline);
    let texts: Vec<_> = values.iter().map(|value| (value.field, value.text.to_string())).collect();
    let language = snapshot.facts(key).unwrap().language;
    let evidence = skill_evidence(candidate, &timeline, &values, |_| true);
    let of = |field: FilterField| {
        let texts = texts.iter().filter(move |(text_field, _)| field.fields().contains(text_field));
        texts.filter_map(move |(_, text)| match field {
            FilterField::Occupations => {
                let occupation = occupation_of_title(text, language)?;
                Some((field, Taxonomy::built_in().concept(occupation)?.label.to_owned()))
            }
            _ => Some((field, text.clone())),
        })
    };
    let age = |kinds: &[&str]| {
        let days = events.iter().filter(|(kind, day)| kinds.contains(kind) && *day <= 0).map(|(_, day)| -day);
        days.min().map(|days| days * 86_400)
    };
    let ages = [
        (Fact::Active, age(&OWN_ACTS)),
        (Fact::Applied, age(&["applied"])),
        (Fact::Interviewed, age(&["interviewed"])),
        (Fact::Contacted, age(&["outreachSent"])),
        (Fact::Replied, age(&["outreachReplied"])),
    ];
    let openness = snapshot.activity(key).unwrap().openness(as_of.as_second());
    let month = Month::of_timestamp(as_of);
    NaiveCandidate {
        city: city(candidate),
        residence: residence(candidate),
        wished_places: candidate.availability.wished_places(),
        values: FilterField::ALL.into_iter().flat_map(of).collect(),
        country: candidate.profile.country_code.clone(),
        concepts: candidate_concepts(&values, &evidence, language)
            .iter()
            .filter(|held| held.is_sure)
            .map(|held| held.concept)
            .collect(),
        language,
        entries: entries(candidate, &timeline, &values, month),
        total_months: timeline.experience().map(|experience| experience.months_at(month)),
        open: match openness {
            Openness::Open(_) => Some(true),
            Openness::Closed => Some(false),
            Openness::Unknown => None,
        },
        remote: candidate.availability.open_to_work.as_ref().and_then(|open| open.remote),
        ages_seconds: ages.into_iter().filter_map(|(fact, age)| Some((fact, age?))).collect(),
        texts,
    }
}

/// The city as filters compare it: the gazetteer's label, else the words; none where the gazetteer knows it in other countries only.
fn city(candidate: &Candidate) -> Option<String> {
    let profile = &candidate.profile;
    if let Some(known) = profile.residence() {
        return Some(Gazetteer::built_in().label(known.place));
    }
    let city = profile.city.as_ref()?;
    let is_elsewhere = profile.country_code.is_some() && Gazetteer::built_in().resolve(city, None).is_some();
    (!is_elsewhere).then(|| canonical_value(FilterField::Cities, city))
}

fn residence(candidate: &Candidate) -> Option<Coordinates> {
    Some(Gazetteer::built_in().place(candidate.profile.residence()?.place)?.coordinates)
}

fn entries(candidate: &Candidate, timeline: &Timeline, values: &[TextValue<'_>], as_of: Month) -> Vec<NaiveEntry> {
    let profile = &candidate.profile;
    let texts = |entry: Entry| {
        let telling = values.iter().filter(move |value| value.entry == Some(entry));
        telling.map(|value| value.text.to_string()).collect()
    };
    let positions = (0..profile.positions.len()).map(|at| {
        let start = timeline.start_of(at);
        let end = timeline.end_of(at).flatten().unwrap_or(as_of);
        NaiveEntry {
            texts: texts(Entry::Position(at)),
            grade: start.map(|_| Grade::Used),
            // The first month of a position that has just begun is not over yet.
            months: start.map_or_else(BTreeSet::new, |start| (start.0..end.0).collect()),
            is_dated_position: start.is_some(),
        }
    });
    let projects = profile.projects.iter().enumerate().map(|(at, project)| NaiveEntry {
        texts: texts(Entry::Project(at)),
        grade: project.start.map(|_| if project.is_publication { Grade::Proven } else { Grade::Used }),
        ..NaiveEntry::default()
    });
    let certificates = (0..profile.certificates.len()).map(|at| NaiveEntry {
        texts: texts(Entry::Certificate(at)),
        grade: Some(Grade::Proven),
        ..NaiveEntry::default()
    });
    positions.chain(projects).chain(certificates).collect()
}
