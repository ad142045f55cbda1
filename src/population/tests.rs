//! What must hold of a population as a whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;
use crate::activity::EventType;

fn people(count: u64) -> Vec<Synthetic> {
    let population = Population::new(7, count, DEFAULT_AS_OF);
    (0..count).map(|index| population.candidate(index)).collect()
}

fn bytes(seed: u64, count: u64) -> [Vec<u8>; 3] {
    let (mut candidates, mut events, mut truths) = (Vec::new(), Vec::new(), Vec::new());
    let population = Population::new(seed, count, DEFAULT_AS_OF);
    write(&population, &mut candidates, Some(&mut events), Some(&mut truths), &|_| {}).unwrap();
    [candidates, events, truths]
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// A change of these hashes is a change of every population: say so in the changelog, and raise [`VERSION`] where the
/// taxonomy's version, which is part of the seed's identity too, is as before.
#[test]
fn the_bytes_of_a_seed_are_frozen() {
    let hashes = bytes(42, 200).map(|bytes| blake3::hash(&bytes).to_hex().as_str()[..16].to_owned());
    assert_eq!(hashes, ["1c7f2b75682d6dca", "747c12a9f980fe09", "004c9387ed557519"]);
}

/// How many occupations were chosen by hand; they stand first.
pub(super) fn by_hand() -> usize {
    extract::lines(extract::OCCUPATIONS).count()
}

#[test]
fn about_a_fifth_has_an_occupation_that_was_not_chosen_by_hand() {
    let extract = extract::Extract::get();
    let chosen: BTreeSet<&str> = extract.occupations[..by_hand()].iter().map(|occupation| occupation.esco).collect();
    let others = people(6_000);
    let others = others.iter().filter_map(|person| person.truth.occupation.strip_prefix(ESCO_OCCUPATION));
    let drawn: Vec<&str> = others.filter(|occupation| !chosen.contains(occupation)).collect();
    let share = drawn.len() as f64 / 6_000.0;
    assert!((0.15..=0.25).contains(&share), "{share}");
    // No few of them stand for all.
    assert!(drawn.iter().collect::<BTreeSet<_>>().len() > drawn.len() / 2);
}

#[test]
fn about_a_third_of_the_open_say_where_they_would_work() {
    let (mut open, mut at_home, mut in_country, mut elsewhere) = (0.0, 0.0, 0.0, 0.0);
    for person in people(20_000) {
        let places = &extract::Extract::get().places[person.truth.language as usize];
        let Some(said) = person.candidate.availability.and_then(|availability| availability.open_to_work) else {
            continue;
        };
        open += 1.0;
        let Some(home) = person.candidate.profile.basics.location else { continue };
        for wished in said.locations {
            let country = places.iter().find(|place| place.city == wished).map(|place| place.country);
            *match country {
                _ if wished == home.city => &mut at_home,
                _ if wished == home.country_code => &mut in_country,
                country => {
                    assert_eq!(country, Some(home.country_code), "{wished}");
                    &mut elsewhere
                }
            } += 1.0;
        }
    }
    let said = at_home + in_country + elsewhere;
    assert!((0.27..0.38).contains(&(said / open)), "{said} of {open}");
    assert!(at_home > 0.6 * said && in_country > 0.0 && elsewhere > 0.0);
}

#[test]
fn another_seed_gives_other_people() {
    assert_ne!(bytes(1, 20), bytes(2, 20));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes(3, 700))
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn a_small_population_is_the_head_of_a_large_one() {
    let [small, _, _] = bytes(3, 300);
    let [large, _, _] = bytes(3, 700);
    assert!(large.starts_with(&small) && large.len() > small.len());
}

#[test]
fn progress_ends_at_the_count() {
    let seen = std::cell::Cell::new(0);
    let population = Population::new(1, 300, DEFAULT_AS_OF);
    write(&population, &mut std::io::sink(), None, None, &|done| seen.set(done)).unwrap();
    assert_eq!(seen.get(), 300);
}

#[test]
fn a_refused_write_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let refused = write(&Population::new(1, 3, DEFAULT_AS_OF), &mut Full, None, None, &|_| {});
    assert!(matches!(refused, Err(PopulationError::Write(_))));
}

#[test]
fn archetypes_and_languages_keep_their_shares() {
    let people = people(5_000);
    let share =
        |test: &dyn Fn(&Truth) -> bool| people.iter().filter(|person| test(&person.truth)).count() as f64 / 5_000.0;
    for (archetype, rate) in Archetype::RATES {
        let expected = f64::from(rate) / 1_000.0;
        let found = share(&|truth| truth.archetype == archetype);
        let tolerance = 4.0 * (expected * (1.0 - expected) / 5_000.0).sqrt();
        assert!((found - expected).abs() < tolerance, "{archetype:?}: {found} for {expected}");
    }
    for (language, percent) in archetype::LANGUAGES {
        // A whole block of layoffs speaks one language, so the tolerance is wider.
        let found = share(&|truth| truth.language == language) * 100.0;
        assert!((found - f64::from(percent)).abs() < 3.0, "{language:?}: {found} for {percent}");
    }
    let active = share(&|truth| truth.active);
    assert!((0.008..0.025).contains(&active), "{active}");
}

