//! What the page of a job shows, as its address.
//!
//! Input: the query string of a URL, or the fields of a form. Output: a [`JobView`], and the URL of any other. The job text stands in the
//! address as `job`: compressed by zstd, in base64url without padding (RFC 4648 §5). Invariants: an address is at most
//! [`MAX_ADDRESS_BYTES`] long and unpacks to at most [`MAX_JOB_BYTES`], whoever wrote it; what is stated (`title`, `must`, `nice`) stands
//! for what is read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    error::{ErrorCode, FieldError},
    http::problem::Problem,
    query::job::{JobReading, MAX_JOB_BYTES, read_job},
    search::MatchBody,
    ui::view::{PAGE_SIZE, View, pairs_of},
};

/// The path of the page.
pub(super) const PATH: &str = "/match";

/// The longest address: what reads requests takes 65,534 bytes, and a link of the page may be somewhat longer than the page's own.
const MAX_ADDRESS_BYTES: usize = 60_000;

/// Job texts are short: the best that zstd can do takes a few milliseconds.
const COMPRESSION_LEVEL: i32 = 19;

/// What the page of a job shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct JobView {
    text: String,
    /// The text as the address has it; empty where there is none.
    packed: String,
    /// The title, where one is stated.
    pub(super) title: Option<String>,
    /// The skills that are needed, where they are stated.
    pub(super) must: Option<Vec<String>>,
    /// The skills that are nice to have, where they are stated.
    pub(super) nice: Option<Vec<String>>,
    /// Filters, picks, blind mode, page.
    pub(super) view: View,
}

impl JobView {
    /// The view of a query string.
    pub(super) fn of(query: &str) -> Result<Self, Problem> {
        Self::of_pairs(&pairs_of(query.as_bytes()))?.bounded()
    }

    /// The view of the fields of a form. `must` and `nice` are one skill a line.
    pub(super) fn of_pairs(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let all = |name: &str| -> Vec<&str> {
            pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
        };
        // Stated and empty is another thing than not stated.
        let skills = |name: &str| {
            let lines = all(name);
            let skills = lines.iter().flat_map(|text| text.lines()).map(str::trim).filter(|skill| !skill.is_empty());
            (!lines.is_empty()).then(|| skills.map(str::to_owned).collect())
        };
        let packed = all("job").first().copied().unwrap_or_default();
        let title = all("title").first().map(|title| title.trim()).filter(|title| !title.is_empty());
        Ok(Self {
            text: unpack(packed)?,
            packed: packed.to_owned(),
            title: title.map(str::to_owned),
            must: skills("must"),
            nice: skills("nice"),
            view: View::of_pairs(pairs)?,
        })
    }

    /// The view with another text.
    pub(super) fn with_text(self, text: &str) -> Result<Self, Problem> {
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if text.len() > MAX_JOB_BYTES {
            let detail = format!("the job text has {} bytes: at most {MAX_JOB_BYTES} are read", text.len());
            return Err(Problem::new(ErrorCode::InvalidValue, detail));
        }
        let packed =
            if text.is_empty() { String::new() } else { pack(&text).map_err(|error| Problem::internal(&error))? };
        Ok(Self { text, packed, ..self })
    }

    /// The view that says the same without stating what is read anyway. Reads the text: call it off the async threads.
    pub(super) fn without_what_is_read(mut self) -> Self {
        if self.title.is_some() && self.title == read_job(None, &self.text).title {
            self.title = None;
        }
        let read = read_job(self.title.as_deref(), &self.text);
        self.must = self.must.filter(|must| *must != read.must);
        self.nice = self.nice.filter(|nice| *nice != read.nice);
        self
    }

    /// The view itself where its address is short enough.
    ///
    /// # Errors
    /// `invalid_value`, with how long it is.
    pub(super) fn bounded(self) -> Result<Self, Problem> {
        let length = self.url().len();
        if length <= MAX_ADDRESS_BYTES {
            return Ok(self);
        }
        let detail = format!(
            "the page's address would have {length} bytes, and at most {MAX_ADDRESS_BYTES} fit: shorten the job text or the lists"
        );
        Err(Problem::new(ErrorCode::InvalidValue, detail))
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        let has_skills = [&self.must, &self.nice].into_iter().flatten().any(|skills| !skills.is_empty());
        self.text.is_empty() && self.title.is_none() && !has_skills
    }

