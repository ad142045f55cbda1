//! Demands and filters → hit sets over candidate keys.
//!
//! Input: the demand and filters of a plan. Output: a three-valued [`HitSet`]; the naive evaluator
//! (`crate::query::naive`) says what it must be.

use super::{EngineSnapshot, HitSet, keyword::WordMatch};
use crate::{
    activity::EventType,
    candidate::{EntrySupport, Grade, Month, TextField},
    engine::{EngineError, KeySet},
    query::{
        Circle, Clause, Demand, Fact, FactTest, Filter, FilterField, Matcher, Quantifier, Scope, SkillTest,
        SkillWanted, Truth, Wanted,
    },
};

impl EngineSnapshot {
    /// Whom a demand holds for at an instant.
    pub fn demanded(&self, demand: &Demand, as_of: jiff::Timestamp) -> Result<HitSet, EngineError> {
        self.joined(demand, &mut |clause| self.clause(clause, as_of))
    }

    /// Whom a demand holds for, told whom its clauses hold for.
    pub fn joined(
        &self,
        demand: &Demand,
        clause: &mut dyn FnMut(&Clause) -> Result<HitSet, EngineError>,
    ) -> Result<HitSet, EngineError> {
        let (parts, join): (_, fn(HitSet, &HitSet) -> HitSet) = match demand {
            Demand::Clause(own) => return clause(own),
            Demand::Not(inner) => return Ok(self.joined(inner, clause)?.not(self.live())),
            Demand::All(parts) => (parts, HitSet::and),
            Demand::Any(parts) => (parts, HitSet::or),
        };
        let mut joined: Option<HitSet> = None;
        for part in parts {
            let set = self.joined(part, clause)?;
            joined = Some(match joined {
                None => set,
                Some(joined) => join(joined, &set),
            });
        }
        Ok(joined.unwrap_or_else(|| HitSet::known(self.live().clone())))
    }

    /// Whom one clause holds for at an instant.
    pub fn clause(&self, clause: &Clause, as_of: jiff::Timestamp) -> Result<HitSet, EngineError> {
        let words = match &clause.matcher {
            Matcher::Tokens(tokens) => WordMatch::Tokens(tokens),
            Matcher::Near { tokens, others } => WordMatch::Near(tokens, *others),
            Matcher::Pattern(pattern) => WordMatch::Pattern(pattern),
            Matcher::Fact(test) => return Ok(self.fact(test, as_of)),
            Matcher::Skill(test) => return self.skill(test, as_of),
            Matcher::Concept(test) => return Ok(HitSet::known(self.keyword.with_concepts(test.with_narrower())?)),
        };
        if clause.scope == Scope::Country {
            let yes = match words {
                WordMatch::Tokens(tokens) | WordMatch::Near(tokens, _) => {
                    self.keyword.with_value(FilterField::Countries, &tokens.join(" "))?
                }
                WordMatch::Pattern(pattern) => self.keyword.with_value_like(FilterField::Countries, pattern)?,
            };
            return Ok(HitSet::with_unknown(yes, &self.keyword.with_any_value(FilterField::Countries)?, self.live()));
        }
        let yes = self.keyword.matching(clause.scope.fields(), words)?;
        if !clause.scope.is_three_valued() {
            return Ok(HitSet::known(yes));
        }
        let known = self.keyword.having(clause.scope.fields())?;
        Ok(HitSet::with_unknown(yes, &known, self.live()))
    }

    /// Whom one filter holds for at an instant.
    pub fn filter(&self, filter: &Filter, as_of: jiff::Timestamp) -> Result<HitSet, EngineError> {
        match filter {
            Filter::Values { field, quantifier, values } => self.values(*field, *quantifier, values),
            Filter::Fact { test, is_negated } => {
                let set = self.fact(test, as_of);
                Ok(if *is_negated { set.not(self.live()) } else { set })
            }
        }
    }

    fn fact(&self, test: &FactTest, as_of: jiff::Timestamp) -> HitSet {
        let instant = as_of.as_second();
        let last = |key, event_type| self.activity(key).and_then(|activity| activity.last(event_type, instant));
        let happened = |event_type| {
            self.judged(|key| match (test.wanted, last(key, event_type)) {
                (Wanted::Is(wanted), at) => Truth::from(at.is_some() == wanted),
                (Wanted::Age(range), at) => Truth::from(at.is_some_and(|at| range.contains(instant - at))),
                (Wanted::Months(_) | Wanted::Within(_), _) => Truth::Unknown,
            })
        };
        match test.fact {
            Fact::Open => self.stated(test, |key| self.is_open(key, instant)),
            Fact::Remote => self.stated(test, |key| self.is_remote(key)),
            Fact::Years => self.years(test, Month::of_timestamp(as_of)),
            Fact::Active => self.judged(|key| match (test.wanted, self.last_act(key, instant)) {
                (Wanted::Age(range), Some(at)) => range.contains(instant - at).into(),
                (Wanted::Is(wanted), Some(_)) => wanted.into(),
                (Wanted::Months(_) | Wanted::Within(_), _) | (_, None) => Truth::Unknown,
            }),
            Fact::Near => match test.wanted {
                Wanted::Within(circle) => self.near(&circle),
                _ => HitSet::unknown_of(self.live()),
            },
            Fact::Relocate => self.judged(|key| {
                let wished = self.facts(key).map(|facts| &facts.wished_at).filter(|wished| !wished.is_empty());
                match (test.wanted, wished) {
                    (Wanted::Within(circle), Some(wished)) => wished.iter().any(|place| circle.admits(place)).into(),
                    _ => Truth::Unknown,
                }
            }),
            Fact::Applied => happened(EventType::Applied),
            Fact::Interviewed => happened(EventType::Interviewed),
            Fact::Contacted => happened(EventType::OutreachSent),
            Fact::Replied => happened(EventType::OutreachReplied),
        }
    }

