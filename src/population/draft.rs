//! The whole record of one person: (key, index, instant) → candidate, events, truth.

use jiff::Timestamp;

use super::archetype::{Archetype, Language, irregular};
use super::calendar::{DAY, Month, before};
use super::career::Career;
use super::conduct::Conduct;
use super::extract::Extract;
use super::person::{Person, slug};
use super::prose::Prose;
use super::record::*;
use super::skills::{Knowledge, two_decimals};
use super::stream::{Part, Stream, StreamKey};
use super::{ESCO_OCCUPATION, Synthetic, World};

/// Names of the five languages, in the five languages.
const LANGUAGE_NAMES: [[&str; 5]; 5] = [
    ["English", "German", "Italian", "Spanish", "French"],
    ["Englisch", "Deutsch", "Italienisch", "Spanisch", "Französisch"],
    ["Inglese", "Tedesco", "Italiano", "Spagnolo", "Francese"],
    ["Inglés", "Alemán", "Italiano", "Español", "Francés"],
    ["Anglais", "Allemand", "Italien", "Espagnol", "Français"],
];
const NATIVE: [&str; 5] = ["Native", "Muttersprache", "Madrelingua", "Nativo", "Langue maternelle"];
const FLUENCY: [&str; 4] = ["A2", "B1", "B2", "C1"];

pub(super) fn person(key: StreamKey, index: u64, as_of: Timestamp, world: Option<World>) -> Synthetic {
    let person = Person::new(key, index, as_of, world);
    let career = Career::new(key, &person);
    let knowledge = Knowledge::new(key, &person, &career);
    let conduct = Conduct::new(key, (&person, &career), as_of, world);
    let truth = truth(&person, &career, &knowledge, &conduct);
    let mut stream = key.stream(Part::Prose, index);
    let mut prose = Prose::new(&person, &career, &knowledge, &mut stream);
    let mut profile = profile(&mut prose);
    let documents = documents(&mut prose, &mut profile);
    let Conduct { availability, events, acquired, .. } = conduct;
    let candidate = SyntheticCandidate {
        id: person.id(),
        profile,
        availability,
        documents,
        cohorts: person.layoff.iter().map(|layoff| layoff.label.clone()).collect(),
        source: source(index, acquired, &mut stream),
        consent: consent(acquired, as_of, &mut stream),
        tags: tags(&mut stream),
    };
    Synthetic { candidate, events, truth }
}

