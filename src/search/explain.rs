//! The scored data in words.

use std::collections::BTreeMap;

use super::{
    ActivityComponent, ActivityExplanation, EvidenceItem, Explanation, FieldShare, SignalExplanation,
    response::VectorStrategies, retrieval::Retrieved, scales::Member,
};
use crate::{
    activity::{ComponentKind, ComponentReason},
    candidate::{Grade, Month, SkillEvidence},
    engine::embedded::keyword::GroupScore,
    rank::{RelevanceSignals, Score, SecondLook, SignalValue},
};

/// Skills shown as evidence.
const MAX_EVIDENCE: usize = 12;

/// What one hit's explanation is made of.
pub(super) struct Explained<'a> {
    pub(super) member: &'a Member,
    pub(super) signals: RelevanceSignals,
    pub(super) score: Score,
    /// How a second look moved those whom it compared.
    pub(super) second_look: Option<SecondLook>,
    /// `c` of the bound.
    pub(super) activity_weight: f64,
    pub(super) activity: Option<&'a ToldActivity>,
    /// Which word scored where; `None` where the index has moved on since the page's window was fixed.
    pub(super) shares: Option<&'a [GroupScore]>,
    pub(super) words: &'a [(crate::engine::embedded::keyword::ScoredWord, String)],
    /// Which concepts of the query the candidate has, in words.
    pub(super) concept_reason: String,
}

/// Activity in words.
pub(super) struct ToldActivity {
    /// The signal, 0 to 1.
    pub(super) activity: f64,
    pub(super) components: Vec<ComponentReason>,
    /// When the person did something last, in Unix seconds.
    pub(super) last_active: Option<i64>,
}

impl Explained<'_> {
    /// The explanation, with the evidence of the skills that the query names.
    pub(super) fn explain(&self, evidence: Vec<EvidenceItem>) -> Explanation {
        let mut signals = Vec::new();
        signals.extend(self.keyword());
        signals.extend(self.concept());
        signals.extend(self.semantic());
        signals.extend(self.reranker());
        signals.push(self.activity());
        let mut notes = Vec::new();
        if self.member.semantic_only {
            notes.push("no word of the query matches, nor an occupation or skill: found by meaning alone".to_owned());
        }
        if self.member.unknown {
            notes.push("a demand or filter is unknown for this candidate".to_owned());
        }
        if signals.len() == 1 {
            notes.push("nothing in the query ranks: relevance is 1, activity and id decide".to_owned());
        }
        if self.shares.is_none() {
            notes.push("the index has moved on since the first page: the split over fields is not shown".to_owned());
        }
        Explanation { signals, evidence, activity: self.activity_details(), notes }
    }

    fn keyword(&self) -> Option<SignalExplanation> {
        let signal = self.signals.keyword?;
        let fields: Vec<FieldShare> = self
            .shares
            .unwrap_or_default()
            .iter()
            .map(|share| FieldShare {
                word: self.words.get(share.word).map(|(_, word)| word.clone()).unwrap_or_default(),
                group: share.group.name().to_owned(),
                raw: share.score.into(),
            })
            .collect();
        let reason = self.keyword_reason(&fields, signal.raw);
        Some(SignalExplanation { fields, ..of_signal("keyword", signal, self.score.keyword, reason) })
    }

    fn keyword_reason(&self, fields: &[FieldShare], raw: f64) -> String {
        let asked = self.words.len();
        if raw == 0.0 {
            return format!("none of the {asked} words of the query stands in the profile");
        }
        let mut by_group: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for field in fields {
            by_group.entry(&field.group).or_default().push(&field.word);
        }
        let places: Vec<String> =
            by_group.iter().map(|(group, words)| format!("{} in {group}", words.join(", "))).collect();
        match places.is_empty() {
            true => "words of the query stand in the profile".to_owned(),
            false => format!("{} of {asked} words: {}", fields.len(), places.join("; ")),
        }
    }

    fn concept(&self) -> Option<SignalExplanation> {
        let signal = self.signals.concept?;
        Some(of_signal("concept", signal, self.score.concept, self.concept_reason.clone()))
    }

    fn semantic(&self) -> Option<SignalExplanation> {
        let signal = self.signals.semantic?;
        let (role, skills) = (self.member.role, self.member.skills);
        let part = |name: &str, cosine: Option<f32>| match cosine {
            Some(cosine) => format!("{name} {cosine:.2}"),
            None => format!("{name} not stated"),
        };
        let is_unknown = role.is_none() && skills.is_none();
        let reason = if is_unknown {
            "neither titles nor skills to compare: the population's median stands in".to_owned()
        } else {
            format!("cosine with the query: {}, {}", part("titles", role), part("skills", skills))
        };
        Some(SignalExplanation { unknown: is_unknown, ..of_signal("semantic", signal, self.score.semantic, reason) })
    }

    /// Its contribution is a movement, and may be negative.
    fn reranker(&self) -> Option<SignalExplanation> {
        let (look, cosine) = self.second_look.zip(self.member.reranker)?;
        let (least, greatest) = look.cosine;
        let reason = format!(
            "compared once more: cosine {cosine:.3}, where the others compared have {least:.3} to {greatest:.3}"
        );
        let signal = SignalValue::new(cosine.into(), look.normalise(cosine));
        Some(of_signal("reranker", signal, (look.weight, self.score.reranker), reason))
    }

    fn activity(&self) -> SignalExplanation {
        let components = self.activity.map_or(&[][..], |told| told.components.as_slice());
        // Without a weight it was not asked for when the window was ranked.
        let told = self.activity.filter(|_| self.activity_weight == 0.0);
        let value = told.map_or(self.member.activity, |told| told.activity);
        SignalExplanation {
            name: "activity".to_owned(),
            raw: value,
            normalised: value,
            weight: self.activity_weight,
            contribution: self.score.activity,
            unknown: components.iter().all(|told| told.component.is_unknown),
            reason: activity_reason(components),
            fields: Vec::new(),
        }
    }

    fn activity_details(&self) -> ActivityExplanation {
        let components = self.activity.map_or(&[][..], |told| told.components.as_slice()).iter();
        let component = |told: &ComponentReason| ActivityComponent {
            name: told.kind.name().to_owned(),
            value: told.component.value,
            weight: told.weight,
            unknown: told.component.is_unknown,
            reason: told.reason.clone(),
        };
        let last = self.activity.and_then(|told| told.last_active);
        ActivityExplanation {
            components: components.map(component).collect(),
            last_active: last.and_then(|at| jiff::Timestamp::from_second(at).ok()).map(|at| at.to_string()),
        }
    }
}

