//! A score as the parts that make it.

use maud::{Markup, html};

use crate::{
    search::Explanation,
    ui::{language::Language, words},
};

/// A smaller part of a score is none.
const LEAST: f64 = 1e-6;

/// A score of so many parts that add up to it: a bar whose whole width is a score of 1 (or the score, where activity lifts it above), and the
/// same in words.
///
/// What activity takes away is drawn over what it is taken from, lighter. Where nothing asked for ranks, everybody has a score of 1 before activity.
pub(crate) fn contributions(explanation: &Explanation, score: f64, language: Language) -> Markup {
    let given = given(explanation, score);
    let mut at = given * 100.0;
    let mut pieces = Vec::with_capacity(explanation.signals.len() + 1);
    if given > 0.0 {
        pieces.push(("given", 0.0, at, false));
    }
    for signal in &explanation.signals {
        let width = signal.contribution.abs() * 100.0;
        let from = if signal.contribution < 0.0 { at - width } else { at };
        at = if signal.contribution < 0.0 { from } else { at + width };
        pieces.push((signal.name.as_str(), from, width, signal.contribution < 0.0));
    }
    let whole = pieces.iter().fold(100.0, |whole: f64, (_, from, width, _)| whole.max(from + width));
    let told = in_words(explanation, score, language);
    html! {
        svg.contributions role="img" aria-label=(told) viewBox=(format!("0 0 {whole:.2} 8")) preserveAspectRatio="none" focusable="false" {
            title { (told) }
            rect.track width=(format!("{whole:.2}")) height="8" {}
            @for (name, from, width, is_loss) in pieces {
                rect class=(format!("s-{name}{}", if is_loss { " loss" } else { "" }))
                    x=(format!("{from:.2}")) width=(format!("{width:.2}")) height="8" {}
            }
        }
    }
}

/// What no signal explains: the relevance of a search in which nothing ranks.
fn given(explanation: &Explanation, score: f64) -> f64 {
    let explained: f64 = explanation.signals.iter().map(|signal| signal.contribution).sum();
    if score - explained > LEAST { score - explained } else { 0.0 }
}

/// The sum in words: `0.78 = words 0.30 + meaning 0.42 − activity 0.02`.
fn in_words(explanation: &Explanation, score: f64, language: Language) -> String {
    let mut told = format!("{} =", language.decimal(score, 2));
    let given = given(explanation, score);
    if given > 0.0 {
        told.push_str(&format!(" {}", language.decimal(given, 2)));
    }
    for (at, signal) in explanation.signals.iter().enumerate() {
        let sign = match (signal.contribution < 0.0, at) {
            (true, _) => " −",
            (false, 0) if given == 0.0 => "",
            (false, _) => " +",
        };
        let value = language.decimal(signal.contribution.abs(), 2);
        told.push_str(&format!("{sign} {} {value}", words::signal(&signal.name, language)));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{ActivityExplanation, SignalExplanation};

    fn explanation(parts: &[(&str, f64)]) -> Explanation {
        let signal = |(name, contribution): &(&str, f64)| SignalExplanation {
            name: (*name).to_owned(),
            raw: 0.0,
            normalised: 0.0,
            weight: 0.0,
            contribution: *contribution,
            unknown: false,
            reason: String::new(),
            fields: Vec::new(),
        };
        let activity = ActivityExplanation { components: Vec::new(), last_active: None };
        Explanation { signals: parts.iter().map(signal).collect(), evidence: Vec::new(), activity, notes: Vec::new() }
    }

    #[test]
    fn parts_stand_side_by_side_and_losses_over_what_they_take() {
        let explained = explanation(&[("keyword", 0.3), ("semantic", 0.4), ("activity", -0.05)]);
        let drawn = contributions(&explained, 0.65, Language::English).into_string();
        assert!(drawn.contains("0.65 = words 0.30 + meaning 0.40 − activity 0.05"), "{drawn}");
        assert!(drawn.contains(r#"<rect class="s-semantic" x="30.00" width="40.00""#), "{drawn}");
        assert!(drawn.contains(r#"<rect class="s-activity loss" x="65.00" width="5.00""#), "{drawn}");
        assert!(contributions(&explained, 0.65, Language::Italian).into_string().contains("parole 0,30"));
    }

    #[test]
    fn where_nothing_ranks_the_whole_is_given() {
        let drawn = contributions(&explanation(&[("activity", 0.02)]), 1.02, Language::English).into_string();
        assert!(drawn.contains("1.02 = 1.00 + activity 0.02"), "{drawn}");
        assert!(drawn.contains(r#"<rect class="s-given" x="0.00" width="100.00""#), "{drawn}");
    }
}
