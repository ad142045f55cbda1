//! A recruiter's errand, by visible labels alone: three reachable Rust engineers near Milan, exported.

use super::{
    Site,
    driver::{Browser, Setup},
    screenshots,
};

/// People whom the errand asks for.
const WANTED: usize = 3;

/// Pixels of the pictures that the README shows.
const SHOWN: f64 = 860.0;

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_walk_finds_three_reachable_rust_engineers_near_milan_and_exports_them() {
    let site = Site::demo();
    let browser = Browser::start(Setup { width: 1100, ..Setup::default() });
    browser.open(&site.url("/"));
    browser.fill(&browser.field("Who are you looking for?"), "rust engineer");
    browser.send("Search");
    browser.shows("Understood as");
    browser.fill(&browser.field("Place"), "Milan");
    browser.fill(&browser.field("Within km"), "300");
    browser.send("Apply");
    browser.shows("within 300 km");
    let chip = browser.until("the chip of rust", |browser| {
        browser.all(".chip summary").into_iter().find(|chip| browser.text(chip).contains("rust"))
    });
    browser.click_on(&chip);
    browser.click("Must have it");
    browser.shows("MUST rust");
    browser.click_link("in the last 365 days");
    browser.shows("Last active: in the last 365 days");
    browser.screenshot(&screenshots().join("walk-search.png"), SHOWN);
    browser.click("Shortlist");
    browser.until("the shortlist", |browser| browser.url().contains("/shortlist?").then_some(()));
    browser.fill(&browser.field("Minutes to spend"), "45");
    browser.send("Propose");
    browser.until("the budget", |browser| browser.url().contains("minutes=45").then_some(()));
    browser.shows("Proposed 3");
    browser.screenshot(&screenshots().join("walk-shortlist.png"), SHOWN);
    browser.click("Proposals as CSV");
    let exported = std::fs::read_to_string(browser.download()).unwrap();
    let mut table = csv::Reader::from_reader(exported.as_bytes());
    let header = table.headers().unwrap().clone();
    let column =
        |name: &str| header.iter().position(|known| known == name).unwrap_or_else(|| panic!("{name}: {header:?}"));
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), WANTED, "{exported}");
    for row in &rows {
        let of = |name: &str| &row[column(name)];
        assert!(!of("Name").is_empty() && !of("Last active").is_empty(), "{exported}");
        assert!(of("Reason").contains("answers with a probability"), "{exported}");
        browser.open(&site.url(&format!("/candidates/{}", of("Id"))));
        browser.shows("Rust");
    }
}