    /// Whether anything stands for what is read.
    pub(super) fn is_edited(&self) -> bool {
        self.title.is_some() || self.must.is_some() || self.nice.is_some()
    }

    /// The view as the text reads.
    pub(super) fn as_read(&self) -> Self {
        Self { title: None, must: None, nice: None, ..self.clone() }.on_first_page()
    }

    /// The view with other skills than a reading's, from its first page.
    pub(super) fn with_skills(&self, job: &JobReading, must: Vec<String>, nice: Vec<String>) -> Self {
        let stated = |skills: Vec<String>, read: &[String], known: &Option<Vec<String>>| {
            if skills == read { known.clone() } else { Some(skills) }
        };
        let (must, nice) = (stated(must, &job.must, &self.must), stated(nice, &job.nice, &self.nice));
        Self { must, nice, ..self.clone() }.on_first_page()
    }

    /// The view with another of filters, picks and the like.
    pub(super) fn with_view(&self, view: View) -> Self {
        Self { view, ..self.clone() }
    }

    fn on_first_page(mut self) -> Self {
        self.view.page = 1;
        self
    }

    /// What stands in the address beside the view.
    pub(super) fn more(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: Option<String>| pairs.extend(value.map(|value| (name.to_owned(), value)));
        add("job", (!self.packed.is_empty()).then(|| self.packed.clone()));
        add("title", self.title.clone());
        add("must", self.must.as_ref().map(|skills| skills.join("\n")));
        add("nice", self.nice.as_ref().map(|skills| skills.join("\n")));
        pairs
    }

    /// The address.
    pub(super) fn url(&self) -> String {
        self.view.url_with(PATH, &self.more())
    }

    /// What is asked of a search.
    pub(super) fn body(&self) -> MatchBody {
        MatchBody {
            title: self.title.clone(),
            description: (!self.text.is_empty()).then(|| self.text.clone()),
            must: self.must.clone(),
            nice: self.nice.clone(),
            filters: Some(self.view.filters.clone()),
            unknowns: Some(self.view.unknowns),
            limit: Some(PAGE_SIZE),
            ..MatchBody::default()
        }
    }
}

fn pack(text: &str) -> std::io::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(zstd::bulk::compress(text.as_bytes(), COMPRESSION_LEVEL)?))
}

