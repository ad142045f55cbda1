//! Writing to the engine, and publishing.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, RwLock, atomic::AtomicBool},
};

use parking_lot::Mutex;

use super::{
    EngineSnapshot,
    keyword::{KeywordChange, KeywordIndex, KeywordSnapshot},
    vectors::{CommitMode, VectorChange, VectorIndex, VectorIndexOptions, VectorSnapshot},
};
use crate::{
    activity::{
        ActivityConstants, ActivityEvent, ActivityRecord, OpenStatement, PastMessages, PopulationMedians, Reliability,
        ReplyModel, Statements,
    },
    candidate::Point,
    embed::{UnitVector, names_version},
    engine::{
        CandidateFacts, Column, EngineError, IndexDocument,
        brief::BriefFacts,
        forward::{FieldTerms, ForwardWriter},
    },
    places::Gazetteer,
    query::FilterField,
    taxonomy::Taxonomy,
    text::Language,
    text::one_gender_version,
};

/// Population up to which medians are computed at every publication, however little has changed: what is published then
/// does not depend on how the changes came in. Larger ones are computed anew after 2 % of changes.
const ALWAYS_FRESH_POPULATION: usize = 20_000;

/// Pairs of candidates whose cosines make the population's median.
const MEDIAN_PAIRS: usize = 200;

/// How an engine is opened.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Components of the vectors.
    pub dimensions: usize,
    /// Version of the embedding model; vectors of another one are rebuilt.
    pub model_version: String,
    /// Constants of the activity signals: what the population's reliability is measured with.
    pub activity: ActivityConstants,
    /// Names the numbering of strings; an index of strings of another numbering is rebuilt.
    pub string_lineage: i64,
}

impl EngineOptions {
    /// The same for a generation whose vectors may be of another model: they stay as they are.
    #[must_use]
    pub fn for_generation(&self, dir: &Path) -> Self {
        match EmbeddedEngine::model_of(dir) {
            Some((model_version, dimensions)) => Self { model_version, dimensions, ..self.clone() },
            None => self.clone(),
        }
    }
}

/// One change of the engine.
#[derive(Debug)]
pub enum EngineChange {
    /// A candidate, new or changed.
    Put {
        /// Its document.
        document: Box<IndexDocument>,
        /// Its role vector; `None` where nothing tells a role.
        role: Option<UnitVector>,
        /// Its skills vector; `None` where no skill is stated.
        skills: Option<UnitVector>,
    },
    /// A candidate is gone.
    Delete {
        /// Its key.
        key: u32,
    },
}

/// What changes between publications.
#[derive(Default)]
struct State {
    facts: Column<Arc<CandidateFacts>>,
    forward: ForwardWriter,
    brief: BriefFacts,
    activity: Column<Arc<ActivityRecord>>,
    languages: BTreeMap<Language, usize>,
    medians: PopulationMedians,
    reliability: Reliability,
    reply_model: Option<Arc<ReplyModel>>,
    median_cosine: f32,
    model_version: Arc<str>,
    changes_since_medians: usize,
    population: usize,
}

/// The embedded engine over one generation's directory.
pub struct EmbeddedEngine {
    generation: String,
    activity: ActivityConstants,
    keyword: KeywordIndex,
    role: VectorIndex,
    skills: VectorIndex,
    /// Every distinct title and skill; its keys are ids of strings.
    strings: VectorIndex,
    state: Mutex<State>,
    published: RwLock<Arc<EngineSnapshot>>,
}

impl EmbeddedEngine {
    /// Opens or creates the indexes of a generation in its directory. An index that is torn or of another version is
    /// removed and starts empty: [`EmbeddedEngine::committed_seq`] then tells to replay from the start.
    pub fn open(dir: &Path, options: &EngineOptions) -> Result<Self, EngineError> {
        let generation = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (keyword, pinned, facts, forward) = open_keyword(&dir.join("keyword"))?;
        let wanted = VectorIndexOptions::new(options.dimensions, options.model_version.clone());
        let drawn = format!("{} {}", options.model_version, names_version());
        let role = open_vectors(&dir.join("role"), &VectorIndexOptions::new(options.dimensions, drawn))?;
        let skills = open_vectors(&dir.join("skills"), &wanted)?;
        let numbered = format!("{} strings {}", options.model_version, options.string_lineage);
        let strings = open_vectors(&dir.join("strings"), &VectorIndexOptions::new(options.dimensions, numbered))?;
        let model_version = options.model_version.as_str().into();
        let mut state = State { forward, model_version, ..State::default() };
        for (key, facts) in facts {
            state.put(key, facts);
        }
        state.refresh_medians(&role.snapshot(), &options.activity);
        let seq = keyword.committed_seq()?;
        let vectors = (role.snapshot(), skills.snapshot(), strings.snapshot());
        let published = RwLock::new(Arc::new(state.snapshot((generation.clone(), seq), pinned, vectors)));
        let activity = options.activity.clone();
        Ok(Self { generation, activity, keyword, role, skills, strings, state: Mutex::new(state), published })
    }

