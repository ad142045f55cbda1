//! Members → hits: the person from the store, where the query matches, and why.

use super::{
    Card, CardPlace, CardPosition, EvidenceItem, Hit, Matched, SearchError,
    explain::{Explained, relevant_evidence},
    matched::{MatchFinder, Person, Shown},
    retrieval::{Retrieval, Retrieved},
    scales::Member,
    scored_words::scoring,
    side_by_side::side_by_side,
};
use crate::{
    candidate::{
        Candidate, Month, PARTS, SkillEvidence, TextValue, Timeline, candidate_concepts, read_stored, skill_evidence,
        text_values,
    },
    engine::{
        CandidateFacts,
        embedded::keyword::{GroupScore, ScoredWord},
    },
    places::{Coordinates, Gazetteer},
    query::ambiguity,
    store::{Store, StoredCandidate},
    text::Language,
};

/// How far a split over fields may be from the score that it splits, per unit of score.
const SHARE_TOLERANCE: f64 = 1e-5;

/// Hits of a page from which on two threads read them.
const LEAST_DIVIDED: usize = 8;

/// What hydration works with.
pub(super) struct Hydration<'a> {
    pub(super) retrieval: &'a Retrieval<'a>,
    pub(super) retrieved: &'a Retrieved,
    pub(super) store: &'a Store,
    /// How many matches are shown.
    pub(super) shown: Shown,
}

