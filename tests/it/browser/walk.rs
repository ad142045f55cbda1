//! A recruiter's errand, by visible labels alone: three reachable Rust engineers near Milan, exported.

use super::{
    Site,
    driver::{Browser, Setup},
    screenshots,
};

/// People whom the errand asks for.
const WANTED: usize = 3;

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_walk_finds_three_reachable_rust_engineers_near_milan_and_exports_them() {
    let site = Site::demo();
    let browser = Browser::start(Setup::default());
    browser.open(&site.url("/"));
    browser.fill(&browser.field("Who are you looking for?"), "rust engineer");
    browser.send("Search");
    browser.shows("Understood as");
    browser.fill(&browser.field("Place"), "Milan");
    browser.fill(&browser.field("Within km"), "60");
    browser.send("Apply");
    browser.shows("within 60 km");
    let chip = browser.until("the chip of rust", |browser| {
        browser.all(".chip summary").into_iter().find(|chip| browser.text(chip).contains("rust"))
    });
    browser.click_on(&chip);
    browser.click("Must have it");
    browser.shows("MUST rust");
    browser.screenshot(&screenshots().join("walk-search.png"));
    browser.click("Shortlist");
    browser.until("the shortlist", |browser| browser.url().contains("/shortlist").then_some(()));
    browser.fill(&browser.field("Minutes"), "45");
    browser.screenshot(&screenshots().join("walk-shortlist.png"));
    browser.click("Export as CSV");
    let exported = std::fs::read_to_string(browser.download()).unwrap();
    let mut table = csv::Reader::from_reader(exported.as_bytes());
    let header = table.headers().unwrap().clone();
    let column =
        |name: &str| header.iter().position(|known| known == name).unwrap_or_else(|| panic!("{name}: {header:?}"));
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), WANTED, "{exported}");
    for row in &rows {
        assert!(!row[column("name")].is_empty(), "{exported}");
    }
}
