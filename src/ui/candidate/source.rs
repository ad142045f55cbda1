//! Where the person comes from, on what ground they are stored, and what recruiters put on them.

use axum::http::Uri;
use maud::{Markup, html};

use super::person::{Person, day, told};

struct Texts {
    title: &'static str,
    system: &'static str,
    external_id: &'static str,
    acquired: &'static str,
    url: &'static str,
    hidden: &'static str,
    basis: &'static str,
    bases: [(&'static str, &'static str); 6],
    given: &'static str,
    expires: &'static str,
    expired: &'static str,
    tags: &'static str,
    cohorts: &'static str,
    nothing: &'static str,
    id: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Source and consent",
        system: "Source",
        external_id: "Id there",
        acquired: "Acquired",
        url: "Address",
        hidden: "hidden with the name",
        basis: "Legal basis",
        bases: [
            ("consent", "consent"),
            ("contract", "contract"),
            ("legal_obligation", "legal obligation"),
            ("vital_interests", "vital interests"),
            ("public_task", "public task"),
            ("legitimate_interest", "legitimate interest"),
        ],
        given: "Given",
        expires: "Expires",
        expired: "expired",
        tags: "Tags",
        cohorts: "Cohorts",
        nothing: "Neither source nor consent are stated.",
        id: "Id",
    },
    Texts {
        title: "Fonte e consenso",
        system: "Fonte",
        external_id: "Id presso la fonte",
        acquired: "Acquisizione",
        url: "Indirizzo",
        hidden: "nascosto con il nome",
        basis: "Base giuridica",
        bases: [
            ("consent", "consenso"),
            ("contract", "contratto"),
            ("legal_obligation", "obbligo legale"),
            ("vital_interests", "interessi vitali"),
            ("public_task", "compito pubblico"),
            ("legitimate_interest", "legittimo interesse"),
        ],
        given: "Dal",
        expires: "Scade",
        expired: "scaduto",
        tags: "Etichette",
        cohorts: "Gruppi",
        nothing: "Fonte e consenso non sono indicati.",
        id: "Id",
    },
];

/// Source, consent, tags and cohorts.
pub(super) fn source(person: &Person<'_>) -> Markup {
    let (texts, candidate) = (person.language.of(&TEXTS), person.candidate);
    let (source, consent, is_blind) = (&candidate.source, &candidate.consent, person.view.is_blind);
    let is_stated = told(&source.system).or(told(&consent.basis)).is_some();
    // What other systems call a person tells who it is.
    let hidden = || html! { span.quiet { (texts.hidden) } };
    html! {
        section.panel-box #source aria-labelledby="source-title" {
            h2 #source-title { (texts.title) }
            @if !is_stated { p.quiet { (texts.nothing) } }
            dl.pairs {
                dt { (texts.id) } dd { @if is_blind { (hidden()) } @else { code { (candidate.id()) } } }
                @if let Some(system) = told(&source.system) {
                    dt { (texts.system) } dd dir="auto" { (person.text("/source/system", system)) }
                }
                @if let Some(id) = told(&source.external_id) {
                    dt { (texts.external_id) } dd dir="auto" { @if is_blind { (hidden()) } @else { (id) } }
                }
                @if let Some(at) = source.acquired_at { dt { (texts.acquired) } dd { (day(at)) } }
                @if let Some(url) = told(&source.url) {
                    dt { (texts.url) } dd dir="auto" { @if is_blind { (hidden()) } @else { (address(url)) } }
                }
                @if let Some(basis) = told(&consent.basis) { dt { (texts.basis) } dd dir="auto" { (self::basis(person, basis)) } }
                @if let Some(at) = consent.given_at { dt { (texts.given) } dd { (day(at)) } }
                @if let Some(at) = consent.expires_at {
                    dt { (texts.expires) } dd { (day(at)) @if at < person.now { " " span.badge.stop { (texts.expired) } } }
                }
                (labels(person, (texts.tags, "/tags"), &candidate.tags))
                (labels(person, (texts.cohorts, "/cohorts"), &candidate.cohorts))
            }
        }
    }
}

/// An address as a link where it is one of the web; else as text.
fn address(url: &str) -> Markup {
    let uri = url.parse::<Uri>().ok();
    let is_web = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    html! { @if is_web { a href=(url) rel="noreferrer noopener" { (url) } } @else { (url) } }
}

fn basis(person: &Person<'_>, basis: &str) -> String {
    let known = person.language.of(&TEXTS).bases.iter().find(|(name, _)| *name == basis);
    known.map_or_else(|| person.plain(basis), |(_, told)| (*told).to_owned())
}

fn labels(person: &Person<'_>, (name, pointer): (&str, &str), labels: &[String]) -> Markup {
    html! {
        @if !labels.is_empty() {
            dt { (name) }
            dd {
                @for (at, label) in labels.iter().enumerate() {
                    span.badge dir="auto" { (person.text(&format!("{pointer}/{at}"), label)) } " "
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for url in ["https://example.org/p?x=1", "http://example.org"] {
            assert!(address(url).into_string().contains("rel=\"noreferrer noopener\""), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JAVASCRIPT://example.org/%0aalert(1)",
            "data:text/html,x",
            "/p",
            "example.org",
            " https://a b",
        ] {
            assert!(!address(url).into_string().contains("<a"), "{url}");
        }
        assert!(!address("https://x/\"onclick=\"").into_string().contains("\"onclick"));
    }
}
