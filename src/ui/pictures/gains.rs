//! What each further person of a shortlist adds, and where it is worth stopping.

use maud::{Markup, html};

use crate::ui::language::Language;

/// Height of the picture, its width being 100.
const HEIGHT: f64 = 24.0;

/// Places for columns at least: one person is no wall.
const LEAST_PLACES: usize = 8;

/// A column for each gain, in order, and a line before the first that is not worth it.
pub(crate) fn gains(gains: &[f64], stop_after: usize, language: Language) -> Markup {
    let most = gains.iter().copied().fold(0.0, f64::max);
    let step = 100.0 / gains.len().max(LEAST_PLACES) as f64;
    let height = |gain: f64| if most > 0.0 { (gain / most).clamp(0.0, 1.0) * HEIGHT } else { 0.0 };
    let told = in_words(gains, stop_after, language);
    html! {
        svg.gains role="img" aria-label=(told) viewBox=(format!("0 0 100 {HEIGHT}")) preserveAspectRatio="none" focusable="false" {
            title { (told) }
            @for (at, gain) in gains.iter().enumerate() {
                rect class=(if at < stop_after { "fill" } else { "past" })
                    x=(format!("{:.2}", step * (at as f64 + 0.1))) y=(format!("{:.2}", HEIGHT - height(*gain)))
                    width=(format!("{:.2}", step * 0.8)) height=(format!("{:.2}", height(*gain))) {}
            }
            @if stop_after < gains.len() {
                line x1=(format!("{:.2}", step * stop_after as f64)) x2=(format!("{:.2}", step * stop_after as f64)) y1="0" y2=(HEIGHT) {}
            }
        }
    }
}

/// `What each of 8 people adds, from 0.31 to 0.02 expected replies. It is worth stopping after number 6.`
fn in_words(gains: &[f64], stop_after: usize, language: Language) -> String {
    let [Some(first), Some(last)] = [gains.first(), gains.last()] else { return String::new() };
    let [first, last] = [first, last].map(|gain| language.decimal(*gain, 2));
    let count = gains.len();
    let (each, stop) = match language {
        Language::English => (
            format!("What each of {count} people adds, in order: from {first} to {last} expected replies."),
            format!("It is worth stopping after number {stop_after}."),
        ),
        Language::Italian => (
            format!("Quanto aggiunge ciascuna di {count} persone, in ordine: da {first} a {last} risposte attese."),
            format!("Conviene fermarsi dopo la numero {stop_after}."),
        ),
    };
    if stop_after < count { format!("{each} {stop}") } else { each }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_order_and_the_line_before_the_first_that_is_not_worth_it() {
        let drawn = gains(&[0.4, 0.2, 0.01, 0.01], 2, Language::English).into_string();
        assert!(drawn.contains(
            "each of 4 people adds, in order: from 0.40 to 0.01 expected replies. It is worth stopping after number 2."
        ));
        assert_eq!((drawn.matches(r#"class="fill""#).count(), drawn.matches(r#"class="past""#).count()), (2, 2));
        assert!(drawn.contains(r#"x="13.75" y="12.00" width="10.00" height="12.00""#), "{drawn}");
        assert!(drawn.contains(r#"<line x1="25.00" x2="25.00""#), "{drawn}");
        let all = gains(&[0.4, 0.2], 2, Language::Italian).into_string();
        assert!(all.contains("da 0,40 a 0,20") && !all.contains("fermarsi") && !all.contains("<line"), "{all}");
        let none = gains(&[0.0], 0, Language::English).into_string();
        assert!(none.contains(r#"height="0.00""#) && !none.contains("NaN"), "{none}");
    }
}
