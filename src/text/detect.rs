//! A candidate's texts → the language that they are in.
//!
//! Detection on short strings is a coin toss, so it reads the longest text only, and only if it is long enough.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::language::Language;

/// Letters that the longest text needs before its language is guessed.
const MIN_LETTERS: usize = 40;
/// What is read of a long text: enough for certainty, bounded in time.
const MAX_CHARS: usize = 2000;
/// The least confidence of a guess, in [0, 1].
const MIN_CONFIDENCE: f64 = 0.5;

/// Knows our languages only: a text is not mistaken for one that is never told apart from them anyway.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let ours = Lang::all().iter().filter(|language| Language::from_code(language.code()).is_some());
    Detector::with_allowlist(ours.copied().collect())
});

/// The language of a candidate: the declared one, else that of the longest of the texts, else unknown.
pub fn detect<'a>(declared: Option<Language>, texts: impl IntoIterator<Item = &'a str>) -> Option<Language> {
    declared.or_else(|| guess(texts.into_iter().max_by_key(|text| text.len())?))
}

fn guess(text: &str) -> Option<Language> {
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    if weight(text) < MIN_LETTERS {
        return None;
    }
    let guess = DETECTOR.detect(text)?;
    if guess.confidence() < MIN_CONFIDENCE {
        return None;
    }
    Language::from_code(guess.lang().code())
}

/// Letters, of which an ideograph or a syllable says as much as three.
fn weight(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphabetic()).map(|letter| if letter >= '\u{2e80}' { 3 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_language_wins() {
        let text = "I have been developing large distributed systems in several teams over the last ten years.";
        assert_eq!(detect(Some(Language::Polish), [text]), Some(Language::Polish));
        assert_eq!(detect(None, [text]), Some(Language::English));
    }

    #[test]
    fn the_longest_text_decides() {
        let summary = "Seit zehn Jahren entwickle ich verteilte Systeme und leite kleine Mannschaften von Fachleuten.";
        assert_eq!(detect(None, ["Software Engineer", summary, "Team Lead"]), Some(Language::German));
    }

    #[test]
    fn languages_of_several_scripts() {
        for (text, language) in [
            ("Sono responsabile della gestione dei progetti e della formazione dei nuovi colleghi in azienda.", "it"),
            ("Sunt responsabil de dezvoltarea aplicațiilor și de coordonarea echipei în fiecare zi de lucru.", "ro"),
            ("我负责公司的软件开发和团队管理工作已经有十多年的经验了", "zh"),
            ("私は十年以上ソフトウェアの開発とチームの管理を担当しています", "ja"),
            ("저는 십 년 넘게 소프트웨어 개발과 팀 관리를 담당하고 있습니다 감사합니다", "ko"),
            ("Я отвечаю за разработку программного обеспечения и руковожу командой инженеров", "ru"),
        ] {
            assert_eq!(detect(None, [text]).map(Language::code), Some(language), "{text}");
        }
    }

    #[test]
    fn short_texts_are_unknown() {
        assert_eq!(detect(None, ["Software Engineer", "Java"]), None);
        assert_eq!(detect(None, ["12345 67890 ".repeat(20).as_str()]), None);
        assert_eq!(detect(None, []), None);
    }
}
