//! A browser, driven over the W3C WebDriver protocol: chromedriver does the work, this says what.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::Engine;
use serde_json::{Value, json};

/// The member that names an element (WebDriver §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long something may take to show.
const PATIENCE: Duration = Duration::from_secs(60);

/// Characters of a page that are shown where something did not come.
const SHOWN: usize = 600;

/// How a browser is started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup {
    pub(super) language: &'static str,
    pub(super) width: u32,
    pub(super) is_dark: bool,
    pub(super) has_scripts: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { language: "en", width: 1280, is_dark: false, has_scripts: true }
    }
}

/// A browser with one tab.
pub(super) struct Browser {
    driver: Child,
    session: String,
    downloads: tempfile::TempDir,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub(super) struct Element(String);

impl Browser {
    /// Starts a browser. Fails where there is none: README.md says what is needed.
    pub(super) fn start(setup: Setup) -> Self {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn();
        let mut driver = driver.expect("chromedriver is needed: Debian's chromium and chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver ended before it served").unwrap();
            let port =
                line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned());
            if let Some(port) = port {
                break port;
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let downloads = tempfile::tempdir().unwrap();
        let capabilities = capabilities(setup, downloads.path());
        let base = format!("http://127.0.0.1:{port}/session");
        let made = call(minreq::post(&base), &json!({"capabilities": {"alwaysMatch": capabilities}}));
        let session = format!("{base}/{}", made["sessionId"].as_str().unwrap());
        let browser = Self { driver, session, downloads };
        let (scheme, narrow) = (if setup.is_dark { "dark" } else { "light" }, setup.width < 500);
        browser.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
        browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": setup.width, "height": 900, "deviceScaleFactor": 1, "mobile": narrow}),
        );
        browser
    }

