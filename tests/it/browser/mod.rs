//! The pages in a real browser: what a recruiter sees and does.
//!
//! `cargo test --locked --test it browser -- --ignored` with Debian's `chromium` and `chromium-driver`, and the folder of the npm package
//! `axe-core` in `LODESTONE_AXE`. Screenshots go to `target/screenshots/`.

mod driver;
mod walk;

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde_json::Value;

use self::driver::{Browser, Setup};
use crate::server::Server;

/// People of the demo. The walk is over as many as `demo` makes.
const PEOPLE: &str = "10000";

/// Pixels of a screenshot that shows a whole page.
const WHOLE: f64 = 2_400.0;

/// The data of a demo, made once.
static DEMO: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    let _ = std::fs::remove_dir_all(&dir);
    drop(Server::run(&["demo", "--count", PEOPLE], &dir));
    dir
});

/// A server with data of its own, gone with the test.
struct Site {
    server: Server,
    dir: tempfile::TempDir,
}

impl Site {
    /// A demo: a copy of what was made once, since a data directory belongs to one process.
    fn demo() -> Self {
        let dir = tempfile::tempdir().unwrap();
        copy(&DEMO, dir.path());
        Self { server: Server::start(dir.path()), dir }
    }

    fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { server: Server::start(dir.path()), dir }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("http://{}{path}", self.server.address) }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn screenshots() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Checks a page with axe-core against WCAG 2.2 AA.
fn assert_accessible(browser: &Browser, what: &str) {
    let folder = std::env::var("LODESTONE_AXE").expect("LODESTONE_AXE names the folder of the npm package axe-core");
    let axe = std::fs::read_to_string(Path::new(&folder).join("axe.min.js")).unwrap();
    browser.run(&axe);
    let found = browser.run(
        "return axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})\
         .then(({violations, passes}) => ({passes: passes.length, violations: violations.map(({id, help, nodes}) => \
         ({id, help, nodes: nodes.slice(0, 3).map(({html, failureSummary}) => html + ' ' + failureSummary)}))}))",
    );
    assert!(found["passes"].as_u64().unwrap() > 10, "axe looked at nothing: {found}");
    assert_eq!(found["violations"], Value::Array(Vec::new()), "{what}: {found:#}");
}

/// Whether the page is wider than the window.
fn overflows(browser: &Browser) -> bool {
    browser.run("return document.documentElement.scrollWidth > document.documentElement.clientWidth").as_bool().unwrap()
}

/// The pages that are looked at: a name, and a path.
const PAGES: [(&str, &str); 7] = [
    ("start", "/"),
    ("search", "/?q=rust+engineer"),
    ("nobody", "/?q=title:nurse+AND+skill:cobol+AND+company:nobody"),
    ("shortlist", "/shortlist?q=rust+engineer"),
    ("match", "/match"),
    ("import", "/import"),
    ("operations", "/operations"),
];