    /// The version of the model that a generation's vectors are of, and how many components they have; `None` where it has none yet, or
    /// none that can be read.
    pub fn model_of(dir: &Path) -> Option<(String, usize)> {
        VectorIndex::model_of(&dir.join("skills"))
    }

    /// The change-log number that every index has durably reached: changes after it must be applied again.
    pub fn committed_seq(&self) -> Result<u64, EngineError> {
        Ok(self.keyword.committed_seq()?.min(self.role.committed_seq()).min(self.skills.committed_seq()))
    }

    /// The state that was published last.
    pub fn snapshot(&self) -> Arc<EngineSnapshot> {
        self.published.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Applies changes in order. Applying a change again changes nothing. Visible after [`EmbeddedEngine::publish`].
    pub fn apply(&self, changes: Vec<EngineChange>) -> Result<(), EngineError> {
        let mut state = self.state.lock();
        let (mut words, mut role, mut skills) = (Vec::new(), Vec::new(), Vec::new());
        for change in &changes {
            match change {
                EngineChange::Put { document, .. } if state.facts.get(document.key).is_some() => {
                    words.push(KeywordChange::Replace(document));
                }
                EngineChange::Put { document, .. } => words.push(KeywordChange::Insert(document)),
                EngineChange::Delete { key } => words.push(KeywordChange::Delete(*key)),
            }
            if let EngineChange::Put { document, .. } = change {
                state.put(document.key, document.facts.clone());
                state.forward.put(document.key, &document.values);
            } else if let EngineChange::Delete { key } = change {
                state.remove(*key);
            }
        }
        self.keyword.apply(&words)?;
        drop(words);
        for change in changes {
            match change {
                EngineChange::Put { document, role: r, skills: s } => {
                    role.push(VectorChange::Upsert { key: document.key, vector: r });
                    skills.push(VectorChange::Upsert { key: document.key, vector: s });
                }
                EngineChange::Delete { key } => {
                    role.push(VectorChange::Delete { key });
                    skills.push(VectorChange::Delete { key });
                }
            }
        }
        self.role.apply(&role)?;
        self.skills.apply(&skills)?;
        Ok(())
    }

    /// The id up to which strings are durably indexed: later ones must be added again after a start.
    pub fn committed_string(&self) -> u32 {
        u32::try_from(self.strings.committed_seq()).unwrap_or(u32::MAX)
    }

    /// Adds titles and skills in ascending order of their ids. Adding one again changes nothing. Visible after
    /// [`EmbeddedEngine::publish`] or [`EmbeddedEngine::publish_activity`].
    pub fn add_strings(&self, strings: &[(u32, Arc<UnitVector>)]) -> Result<(), EngineError> {
        let Some((last, _)) = strings.last() else { return Ok(()) };
        let upsert = |(key, vector): &(u32, Arc<UnitVector>)| VectorChange::Upsert {
            key: *key,
            vector: Some(vector.as_ref().clone()),
        };
        self.strings.apply(&strings.iter().map(upsert).collect::<Vec<_>>())?;
        self.strings.commit(u64::from(*last), CommitMode::WhenLarge)?;
        Ok(())
    }

    /// Adds what happened to a candidate; events may come in any order. Visible after
    /// [`EmbeddedEngine::publish_activity`] or [`EmbeddedEngine::publish`].
    pub fn add_events(&self, events: &[(u32, ActivityEvent)]) {
        let mut state = self.state.lock();
        let mut by_key: BTreeMap<u32, Vec<ActivityEvent>> = BTreeMap::new();
        for (key, event) in events {
            by_key.entry(*key).or_default().push(*event);
        }
        state.changes_since_medians += by_key.len();
        for (key, added) in by_key {
            let record = state.activity.get(key).map(|record| record.as_ref().clone()).unwrap_or_default();
            let events = record.events().iter().copied().chain(added).collect();
            state.set_record(key, record.with_events(events));
        }
    }

    /// Commits text and vectors up to a change-log number and publishes them as one state. With `seal`, vectors that
    /// are only in memory go to disk too, so that nothing needs to be replayed.
    pub fn publish(&self, seq: u64, seal: bool) -> Result<Arc<EngineSnapshot>, EngineError> {
        self.commit(seq, seal)?;
        self.publish_state(seq)
    }

    /// The same without publishing: for a generation that nobody reads yet.
    pub fn commit(&self, seq: u64, seal: bool) -> Result<(), EngineError> {
        if seal {
            let last = self.strings.snapshot().keys().last().copied().unwrap_or_default();
            self.strings.commit(u64::from(last), CommitMode::Now)?;
        }
        self.keyword.commit(seq)?;
        let mode = if seal { CommitMode::Now } else { CommitMode::WhenLarge };
        self.role.commit(seq, mode)?;
        self.skills.commit(seq, mode)?;
        Ok(())
    }

    /// How many candidates were applied and not removed, published or not.
    pub fn population(&self) -> usize {
        self.state.lock().population
    }

    /// Publishes added events without touching text and vectors. Only for when everything that was applied is published.
    pub fn publish_activity(&self) -> Result<Arc<EngineSnapshot>, EngineError> {
        self.publish_state(self.snapshot().seq)
    }

    fn publish_state(&self, seq: u64) -> Result<Arc<EngineSnapshot>, EngineError> {
        let previous = self.snapshot();
        let keyword = self.keyword.snapshot(Some(&previous.keyword))?;
        let mut state = self.state.lock();
        let is_small = state.population <= ALWAYS_FRESH_POPULATION;
        if state.changes_since_medians > 0 && (is_small || state.changes_since_medians * 50 >= state.population) {
            state.refresh_medians(&self.role.snapshot(), &self.activity);
        }
        let vectors = (self.role.snapshot(), self.skills.snapshot(), self.strings.snapshot());
        let snapshot = Arc::new(state.snapshot((self.generation.clone(), seq), keyword, vectors));
        *self.published.write().unwrap_or_else(std::sync::PoisonError::into_inner) = snapshot.clone();
        Ok(snapshot)
    }

    /// One step of background work on the vector segments: merges, else a graph. False where there is nothing to do;
    /// `stop` ends a graph early.
    pub fn maintain_vectors_once(&self, stop: &AtomicBool) -> Result<bool, EngineError> {
        for index in [&self.role, &self.skills, &self.strings] {
            if index.merge_once()? || index.build_graph_once(stop)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Merges the text index into one segment, so that deleted text leaves the disk; publishes the result.
    pub fn merge_text(&self) -> Result<(), EngineError> {
        self.keyword.merge_all()?;
        self.publish_state(self.snapshot().seq).map(drop)
    }
}

/// The versions of what canonical values are made with: an index of others is rebuilt.
fn definitions() -> String {
    let tables = [
        include_str!("../../../indexes/places/countries.tsv"),
        include_str!("../../../indexes/places/regions.tsv"),
        include_str!("../../../indexes/languages/languages.tsv"),
    ];
    let tables = blake3::hash(tables.concat().as_bytes()).to_hex();
    let (places, taxonomy) = (Gazetteer::built_in().version(), Taxonomy::built_in().version());
    format!("places-{places}-{}-taxonomy-{taxonomy}-{}", &tables[..8], one_gender_version())
}

/// A text index, its last commit, and what that tells of every candidate.
type OpenedKeyword = (KeywordIndex, Arc<KeywordSnapshot>, Vec<(u32, CandidateFacts)>, ForwardWriter);

/// Opens the text index; one that is torn, or that another version of the program wrote, is removed and starts empty.
fn open_keyword(dir: &Path) -> Result<OpenedKeyword, EngineError> {
    let open = || {
        let index = KeywordIndex::open(dir, &definitions())?;
        index.verify()?;
        index.committed_seq()?;
        let snapshot = index.snapshot(None)?;
        let facts = snapshot.facts()?;
        let mut forward = ForwardWriter::default();
        for field in FilterField::ALL {
            let mut terms = FieldTerms::default();
            snapshot.for_each_value(field, |term, keys| terms.add(term, keys))?;
            forward.load_field(field, terms);
        }
        Ok((index, snapshot, facts, forward))
    };
    match open() {
        Err(EngineError::Io(error)) => Err(EngineError::Io(error)),
        // Another writer has it open: it is whole.
        Err(EngineError::Index(tantivy::TantivyError::LockFailure(..))) => Err(EngineError::InUse),
        Err(error) => {
            tracing::warn!(index.dir = %dir.display(), %error, "the text index cannot be read; it is rebuilt");
            std::fs::remove_dir_all(dir)?;
            open()
        }
        opened => opened,
    }
}

fn open_vectors(dir: &Path, wanted: &VectorIndexOptions) -> Result<VectorIndex, EngineError> {
    match VectorIndex::open(dir, wanted.clone()) {
        Err(error) if error.needs_rebuild() => {
            tracing::warn!(index.dir = %dir.display(), %error, "the vector index cannot be read; it is rebuilt");
            VectorIndex::discard(dir)?;
            Ok(VectorIndex::open(dir, wanted.clone())?)
        }
        opened => Ok(opened?),
    }
}

impl State {
    fn put(&mut self, key: u32, facts: CandidateFacts) {
        self.remove_language(key);
        if let Some(language) = facts.language {
            *self.languages.entry(language).or_default() += 1;
        }
        self.population += usize::from(self.facts.get(key).is_none());
        self.changes_since_medians += 1;
        let stated = Statements {
            open_to_work: facts.open_to_work.map(|(since, until)| OpenStatement { since, until }),
            not_looking: facts.not_looking,
            has_wishes: !facts.wished_titles.is_empty() || !facts.wished_places.is_empty(),
            modified: facts.modified,
            tenure: facts.tenure,
            open_words: facts.open_words.as_deref().map(Into::into),
        };
        let known = self.activity.get(key).map(|record| record.as_ref().clone()).unwrap_or_default();
        self.brief.experience.set(key, facts.experience());
        self.brief.remote.set(key, facts.remote);
        self.brief.residence.set(key, facts.residence.and_then(Point::coordinates));
        self.facts.set(key, Some(Arc::new(facts)));
        self.set_record(key, known.with_statements(stated));
    }

    fn set_record(&mut self, key: u32, record: ActivityRecord) {
        self.brief.set_record(key, &record);
        self.activity.set(key, Some(Arc::new(record)));
    }

    fn remove(&mut self, key: u32) {
        self.remove_language(key);
        self.population -= usize::from(self.facts.get(key).is_some());
        self.facts.set(key, None);
        self.forward.remove(key);
        self.brief.remove(key);
        self.activity.set(key, None);
    }

    fn remove_language(&mut self, key: u32) {
        let Some(language) = self.facts.get(key).and_then(|facts| facts.language) else { return };
        if let Some(count) = self.languages.get_mut(&language) {
            *count -= 1;
            if *count == 0 {
                self.languages.remove(&language);
            }
        }
    }

    fn refresh_medians(&mut self, role: &VectorSnapshot, constants: &ActivityConstants) {
        let records = || self.activity.iter().map(|(_, record)| record.as_ref());
        self.medians = PopulationMedians::of(records());
        let past = PastMessages::of(records(), constants, &self.medians);
        self.reliability = Reliability::of(&past);
        self.reply_model = ReplyModel::fit(&past).map(Arc::new);
        self.median_cosine = median_cosine(role);
        self.changes_since_medians = 0;
    }

    fn snapshot(
        &mut self,
        (generation, seq): (String, u64),
        keyword: Arc<KeywordSnapshot>,
        (role, skills, strings): (Arc<VectorSnapshot>, Arc<VectorSnapshot>, Arc<VectorSnapshot>),
    ) -> EngineSnapshot {
        EngineSnapshot {
            generation,
            seq,
            keyword,
            role,
            skills,
            strings,
            facts: self.facts.clone(),
            forward: self.forward.snapshot(),
            brief: self.brief.clone(),
            activity: self.activity.clone(),
            languages: self.languages.clone(),
            medians: self.medians.clone(),
            reliability: self.reliability,
            reply_model: self.reply_model.clone(),
            median_cosine: self.median_cosine,
            model_version: self.model_version.clone(),
        }
    }
}

/// The median cosine over a fixed sample of pairs: evenly spaced keys against those half the population away.
fn median_cosine(role: &VectorSnapshot) -> f32 {
    let keys = role.keys();
    if keys.len() < 2 {
        return 0.0;
    }
    let half = keys.len() / 2;
    let step = (half / MEDIAN_PAIRS).max(1);
    let pairs = (0..half).step_by(step).map(|at| (keys[at], keys[at + half]));
    let cosine = |(a, b): (u32, u32)| Some(role.vector(a)?.cosine(&role.vector(b)?));
    let mut cosines: Vec<f32> = pairs.filter_map(cosine).collect();
    let middle = cosines.len() / 2;
    if cosines.is_empty() { 0.0 } else { *cosines.select_nth_unstable_by(middle, f32::total_cmp).1 }
}
