//! The integration tests: one binary, a module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod bound;
mod browser;
mod client;
mod complaints;
mod conformance;
mod cvs;
mod documentation;
mod durability;
mod durations;
mod embedder;
mod endpoint;
mod export;
mod facts;
mod feedback;
mod formats;
mod genders;
mod http;
mod import;
mod imports;
mod look_alikes;
mod match_page;
mod matching;
mod pages;
mod person_page;
mod refine;
mod reindexing;
mod reranker;
mod search;
mod server;
mod shortlist;
mod shortlist_page;
mod standing;
mod suite;
mod vanity;
mod visitor;