    /// A command of the DevTools protocol.
    fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", json!({"cmd": command, "params": parameters}))
    }

    fn post(&self, command: &str, body: Value) -> Value {
        call(minreq::post(format!("{}/{command}", self.session)), &body)
    }

    fn get(&self, what: &str) -> Value {
        call(minreq::get(format!("{}/{what}", self.session)), &Value::Null)
    }

    /// Opens an address.
    pub(super) fn open(&self, url: &str) {
        self.post("url", json!({"url": url}));
    }

    /// Goes back in the history.
    pub(super) fn back(&self) {
        self.post("back", json!({}));
    }

    /// The address that is shown.
    pub(super) fn url(&self) -> String {
        self.get("url").as_str().unwrap().to_owned()
    }

    /// The title of the page.
    pub(super) fn title(&self) -> String {
        self.get("title").as_str().unwrap().to_owned()
    }

    /// Every element of a CSS selector that is there now.
    pub(super) fn all(&self, css: &str) -> Vec<Element> {
        self.by("css selector", css)
    }

    fn by(&self, using: &str, value: &str) -> Vec<Element> {
        let found = self.post("elements", json!({"using": using, "value": value}));
        found.as_array().unwrap().iter().map(|element| Element(element[ELEMENT].as_str().unwrap().to_owned())).collect()
    }

    /// Waits until something is there.
    pub(super) fn until<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if Instant::now() >= deadline {
                let text: String = self.text_of_page().chars().take(SHOWN).collect();
                panic!("{what} did not come; at {}: {text}", self.url());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The first element of a CSS selector, when it is there.
    pub(super) fn one(&self, css: &str) -> Element {
        self.until(css, |browser| browser.all(css).into_iter().next())
    }

    /// A link or button that shows this text, when one is visible.
    pub(super) fn labelled(&self, label: &str) -> Element {
        let text = format!("normalize-space(.)=\"{label}\"");
        let xpath = format!("//a[{text}] | //button[{text}] | //summary[{text}]");
        self.until(label, |browser| browser.by("xpath", &xpath).into_iter().find(|found| browser.is_visible(found)))
    }

    /// Clicks the first link that shows this text among others.
    pub(super) fn click_link(&self, part: &str) {
        let xpath = format!("//a[contains(normalize-space(.), \"{part}\")]");
        let link =
            self.until(part, |browser| browser.by("xpath", &xpath).into_iter().find(|found| browser.is_visible(found)));
        self.click_on(&link);
    }

    /// Presses the button that shows this text.
    pub(super) fn send(&self, label: &str) {
        let xpath = format!("//button[normalize-space(.)=\"{label}\"]");
        let button = self
            .until(label, |browser| browser.by("xpath", &xpath).into_iter().find(|found| browser.is_visible(found)));
        self.click_on(&button);
    }

    /// The field of a visible label that begins so.
    pub(super) fn field(&self, label: &str) -> Element {
        let xpath = format!(
            "//label[starts-with(normalize-space(.), \"{label}\")]//*[self::input or self::textarea or self::select] | \
             //*[@id = //label[starts-with(normalize-space(.), \"{label}\")]/@for]"
        );
        self.until(label, |browser| browser.by("xpath", &xpath).into_iter().find(|found| browser.is_visible(found)))
    }

    /// Clicks what shows this text.
    pub(super) fn click(&self, label: &str) {
        let found = self.labelled(label);
        self.click_on(&found);
    }

    pub(super) fn click_on(&self, Element(id): &Element) {
        self.post(&format!("element/{id}/click"), json!({}));
    }

    /// Types into an element; what stands in it is replaced.
    pub(super) fn fill(&self, Element(id): &Element, text: &str) {
        self.post(&format!("element/{id}/clear"), json!({}));
        self.post(&format!("element/{id}/value"), json!({"text": text}));
    }

    /// Gives a file to a field for files.
    pub(super) fn give_file(&self, Element(id): &Element, path: &Path) {
        self.post(&format!("element/{id}/value"), json!({"text": path.to_str().unwrap()}));
    }

    /// Presses keys, whatever has the focus.
    pub(super) fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})])
            .collect();
        self.post("actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// The text that an element shows.
    pub(super) fn text(&self, Element(id): &Element) -> String {
        self.get(&format!("element/{id}/text")).as_str().unwrap().to_owned()
    }

    pub(super) fn attribute(&self, Element(id): &Element, name: &str) -> Option<String> {
        self.get(&format!("element/{id}/attribute/{name}")).as_str().map(str::to_owned)
    }

    /// Whether an element shows; one whose page is gone does not.
    pub(super) fn is_visible(&self, Element(id): &Element) -> bool {
        let shown = try_call(minreq::get(format!("{}/element/{id}/displayed", self.session)), &Value::Null);
        shown.is_ok_and(|shown| shown == true)
    }

    /// The text of the whole page; empty while another one comes.
    pub(super) fn text_of_page(&self) -> String {
        let Some(Element(body)) = self.all("body").into_iter().next() else { return String::new() };
        let text = try_call(minreq::get(format!("{}/element/{body}/text", self.session)), &Value::Null);
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the page shows a text.
    pub(super) fn shows(&self, text: &str) {
        self.until(text, |browser| browser.text_of_page().contains(text).then_some(()));
    }

    /// Runs a script in the page and gives what it returns, when its promise is kept.
    pub(super) fn run(&self, script: &str) -> Value {
        self.post("execute/sync", json!({"script": script, "args": []}))
    }

    /// Puts a picture of a page into a file, from its top, at most so many pixels high.
    pub(super) fn screenshot(&self, path: &Path, at_most: f64) {
        let size = self.devtools("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let height = size["height"].as_f64().unwrap().min(at_most);
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1});
        let shot = self.devtools("Page.captureScreenshot", json!({"clip": clip, "captureBeyondViewport": true}));
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// The file that was downloaded, when it is whole.
    pub(super) fn download(&self) -> PathBuf {
        self.until("a download", |browser| {
            let files = std::fs::read_dir(browser.downloads.path()).unwrap();
            files.map(|file| file.unwrap().path()).find(|path| path.extension().is_none_or(|end| end != "crdownload"))
        })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = minreq::delete(&self.session).with_timeout(10).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(setup: Setup, downloads: &Path) -> Value {
    let mut arguments =
        ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"].map(str::to_owned).to_vec();
    arguments.push(format!("--window-size={},900", setup.width.max(500)));
    let mut preferences = json!({
        "intl.accept_languages": setup.language,
        "download.default_directory": downloads,
        "download.prompt_for_download": false,
    });
    if !setup.has_scripts {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    json!({"browserName": "chrome", "goog:chromeOptions": {"args": arguments, "prefs": preferences}})
}

/// Sends a command and gives its value; what the driver refuses ends the test.
fn call(request: minreq::Request, body: &Value) -> Value {
    try_call(request, body).unwrap_or_else(|message| panic!("the browser refused: {message}"))
}

fn try_call(request: minreq::Request, body: &Value) -> Result<Value, Value> {
    let request = if body.is_null() { request } else { request.with_json(body).unwrap() };
    let response = request.with_timeout(60).send().unwrap();
    let answer: Value = serde_json::from_slice(response.as_bytes()).unwrap();
    if response.status_code == 200 { Ok(answer["value"].clone()) } else { Err(answer["value"]["message"].clone()) }
}
