//! One pinned state of everything that a search reads.

use std::{collections::BTreeMap, sync::Arc};

use super::{keyword::KeywordSnapshot, vectors::VectorSnapshot};
use crate::{
    activity::{ActivityRecord, PopulationMedians, Reliability, ReplyModel},
    candidate::Month,
    engine::{CandidateFacts, Column, ForwardIndex, KeySet, brief::BriefFacts},
    places::Coordinates,
    text::Language,
};

/// A pinned state of the engine.
pub struct EngineSnapshot {
    pub(super) generation: String,
    pub(super) seq: u64,
    pub(super) keyword: Arc<KeywordSnapshot>,
    pub(super) role: Arc<VectorSnapshot>,
    pub(super) skills: Arc<VectorSnapshot>,
    pub(super) strings: Arc<VectorSnapshot>,
    pub(super) facts: Column<Arc<CandidateFacts>>,
    /// Who has which values.
    pub(super) forward: ForwardIndex,
    /// What is asked of everybody at once.
    pub(super) brief: BriefFacts,
    pub(super) activity: Column<Arc<ActivityRecord>>,
    pub(super) languages: BTreeMap<Language, usize>,
    pub(super) medians: PopulationMedians,
    pub(super) reliability: Reliability,
    pub(super) reply_model: Option<Arc<ReplyModel>>,
    pub(super) median_cosine: f32,
    pub(super) model_version: Arc<str>,
}

impl EngineSnapshot {
    /// The generation of the indexes.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// The change-log number that the snapshot has reached.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The candidates.
    pub fn live(&self) -> &KeySet {
        self.keyword.live()
    }

    /// The text index.
    pub fn keyword(&self) -> &KeywordSnapshot {
        &self.keyword
    }

    /// Role vectors.
    pub fn role(&self) -> &VectorSnapshot {
        &self.role
    }

    /// Skills vectors.
    pub fn skills(&self) -> &VectorSnapshot {
        &self.skills
    }

    /// Titles and skills, by the ids of their strings.
    pub fn strings(&self) -> &VectorSnapshot {
        &self.strings
    }

    /// Facts of a candidate.
    pub fn facts(&self, key: u32) -> Option<&Arc<CandidateFacts>> {
        self.facts.get(key)
    }

    /// Who has which values of the fields that filters speak about.
    pub fn forward(&self) -> &ForwardIndex {
        &self.forward
    }

    /// Id of a candidate; empty where there is none.
    pub fn id(&self, key: u32) -> &str {
        self.facts.get(key).map_or("", |facts| facts.id.as_str())
    }

    /// What is known of a candidate's activity.
    pub fn activity(&self, key: u32) -> Option<&Arc<ActivityRecord>> {
        self.activity.get(key)
    }

    /// When somebody did something themselves last up to an instant, in Unix seconds; `None` where nothing is known.
    pub fn last_act(&self, key: u32, as_of: i64) -> Option<i64> {
        let last = *self.brief.last_act.get(key)?;
        if last <= as_of { Some(last) } else { Some(self.activity(key)?.last_active(as_of)?.at) }
    }

    /// Whether somebody is open to work at an instant; `None` where nothing is known.
    pub fn is_open(&self, key: u32, as_of: i64) -> Option<bool> {
        let summary = self.brief.openness.get(key)?;
        summary.is_open(as_of).unwrap_or_else(|_| self.activity(key)?.is_open(as_of))
    }

    /// Whether somebody wishes to work remotely; `None` where nothing is known.
    pub fn is_remote(&self, key: u32) -> Option<bool> {
        self.brief.remote.get(key).copied()
    }

    /// Where somebody lives; `None` where it is not known.
    pub fn residence(&self, key: u32) -> Option<Coordinates> {
        self.brief.residence.get(key).copied()
    }

    /// How long somebody has worked, in months; `None` where nothing is known.
    pub fn experience_months(&self, key: u32, as_of: Month) -> Option<u32> {
        Some(self.brief.experience.get(key)?.months_at(as_of))
    }

    /// Visits how long each of some candidates has worked, in months.
    pub fn visit_experience(&self, keys: &KeySet, as_of: Month, mut visit: impl FnMut(Option<u32>)) {
        self.brief.experience.visit(keys, |_, experience| visit(experience.map(|worked| worked.months_at(as_of))));
    }

    /// Visits when each of some candidates did something themselves last, as [`EngineSnapshot::last_act`].
    pub fn visit_last_acts(&self, keys: &KeySet, as_of: i64, mut visit: impl FnMut(Option<i64>)) {
        self.brief.last_act.visit(keys, |key, last| match last {
            Some(last) if *last > as_of => visit(self.last_act(key, as_of)),
            last => visit(last.copied()),
        });
    }

    /// The languages of the candidates, in a fixed order.
    pub fn languages(&self) -> Vec<Language> {
        self.languages.keys().copied().collect()
    }

    /// Medians of the population's activity.
    pub fn medians(&self) -> &PopulationMedians {
        &self.medians
    }

    /// How well activity predicted answers.
    pub fn reliability(&self) -> &Reliability {
        &self.reliability
    }

    /// What was learnt of who answers; `None` where too few outcomes are known.
    pub fn reply_model(&self) -> Option<&ReplyModel> {
        self.reply_model.as_deref()
    }

    /// The version of the model that the vectors are of.
    pub fn model_version(&self) -> &str {
        &self.model_version
    }

    /// The median cosine between two candidates: what stands for a candidate without vectors.
    pub fn median_cosine(&self) -> f32 {
        self.median_cosine
    }
}
