//! `lodestone search`.

use std::{collections::HashSet, io::IsTerminal, process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::{app_options, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    query::{FacetBody, Role, Span, UnderstoodClause, Unknowns},
    search::{FacetCounts, Hit, Matched, Mode, SearchBody, SearchResponse, SortBody, SortBy, WhyZero},
};

/// Width of a table that goes elsewhere than to a terminal.
const PLAIN_WIDTH: u16 = 160;

/// Matches shown of one hit.
const MATCHES_SHOWN: usize = 4;

/// Letters shown before the first match, and from there on.
const LETTERS_BEFORE: usize = 30;
const LETTERS_AFTER: usize = 70;

/// Flags of `search`.
#[derive(Debug, Args)]
pub(super) struct SearchFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// The query
    query: String,
    /// Hits to show, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Which signals rank
    #[arg(long, value_enum, default_value_t)]
    mode: ModeFlag,
    /// Refuse a query that needs repair
    #[arg(long)]
    strict: bool,
    /// Search with the nearest words of the index in place of words that stand nowhere
    #[arg(long)]
    correct_spelling: bool,
    /// Keep and mark those of whom a demand is unknown
    #[arg(long)]
    include_unknowns: bool,
    /// Read a text without operator, quote or field as a sentence: "rust engineer in Milan, 5+ years"
    #[arg(long)]
    interpret: bool,
    /// The instant that counts as now, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Count the hits by a filter's values: skills, currentTitles, companies, cities, years, lastActive and so on; may be given again
    #[arg(long, value_name = "FIELD")]
    facet: Vec<String>,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t, value_name = "BY")]
    sort: SortFlag,
    /// From where distances count, for --sort distance
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    /// Print the whole response as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ModeFlag {
    #[default]
    Hybrid,
    Keyword,
    Semantic,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
#[value(rename_all = "camelCase")]
enum SortFlag {
    #[default]
    Score,
    LastActive,
    Experience,
    Distance,
    Name,
}

impl SortFlag {
    fn by(self) -> SortBy {
        match self {
            Self::Score => SortBy::Score,
            Self::LastActive => SortBy::LastActive,
            Self::Experience => SortBy::Experience,
            Self::Distance => SortBy::Distance,
            Self::Name => SortBy::Name,
        }
    }
}

fn facet(field: &str) -> FacetBody {
    FacetBody { field: field.to_owned(), limit: None }
}