#[test]
fn vanity_says_nothing_about_ability() {
    let (mut followers, mut endorsements) = (Vec::new(), Vec::new());
    for person in people(5_000) {
        let truth: BTreeMap<&str, f64> = person.truth.level.iter().copied().collect();
        // What is practised at all: a boaster's empty claims are not ability.
        let practised: Vec<f64> = truth.values().copied().filter(|level| *level > 0.09).collect();
        let mean = practised.iter().sum::<f64>() / practised.len().max(1) as f64;
        let profile = &person.candidate.profile;
        followers.extend(profile.basics.profiles.iter().map(|profile| (f64::from(profile.followers), mean)));
        let listed =
            profile.skills.iter().filter_map(|skill| Some((f64::from(skill.endorsements?), truth[skill.name])));
        endorsements.extend(listed);
    }
    assert!(followers.len() > 2_000 && endorsements.len() > 5_000);
    assert!(correlation(&followers).abs() < 0.05, "{}", correlation(&followers));
    assert!(correlation(&endorsements).abs() < 0.05, "{}", correlation(&endorsements));
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (mean_x, mean_y) =
        (pairs.iter().map(|pair| pair.0).sum::<f64>() / count, pairs.iter().map(|pair| pair.1).sum::<f64>() / count);
    let moment = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mean_x, y - mean_y)).sum::<f64>();
    moment(&|x, y| x * y) / (moment(&|x, _| x * x) * moment(&|_, y| y * y)).sqrt()
}

#[test]
fn events_are_ordered_past_and_answers_follow_messages() {
    let mut kinds = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for person in people(3_000) {
        let mut sent = BTreeSet::new();
        for pair in person.events.windows(2) {
            assert!(pair[0].at <= pair[1].at);
        }
        for event in &person.events {
            assert!(event.at < DEFAULT_AS_OF && event.candidate_id == person.candidate.id);
            assert!(ids.insert(event.id.clone()), "{}", event.id);
            kinds.insert(event.kind);
            match event.kind {
                EventType::OutreachSent => assert!(sent.insert(event.thread.clone())),
                EventType::OutreachOpened | EventType::OutreachReplied | EventType::OutreachDeclined => {
                    assert!(sent.contains(&event.thread), "{event:?}")
                }
                _ => {}
            }
        }
    }
    assert_eq!(kinds.len(), 12, "{kinds:?}");
}

#[test]
fn laid_off_people_of_one_block_share_employer_month_and_cohort() {
    let people = people(archetype::COHORT_BLOCK);
    let laid_off: Vec<_> = people.iter().filter(|person| person.truth.archetype == Archetype::LaidOff).collect();
    assert!(laid_off.len() >= 5);
    let mut shared = BTreeSet::new();
    for person in &laid_off {
        assert!(person.events.iter().any(|event| event.kind == EventType::LaidOff));
        if let Some(last) = person.candidate.profile.work.first() {
            shared.insert((last.name.clone(), person.candidate.cohorts.clone()));
            assert!(last.end_date.is_some() || last.start_date.is_none(), "{last:?}");
        }
    }
    assert_eq!(shared.len(), 1, "{shared:?}");
}

