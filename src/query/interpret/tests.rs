//! The sentences of `fixtures/interpret`, and what must hold of all texts.

mod properties;
mod sentences;

use std::collections::HashSet;

use super::KnownNames;
use crate::text::TokenList;

const COMPANIES: &str = include_str!("../../../fixtures/interpret/companies.txt");

/// The companies of the fixture.
#[derive(Debug)]
struct Companies(HashSet<String>);

impl Companies {
    fn of_fixture() -> Self {
        Self(COMPANIES.lines().map(|name| TokenList::of(name).joined()).collect())
    }
}

impl KnownNames for Companies {
    fn is_company(&self, words: &str) -> bool {
        self.0.contains(words)
    }
}