pub(super) fn run(flags: &SearchFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let app = App::open(&app_options(&flags.storage)?)?;
    app.wait_until_searchable(Duration::from_secs(600))?;
    let mode = match flags.mode {
        ModeFlag::Hybrid => Mode::Hybrid,
        ModeFlag::Keyword => Mode::Keyword,
        ModeFlag::Semantic => Mode::Semantic,
    };
    let body = SearchBody {
        query: Some(flags.query.clone()),
        limit: Some(flags.limit),
        mode: Some(mode),
        strict: Some(flags.strict),
        correct_spelling: Some(flags.correct_spelling),
        unknowns: Some(if flags.include_unknowns { Unknowns::Include } else { Unknowns::Exclude }),
        interpret: Some(flags.interpret),
        as_of: flags.as_of.clone(),
        facets: Some(flags.facet.iter().map(|field| facet(field)).collect()),
        sort: Some(SortBody { by: flags.sort.by(), order: None, from: flags.from.clone() }),
        ..SearchBody::default()
    };
    let response = app.searcher.search(&body, jiff::Timestamp::now());
    app.close();
    let response = response?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&response)?);
    } else {
        print(&response);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn print(response: &SearchResponse) {
    let is_terminal = std::io::stdout().is_terminal();
    for warning in &response.warnings {
        let Span { start, end } = warning.span;
        println!(
            "note: {} at {start}..{end}: {}; assumed: {}",
            warning.code.as_str(),
            warning.message,
            warning.assumed
        );
    }
    for part in response.understood.interpreted.iter().flat_map(|interpreted| &interpreted.parts) {
        let note = part.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        println!("\"{}\" was read as {}{note}", part.words, part.text);
    }
    if let Some(spelling) = &response.understood.did_you_mean {
        let told = if spelling.applied { "searched instead" } else { "did you mean" };
        println!("{told}: {} ({})", spelling.query, people(spelling.hits));
    }
    println!("{} in {:.1} ms", people(response.total.value), response.took_ms);
    // The hundred words of a job say little one by one.
    let is_typed = response.understood.job.is_none() && response.understood.similar_to.is_none();
    for clause in response.understood.query.leaves().into_iter().filter(|_| is_typed) {
        println!("  {}", clause_line(clause));
    }
    for near in &response.understood.expanded_by {
        println!("  near to {} in meaning ({:.2}): {}", near.wish, near.cosine, near.text);
    }
    if response.understood.is_unread {
        println!("  the model cannot read this script: meaning does not count");
    }
    if response.understood.unknowns.count > 0 && !response.understood.unknowns.included {
        println!("  unknown, and left out: {}", people(response.understood.unknowns.count));
    }
    response.understood.why_zero.iter().for_each(print_zero);
    response.facets.iter().flat_map(|facets| &facets.fields).for_each(print_facet);
    if !response.hits.is_empty() {
        println!("{}", table(&response.hits, is_terminal));
    }
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// One clause and what it does.
fn clause_line(clause: &UnderstoodClause) -> String {
    let part = match clause.role {
        Role::Wish => "wished",
        Role::Demand => "demanded",
        Role::Negated => "excluded",
    };
    let Some(hits) = clause.hits else { return format!("{part} {}", clause.text) };
    let without = hits.without.map(|hits| format!("; without it {}", people(hits))).unwrap_or_default();
    format!("{part} {}: in {}, {} of them hits{without}", clause.text, people(hits.alone), hits.in_context)
}

/// One facet in one line.
fn print_facet(facet: &FacetCounts) {
    let values = facet.values.iter().map(|value| format!("{} {}", value.label, value.count));
    let more = facet.distinct.saturating_sub(facet.values.len());
    let more = (more > 0).then(|| format!("and {more} more"));
    let unknown = (facet.unknown > 0).then(|| format!("without any {}", facet.unknown));
    let told: Vec<String> = values.chain(more).chain(unknown).collect();
    println!("  {}: {}", facet.field, told.join(", "));
}

fn print_zero(why: &WhyZero) {
    let killers: Vec<&str> = why.killed_by.iter().map(|killer| killer.text.as_str()).collect();
    if !killers.is_empty() {
        println!("nobody is left because of {}", killers.join(", "));
    }
    for relaxation in &why.relaxations {
        println!("  {}: {}   {}", people(relaxation.hits), relaxation.change, relaxation.query);
    }
}

fn table(hits: &[Hit], is_terminal: bool) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !is_terminal {
        table.set_width(PLAIN_WIDTH);
    }
    table.set_header(["", "score", "who", "where", "why"]);
    for (hit, place) in hits.iter().zip(1..) {
        let signals = hit.explanation.iter().flat_map(|explanation| &explanation.signals);
        let why: Vec<String> =
            signals.map(|signal| format!("{} {:+.3} {}", signal.name, signal.contribution, signal.reason)).collect();
        let found = shown_matches(hit, is_terminal);
        let who = format!("{}\n{}", headline(hit), hit.id);
        table.add_row([place.to_string(), format!("{:.3}", hit.score), who, found.join("\n"), why.join("\n")]);
    }
    table
}

/// Different texts, one of each clause before a second of any.
fn shown_matches(hit: &Hit, is_terminal: bool) -> Vec<String> {
    let mut seen = HashSet::new();
    let (firsts, rest): (Vec<&Matched>, Vec<&Matched>) =
        hit.matched.iter().partition(|matched| seen.insert(matched.clause));
    let mut shown: Vec<String> = Vec::new();
    for matched in firsts.into_iter().chain(rest) {
        let text = highlighted(matched, is_terminal);
        if shown.len() < MATCHES_SHOWN && !shown.contains(&text) {
            shown.push(text);
        }
    }
    shown
}

/// The surroundings of the first match, the matches set off: bold in a terminal, between stars elsewhere.
fn highlighted(matched: &Matched, is_terminal: bool) -> String {
    let (open, close) = if is_terminal { ("\u{1b}[1m", "\u{1b}[0m") } else { ("*", "*") };
    let letters: Vec<char> = matched.text.chars().collect();
    let spans: Vec<(usize, usize)> = matched
        .spans
        .iter()
        .filter_map(|[from, to]| Some((from.checked_sub(matched.text_offset)?, to.checked_sub(matched.text_offset)?)))
        .filter(|(_, to)| *to <= letters.len())
        .collect();
    let first = spans.first().map_or(0, |(from, _)| *from);
    let start = first.saturating_sub(LETTERS_BEFORE);
    let end = letters.len().min(first + LETTERS_AFTER);
    let mut shown = String::new();
    if start > 0 || matched.text_offset > 0 {
        shown.push('…');
    }
    for (at, letter) in letters.iter().enumerate().take(end).skip(start) {
        if spans.iter().any(|(from, _)| *from == at) {
            shown.push_str(open);
        }
        shown.push(if letter.is_control() { ' ' } else { *letter });
        if spans.iter().any(|(_, to)| *to == at + 1) {
            shown.push_str(close);
        }
    }
    // A match that reaches over the end is closed there.
    if spans.iter().any(|(from, to)| *from < end && *to > end) {
        shown.push_str(close);
    }
    if end < letters.len() {
        shown.push('…');
    }
    shown
}

fn headline(hit: &Hit) -> String {
    let current = hit.card.current.as_ref();
    let title = current.and_then(|position| position.title.clone()).or_else(|| hit.card.headline.clone());
    let company = current.and_then(|position| position.company.clone());
    let place = hit.card.city.clone();
    let parts = [hit.card.name.clone(), title, company, place];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_set_off() {
        let matched = |text: &str, spans: &[[usize; 2]], text_offset| {
            let matched =
                Matched { clause: 0, path: String::new(), text: text.to_owned(), spans: spans.to_vec(), text_offset };
            highlighted(&matched, false)
        };
        assert_eq!(matched("né à Rust", &[[5, 9]], 0), "né à *Rust*");
        assert_eq!(matched("Rust Rust", &[[100, 104], [105, 109]], 100), "…*Rust* *Rust*");
        let long = format!("{} Rust {}", "a".repeat(80), "b".repeat(80));
        let shown = matched(&long, &[[81, 85]], 0);
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains(" *Rust* "), "{shown}");
        assert!(shown.chars().count() <= LETTERS_BEFORE + LETTERS_AFTER + 4);
        let over = "c".repeat(200);
        assert!(matched(&over, &[[0, 200]], 0).ends_with("c*…"));
    }
}
