//! How and whether a person wishes to work: "fully remote", "da remoto", "open to work", "in cerca di lavoro".
//!
//! "Not" before it asks for the contrary. "Remote" alone is remote work unless the words around it speak of something
//! else ("remote sensing", "controllo da remoto") or leave it open ("remote ok", "partly remote"). "Looking for" is openness
//! only where work is what is looked for: recruiters look for people. "Available immediately" is no openness to work
//! that anybody stated, and stays words.

use super::glue::is_glue;
use super::reading::Reading;
use super::scan::{Found, Scan};
use super::sentence::Sentence;

const NOT: &[&str] = &["not|no|non|without|senza"];

const REMOTE: &[&str] = &[
    "fully|full|completely|entirely|100|only|solo|totalmente|completamente|interamente da|in? remote|remotely|remoto",
    "remote work|working|job|jobs|position|positions|role|roles|only|first",
    "remote|remotely|remoto",
    "work|works|working remotely|remote",
    "work|works|working from home",
    "open to remote work|working?",
    "wfh|telelavoro|smartworking",
    "lavoro? da|in remoto|casa",
    "in? smart working",
];

/// What is remote without being work, or only perhaps.
const NOT_AFTER_REMOTE: &[&str] = &[
    "sensing",
    "control",
    "desktop",
    "monitoring",
    "support",
    "access",
    "team",
    "teams",
    "patient",
    "patients",
    "diagnostics",
    "procedure",
    "server",
    "servers",
    "system",
    "systems",
    "site",
    "sites",
    "area",
    "areas",
    "location",
    "locations",
    "community",
    "communities",
    "village",
    "villages",
    "assistance",
    "operations",
    "operated",
    "surgery",
    "viewing",
    "maintenance",
    "management",
    "learning",
    "teaching",
    "testing",
    "infrastructure",
    "care",
    "health",
    "healthcare",
    "ok",
    "okay",
    "possible",
    "friendly",
    "option",
    "optional",
    "allowed",
    "welcome",
    "region",
    "regions",
    "code",
    "procedures",
    "hands",
    "piloting",
    "sensors",
    "invocation",
    "office",
    "offices",
    "employees",
    "workforce",
];
const NOT_BEFORE_REMOTE: &[&str] = &[
    "of",
    "via",
    "by",
    "manage",
    "managing",
    "managed",
    "lead",
    "leading",
    "led",
    "partly",
    "partially",
    "some",
    "occasional",
    "occasionally",
    "semi",
    "hybrid",
    "worked",
    "lavorato",
    "experience",
    "experienced",
    "esperienza",
    "optionally",
    "parzialmente",
    "controllo",
    "assistenza",
    "supporto",
    "accesso",
    "monitoraggio",
    "gestione",
    "telecontrollo",
    "manutenzione",
    "diagnostica",
    "as",
];

/// Openness to work, whatever follows.
const OPEN: &[&str] = &[
    "actively? open to|for work",
    "opentowork",
    "actively? open to|for a? new? opportunity|opportunities|offers|roles|positions|challenges",
    "in cerca di lavoro|occupazione|impiego",
    "in cerca di un|una? nuovo|nuova|nuove|altro lavoro|occupazione|impiego|opportunita|sfide|sfida",
    "alla ricerca di un|una? nuovo|nuova|nuove? lavoro|occupazione|impiego|opportunita",
    "aperto|aperta|aperti|aperte|disponibile|disponibili a|ad|al|alle|verso nuovo|nuova|nuove? lavoro|lavorare|opportunita|proposte|offerte|sfide",
    "cerca|cercano lavoro|impiego|occupazione",
    "job seeker|seekers|hunting",
];

/// Openness to work where nothing follows that is looked for instead: "looking for a job coach".
const SEEKING: &[&str] = &[
    "actively? looking|searching for work|employment",
    "actively? looking|searching for a? new? job|jobs|role|roles|position|positions|opportunity|opportunities|challenge",
    "actively? seeking work|employment|opportunities",
    "actively looking|seeking",
    "open to a? new job|role|position",
];

/// Reads how or whether a person wishes to work.
pub(super) fn work(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    let not = sentence.longest(at, NOT).filter(|end| !sentence.stops(*end));
    let from = not.unwrap_or(at);
    let is_wanted = not.is_none();
    let open = open_to_work(sentence, from).map(|end| Found::new(end, Reading::OpenToWork(is_wanted)));
    open.or_else(|| remote(sentence, from, is_wanted))
}

/// The end of words that say "open to work".
pub(super) fn open_to_work(sentence: &Sentence<'_>, at: usize) -> Option<usize> {
    let ends = |end: &usize| sentence.stops(*end) || is_glue(sentence, *end);
    sentence.longest(at, OPEN).or_else(|| sentence.longest(at, SEEKING).filter(ends))
}

fn remote(sentence: &Sentence<'_>, at: usize, is_wanted: bool) -> Option<Found> {
    let end = sentence.longest(at, REMOTE)?;
    let is_other = !sentence.stops(end) && sentence.is(end, NOT_AFTER_REMOTE);
    let is_governed = !sentence.stops(at) && NOT_BEFORE_REMOTE.contains(&sentence.before(at, 1));
    Some(if is_other || is_governed { Found::words(end) } else { Found::new(end, Reading::Remote(is_wanted)) })
}

#[cfg(test)]
mod tests {
    use super::super::NoNames;
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let sentence = Sentence::of(text);
        let scan = Scan { sentence: &sentence, names: &NoNames, follows_part: false };
        let (at, found) = (0..sentence.len()).find_map(|at| Some((at, work(&scan, at)?)))?;
        Some((sentence.typed(at..found.end).to_owned(), found.reading?.to_string()))
    }

    #[test]
    fn wishes_about_work_are_read() {
        for (text, words, expected) in [
            ("100% remote, php", "100% remote", "remote:true"),
            ("remote rust engineer", "remote", "remote:true"),
            ("working from home", "working from home", "remote:true"),
            ("lavoro da remoto", "lavoro da remoto", "remote:true"),
            ("in smart working", "in smart working", "remote:true"),
            ("no remote", "no remote", "remote:false"),
            ("nurses actively looking", "actively looking", "open:true"),
            ("looking for a new job in Milan", "looking for a new job", "open:true"),
            ("not open to work", "not open to work", "open:false"),
            ("alla ricerca di nuove opportunità", "alla ricerca di nuove opportunità", "open:true"),
            ("aperta a nuove proposte", "aperta a nuove proposte", "open:true"),
        ] {
            assert_eq!(read(text), Some((words.to_owned(), expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_uses_are_words() {
        for text in [
            "remote sensing",
            "head of remote operations",
            "managing remote teams",
            "remote ok",
            "partly remote",
            "controllo da remoto",
            "open source",
            "open to travel",
            "looking for a job coach",
            "looking for a nurse",
            "cerco un infermiere",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
