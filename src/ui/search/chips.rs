//! What was understood, as chips: each can be edited, needed, wished, excluded or removed.
//!
//! Input: the answer to a search and its view as it was understood. Output: a list whose every link is the address of the changed search.

use maud::{Markup, html};

use crate::{
    query::{FilterField, FilterSet, Quantifier, QueryAst, Role, Syntax, UnderstoodClause, parse},
    search::SearchResponse,
    ui::{
        filter_parts::FilterPart,
        language::Language,
        view::{View, hidden_fields},
        words,
    },
};

struct Texts {
    title: &'static str,
    roles: [(Role, &'static str, &'static str); 3],
    quantifiers: [(Quantifier, &'static str, &'static str); 3],
    edit: &'static str,
    apply: &'static str,
    remove: &'static str,
    undo: &'static str,
    have_it: &'static str,
    nobody: &'static str,
    read_from: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Understood as",
        roles: [
            (Role::Demand, "must", "Must have it"),
            (Role::Wish, "wish", "Nice to have"),
            (Role::Negated, "not", "Exclude it"),
        ],
        quantifiers: [
            (Quantifier::All, "must", "Must have it"),
            (Quantifier::Any, "any of", "One of these will do"),
            (Quantifier::None, "not", "Exclude it"),
        ],
        edit: "Edit",
        apply: "Change",
        remove: "Remove",
        undo: "Read it as words",
        have_it: "have it",
        nobody: "nobody has it",
        read_from: "read from",
    },
    Texts {
        title: "Inteso come",
        roles: [
            (Role::Demand, "serve", "È necessario"),
            (Role::Wish, "gradito", "È gradito"),
            (Role::Negated, "escluso", "Escludilo"),
        ],
        quantifiers: [
            (Quantifier::All, "serve", "È necessario"),
            (Quantifier::Any, "uno tra", "Basta uno di questi"),
            (Quantifier::None, "escluso", "Escludilo"),
        ],
        edit: "Modifica",
        apply: "Cambia",
        remove: "Togli",
        undo: "Leggilo come parole",
        have_it: "l'hanno",
        nobody: "nessuno l'ha",
        read_from: "letto da",
    },
];

/// The class of a chip, by the part that it plays.
fn class(role: Role) -> &'static str {
    match role {
        Role::Demand => "must",
        Role::Wish => "wish",
        Role::Negated => "not",
    }
}

/// The chips of a search.
pub(super) struct Chips<'a> {
    pub(super) language: Language,
    /// The view as it was understood.
    pub(super) resolved: &'a View,
    pub(super) response: &'a SearchResponse,
}

