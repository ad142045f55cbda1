//! Members of foreign JSON, read leniently: another type is as good as absent.

use serde_json::Value;

use crate::{candidate::PartialDate, ingest::EventDraft};

/// The text of a member, trimmed; numbers as text. `path` is member names between dots.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    let found = match at(value, path)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// The first of some paths that has a text.
pub(super) fn first_text(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text(value, path))
}

/// A member that is not null.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, name| value.get(name)).filter(|value| !value.is_null())
}

/// The entries of an array; nothing where there is none.
pub(super) fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    at(value, path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The texts of an array whose entries are texts, or objects with a text in one of `members`.
pub(super) fn texts(value: &Value, path: &str, members: &[&str]) -> Vec<String> {
    list(value, path).iter().filter_map(|entry| said(entry, members)).collect()
}

/// A text as it is, or in one of the members of an object.
pub(super) fn said(value: &Value, members: &[&str]) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Object(_) => first_text(value, members),
        _ => None,
    }
}

/// Whether a member is `true`.
pub(super) fn is_true(value: &Value, path: &str) -> bool {
    at(value, path).and_then(Value::as_bool) == Some(true)
}

/// A date of a career, to the month: positions count in months, and systems disagree about days. ISO dates and instants,
/// `01/31/2012`, `{"year": 2012, "month": 1}`, milliseconds. What is none stays as it is and is refused where candidates are read.
pub(super) fn month(value: &Value, path: &str) -> Option<String> {
    let found = at(value, path)?;
    if let Some(year) = found.get("year").and_then(Value::as_i64) {
        let month = found.get("month").and_then(Value::as_i64);
        return Some(month.map_or_else(|| format!("{year:04}"), |month| format!("{year:04}-{month:02}")));
    }
    let text = text(value, path)?;
    let day = iso_of_slashes(&text).unwrap_or_else(|| text.clone());
    let day = match found {
        Value::Number(_) if day.len() > 4 => instant(value, path)?,
        _ => day,
    };
    let date = day.split(['T', ' ']).next().unwrap_or_default();
    match PartialDate::parse(date) {
        Some(_) => Some(date.chars().take(7).collect()),
        None => Some(text),
    }
}

/// An instant, RFC 3339: from RFC 3339, dates, `01/31/2012`, milliseconds. What is none stays as it is and is refused where
/// events are read.
pub(super) fn instant(value: &Value, path: &str) -> Option<String> {
    let found = at(value, path)?;
    if let Some(milliseconds) = found.as_i64() {
        return jiff::Timestamp::from_millisecond(milliseconds).ok().map(|instant| instant.to_string());
    }
    let text = text(value, path)?;
    let dated = iso_of_slashes(&text).unwrap_or_else(|| text.clone());
    let day = || PartialDate::parse(&dated).map(PartialDate::start_of);
    let civil = || dated.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let instant = dated.parse::<jiff::Timestamp>().ok().or_else(day).or_else(|| civil().map(|zoned| zoned.timestamp()));
    Some(instant.map_or(text, |instant| instant.to_string()))
}

/// `01/31/2012`, as Greenhouse's webhooks write days.
fn iso_of_slashes(text: &str) -> Option<String> {
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let are_digits =
        |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = are_digits(month, 2) && are_digits(day, 2) && year.len() == 4 && are_digits(year, 4);
    (fits && parts.next().is_none()).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// An event of a candidate, with an id that makes it known when it comes again.
pub(super) fn event(candidate_id: &str, event_type: &str, at: String, id: String) -> EventDraft {
    let (candidate_id, event_type) = (candidate_id.to_owned(), event_type.to_owned());
    EventDraft { candidate_id, event_type, at, id: Some(id), by: None, thread: None, channel: None }
}

/// The tag of a stage, unless the system only gives a number or a key for it.
pub(super) fn stage_tag(stage: Option<String>) -> Option<String> {
    stage.filter(|stage| !is_key(stage)).map(|stage| format!("stage: {stage}"))
}

/// The tag of a rejection, with its reason where the system tells it in words.
pub(super) fn rejected_tag(reason: Option<String>) -> String {
    reason
        .filter(|reason| !is_key(reason))
        .map_or_else(|| "rejected".to_owned(), |reason| format!("rejected: {reason}"))
}

/// Whether a text is a number or a UUID rather than words.
fn is_key(text: &str) -> bool {
    let is_uuid = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_uuid || text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_of_all_systems_are_read() {
        for (value, to_month, to_instant) in [
            (json!("2019-03-01T00:00:00.000Z"), "2019-03", "2019-03-01T00:00:00Z"),
            (json!("2019-03-15"), "2019-03", "2019-03-15T00:00:00Z"),
            (json!("03/15/2019"), "2019-03", "2019-03-15T00:00:00Z"),
            (json!(1_552_608_000_000_i64), "2019-03", "2019-03-15T00:00:00Z"),
            (json!("2019-03-15 10:00:00"), "2019-03", "2019-03-15T10:00:00Z"),
            (json!("2019"), "2019", "2019-01-01T00:00:00Z"),
            (json!("soon"), "soon", "soon"),
            (json!("13/45/2019"), "13/45/2019", "13/45/2019"),
        ] {
            let value = json!({"a": {"at": value}});
            let read = (month(&value, "a.at"), instant(&value, "a.at"));
            assert_eq!(read, (Some(to_month.to_owned()), Some(to_instant.to_owned())), "{value}");
        }
        assert_eq!(month(&json!({"start": {"year": 2019, "month": 3}}), "start").as_deref(), Some("2019-03"));
        assert_eq!(month(&json!({"start": {"year": 2019, "month": null}}), "start").as_deref(), Some("2019"));
        assert_eq!(month(&json!({"start": null}), "start"), None);
    }

    #[test]
    fn keys_are_no_words() {
        assert_eq!(stage_tag(Some("00922a60-7c15-422b-b086-f62000824fd7".to_owned())), None);
        assert_eq!(stage_tag(Some("Onsite".to_owned())).as_deref(), Some("stage: Onsite"));
        assert_eq!(rejected_tag(Some("4711".to_owned())), "rejected");
        assert_eq!(rejected_tag(Some("Salary".to_owned())), "rejected: Salary");
    }
}