/// The page of somebody who is found.
fn person(browser: &Browser, site: &Site) -> String {
    browser.open(&site.url("/?q=rust+engineer"));
    let link = browser.one("[data-open]");
    browser.attribute(&link, "href").unwrap()
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_pages_are_accessible_and_fit_in_light_dark_and_narrow() {
    let site = Site::demo();
    for (kind, setup) in [
        ("light", Setup::default()),
        ("dark", Setup { is_dark: true, ..Setup::default() }),
        ("narrow", Setup { width: 360, ..Setup::default() }),
        ("italian", Setup { language: "it", ..Setup::default() }),
    ] {
        let browser = Browser::start(setup);
        let person = person(&browser, &site);
        for (name, path) in PAGES.into_iter().chain([("person", person.as_str())]) {
            browser.open(&site.url(path));
            browser.screenshot(&screenshots().join(format!("{name}-{kind}.png")), WHOLE);
            assert!(!overflows(&browser), "{name} {kind} is wider than its window");
            assert_accessible(&browser, &format!("{name} {kind}"));
        }
    }
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_titles_name_nobody() {
    let site = Site::demo();
    let browser = Browser::start(Setup::default());
    let person = person(&browser, &site);
    browser.open(&site.url(&person));
    let name = browser.text(&browser.one("h1"));
    assert!(!name.is_empty() && !browser.title().contains(name.split(' ').next().unwrap()), "{}", browser.title());
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_searches_and_reads_without_scripts() {
    let site = Site::demo();
    let browser = Browser::start(Setup { has_scripts: false, ..Setup::default() });
    browser.open(&site.url("/"));
    assert!(browser.all(".suggestions").is_empty(), "scripts run");
    browser.fill(&browser.field("Who are you looking for?"), "nurse intensive care");
    browser.send("Search");
    browser.shows("Understood as");
    let facet = browser.one(".facet a");
    browser.click_on(&facet);
    browser.until("a selected value", |browser| browser.all(".facet a[aria-current]").into_iter().next());
    let why = browser.one("details.why summary");
    browser.click_on(&why);
    browser.shows("activity");
    browser.click("Next page");
    browser.shows("Page 2");
    browser.back();
    browser.shows("Page 1");
    let link = browser.one("[data-open]");
    browser.click_on(&link);
    browser.until("a person", |browser| browser.url().contains("/candidates/").then_some(()));
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_goes_from_box_to_shortlist_by_keyboard() {
    let site = Site::demo();
    let browser = Browser::start(Setup::default());
    browser.open(&site.url("/"));
    browser.one(".suggestions");
    browser.press("/data eng");
    browser.until("suggestions", |browser| browser.all(".suggestions li").into_iter().next());
    // Escape closes the list, Enter sends.
    browser.press("\u{e00c}\u{e007}");
    browser.shows("Understood as");
    browser.press("j");
    let focused = || browser.run("return document.activeElement.id").as_str().unwrap().to_owned();
    let first = focused();
    assert!(first.starts_with("c-"), "{first}");
    browser.press("j");
    assert_ne!(focused(), first);
    browser.press("k");
    assert_eq!(focused(), first);
    browser.press("s");
    browser.until("a pick", |browser| browser.url().contains("pick=").then_some(()));
    assert_eq!(focused(), first, "the place is kept");
    browser.press("?");
    browser.shows("to the search box");
    browser.press("\u{e00c}");
    browser.press("g");
    browser.until("the shortlist", |browser| browser.url().contains("/shortlist?").then_some(()));
    assert!(browser.url().contains("pick="));
    browser.back();
    browser.until("the search", |browser| (!browser.url().contains("/shortlist")).then_some(()));
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_chips_and_facets_refine_and_back_undoes() {
    let site = Site::demo();
    let browser = Browser::start(Setup::default());
    browser.open(&site.url("/?q=data+engineer+python"));
    let before = browser.url();
    let total = || browser.text(&browser.one("#results"));
    let all = total();
    let chip = browser.until("the chip", |browser| {
        browser.all(".chip summary").into_iter().find(|chip| browser.text(chip).contains("python"))
    });
    browser.click_on(&chip);
    browser.click("Must have it");
    browser.until("the demand", |browser| browser.url().contains("%2Bpython").then_some(()));
    assert_ne!(total(), all);
    browser.back();
    browser.until("the search before", |browser| (browser.url() == before).then_some(()));
    assert_eq!(total(), all);
    let chip = browser.one(".chip summary");
    browser.click_on(&chip);
    browser.fill(&browser.field("Edit"), "machine learning");
    browser.send("Change");
    browser.until("the edited query", |browser| browser.url().contains("machine+learning").then_some(()));
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_blind_mode_shows_no_name() {
    let site = Site::demo();
    let browser = Browser::start(Setup::default());
    browser.open(&site.url("/?q=rust+engineer"));
    let names: Vec<String> = browser.all("[data-open]").iter().map(|link| browser.text(link)).collect();
    assert!(!names.is_empty());
    browser.click("Hide names");
    browser.shows("Name hidden");
    let text = browser.text_of_page();
    for name in names {
        assert!(!text.contains(&name), "{name}");
    }
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_imports_a_sheet_and_finds_who_was_in_it() {
    let site = Site::empty();
    let browser = Browser::start(Setup::default());
    let sheet = site.dir.path().join("layoffs.csv");
    std::fs::write(
        &sheet,
        "Name,Job title,Skills\nAda Rossi,Rust engineer,\"Rust, Kafka\"\nBruno Verdi,Nurse,Triage\n",
    )
    .unwrap();
    browser.open(&site.url("/import"));
    browser.give_file(&browser.field("Files"), &sheet);
    browser.fill(&browser.field("Cohort"), "acme-2026");
    browser.send("Import");
    browser.shows("Columns of the table");
    assert_accessible(&browser, "columns");
    browser.send("Import these people");
    browser.shows("2 new");
    assert_accessible(&browser, "task");
    browser.click("Search them");
    browser.shows("2 people");
    browser.shows("Ada Rossi");
}

#[test]
#[ignore = "needs a browser: see README.md"]
fn browser_shows_hostile_people_as_text() {
    let site = Site::empty();
    for line in include_str!("../../../fixtures/hostile/people.ndjson").lines() {
        let id: Value = serde_json::from_str(line).unwrap();
        let path = format!("/v1/candidates/{}?refresh=wait", id["id"].as_str().unwrap());
        assert_eq!(site.server.send("PUT", &path, line), Some(201));
    }
    for setup in [Setup::default(), Setup { width: 360, ..Setup::default() }] {
        let browser = Browser::start(setup);
        for path in
            ["/?q=rust+engineer", "/candidates/hostile-script", "/candidates/hostile-long", "/candidates/hostile-bidi"]
        {
            browser.open(&site.url(path));
            assert!(browser.title().ends_with("· Lodestone"), "{}", browser.title());
            assert!(!overflows(&browser), "{path}");
            assert_accessible(&browser, path);
        }
        browser.open(&site.url("/?q=rust+engineer"));
        browser.screenshot(&screenshots().join(format!("hostile-{}.png", setup.width)), WHOLE);
    }
}
