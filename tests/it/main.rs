//! The integration tests: one binary, a module a subject.

mod architecture;
mod client;
mod durability;
mod http;
mod search;
