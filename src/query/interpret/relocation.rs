//! Whom a move can be asked of: "willing to relocate to Berlin", "disponibile a trasferirsi a Torino".
//!
//! One city at most can be asked for. Without a city, with several or with a country ("trasferirsi in Germania") all of it
//! stays words, and the place is not taken for where the person lives.

use super::place;
use super::place_name::Certainty;
use super::reading::{Reading, Target};
use super::scan::{Found, Scan};

const MOVES: &[&str] = &[
    "willing|open|ready|happy|able|prepared|wanting|wishing|wants|want to relocate|relocating|relocation|move|moving",
    "would|will|can|could relocate|move",
    "relocate|relocating",
    "disponibile|disponibili|disposto|disposta|disposti|disposte|pronto|pronta|pronti|pronte a|ad|al trasferirsi|trasferimento|spostarsi|trasferimenti|trasferte",
    "trasferirsi",
];

const TO: &[&str] = &["to|in|a|ad|verso|near the?"];

/// Reads where a person is ready to move.
pub(super) fn relocation(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    let end = sentence.longest(at, MOVES)?;
    let to = sentence.longest(end, TO).filter(|to| !sentence.stops(end) && !sentence.stops(*to));
    let Some((mut targets, after)) = to.and_then(|to| place::list(scan, to, Certainty::Located)) else {
        return Some(Found::words(end));
    };
    match (targets.len(), targets.pop()) {
        (1, Some(Target::City(spot))) => {
            let note = spot.note.clone();
            Some(Found::new(after, Reading::Relocate(spot)).noted(note))
        }
        _ => Some(Found::words(after)),
    }
}
