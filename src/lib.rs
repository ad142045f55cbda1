//! Lodestone, a search engine for candidates: it draws the needle out of the haystack, and says why.
//!
//! The house, by layer. A module imports only from earlier layers, and within a layer without cycles
//! (`tests/it/architecture.rs` reads the `use` lines and says so).
//!
//! | layer | module | its one duty |
//! |---|---|---|
//! | 0 pure: no IO, no clock, no async | [`error`] | the closed list of error codes |
//! | | [`packed`] | compiled-in tables as one file: sections ↔ a checked, compressed frame |
//! | | `simd` | the innermost loops, by instruction set: the only `unsafe` code |
//! | | [`candidate`] | the domain: what was sent → a valid [`candidate::Candidate`]; positions, skills, timeline facts |
//! | | [`activity`] | events → signals at a given instant |
//! | | [`text`] | the one analyser for index and query |
//! | | [`places`] | the gazetteer: names → places, distances |
//! | | [`taxonomy`] | skill and occupation concepts: recognise them in text of any language, relate them |
//! | | [`cv`] | the text of a CV → a profile, with how sure each part is |
//! | | [`query`] | recruiter text → AST → plan; diagnostics; the naive evaluator |
//! | | [`rank`] | signals → fused, ordered, explained |
//! | 1 ports and IO | [`store`] | SQLite: the source of truth |
//! | | [`embed`] | text → vector: the built-in model |
//! | | [`engine`] | the search engine over index documents |
//! | 2 use cases | [`ingest`] | foreign records → candidates |
//! | | [`indexing`] | change log → engine |
//! | | [`search`] | plan → retrieve → fuse → explain → hydrate |
//! | | [`population`] | seeded synthetic candidates, their events and their truth |
//! | | [`evaluation`] | measures over judged queries |
//! | | [`tasks`] | long work that outlives a request |
//! | 3 edge | [`config`] | flags and environment → one validated configuration |
//! | | [`http`] | axum: routes, problem+json, limits, OpenAPI |
//! | | [`ui`] | the recruiter's pages, rendered on the server |
//! | | [`telemetry`] | tracing and metrics |
//! | 4 root | [`app`] | `App::open(Config)`: the only place that picks an engine |
//! | | [`cli`] | the commands |

pub mod error;
pub mod packed;
mod simd;

pub mod activity;
pub mod candidate;
pub mod cv;
pub mod places;
pub mod query;
pub mod rank;
pub mod taxonomy;
pub mod text;

pub mod embed;
pub mod engine;
pub mod store;

pub mod evaluation;
pub mod export;
pub mod indexing;
pub mod ingest;
pub mod population;
pub mod search;
pub mod tasks;

pub mod config;
pub mod http;
pub mod telemetry;
pub mod ui;

pub mod app;
pub mod cli;