impl Hydration<'_> {
    /// The hits of a page; candidates that were erased meanwhile are left out.
    pub(super) fn hits(&self, members: &[Member]) -> Result<Vec<Hit>, SearchError> {
        let keys: Vec<u32> = members.iter().map(|member| member.key).collect();
        let stored = self.store.get_by_keys(&keys)?;
        let words: Vec<ScoredWord> = self.retrieved.words.iter().map(|(word, _)| word.clone()).collect();
        let shares = if self.retrieval.request.explain && !words.is_empty() {
            self.retrieval.snapshot.keyword().explain(&words, &scoring(self.retrieval.ranking), &keys)?
        } else {
            vec![Vec::new(); keys.len()]
        };
        let finder = MatchFinder::of(&self.retrieval.request.plan, &self.retrieved.words, self.shown);
        let hydrated =
            |members: &[Member], stored: &[Option<StoredCandidate>], shares: &[Vec<GroupScore>]| -> Vec<Hit> {
                let all = members.iter().zip(stored).zip(shares);
                all.filter_map(|((member, stored), shares)| self.stored_hit(member, stored.as_ref()?, shares, &finder))
                    .collect()
            };
        if members.len() < LEAST_DIVIDED {
            return Ok(hydrated(members, &stored, &shares));
        }
        let half = members.len() / 2;
        let (mut hits, others) = side_by_side(
            || hydrated(&members[..half], &stored[..half], &shares[..half]),
            || hydrated(&members[half..], &stored[half..], &shares[half..]),
        );
        hits.extend(others);
        Ok(hits)
    }

    /// A hit of what is stored; `None`, and an entry in the log, where that cannot be read.
    fn stored_hit(
        &self,
        member: &Member,
        stored: &StoredCandidate,
        shares: &[GroupScore],
        finder: &MatchFinder<'_>,
    ) -> Option<Hit> {
        match read_stored(&stored.id, &stored.body) {
            Ok(candidate) => Some(self.hit(member, &candidate, shares, finder)),
            Err(error) => {
                tracing::error!(candidate.key = stored.key, %error, "a hit is left out");
                None
            }
        }
    }

    fn hit(&self, member: &Member, candidate: &Candidate, shares: &[GroupScore], finder: &MatchFinder<'_>) -> Hit {
        let score = self.retrieved.scales.score(member);
        let timeline = Timeline::of(&candidate.profile.positions);
        let facts = self.retrieval.snapshot.facts(member.key);
        let request = self.retrieval.request;
        let values = text_values(candidate, &timeline);
        let language = facts.and_then(|facts| facts.language);
        let place = Person { candidate, timeline: &timeline, values: &values, language, as_of: self.month() };
        let matched = if request.highlight { finder.find(&place) } else { Vec::new() };
        let explanation = request.explain.then(|| {
            let activity = self.retrieval.told_activity(member.key);
            // Only concepts ask for every skill: whoever has none of those that are asked for needs them not.
            let all_skills = (member.concept > 0.0).then(|| skill_evidence(candidate, &timeline, &values, |_| true));
            let explained = Explained {
                member,
                signals: self.retrieved.scales.signals(member),
                score,
                second_look: self.retrieved.scales.second_look,
                activity_weight: self.retrieved.scales.c,
                activity: activity.as_ref(),
                shares: adds_up(member, shares).then_some(shares),
                words: &self.retrieved.words,
                concept_reason: self.concept_reason((&values, language), all_skills.as_deref()),
            };
            explained.explain(self.evidence(candidate, &timeline, (&values, all_skills.as_deref())))
        });
        Hit {
            id: candidate.id().as_str().to_owned(),
            score: score.score,
            relevance: score.relevance,
            semantic_only: member.semantic_only,
            unknown: member.unknown,
            card: self.card(candidate, &timeline, facts.map(AsRef::as_ref)),
            matched: in_order(matched),
            explanation,
        }
    }

    /// Which concepts of the query the candidate has. `skills` are all of theirs; `None` where they have no such concept.
    fn concept_reason(
        &self,
        (values, language): (&[TextValue<'_>], Option<Language>),
        skills: Option<&[SkillEvidence]>,
    ) -> String {
        let held = skills.map(|skills| candidate_concepts(values, skills, language));
        self.retrieved.needs.reason(&held.unwrap_or_default(), values)
    }

    /// What supports the skills that the query names; `all` are those of the candidate, where they are known.
    fn evidence(
        &self,
        candidate: &Candidate,
        timeline: &Timeline,
        (values, all): (&[TextValue<'_>], Option<&[SkillEvidence]>),
    ) -> Vec<EvidenceItem> {
        if self.retrieved.words.is_empty() {
            return Vec::new();
        }
        let is_asked = |token: &str| {
            let words = &self.retrieved.words;
            words.iter().any(|(word, exact)| exact == token || word.forms.iter().any(|form| form == token))
        };
        let wanted: Vec<SkillEvidence> = match all {
            Some(all) => all.iter().filter(|skill| skill.tokens.iter().any(|token| is_asked(token))).cloned().collect(),
            None => skill_evidence(candidate, timeline, values, |tokens| tokens.exact_forms().any(is_asked)),
        };
        relevant_evidence(&wanted, self.month())
    }

    fn month(&self) -> Month {
        Month::of_timestamp(self.retrieval.request.as_of)
    }

    fn card(&self, candidate: &Candidate, timeline: &Timeline, facts: Option<&CandidateFacts>) -> Card {
        let distance_km = |coordinates| self.retrieval.asked.distance_km(coordinates);
        Card {
            remote: facts.and_then(|facts| facts.remote),
            would_relocate: facts.and_then(|facts| self.retrieval.asked.would_relocate(facts)),
            completeness: facts.map(|facts| f64::from(facts.completeness) / f64::from(PARTS)),
            language: facts.and_then(|facts| facts.language).map(|language: Language| language.code().to_owned()),
            ..Card::of(candidate, timeline, self.month(), distance_km)
        }
    }
}

impl Card {
    /// What the profile alone tells, in the month that counts as now; `distance_km` tells how far away coordinates are, where that
    /// is asked for.
    pub fn of(
        candidate: &Candidate,
        timeline: &Timeline,
        as_of: Month,
        distance_km: impl FnOnce(Coordinates) -> Option<f64>,
    ) -> Self {
        let profile = &candidate.profile;
        let current = timeline.current().map(|at| &profile.positions[at]);
        let months = timeline.experience().map(|experience| experience.months_at(as_of));
        Self {
            name: profile.name.clone(),
            headline: profile.headline.clone(),
            current: current.map(|position| CardPosition {
                title: position.title.clone(),
                company: position.company.clone(),
                since: position.start.map(|start| start.to_string()),
                parsed: profile.parsed.positions,
            }),
            city: profile.city.clone(),
            country_code: profile.country_code.clone(),
            place: place(candidate, distance_km),
            years: months.map(|months| (f64::from(months) / 12.0 * 10.0).round() / 10.0),
            ..Self::default()
        }
    }
}

fn place(candidate: &Candidate, distance_km: impl FnOnce(Coordinates) -> Option<f64>) -> Option<CardPlace> {
    let resolved = candidate.profile.residence()?;
    let gazetteer = Gazetteer::built_in();
    let distance = distance_km(gazetteer.place(resolved.place)?.coordinates);
    Some(CardPlace {
        name: gazetteer.label(resolved.place),
        distance_km: distance.map(|km| (km * 10.0).round() / 10.0),
        note: ambiguity(&resolved),
    })
}

fn adds_up(member: &Member, shares: &[GroupScore]) -> bool {
    let raw = f64::from(member.keyword);
    let sum: f64 = shares.iter().map(|share| f64::from(share.score)).sum();
    (raw - sum).abs() <= SHARE_TOLERANCE * raw.max(1.0)
}

fn in_order(mut matched: Vec<Matched>) -> Vec<Matched> {
    matched.sort_by_key(|matched| matched.clause);
    matched
}
