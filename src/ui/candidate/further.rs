//! Education, languages, certificates, projects and publications.

use maud::{Markup, html};

use super::{
    career::highlights,
    person::{Person, date, pointer, told},
};
use crate::candidate::{Certificate, Education, PartialDate, Project, SpokenLanguage};

struct Texts {
    education: &'static str,
    languages: &'static str,
    certificates: &'static str,
    projects: &'static str,
    publication: &'static str,
    unnamed: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        education: "Education",
        languages: "Languages",
        certificates: "Certificates",
        projects: "Projects and publications",
        publication: "publication",
        unnamed: "Without a name",
    },
    Texts {
        education: "Formazione",
        languages: "Lingue",
        certificates: "Certificati",
        projects: "Progetti e pubblicazioni",
        publication: "pubblicazione",
        unnamed: "Senza nome",
    },
];

/// Projects and publications; nothing where there are none.
pub(super) fn projects(person: &Person<'_>) -> Markup {
    let (texts, projects) = (person.language.of(&TEXTS), &person.candidate.profile.projects);
    html! {
        @if !projects.is_empty() {
            section.panel-box aria-labelledby="projects-title" {
                h2 #projects-title { (texts.projects) }
                ul.entries { @for project in projects { (self::project(person, project)) } }
            }
        }
    }
}

fn project(person: &Person<'_>, project: &Project) -> Markup {
    let texts = person.language.of(&TEXTS);
    let index = project.pointer.rsplit('/').next().unwrap_or_default();
    let kind = if project.is_publication { "publication" } else { "project" };
    html! {
        li #(format!("{kind}-{index}")) {
            h3 dir="auto" { (named(person, &project.pointer, "name", &project.name)) }
            p.quiet {
                @if project.is_publication { (texts.publication) " " }
                (span_of(project.start, project.end))
            }
            @if let Some((member, text)) = &project.description {
                p.prose dir="auto" { (person.member(&project.pointer, member, text)) }
            }
            (highlights(person, &project.pointer, &project.highlights))
            @if !project.keywords.is_empty() {
                p.listed {
                    @for (at, word) in project.keywords.iter().enumerate() {
                        span.badge dir="auto" { (person.member(&project.pointer, &format!("keywords/{at}"), word)) } " "
                    }
                }
            }
        }
    }
}

/// Education, languages and certificates; nothing where there are none.
pub(super) fn further(person: &Person<'_>) -> Markup {
    let (texts, profile) = (person.language.of(&TEXTS), &person.candidate.profile);
    html! {
        @if !profile.education.is_empty() {
            section.panel-box aria-labelledby="education-title" {
                h2 #education-title { (texts.education) }
                ul.entries { @for entry in &profile.education { (education(person, entry)) } }
            }
        }
        @if !profile.languages.is_empty() {
            section.panel-box aria-labelledby="languages-title" {
                h2 #languages-title { (texts.languages) " " (person.provenance(profile.parsed.languages, "/languages")) }
                ul.entries { @for entry in &profile.languages { (language(person, entry)) } }
            }
        }
        @if !profile.certificates.is_empty() {
            section.panel-box aria-labelledby="certificates-title" {
                h2 #certificates-title {
                    (texts.certificates) " " (person.provenance(profile.parsed.certificates, "/certificates"))
                }
                ul.entries { @for entry in &profile.certificates { (certificate(person, entry)) } }
            }
        }
    }
}

fn education(person: &Person<'_>, entry: &Education) -> Markup {
    let is_parsed = person.candidate.profile.parsed.education;
    let place = format!("/education/{}", entry.index);
    let at = pointer(is_parsed, &place);
    html! {
        li {
            strong dir="auto" { (named(person, &at, "institution", &entry.institution)) }
            ul.facts {
                @for (member, text) in [("studyType", &entry.degree), ("area", &entry.area)] {
                    @if let Some(text) = told(text) { li dir="auto" { (person.member(&at, member, text)) } }
                }
            }
            p.quiet { (span_of(entry.start, entry.end)) " " (person.provenance(is_parsed, &place)) }
        }
    }
}

fn language(person: &Person<'_>, entry: &SpokenLanguage) -> Markup {
    let at = pointer(person.candidate.profile.parsed.languages, &format!("/languages/{}", entry.index));
    html! {
        li {
            span dir="auto" { (named(person, &at, "language", &entry.language)) }
            @if let Some(fluency) = told(&entry.fluency) { " " span.quiet dir="auto" { (person.plain(fluency)) } }
        }
    }
}

fn certificate(person: &Person<'_>, entry: &Certificate) -> Markup {
    let at = pointer(person.candidate.profile.parsed.certificates, &format!("/certificates/{}", entry.index));
    html! {
        li #(format!("certificate-{}", entry.index)) {
            span dir="auto" { (named(person, &at, "name", &entry.name)) }
            @if let Some(issuer) = told(&entry.issuer) { " " span.quiet dir="auto" { (person.member(&at, "issuer", issuer)) } }
            @if let Some(date) = entry.date { " " span.quiet { (super::person::date(date)) } }
        }
    }
}

fn named(person: &Person<'_>, pointer: &str, member: &str, name: &Option<String>) -> Markup {
    match told(name) {
        Some(name) => person.member(pointer, member, name),
        None => html! { (person.language.of(&TEXTS).unnamed) },
    }
}

fn span_of(start: Option<PartialDate>, end: Option<PartialDate>) -> Markup {
    html! {
        @if let Some(start) = start { (date(start)) }
        @if start.is_some() && end.is_some() { " – " }
        @if let Some(end) = end { (date(end)) }
    }
}