impl Chips<'_> {
    /// All chips; nothing where nothing was asked.
    pub(super) fn html(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let leaves = self.response.understood.query.leaves();
        let ast = parse(&self.resolved.query, Syntax::Boolean).map(|parsed| parsed.ast).ok();
        let values = self.value_chips();
        let facts = self.fact_chips();
        let parts = self.response.understood.interpreted.as_ref().map_or(&[][..], |read| &read.parts);
        html! {
            @if !leaves.is_empty() || !values.is_empty() || !facts.is_empty() {
                section.understood aria-labelledby="understood" {
                    h2 #understood { (texts.title) }
                    ul.chips {
                        @if let Some(ast) = &ast { @for leaf in leaves { (self.clause(leaf, ast)) } }
                        @for chip in values { (chip) }
                        @for chip in facts { (chip) }
                    }
                    @if !parts.is_empty() {
                        ul.read-from {
                            @for part in parts {
                                li {
                                    span lang="en" { (part.text) } " " span.quiet { (texts.read_from) " “" (part.words) "”" }
                                    @if let Some(note) = &part.note { span.quiet lang="en" { " (" (note) ")" } }
                                    " " a href=(self.undone(&part.undo.query, &part.undo.filters).url("/")) { (texts.undo) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn undone(&self, query: &str, filters: &FilterSet) -> View {
        View { query: query.to_owned(), filters: filters.clone(), ..self.resolved.clone() }
    }

    /// A word, phrase or fact of the query.
    fn clause(&self, leaf: &UnderstoodClause, ast: &QueryAst) -> Markup {
        let texts = self.language.of(&TEXTS);
        let told = texts.roles.iter().find(|(role, ..)| *role == leaf.role).map_or("", |(_, told, _)| told);
        let moved = texts.roles.iter().filter(|(role, ..)| *role != leaf.role).filter_map(|(role, _, name)| {
            Some((*name, self.resolved.with_query(&ast.with_part(leaf.id, *role)?.to_string()).url("/")))
        });
        let dropped = ast.edited(leaf.id, &crate::query::Edit::Drop).map(|ast| ast.to_string());
        let letters: Vec<char> = self.resolved.query.chars().collect();
        let typed: String =
            letters.get(leaf.span.start as usize..leaf.span.end as usize).unwrap_or_default().iter().collect();
        let count = leaf.hits.map(|hits| hits.alone);
        html! {
            li {
                details.chip.(class(leaf.role)) {
                    summary {
                        span.role { (told) } " " span dir="auto" { (leaf.text) }
                        @if let Some(count) = count {
                            " " span.hits.none[count == 0] title=(if count == 0 { texts.nobody } else { texts.have_it }) {
                                (self.language.number(count))
                            }
                        }
                    }
                    div.menu {
                        @for (name, address) in moved { a href=(address) { (name) } }
                        a href=(self.resolved.with_query(&dropped.unwrap_or_default()).url("/")) { (texts.remove) }
                        form action="/refine" method="get" {
                            (hidden_fields(&self.resolved.pairs(), &[]))
                            input type="hidden" name="from" value=(leaf.span.start);
                            input type="hidden" name="to" value=(leaf.span.end);
                            label { (texts.edit) " " input type="text" name="text" value=(typed) autocomplete="off"; }
                            button type="submit" { (texts.apply) }
                        }
                    }
                }
            }
        }
    }

    /// A chip for each value of a filter.
    fn value_chips(&self) -> Vec<Markup> {
        let mut chips = Vec::new();
        for field in FilterField::ALL {
            let Some(selection) = self.resolved.filters.selection(field) else { continue };
            for quantifier in Quantifier::ALL {
                let chip = |value: &String| self.value(field, quantifier, value);
                chips.extend(selection.list(quantifier).iter().map(chip));
            }
        }
        chips
    }

    fn value(&self, field: FilterField, quantifier: Quantifier, value: &str) -> Markup {
        let texts = self.language.of(&TEXTS);
        let told = texts.quantifiers.iter().find(|(known, ..)| *known == quantifier).map_or("", |(_, told, _)| told);
        let moved = texts.quantifiers.iter().filter(|(other, ..)| *other != quantifier);
        let class = if quantifier == Quantifier::None { "not" } else { "must" };
        html! {
            li {
                details.chip.filter.(class) {
                    summary {
                        span.role { (told) } " " (words::filter(field.name(), self.language)) ": " span dir="auto" { (value) }
                    }
                    div.menu {
                        @for (other, _, name) in moved {
                            a href=(self.moved(field, (quantifier, value), Some(*other)).url("/")) { (name) }
                        }
                        a href=(self.moved(field, (quantifier, value), None).url("/")) { (texts.remove) }
                    }
                }
            }
        }
    }

    /// The view with a value in another list of its filter, or in none.
    fn moved(&self, field: FilterField, (from, value): (Quantifier, &str), to: Option<Quantifier>) -> View {
        let mut filters = self.resolved.filters.clone();
        if let Some(selection) = filters.selection_mut(field) {
            selection.list_mut(from).retain(|known| known != value);
            if let Some(to) = to {
                selection.list_mut(to).push(value.to_owned());
            }
        }
        self.resolved.with_filters(filters)
    }

    /// A chip for each filter that is no list of values; its values are edited in the panel.
    fn fact_chips(&self) -> Vec<Markup> {
        let texts = self.language.of(&TEXTS);
        let filters = &self.resolved.filters;
        let chip = |part: FilterPart| {
            html! {
                li {
                    details.chip.filter.must {
                        summary { span dir="auto" { (part.told(self.language)) } }
                        div.menu { a href=(self.resolved.with_filters(part.toggled(filters)).url("/")) { (texts.remove) } }
                    }
                }
            }
        };
        FilterPart::all(filters).into_iter().filter(FilterPart::is_fact).map(chip).collect()
    }
}
