//! E-mail addresses and links to profiles.

use std::ops::Range;

/// Places where people have pages that lead to them, in lower case. A link counts with something after it.
const PROFILES: &[&str] = &[
    "linkedin.com/in/",
    "linkedin.com/pub/",
    "xing.com/profile/",
    "github.com/",
    "gitlab.com/",
    "twitter.com/",
    "facebook.com/",
    "instagram.com/",
    "t.me/",
    "wa.me/",
];

/// Finds e-mail addresses and profile links.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    for (at, _) in text.match_indices('@') {
        found.extend(address(text, at));
    }
    if !text.contains('/') {
        return;
    }
    let lower = text.to_ascii_lowercase();
    for profile in PROFILES {
        for (at, _) in lower.match_indices(profile) {
            found.extend(link(text, at, at + profile.len()));
        }
    }
}

fn address(text: &str, at: usize) -> Option<Range<usize>> {
    let local = super::before(text, at).take_while(|letter| is_local(*letter)).map(char::len_utf8).sum::<usize>();
    let domain = text[at + 1..].chars().take_while(|letter| is_domain(*letter)).map(char::len_utf8).sum::<usize>();
    let host = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-']);
    let top = host.rsplit_once('.')?.1;
    (local > 0 && top.chars().count() >= 2).then_some(at - local..at + 1 + host.len())
}

fn is_local(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '_' | '%' | '+' | '-')
}

fn is_domain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | '-')
}

/// The whole link around the place `at..handle`: scheme and host before, the handle and path after.
fn link(text: &str, at: usize, handle: usize) -> Option<Range<usize>> {
    let in_link = |letter: &char| letter.is_alphanumeric() || matches!(letter, '.' | '/' | ':' | '-');
    let lead = super::before(text, at).take_while(in_link).map(char::len_utf8).sum::<usize>();
    let lead_text = &text[at - lead..at];
    // The name must be the host's own, not the end of another (`dot.me/`).
    let own = lead_text.is_empty() || lead_text.ends_with(['.', '/', ':']);
    let tail = text[handle..]
        .chars()
        .take_while(|letter| {
            letter.is_alphanumeric() || matches!(letter, '.' | '/' | '-' | '_' | '%' | '?' | '=' | '&' | '+')
        })
        .map(char::len_utf8)
        .sum::<usize>();
    let path = text[handle..handle + tail].trim_end_matches(['.', '?', '-']);
    (own && !path.is_empty()).then_some(at - lead..handle + path.len())
}
