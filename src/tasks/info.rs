//! A task as it is told.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::store::StoredTask;

/// What kind of work a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// Build a generation and publish it.
    Reindex,
    /// Serve from the generation before.
    RollBack,
    /// Bring in what was uploaded.
    Import,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Reindex, Self::RollBack, Self::Import];

    /// The kind in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reindex => "reindex",
            Self::RollBack => "rollBack",
            Self::Import => "import",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskInfo {
    /// Its number.
    pub id: u64,
    /// `reindex`, `rollBack` or `import`.
    pub kind: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// When it was asked for, RFC 3339.
    pub created_at: String,
    /// When it first ran; absent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended; absent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// What was asked.
    #[schema(value_type = Object)]
    pub request: Value,
    /// How far it is, and at the end what came of it.
    #[schema(value_type = Object)]
    pub progress: Value,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl From<StoredTask> for TaskInfo {
    fn from(task: StoredTask) -> Self {
        let instant = |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default();
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            id: task.id,
            kind: task.kind,
            state: task.state.name().to_owned(),
            created_at: instant(task.created_at),
            started_at: task.started_at.map(instant),
            finished_at: task.finished_at.map(instant),
            request: json(&task.request),
            progress: json(&task.progress),
            error: task.error,
        }
    }
}