/// The text of an address: whatever stands there, no more than a job text is unpacked.
fn unpack(packed: &str) -> Result<String, Problem> {
    if packed.is_empty() {
        return Ok(String::new());
    }
    let bytes = URL_SAFE_NO_PAD.decode(packed).ok().filter(|_| packed.len() <= MAX_ADDRESS_BYTES);
    let text = bytes.and_then(|bytes| zstd::bulk::decompress(&bytes, MAX_JOB_BYTES).ok());
    let text = text.and_then(|text| String::from_utf8(text).ok()).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| {
        let message = "the address holds no job text, or it was cut off".to_owned();
        let error = FieldError { pointer: "/job".to_owned(), code: "invalid_parameter", message: message.clone() };
        Problem::new(ErrorCode::InvalidParameter, message).with_errors(vec![error])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> JobView {
        JobView::default().with_text(text).unwrap()
    }

    fn again(job: &JobView) -> JobView {
        JobView::of(job.url().split_once('?').map_or("", |(_, query)| query)).unwrap()
    }

    #[test]
    fn an_address_and_its_view_are_the_same() {
        let text = "Senior Rust Engineer (m/w/d)\r\n\r\nWas Sie mitbringen:\n- Rust & C++ 🦀\n- Größe = 100 %";
        let job = of_text(text);
        assert_eq!(again(&job), job);
        assert_eq!(job.body().description.unwrap(), text.replace("\r\n", "\n"));
        let view = View::of("skills.any=C%2B%2B&pick=a&blind=1&page=3").unwrap();
        let stated = JobView {
            title: Some("Rust & Go".into()),
            must: Some(vec!["C++".into(), "Go\u{a0}1".into()]),
            nice: Some(Vec::new()),
            ..job.with_view(view)
        };
        assert_eq!(again(&stated), stated);
        assert_eq!(stated.as_read().body().must, None);
        assert_eq!(again(&JobView::default()), JobView::default());
        assert_eq!(JobView::default().url(), "/match");
        let long = of_text(&"Führt Gespräche mit Kunden; schreibt Angebote.\n".repeat(1_300));
        assert_eq!(again(&long), long);
        assert!(long.url().len() < 1_000);
    }

    #[test]
    fn hostile_addresses_are_refused_and_unpack_to_little() {
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let zeros = vec![0; 64 * 1024 * 1024];
        let bomb = zstd::bulk::compress(&zeros, 1).unwrap();
        // A stream does not say how long it is.
        let unsaid = zstd::stream::encode_all(zeros.as_slice(), 1).unwrap();
        let half = zstd::bulk::compress(&vec![b'a'; MAX_JOB_BYTES / 2 + 1], 1).unwrap();
        let cut = of_text("Rust Engineer, Milan, five years of Kafka").packed;
        for packed in [
            "!",
            "AAAA",
            "KLUv_Q",
            &encoded(&zstd::bulk::compress(b"", 1).unwrap()),
            &cut[..cut.len() - 3],
            &encoded(b"no frame at all"),
            &encoded(&bomb),
            &encoded(&unsaid),
            &encoded(&[half.clone(), half].concat()),
            &encoded(&zstd::bulk::compress(b"\xff\xfe\xfd", 1).unwrap()),
            &"A".repeat(MAX_ADDRESS_BYTES + 1),
        ] {
            let problem = JobView::of(&format!("job={packed}")).unwrap_err();
            assert_eq!((problem.code(), problem.errors()[0].pointer.as_str()), (ErrorCode::InvalidParameter, "/job"));
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let too_long = JobView::default().with_text(&"x".repeat(MAX_JOB_BYTES + 1)).unwrap_err();
        assert!(too_long.detail().contains("65537"), "{}", too_long.detail());
        // What looks random does not compress: blocks of hexadecimal digits halve, base64 hardly shrinks.
        let blocks: Vec<String> = (0..1_400_u32).map(encoded_hash).collect();
        let random = of_text(&blocks.join(" ")).bounded().unwrap_err();
        assert!(random.detail().contains("60000"), "{}", random.detail());
        let many = JobView { must: Some(vec!["Ω".repeat(250); 100]), ..of_text("x") };
        assert_eq!(JobView::of(many.url().split_once('?').unwrap().1).unwrap_err().code(), ErrorCode::InvalidValue);
    }

    fn encoded_hash(number: u32) -> String {
        URL_SAFE_NO_PAD.encode(blake3::hash(&number.to_le_bytes()).as_bytes())
    }

    #[test]
    fn what_is_read_anyway_is_not_stated() {
        let job = of_text("Rust Engineer\n\nRequirements\n- Rust\n- Kafka\n");
        let read = read_job(None, &job.text);
        let stated = JobView {
            title: read.title.clone(),
            must: Some(read.must.clone()),
            nice: Some(vec!["Go".into()]),
            ..job.clone()
        };
        let kept = stated.without_what_is_read();
        assert_eq!(
            (kept.title.clone(), kept.must.clone(), kept.nice.as_deref()),
            (None, None, Some(&["Go".to_owned()][..]))
        );
        let moved = kept.with_skills(
            &JobReading { nice: vec!["Go".into()], ..read.clone() },
            vec!["Rust".into()],
            vec!["Go".into(), "Kafka".into()],
        );
        assert_eq!(moved.must, Some(vec!["Rust".to_owned()]));
        assert_eq!(moved.nice, Some(vec!["Go".to_owned(), "Kafka".to_owned()]));
    }
}
