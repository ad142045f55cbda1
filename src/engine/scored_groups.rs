//! The tokens of one candidate that score, group by group.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::{MAX_OCCURRENCES, ScoredGroup, TokenText};
use crate::candidate::{TextField, TextValue};
use crate::text::{self, Language};

/// Collects the scored tokens of a candidate: stems where the language is known, each token once a sentence, equal
/// sentences of a group once, a token at most [`MAX_OCCURRENCES`] times in a group and once where it is only claimed.
pub(super) struct ScoredGroups {
    language: Option<Language>,
    /// Canonical values of the skills that something supports.
    supported: HashSet<String>,
    tokens: [TokenText; 5],
    forms: Forms,
    sentence: u32,
    sentences: HashSet<(ScoredGroup, Vec<u32>)>,
}

impl ScoredGroups {
    pub(super) fn new(language: Option<Language>, supported: HashSet<String>) -> Self {
        let (tokens, forms, sentences) = Default::default();
        Self { language, supported, tokens, forms, sentence: 0, sentences }
    }

    pub(super) fn add(&mut self, value: &TextValue<'_>) {
        let is_listed = value.field == TextField::Skill && !self.supported.contains(&value.tokens.joined());
        let Some(group) = ScoredGroup::of(value.field, !is_listed) else { return };
        let limit = if is_listed { 1 } else { MAX_OCCURRENCES };
        if !is_prose(value.field) {
            let forms = self.distinct_forms(value, 0..value.tokens.len());
            return self.add_sentence(group, forms, limit);
        }
        let mut end = 0;
        for sentence in text::sentences(&value.text) {
            let start = end;
            while end < value.tokens.len() && value.tokens.token(end).bytes.start < sentence.end {
                end += 1;
            }
            let forms = self.distinct_forms(value, start..end);
            self.add_sentence(group, forms, limit);
        }
    }

    /// The numbers of the forms in a stretch of a value's tokens, each once.
    fn distinct_forms(&mut self, value: &TextValue<'_>, tokens: Range<usize>) -> Vec<u32> {
        self.sentence += 1;
        let mut forms = Vec::with_capacity(tokens.len());
        for at in tokens {
            let number = text::with_stem_form(&value.tokens.token(at), self.language, |form| self.forms.number(form));
            let known = &mut self.forms.known[number as usize];
            if known.last_sentence != self.sentence {
                known.last_sentence = self.sentence;
                forms.push(number);
            }
        }
        forms
    }

    fn add_sentence(&mut self, group: ScoredGroup, forms: Vec<u32>, limit: usize) {
        if forms.is_empty() || !self.sentences.insert((group, forms.clone())) {
            return;
        }
        for number in forms {
            let known = &mut self.forms.known[number as usize];
            let count = &mut known.occurrences[group as usize];
            if *count < limit {
                *count += 1;
                self.tokens[group as usize].push(&self.forms.text[known.text.clone()]);
            }
        }
    }

    pub(super) fn into_tokens(self) -> [TokenText; 5] {
        self.tokens
    }
}

/// Whether values of a field have sentences; all others say one thing each, whatever stops stand in them.
fn is_prose(field: TextField) -> bool {
    matches!(field, TextField::Summary | TextField::PositionText | TextField::Document | TextField::Project)
}

/// The distinct forms of a candidate, numbered from 0.
#[derive(Default)]
struct Forms {
    text: String,
    known: Vec<Form>,
    numbers: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
}

struct Form {
    /// Where it stands in [`Forms::text`].
    text: Range<usize>,
    /// How often it counted in each group.
    occurrences: [usize; 5],
    last_sentence: u32,
}

impl Forms {
    fn number(&mut self, form: &str) -> u32 {
        if let Some(number) = self.numbers.get(form) {
            return *number;
        }
        let (number, start) = (self.known.len() as u32, self.text.len());
        self.text.push_str(form);
        self.known.push(Form { text: start..self.text.len(), occurrences: [0; 5], last_sentence: 0 });
        self.numbers.insert(form.into(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::ValuePointer;
    use crate::text::TokenList;

    fn tokens(values: &[(TextField, &str)], supported: &[&str]) -> [Vec<String>; 5] {
        let supported = supported.iter().map(|skill| (*skill).to_owned()).collect();
        let mut groups = ScoredGroups::new(Some(Language::English), supported);
        for (field, text) in values {
            let (pointer, entry, tokens) = (ValuePointer::of(""), None, TokenList::of(text));
            groups.add(&TextValue { field: *field, pointer, text: (*text).into(), tokens, entry });
        }
        groups.into_tokens().map(|tokens| tokens.tokens().map(|(_, token)| token.to_owned()).collect())
    }

    #[test]
    fn stuffing_adds_nothing() {
        let once = tokens(&[(TextField::Summary, "I build engines. I sell engines.")], &[]);
        assert_eq!(once[2], ["i", "build", "engin", "i", "sell", "engin"]);
        let stuffed = "I build engines engines engines. I sell engines. I build engines; I BUILD ENGINES!";
        assert_eq!(tokens(&[(TextField::Summary, stuffed)], &[]), once);
        let many = "engine a. engine b. engine c. engine d. engine e.";
        let count = |text| tokens(&[(TextField::Summary, text)], &[])[2].iter().filter(|form| *form == "engin").count();
        assert_eq!(count(many), MAX_OCCURRENCES);
    }

    #[test]
    fn a_skill_without_support_scores_with_the_rest_and_once() {
        let skills = [(TextField::Skill, "Rust"), (TextField::Skill, "Java"), (TextField::Skill, "Java Spring")];
        let groups = tokens(&skills, &["rust"]);
        assert_eq!(groups[1], ["rust"]);
        assert_eq!(groups[4], ["java", "spring"]);
    }

    #[test]
    fn names_and_labels_never_score() {
        let values = [(TextField::Name, "Ada"), (TextField::Tag, "gold"), (TextField::Cohort, "may")];
        assert_eq!(tokens(&values, &[]), <[Vec<String>; 5]>::default());
    }
}
