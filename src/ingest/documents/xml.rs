//! The elements of an XML file, one after the other.
//!
//! Bytes → [`Node`]s with local names. The text of references is resolved; deeper nesting than any document has ends the walk.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements within elements.
const MAX_DEPTH: usize = 400;

/// What comes next.
pub(super) enum Node<'n> {
    /// An element begins. Its end comes too, also where it is empty.
    Start(&'n str, &'n Attributes<'n>),
    /// An element ends.
    End(&'n str),
    /// Text.
    Text(&'n str),
}

/// The attributes of an element.
pub(super) struct Attributes<'n>(BytesStart<'n>);

impl Attributes<'_> {
    /// The value of the attribute of a local name.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let attributes = self.0.attributes();
        let mut attributes = attributes.flatten();
        attributes.find(|attribute| local(attribute.key.0) == name).map(|attribute| attribute.value.into_owned())
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Visits the nodes of a file. What comes before an error counts; returns whether the file could be read to its end.
pub(super) fn walk(bytes: &[u8], mut visit: impl FnMut(Node<'_>)) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return false;
                }
                let name = local(start.name().0).to_owned();
                visit(Node::Start(&name, &Attributes(start)));
            }
            Ok(Event::Empty(start)) => {
                let name = local(start.name().0).to_owned();
                visit(Node::Start(&name, &Attributes(start)));
                visit(Node::End(&name));
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                visit(Node::End(local(end.name().0)));
            }
            Ok(Event::Text(text)) => visit(Node::Text(&text.xml10_content())),
            Ok(Event::CData(text)) => visit(Node::Text(&text.xml10_content())),
            Ok(Event::GeneralRef(reference)) => {
                let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
                let named = match reference.xml10_content().as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "",
                };
                visit(Node::Text(letter.as_deref().unwrap_or(named)));
            }
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