fn truth(person: &Person, career: &Career, knowledge: &Knowledge, conduct: &Conduct) -> Truth {
    let occupation = &Extract::get().occupations[person.occupation];
    let mut level: Vec<(&'static str, f64)> = knowledge.skills.iter().map(|skill| (skill.name, skill.level)).collect();
    level.sort_by(|a, b| a.0.cmp(b.0));
    Truth {
        id: person.id(),
        archetype: person.archetype,
        occupation: format!("{ESCO_OCCUPATION}{}", occupation.esco),
        isco: occupation.isco,
        language: person.language,
        level,
        seniority: career.latest().map_or("junior", |position| position.rung.name()),
        reply_probability: conduct.reply_probability,
        active: person.archetype.looking(),
        openness: two_decimals(person.openness),
    }
}

fn profile(prose: &mut Prose<'_>) -> Profile {
    let basics = basics(prose);
    let work = prose.work();
    let certificates = prose.certificates();
    let projects = prose.projects();
    let education = education(prose);
    let skills = skills(prose);
    let languages = languages(prose);
    let meta = Some(Meta { last_modified: prose.person.changed });
    Profile { basics, work, education, skills, languages, certificates, projects, meta }
}

fn basics(prose: &mut Prose<'_>) -> Basics {
    let label = prose.headline();
    let summary = prose.summary();
    let person = prose.person;
    let sparse = person.archetype == Archetype::HalfEmpty;
    let stream = &mut *prose.telling.stream;
    let location = (!sparse || stream.chance(0.4)).then_some(Location {
        city: person.place.city,
        country_code: person.place.country,
        latitude: person.place.latitude,
        longitude: person.place.longitude,
    });
    let handle = format!("{}.{}.{}", slug(person.first), slug(person.last), person.index);
    let email = stream.chance(0.6).then(|| format!("{handle}@example.org"));
    Basics {
        name: format!("{} {}", person.first, person.last),
        label,
        email,
        summary,
        location,
        profiles: network(handle, person.archetype, stream),
    }
}

/// Followers come from a long tail of their own; sellers work at theirs. Neither says anything about ability.
fn network(username: String, archetype: Archetype, stream: &mut Stream) -> Vec<NetworkProfile> {
    let tail = stream.unit();
    let reach = if archetype == Archetype::Seller { stream.between(5_000, 90_000) } else { 40 };
    let followers = reach + (tail * tail * tail * 4_000.0) as u32;
    let shown = archetype == Archetype::Seller || stream.chance(0.5);
    shown.then_some(NetworkProfile { network: "Worknet", username, followers }).into_iter().collect()
}

fn education(prose: &mut Prose<'_>) -> Vec<Education> {
    let extract = Extract::get();
    let (person, career) = (prose.person, prose.career);
    let stream = &mut *prose.telling.stream;
    if person.archetype == Archetype::HalfEmpty && stream.chance(0.7) {
        return Vec::new();
    }
    let family = extract.family_of(person.occupation);
    let shift = *stream.pick(&[0, 0, 0, 0, 1, 2]);
    let level = match shift {
        1 => family.schooling.saturating_sub(1).max(1),
        2 => (family.schooling + 1).min(5),
        _ => family.schooling,
    };
    let years = [2, 3, 3, 3, 5][level as usize - 1];
    let end = Month(career.began.0 - stream.between(0, 4) as i32);
    let style = super::calendar::DateStyle::Year;
    let dated = stream.chance(0.9);
    vec![Education {
        institution: extract.employers.school(level, person.language, person.place.city, stream),
        // A leaving certificate has no subject.
        area: (level > 1).then_some(family.area[person.language as usize]),
        study_type: extract.employers.degree(level, person.language, stream),
        start_date: dated.then(|| style.start(Month(end.0 - years * 12))),
        end_date: dated.then(|| style.end(end)),
    }]
}

/// The list of skills; a few entries gather others as keywords.
fn skills(prose: &mut Prose<'_>) -> Vec<SkillEntry> {
    let stream = &mut *prose.telling.stream;
    let mut entries: Vec<SkillEntry> = Vec::new();
    for skill in prose.knowledge.skills.iter().filter(|skill| skill.listed) {
        let gathered = entries.last_mut().filter(|_| skill.used && stream.chance(0.08));
        if let Some(last) = gathered {
            last.keywords.push(skill.name);
            continue;
        }
        let (some, tail) = (stream.chance(0.35), stream.unit());
        let endorsements = some.then_some((tail * tail * 99.0) as u32 + 1);
        entries.push(SkillEntry { name: skill.name, keywords: Vec::new(), endorsements });
    }
    entries
}

fn languages(prose: &mut Prose<'_>) -> Vec<Spoken> {
    let own = prose.person.language as usize;
    let stream = &mut *prose.telling.stream;
    if prose.person.archetype == Archetype::HalfEmpty || stream.chance(0.2) {
        return Vec::new();
    }
    let names = LANGUAGE_NAMES[own];
    let mut spoken = vec![Spoken { language: names[own], fluency: NATIVE[own] }];
    if own != Language::En as usize && stream.chance(0.8) {
        spoken.push(Spoken { language: names[Language::En as usize], fluency: FLUENCY[stream.below(FLUENCY.len())] });
    }
    if stream.chance(0.25) {
        let other = 1 + stream.below(4);
        if other != own {
            spoken.push(Spoken { language: names[other], fluency: FLUENCY[stream.below(FLUENCY.len())] });
        }
    }
    spoken
}

/// Some come with a CV; some of these have nothing but a name beside it.
fn documents(prose: &mut Prose<'_>, profile: &mut Profile) -> Vec<Document> {
    let attached = prose.telling.stream.chance(irregular::DOCUMENT);
    let alone = prose.telling.stream.chance(irregular::DOCUMENT_ONLY);
    if !attached || prose.person.archetype == Archetype::HalfEmpty {
        return Vec::new();
    }
    let text = curriculum(profile, &prose.headings());
    if alone {
        let name = std::mem::take(&mut profile.basics.name);
        *profile = Profile { basics: Basics { name, ..Basics::default() }, ..Profile::default() };
    }
    vec![Document { name: "cv.txt", media_type: "text/plain", text }]
}

fn curriculum(profile: &Profile, [work, education, skills]: &[String; 3]) -> String {
    let mut lines = vec![profile.basics.name.clone()];
    lines.extend(profile.basics.label.clone());
    lines.extend(profile.basics.location.as_ref().map(|location| location.city.to_owned()));
    lines.extend(profile.basics.summary.clone());
    lines.push(format!("\n{work}"));
    for position in &profile.work {
        let (start, end) = (position.start_date.as_deref(), position.end_date.as_deref());
        let dates = format!("{} - {}", start.unwrap_or(""), end.unwrap_or(""));
        lines.push(format!("{dates}  {}, {}", position.position, position.name));
        lines.extend(position.summary.clone());
        lines.extend(position.highlights.iter().map(|highlight| format!("- {highlight}")));
    }
    lines.push(format!("\n{education}"));
    for school in &profile.education {
        lines.push(format!("{} {}, {}", school.study_type, school.area.unwrap_or(""), school.institution));
    }
    lines.push(format!("\n{skills}"));
    let named =
        profile.skills.iter().flat_map(|skill| std::iter::once(skill.name).chain(skill.keywords.iter().copied()));
    lines.push(named.collect::<Vec<_>>().join(", "));
    lines.join("\n")
}

fn source(index: u64, acquired_at: Timestamp, stream: &mut Stream) -> Source {
    let system = *stream.pick(&["greenhouse", "lever", "ashby", "workable", "careersite", "import"]);
    Source { system, external_id: format!("{}", 100_000 + index), acquired_at }
}

fn consent(given_at: Timestamp, as_of: Timestamp, stream: &mut Stream) -> Consent {
    let basis = *stream.pick(&["legitimate_interest", "legitimate_interest", "consent"]);
    let limited = basis == "consent" && stream.chance(0.5);
    let expires_at = limited.then(|| before(as_of, -i64::from(stream.between(30, 700)) * DAY));
    Consent { basis, given_at, expires_at }
}

fn tags(stream: &mut Stream) -> Vec<&'static str> {
    let tagged = stream.chance(0.06);
    let tag = *stream.pick(&["silver medalist", "referral", "career fair", "alumni", "talent pool"]);
    tagged.then_some(tag).into_iter().collect()
}
