//! Profiles that are read out of labelled CVs: floors that only rise.

use std::path::Path;

use lodestone::evaluation::cv_profiles::{CvReport, LabelReading, evaluate_cvs};

/// The least F₁ of each measure, by folder of `fixtures/cvs`. A folder that is not there yet is not measured.
const FLOORS: [(&str, [(&str, f64); 9]); 9] = [
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
            ("positions", 0.95),
            ("dates", 0.99),
            ("skills", 0.98),
            ("name", 0.99),
            ("email", 0.99),
            ("headline", 0.95),
            ("education", 0.92),
            ("languages", 0.97),
            ("certificates", 0.94),
        ],
    ),
    (
        "further",
        [
            ("positions", 0.93),
            ("dates", 0.96),
            ("skills", 0.80),
            ("name", 0.92),
            ("email", 0.99),
            ("headline", 0.70),
            ("education", 0.77),
            ("languages", 0.94),
            ("certificates", 0.67),
        ],
    ),
    (
        "wider",
        [
            ("positions", 0.91),
            ("dates", 0.95),
            ("skills", 0.93),
            ("name", 0.96),
            ("email", 0.99),
            ("headline", 0.83),
            ("education", 0.79),
            ("languages", 0.96),
            ("certificates", 0.68),
        ],
    ),
    (
        "mixed",
        [
            ("positions", 0.86),
            ("dates", 0.96),
            ("skills", 0.90),
            ("name", 0.85),
            ("email", 0.98),
            ("headline", 0.71),
            ("education", 0.78),
            ("languages", 0.93),
            ("certificates", 0.79),
        ],
    ),
    (
        "varied",
        [
            ("positions", 0.90),
            ("dates", 0.96),
            ("skills", 0.91),
            ("name", 0.92),
            ("email", 0.99),
            ("headline", 0.67),
            ("education", 0.84),
            ("languages", 0.92),
            ("certificates", 0.76),
        ],
    ),
    (
        "broad",
        [
            ("positions", 0.93),
            ("dates", 0.98),
            ("skills", 0.89),
            ("name", 0.91),
            ("email", 0.99),
            ("headline", 0.82),
            ("education", 0.78),
            ("languages", 0.94),
            ("certificates", 0.80),
        ],
    ),
    (
        // Nobody has read these; what sorts of errors are made on them was counted while the reader was mended.
        "unseen",
        [
            ("positions", 0.82),
            ("dates", 0.92),
            ("skills", 0.89),
            ("name", 0.90),
            ("email", 0.99),
            ("headline", 0.90),
            ("education", 0.72),
            ("languages", 0.91),
            ("certificates", 0.77),
        ],
    ),
    (
        // Nobody has read these; their totals were looked at while the reader was mended.
        "fresh",
        [
            ("positions", 0.83),
            ("dates", 0.95),
            ("skills", 0.90),
            ("name", 0.95),
            ("email", 0.99),
            ("headline", 0.83),
            ("education", 0.74),
            ("languages", 0.92),
            ("certificates", 0.87),
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
