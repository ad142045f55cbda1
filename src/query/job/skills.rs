//! What a job text needs and likes, and what is to be done.

use std::collections::HashSet;

use super::headings::{self, Kind};
use super::sections::Line;
use crate::taxonomy::{LanguageSet, Recognition, Sort, Taxonomy};
use crate::text::TokenList;

/// An item of at most so many tokens under a heading of skills is one skill, whatever it is.
const SHORT_ITEM: usize = 6;

/// Skills of one kind at most.
const MAX_SKILLS: usize = 100;

/// The lines of a job text by what they say of whom is asked for.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) must: SkillList,
    pub(super) nice: SkillList,
    pub(super) duties: Vec<String>,
}

impl Lines {
    /// Sorts lines. Where no heading opens what is needed, the skills that the duties name are.
    pub(super) fn of(lines: &[Line<'_>], languages: Option<LanguageSet>) -> Self {
        let mut found = Self::default();
        let has_needs = lines.iter().any(|line| line.kind == Kind::Must && !line.is_heading);
        for line in lines.iter().filter(|line| !line.is_heading) {
            match line.kind {
                Kind::Must | Kind::Nice => {
                    let is_nice = line.kind == Kind::Nice || headings::is_nice(line.text);
                    let (skills, is_whole) = skills_of(line, languages, true);
                    let list = if is_nice { &mut found.nice } else { &mut found.must };
                    skills.iter().for_each(|skill| list.push(skill));
                    // What is needed in words says more than its skills.
                    if !is_whole {
                        found.duties.push(line.text.to_owned());
                    }
                }
                Kind::Duties => {
                    let is_nice = headings::is_nice(line.text);
                    if is_nice || !has_needs {
                        let list = if is_nice { &mut found.nice } else { &mut found.must };
                        skills_of(line, languages, false).0.iter().for_each(|skill| list.push(skill));
                    }
                    found.duties.push(line.text.to_owned());
                }
                Kind::Benefits | Kind::Company | Kind::Apply => {}
            }
        }
        found.nice.texts.retain(|skill| !found.must.has(skill));
        found
    }
}

/// The skills of a line: those that the taxonomy knows, and each short item of a list of skills. Whether they are all that it says.
fn skills_of(line: &Line<'_>, languages: Option<LanguageSet>, is_list: bool) -> (Vec<String>, bool) {
    let (mut skills, mut is_whole) = (Vec::new(), true);
    for item in items(line.text, is_list) {
        let tokens = TokenList::of(item);
        if is_list && (1..=SHORT_ITEM).contains(&tokens.len()) && !headings::is_nice(item) {
            skills.push(item.to_owned());
            continue;
        }
        is_whole = false;
        let about = Recognition { text: item, languages, is_query: false, is_skill_entry: false };
        let mentions = Taxonomy::built_in().mentions(&tokens, about);
        for mention in mentions.iter().filter(|mention| mention.sort == Sort::Skill) {
            let (first, last) = (tokens.token(mention.tokens.start).bytes, tokens.token(mention.tokens.end - 1).bytes);
            skills.extend(item.get(first.start..last.end).map(str::to_owned));
        }
    }
    (skills, is_whole)
}

/// The items of a line of skills: what stands between commas where all of it is short.
fn items(line: &str, is_list: bool) -> Vec<&str> {
    let line = line.trim_end_matches(['.', ';', ',']);
    let parts: Vec<&str> = line.split([',', '|', '、']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let are_short = parts.iter().all(|part| TokenList::of(part).len() <= SHORT_ITEM);
    if is_list && parts.len() > 1 && are_short { parts } else { vec![line] }
}

/// Skills, each once whatever its case and accents, at most [`MAX_SKILLS`].
#[derive(Debug, Default)]
pub(super) struct SkillList {
    pub(super) texts: Vec<String>,
    folded: HashSet<String>,
}

impl SkillList {
    /// Adds a skill that says something new.
    pub(super) fn push(&mut self, skill: &str) {
        let folded = TokenList::of(skill).joined();
        if self.texts.len() < MAX_SKILLS && !folded.is_empty() && self.folded.insert(folded) {
            self.texts.push(skill.trim().to_owned());
        }
    }

    fn has(&self, skill: &str) -> bool {
        self.folded.contains(&TokenList::of(skill).joined())
    }
}
