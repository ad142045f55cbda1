//! Whole texts.
use super::*;