#[test]
fn strong_people_know_more_and_active_people_answer_more() {
    let mean = |archetype, of: &dyn Fn(&Truth) -> f64| {
        let all: Vec<f64> = people(4_000)
            .iter()
            .filter(|person| person.truth.archetype == archetype)
            .map(|person| of(&person.truth))
            .collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    let best = |truth: &Truth| truth.level.iter().map(|level| level.1).fold(0.0, f64::max);
    assert!(mean(Archetype::Strong, &best) > mean(Archetype::Steady, &best) + 0.1);
    let reply = |truth: &Truth| truth.reply_probability;
    assert!(mean(Archetype::Active, &reply) > 5.0 * mean(Archetype::Seller, &reply));
}

/// The fixture behind "relevance first": people who write about dentistry without being of that trade.
#[test]
fn dentists_have_look_alikes_in_every_language() {
    let extract = extract::Extract::get();
    let practices = extract.employers.products[0].customers;
    let dentistry = extract.family("dentistry").unwrap();
    let (mut holders, mut look_alikes) = (BTreeSet::new(), BTreeSet::new());
    for index in 0..8_000 {
        let Synthetic { candidate, truth, .. } = Population::new(7, 0, DEFAULT_AS_OF).candidate(index);
        let occupation = truth.occupation.strip_prefix(ESCO_OCCUPATION).unwrap();
        let family = extract.occupations.iter().find(|known| known.esco == occupation).unwrap().family;
        let highlights = candidate.profile.work.iter().flat_map(|work| &work.highlights);
        let mentions = highlights.into_iter().any(|text| text.contains(practices[truth.language as usize]));
        if family == dentistry {
            assert!(!mentions, "{}", truth.id);
            holders.insert(truth.language);
        } else if mentions {
            look_alikes.insert(truth.language);
        }
    }
    assert_eq!((holders.len(), look_alikes.len()), (5, 5));
}

#[test]
fn candidates_have_the_shape_of_the_contract() {
    let [candidates, events, truths] = bytes(9, 2_000);
    let mut ids = BTreeSet::new();
    for candidate in lines(&candidates) {
        members(&candidate, &["id", "profile", "source", "consent"], &["availability", "documents", "cohorts", "tags"]);
        let id = candidate["id"].as_str().unwrap();
        assert!(id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte)));
        assert!(ids.insert(id.to_owned()));
        let sections = ["work", "education", "skills", "languages", "certificates", "projects", "meta"];
        members(&candidate["profile"], &["basics"], &sections);
        let basics = &candidate["profile"]["basics"];
        members(basics, &["name"], &["label", "email", "summary", "location", "profiles"]);
        for work in list(&candidate["profile"]["work"]) {
            members(work, &["name", "position", "industry"], &["startDate", "endDate", "summary", "highlights"]);
            check_dates(work);
        }
        for entry in list(&candidate["profile"]["education"]).iter().chain(list(&candidate["profile"]["projects"])) {
            check_dates(entry);
        }
        for skill in list(&candidate["profile"]["skills"]) {
            members(skill, &["name"], &["keywords", "endorsements"]);
        }
        check_outside_profile(&candidate);
    }
    for event in lines(&events) {
        members(&event, &["candidateId", "type", "at", "id"], &["by", "thread", "channel"]);
    }
    let told = [
        "id",
        "archetype",
        "occupation",
        "isco",
        "language",
        "level",
        "seniority",
        "replyProbability",
        "active",
        "openness",
    ];
    for truth in lines(&truths) {
        members(&truth, &told, &[]);
        assert!(
            truth["level"].as_object().unwrap().values().all(|level| (0.0..=1.0).contains(&level.as_f64().unwrap()))
        );
    }
}

fn check_outside_profile(candidate: &Value) {
    if let Some(availability) = candidate.get("availability") {
        members(availability, &["notLooking", "doNotContact"], &["openToWork"]);
        if let Some(open) = availability.get("openToWork") {
            members(open, &["since", "until", "titles", "remote"], &["locations"]);
        }
    }
    members(&candidate["source"], &["system", "externalId", "acquiredAt"], &[]);
    members(&candidate["consent"], &["basis", "givenAt", "expiresAt"], &[]);
    for document in candidate.get("documents").map(list).unwrap_or_default() {
        members(document, &["name", "mediaType", "text"], &[]);
    }
    let text = candidate.to_string();
    assert!(!text.contains("{t") && !text.contains("{T") && !text.contains("archetype"), "{text}");
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn members(value: &Value, required: &[&str], optional: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
    for name in required {
        assert!(object.contains_key(*name), "{name} is missing: {value}");
    }
    for name in object.keys() {
        assert!(required.contains(&name.as_str()) || optional.contains(&name.as_str()), "{name} is unknown");
    }
}

/// YYYY, YYYY-MM or YYYY-MM-DD, and no end before its start.
fn check_dates(entry: &Value) {
    let date = |name| entry.get(name).map(|date| date.as_str().unwrap().to_owned());
    for text in [date("startDate"), date("endDate")].into_iter().flatten() {
        let full = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.clone(),
        };
        assert!(full.parse::<jiff::civil::Date>().is_ok_and(|date| date.year() > 1970), "{text}");
        assert!(full.as_str() <= "2026-11-01", "{text}");
    }
    if let (Some(start), Some(end)) = (date("startDate"), date("endDate")) {
        assert!(start <= end, "{entry}");
    }
}

#[test]
fn full_profiles_have_a_believable_size() {
    let (mut words, mut skills, mut full) = (0, 0, 0);
    for person in people(3_000) {
        if person.truth.archetype.gone() || !person.candidate.documents.is_empty() {
            continue;
        }
        let profile = &person.candidate.profile;
        let texts = profile.basics.label.iter().chain(&profile.basics.summary).cloned();
        let work = profile.work.iter().flat_map(|work| {
            let own = [work.position.clone(), work.name.clone()];
            own.into_iter().chain(work.summary.clone()).chain(work.highlights.iter().cloned())
        });
        words += texts.chain(work).map(|text| text.split_whitespace().count()).sum::<usize>();
        skills += profile.skills.iter().map(|skill| 1 + skill.keywords.len()).sum::<usize>();
        full += 1;
    }
    let (words, skills) = (words as f64 / f64::from(full), skills as f64 / f64::from(full));
    assert!((140.0..190.0).contains(&words), "{words} words");
    assert!((6.0..15.0).contains(&skills), "{skills} skills");
}
