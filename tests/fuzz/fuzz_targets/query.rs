//! Any text as a query: nothing fails, panics or hangs; what is printed reads the same; what is relaxed can be read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lodestone::{
    candidate::TextField,
    query::{
        Edit, Plan, Syntax, Unknowns,
        naive::{NaiveCandidate, evaluate},
        parse, parse_strict,
    },
    text::Language,
};

fuzz_target!(|text: &str| {
    let length = text.chars().count() as u32;
    let candidate = NaiveCandidate {
        texts: vec![(TextField::Skill, "rust a b".to_owned()), (TextField::CurrentTitle, "java dev".to_owned())],
        ..NaiveCandidate::default()
    };
    for syntax in [Syntax::Boolean, Syntax::Plain] {
        let Ok(parsed) = parse(text, syntax) else { continue };
        assert_eq!(parse_strict(text, syntax).is_ok(), parsed.warnings.is_empty());
        assert!(parsed.warnings.iter().all(|warning| warning.span.start <= warning.span.end && warning.span.end <= length));
        let plan = Plan::compile(&parsed.ast);
        let hit = |plan: &Plan| {
            evaluate(plan, &[], &candidate, &[Language::English]).is_hit(plan.hit_set, Unknowns::Include)
        };
        let printed = parsed.ast.to_string();
        if let Ok(again) = parse(&printed, syntax) {
            assert_eq!(again.ast.to_string(), printed, "{text:?}");
            assert_eq!(hit(&Plan::compile(&again.ast)), hit(&plan), "{text:?}");
        }
        for leaf in plan.understood.leaves().into_iter().take(8) {
            assert!(leaf.span.start <= leaf.span.end && leaf.span.end <= length);
            if let Some(edited) = parsed.ast.edited(leaf.id, &Edit::Drop)
                && let Ok(again) = parse(&edited.to_string(), syntax)
            {
                assert_eq!(hit(&Plan::compile(&again.ast)), hit(&Plan::compile(&edited)), "{text:?}");
            }
        }
    }
});
