//! Profiles that are read out of labelled CVs: floors that only rise.

use std::path::Path;

use lodestone::evaluation::cv_profiles::{CvReport, LabelReading, evaluate_cvs};

/// The least F₁ of each measure, by folder of `fixtures/cvs`. A folder that is not there yet is not measured.
const FLOORS: [(&str, [(&str, f64); 9]); 6] = [
    (
        "dev",
        [
            ("positions", 0.99),
            ("dates", 0.99),
            ("skills", 0.97),
            ("name", 0.99),
            ("email", 0.99),
            ("headline", 0.99),
            ("education", 0.98),
            ("languages", 0.98),
            ("certificates", 0.98),
        ],
    ),
    (
        "held",
        [
            ("positions", 0.93),
            ("dates", 0.99),
            ("skills", 0.98),
            ("name", 0.99),
            ("email", 0.99),
            ("headline", 0.95),
            ("education", 0.92),
            ("languages", 0.97),
            ("certificates", 0.96),
        ],
    ),
    (
        "further",
        [
            ("positions", 0.86),
            ("dates", 0.93),
            ("skills", 0.77),
            ("name", 0.86),
            ("email", 0.99),
            ("headline", 0.70),
            ("education", 0.60),
            ("languages", 0.83),
            ("certificates", 0.60),
        ],
    ),
    (
        "wider",
        [
            ("positions", 0.85),
            ("dates", 0.91),
            ("skills", 0.88),
            ("name", 0.93),
            ("email", 0.99),
            ("headline", 0.73),
            ("education", 0.68),
            ("languages", 0.93),
            ("certificates", 0.52),
        ],
    ),
    (
        "mixed",
        [
            ("positions", 0.78),
            ("dates", 0.92),
            ("skills", 0.83),
            ("name", 0.85),
            ("email", 0.98),
            ("headline", 0.71),
            ("education", 0.74),
            ("languages", 0.92),
            ("certificates", 0.70),
        ],
    ),
    (
        // Nothing was mended on these.
        "unseen",
        [
            ("positions", 0.67),
            ("dates", 0.89),
            ("skills", 0.85),
            ("name", 0.85),
            ("email", 0.99),
            ("headline", 0.82),
            ("education", 0.69),
            ("languages", 0.91),
            ("certificates", 0.73),
        ],
    ),
];

#[test]
fn what_is_read_out_of_labelled_cvs_stays_above_its_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cvs");
    assert!(root.join("dev").is_dir());
    for (folder, floors) in FLOORS.iter().filter(|(folder, _)| root.join(folder).is_dir()) {
        let mut all = CvReport::default();
        for (name, report) in evaluate_cvs(&root.join(folder), LabelReading::WithAlternatives).unwrap() {
            let read = report.differences.iter().filter(|difference| difference.starts_with("invisible"));
            assert_eq!(read.collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
            all.add(&report);
        }
        for (measure, floor) in floors {
            let f1 = all.of(measure).f1();
            assert!(f1 >= *floor, "{folder}: F1 of {measure} is {f1:.3}, less than {floor}");
        }
    }
}