    fn years(&self, test: &FactTest, month: Month) -> HitSet {
        let Wanted::Months(range) = test.wanted else { return HitSet::unknown_of(self.live()) };
        self.of_live(self.brief.experience.judge(|experience| range.contains(experience.months_at(month))))
    }

    fn near(&self, circle: &Circle) -> HitSet {
        let Some(area) = circle.area() else { return HitSet::unknown_of(self.live()) };
        self.of_live(self.brief.residence.judge(|point| area.contains(*point)))
    }

    /// What a column says, of those who are there.
    fn of_live(&self, (mut yes, mut possible): (KeySet, KeySet)) -> HitSet {
        // The column may already hold people whom the text index does not know yet.
        yes.intersect_with(self.live());
        possible.intersect_with(self.live());
        HitSet { yes, possible }
    }

    /// Whom a question about a skill is answered so.
    fn skill(&self, test: &SkillTest, as_of: jiff::Timestamp) -> Result<HitSet, EngineError> {
        let naming = self.keyword.entries_naming(&test.words)?;
        let people = naming.chunk_by(|a, b| a.0 == b.0);
        match test.wanted {
            SkillWanted::Months(range) => {
                let month = Month::of_timestamp(as_of);
                let mut unknown = self.keyword.matching(TextField::ANYWHERE, WordMatch::Tokens(&test.words))?;
                let mut yes = self.unnamed(range.contains(0), &unknown);
                for entries in people {
                    let key = entries[0].0;
                    let Some(experience) = EntrySupport::experience(self.supports(entries)) else { continue };
                    unknown.remove(key);
                    if range.contains(experience.months_at(month)) {
                        yes.insert(key);
                    }
                }
                let mut possible = yes.clone();
                possible.union_with(&unknown);
                Ok(HitSet { yes, possible })
            }
            SkillWanted::Evidence(range) => {
                let listed = self.keyword.matching(&[TextField::Skill], WordMatch::Tokens(&test.words))?;
                let mut named = listed.clone();
                named.extend(naming.iter().map(|(key, _)| *key));
                let mut yes = self.unnamed(range.contains(None), &named);
                let mut unsupported = listed;
                for entries in people {
                    let key = entries[0].0;
                    let listed = unsupported.contains(key).then_some(Grade::Listed);
                    unsupported.remove(key);
                    let best = self.supports(entries).map(EntrySupport::grade).max().flatten();
                    if range.contains(best.max(listed)) {
                        yes.insert(key);
                    }
                }
                if range.contains(Some(Grade::Listed)) {
                    yes.union_with(&unsupported);
                }
                Ok(HitSet::known(yes))
            }
        }
    }

    /// Everybody but those who name a skill, or nobody.
    fn unnamed(&self, are_wanted: bool, named: &KeySet) -> KeySet {
        if !are_wanted {
            return KeySet::with_capacity(self.keyword.key_limit());
        }
        let mut unnamed = self.live().clone();
        unnamed.subtract(named);
        unnamed
    }

    /// What a candidate's entries give to the skills that they name.
    fn supports<'s>(&'s self, entries: &'s [(u32, u32)]) -> impl Iterator<Item = EntrySupport> + 's {
        let support = |(key, entry): &(u32, u32)| self.facts(*key)?.entries.get(*entry as usize).copied();
        entries.iter().map(move |entry| support(entry).unwrap_or(EntrySupport::Nothing))
    }

    /// What people state of themselves, or not.
    fn stated(&self, test: &FactTest, states: impl Fn(u32) -> Option<bool>) -> HitSet {
        self.judged(|key| match (test.wanted, states(key)) {
            (Wanted::Is(wanted), Some(is)) => Truth::from(is == wanted),
            _ => Truth::Unknown,
        })
    }

    fn judged(&self, judge: impl Fn(u32) -> Truth) -> HitSet {
        let mut yes = KeySet::with_capacity(self.keyword.key_limit());
        let mut possible = yes.clone();
        for key in self.live().iter() {
            match judge(key) {
                Truth::Yes => {
                    yes.insert(key);
                    possible.insert(key);
                }
                Truth::Unknown => possible.insert(key),
                Truth::No => {}
            }
        }
        HitSet { yes, possible }
    }

    fn values(&self, field: FilterField, quantifier: Quantifier, values: &[String]) -> Result<HitSet, EngineError> {
        let mut joined: Option<KeySet> = None;
        for value in values {
            let keys = self.keyword.with_value(field, value)?;
            joined = Some(match (joined, quantifier) {
                (None, _) => keys,
                (Some(mut joined), Quantifier::All) => {
                    joined.intersect_with(&keys);
                    joined
                }
                (Some(mut joined), Quantifier::Any | Quantifier::None) => {
                    joined.union_with(&keys);
                    joined
                }
            });
        }
        let yes = joined.unwrap_or_default();
        let set = if field.is_three_valued() {
            HitSet::with_unknown(yes, &self.keyword.with_any_value(field)?, self.live())
        } else {
            HitSet::known(yes)
        };
        Ok(if quantifier == Quantifier::None { set.not(self.live()) } else { set })
    }
}
