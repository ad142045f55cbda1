//! The domain: what was sent → a valid candidate; positions, skills, timeline facts.

mod text_field;

pub use text_field::TextField;