/// A relevance signal with its weight and contribution.
fn of_signal(name: &str, signal: SignalValue, (weight, contribution): (f64, f64), reason: String) -> SignalExplanation {
    SignalExplanation {
        name: name.to_owned(),
        raw: signal.raw,
        normalised: signal.normalised,
        weight,
        contribution,
        unknown: false,
        reason,
        fields: Vec::new(),
    }
}

/// What moved the activity most, in words: recency and openness always, the others where they are known and tell.
fn activity_reason(components: &[ComponentReason]) -> String {
    let tells = |told: &&ComponentReason| match told.kind {
        ComponentKind::Recency | ComponentKind::Openness => true,
        ComponentKind::Responsiveness => !told.component.is_unknown,
        ComponentKind::ContactPressure => told.component.value < 1.0,
        ComponentKind::Freshness | ComponentKind::Movement => false,
    };
    let reasons: Vec<&str> = components.iter().filter(tells).map(|told| told.reason.as_str()).collect();
    if reasons.is_empty() { "nothing is known".to_owned() } else { reasons.join("; ") }
}

/// Evidence in words, the best supported skill first.
pub(super) fn relevant_evidence(evidence: &[SkillEvidence], as_of: Month) -> Vec<EvidenceItem> {
    let mut asked: Vec<&SkillEvidence> = evidence.iter().collect();
    asked.sort_by_key(|skill| std::cmp::Reverse(skill.grade));
    asked.into_iter().take(MAX_EVIDENCE).map(|skill| EvidenceItem::of(skill, as_of)).collect()
}

impl EvidenceItem {
    /// What supports a skill, in words, in the month that counts as now.
    pub fn of(skill: &SkillEvidence, as_of: Month) -> Self {
        let experience = skill.experience.filter(|_| skill.grade > Grade::Listed);
        let last_used = match (experience, skill.last_used) {
            (None, _) => None,
            (Some(_), None) => Some("now".to_owned()),
            (Some(_), Some(after)) => Some(Month(after.0 - 1).to_string()),
        };
        Self {
            skill: skill.skill.clone(),
            grade: skill.grade,
            months: experience.map(|experience| experience.months_at(as_of)),
            last_used,
            places: skill.places.clone(),
        }
    }
}

pub(super) fn strategies(retrieved: &Retrieved) -> Option<VectorStrategies> {
    retrieved.strategies.clone().map(|(role, skills)| VectorStrategies { role, skills })
}
