//! Reads members of JSON and collects every error with its pointer.
//!
//! A `null` member counts as absent, and so does an empty date, which many JSON Resume files carry.

use serde_json::{Map, Value};

use super::PartialDate;
use crate::error::FieldError;

/// Collects the errors of one document.
#[derive(Debug, Default)]
pub(super) struct Reader {
    errors: Vec<FieldError>,
}

impl Reader {
    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }

    pub(super) fn error(&mut self, pointer: &str, code: &'static str, message: String) {
        self.errors.push(FieldError { pointer: pointer.to_owned(), code, message });
    }

    /// Reports members that the contract does not name.
    pub(super) fn known_members(&mut self, object: &Object<'_>, known: &[&str]) {
        for name in object.members.keys().filter(|name| !known.contains(&name.as_str())) {
            let pointer = object.pointer_to(name);
            self.error(
                &pointer,
                "unknown_field",
                format!("{name:?} is not a member here; known: {}", known.join(", ")),
            );
        }
    }

    fn wrong_type(&mut self, pointer: &str, wanted: &str) {
        self.error(pointer, "invalid_type", format!("{wanted} is wanted here"));
    }
}

/// Appends a member's name to a JSON Pointer (RFC 6901).
pub(super) fn push_step(pointer: &mut String, name: &str) {
    pointer.push('/');
    if name.contains(['~', '/']) {
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(name);
    }
}

/// An object of the document and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Object<'v> {
    members: &'v Map<String, Value>,
    pointer: String,
}

impl<'v> Object<'v> {
    pub(super) fn of(value: &'v Value, pointer: String, reader: &mut Reader) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self { members, pointer }),
            _ => {
                reader.wrong_type(&pointer, "an object");
                None
            }
        }
    }

    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    pub(super) fn pointer_to(&self, name: &str) -> String {
        let mut pointer = String::with_capacity(self.pointer.len() + name.len() + 1);
        pointer.push_str(&self.pointer);
        push_step(&mut pointer, name);
        pointer
    }

    pub(super) fn member(&self, name: &str) -> Option<&'v Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn object(&self, name: &str, reader: &mut Reader) -> Option<Object<'v>> {
        self.member(name).and_then(|value| Object::of(value, self.pointer_to(name), reader))
    }

    pub(super) fn string(&self, name: &str, reader: &mut Reader) -> Option<String> {
        match self.member(name)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                reader.wrong_type(&self.pointer_to(name), "a string");
                None
            }
        }
    }

    pub(super) fn boolean(&self, name: &str, reader: &mut Reader) -> Option<bool> {
        match self.member(name)? {
            Value::Bool(value) => Some(*value),
            _ => {
                reader.wrong_type(&self.pointer_to(name), "true or false");
                None
            }
        }
    }

    pub(super) fn date(&self, name: &str, reader: &mut Reader) -> Option<PartialDate> {
        let text = self.string(name, reader).filter(|text| !text.trim().is_empty())?;
        let date = PartialDate::parse(text.trim());
        if date.is_none() {
            let message = format!("{text:?} is not a date: YYYY, YYYY-MM or YYYY-MM-DD is wanted");
            reader.error(&self.pointer_to(name), "invalid_date", message);
        }
        date
    }

    pub(super) fn instant(&self, name: &str, reader: &mut Reader) -> Option<jiff::Timestamp> {
        let text = self.string(name, reader)?;
        let instant = text.parse().ok().or_else(|| PartialDate::parse(&text).map(PartialDate::start_of));
        if instant.is_none() {
            let message = format!("{text:?} is not an RFC 3339 instant");
            reader.error(&self.pointer_to(name), "invalid_instant", message);
        }
        instant
    }

    pub(super) fn strings(&self, name: &str, reader: &mut Reader) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, value) in self.array(name, reader).iter().enumerate() {
            match value {
                Value::String(text) => texts.push(text.clone()),
                _ => reader.wrong_type(&format!("{}/{index}", self.pointer_to(name)), "a string"),
            }
        }
        texts
    }

    /// The entries of an array of objects, each with its index in the array.
    pub(super) fn objects(&self, name: &str, reader: &mut Reader) -> Vec<(usize, Object<'v>)> {
        let mut objects = Vec::new();
        let items = self.array(name, reader);
        let pointer = if items.is_empty() { String::new() } else { self.pointer_to(name) };
        for (index, value) in items.iter().enumerate() {
            if let Some(object) = Object::of(value, format!("{pointer}/{index}"), reader) {
                objects.push((index, object));
            }
        }
        objects
    }

    fn array(&self, name: &str, reader: &mut Reader) -> &'v [Value] {
        match self.member(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                reader.wrong_type(&self.pointer_to(name), "an array");
                &[]
            }
        }
    }
}
