//! The words of a plan that score, as the index knows them.
//!
//! Plan and snapshot → words with their forms in the languages of the index. Invariant: a word that nobody has tells nothing.

use std::{collections::HashSet, sync::Arc};

use crate::{
    candidate::TextField,
    engine::{
        EngineError,
        embedded::{
            EngineSnapshot,
            keyword::{ScoredWord, Scoring, WordMatch},
        },
    },
    query::{Plan, Scope},
    rank::Ranking,
    text::{self, Language},
};

/// Words of a wished pattern that score: the commonest that it stands for.
const PATTERN_WORDS: usize = 64;

/// A plan with at most so many words that score: those that tell most by weight and rarity, in their order. Words that nobody has tell nothing.
pub(super) fn telling(plan: Plan, snapshot: &EngineSnapshot, most: usize) -> Result<Plan, EngineError> {
    if plan.wishes.len() <= most {
        return Ok(plan);
    }
    let languages: Vec<Language> = snapshot.languages();
    let rarity = |forms: Vec<String>, weight_percent: u32| {
        snapshot.keyword().weighted_rarity(&ScoredWord { forms, weight_percent, among: None })
    };
    let of_nobody = rarity(Vec::new(), 100)?;
    let mut ranked = Vec::with_capacity(plan.wishes.len());
    for (wish, at) in plan.wishes.iter().zip(0..) {
        let plain = rarity(text::scored_forms(&wish.lower, &wish.exact, &languages), 100)?;
        if plain < of_nobody {
            ranked.push((plain * wish.weight.percent() as f32, &wish.exact, at));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let kept: HashSet<usize> = ranked.into_iter().take(most).map(|(_, _, at)| at).collect();
    let wishes = plan.wishes.iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, wish)| wish.clone());
    Ok(Plan { wishes: wishes.collect(), ..plan })
}

pub(super) fn scoring(ranking: &Ranking) -> Scoring {
    Scoring {
        k1: ranking.keyword.k1,
        boosts: ranking.keyword.boosts.in_order(),
        length_weights: ranking.keyword.length.in_order(),
    }
}

/// The words that score in the profile's text, each with its forms in the languages of the index and its folded form.
pub(super) fn scored_words(plan: &Plan, snapshot: &EngineSnapshot) -> Result<Vec<(ScoredWord, String)>, EngineError> {
    let languages: Vec<Language> = snapshot.languages();
    let mut words = Vec::new();
    for wish in plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere) {
        let (forms, among) = match &wish.pattern {
            Some(pattern) => {
                let mut forms: Vec<String> = Vec::new();
                for word in snapshot.keyword().words_like(pattern)?.into_iter().take(PATTERN_WORDS) {
                    // The word stands for itself with its accents: nobody knows which it had.
                    forms.extend(text::scored_forms(&word, &word, &languages));
                }
                forms.sort_unstable();
                forms.dedup();
                let among = snapshot.keyword().matching(TextField::ANYWHERE, WordMatch::Pattern(pattern))?;
                (forms, Some(Arc::new(among)))
            }
            None => (text::scored_forms(&wish.lower, &wish.exact, &languages), None),
        };
        words.push((ScoredWord { forms, weight_percent: wish.weight.percent(), among }, wish.exact.clone()));
    }
    Ok(words)
}

/// Words that score beside the typed ones: of some, in lower case and folded with their weights, the `most` that tell most by weight and rarity. A
/// typed word weighs 1; what weighs less than a hundredth of it is left out.
pub(super) fn added_words(
    snapshot: &EngineSnapshot,
    weighed: impl Iterator<Item = (String, String, f64)>,
    most: usize,
) -> Result<Vec<(ScoredWord, String)>, EngineError> {
    let languages: Vec<Language> = snapshot.languages();
    let mut words = Vec::new();
    for (lower, exact, weight) in weighed {
        let weight_percent = (100.0 * weight).round() as u32;
        if weight_percent > 0 {
            let forms = text::scored_forms(&lower, &exact, &languages);
            let word = ScoredWord { forms, weight_percent, among: None };
            words.push((snapshot.keyword().weighted_rarity(&word)?, (word, exact)));
        }
    }
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.1.cmp(&b.1.1)));
    words.truncate(most);
    Ok(words.into_iter().map(|(_, word)| word).collect())
}
