//! What can happen to a person.

use serde::{Deserialize, Serialize};

/// The type of an event, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventType {
    /// The person changed their profile.
    ProfileUpdated,
    /// The person signed in.
    LoggedIn,
    /// The person said that they look for work.
    OpenToWork,
    /// The person said that they do not.
    NotLooking,
    /// The person applied.
    Applied,
    /// A recruiter wrote.
    OutreachSent,
    /// The person opened a message: not a reply.
    OutreachOpened,
    /// The person answered.
    OutreachReplied,
    /// The person answered no.
    OutreachDeclined,
    /// The person was interviewed.
    Interviewed,
    /// The person was hired.
    Hired,
    /// The person was laid off.
    LaidOff,
}

impl EventType {
    /// All types.
    pub const ALL: [EventType; 12] = [
        Self::ProfileUpdated,
        Self::LoggedIn,
        Self::OpenToWork,
        Self::NotLooking,
        Self::Applied,
        Self::OutreachSent,
        Self::OutreachOpened,
        Self::OutreachReplied,
        Self::OutreachDeclined,
        Self::Interviewed,
        Self::Hired,
        Self::LaidOff,
    ];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProfileUpdated => "profileUpdated",
            Self::LoggedIn => "loggedIn",
            Self::OpenToWork => "openToWork",
            Self::NotLooking => "notLooking",
            Self::Applied => "applied",
            Self::OutreachSent => "outreachSent",
            Self::OutreachOpened => "outreachOpened",
            Self::OutreachReplied => "outreachReplied",
            Self::OutreachDeclined => "outreachDeclined",
            Self::Interviewed => "interviewed",
            Self::Hired => "hired",
            Self::LaidOff => "laidOff",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether the person themselves did something: only that counts as activity.
    pub fn is_own_act(self) -> bool {
        matches!(
            self,
            Self::ProfileUpdated
                | Self::LoggedIn
                | Self::OpenToWork
                | Self::NotLooking
                | Self::Applied
                | Self::OutreachReplied
                | Self::OutreachDeclined
                | Self::Interviewed
        )
    }

    /// What the person did, for a sentence: "applied 3 days ago".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::ProfileUpdated => "updated the profile",
            Self::LoggedIn => "signed in",
            Self::OpenToWork => "said to be open to work",
            Self::NotLooking => "said not to be looking",
            Self::Applied => "applied",
            Self::OutreachSent => "was written to",
            Self::OutreachOpened => "opened a message",
            Self::OutreachReplied => "replied",
            Self::OutreachDeclined => "declined",
            Self::Interviewed => "was interviewed",
            Self::Hired => "was hired",
            Self::LaidOff => "was laid off",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityEvent {
    /// What.
    pub event_type: EventType,
    /// When, in Unix seconds.
    pub at: i64,
    /// What pairs an answer with its message.
    pub thread: Tag,
    /// Who wrote or met the person.
    pub by: Tag,
}

impl ActivityEvent {
    /// An event without a thread, of nobody's doing but the person's.
    pub fn new(event_type: EventType, at: i64) -> Self {
        Self { event_type, at, thread: Tag::NONE, by: Tag::NONE }
    }
}

/// Stands for a text that is only ever compared with others: 32 bits of its BLAKE3 hash. Among the few events of one
/// person two texts are taken for one another once in hundreds of millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u32);

impl Tag {
    /// No text.
    pub const NONE: Tag = Tag(0);

    /// The tag of a text.
    pub fn of(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::NONE };
        let [a, b, c, d, ..] = *blake3::hash(text.as_bytes()).as_bytes();
        Self(u32::from_le_bytes([a, b, c, d]).max(1))
    }
}
