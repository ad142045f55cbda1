//! Constants of the activity signals, from `ranking.toml`.

use serde::{Deserialize, Serialize};

/// Half-life of an event's effect, in days, and its strength at the start, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfLife {
    /// Days until half of it is left.
    pub days: f64,
    /// Strength when it happens.
    pub strength: f64,
}

/// Constants of the activity signals, from `ranking.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ActivityConstants {
    /// Weight of each component in the activity signal; scaled to sum to 1.
    pub weights: ComponentWeights,
    /// Half-life of the person's own acts, but those named below.
    pub recency: HalfLife,
    /// Half-life of having applied, replied or been interviewed.
    pub engagement: HalfLife,
    /// Half-life of a changed profile.
    pub profile_update: HalfLife,
    /// Half-life of a statement of being open to work.
    pub openness: HalfLife,
    /// Age in days that a statement without a date is taken to have.
    pub undated_statement_days: f64,
    /// Half-life of a statement in the headline's or summary's words.
    pub open_words: HalfLife,
    /// What a statement counts to whom it wishes nothing of what is asked for, 0 to 1.
    pub wished_elsewhere: f64,
    /// Half-life of having been laid off.
    pub layoff: HalfLife,
    /// How answers are counted.
    pub responsiveness: ResponsivenessConstants,
    /// How messages without an answer are counted.
    pub contact_pressure: PressureConstants,
    /// How the time in a position is judged.
    pub movement: MovementConstants,
    /// Half-life of a profile's freshness.
    pub freshness: HalfLife,
}

/// Weights of the components of activity, 0 to 1 each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ComponentWeights {
    /// What the person did lately.
    pub recency: f64,
    /// Whether they look for work.
    pub openness: f64,
    /// Whether they answer.
    pub responsiveness: f64,
    /// Whether they are left in peace.
    pub contact_pressure: f64,
    /// How fresh the profile is.
    pub freshness: f64,
    /// Whether it is about their time to move.
    pub movement: f64,
}

impl ComponentWeights {
    /// Whether each is from 0 to 1 and one is positive.
    pub fn is_valid(&self) -> bool {
        let weights = self.in_order();
        weights.iter().all(|weight| (0.0..=1.0).contains(weight)) && weights.iter().sum::<f64>() >= 0.01
    }

    /// In the order of [`super::ComponentKind::ALL`].
    pub fn in_order(&self) -> [f64; 6] {
        [self.recency, self.openness, self.responsiveness, self.contact_pressure, self.freshness, self.movement]
    }
}

/// How answers to messages are counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResponsivenessConstants {
    /// Messages at the population's rate of replies that everybody is given beforehand.
    pub prior_messages: f64,
    /// Days until a message counts half.
    pub days: f64,
    /// Days that an answer may take: a younger message without one does not count yet.
    pub patience_days: f64,
}

/// How the time in a position is judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MovementConstants {
    /// Positions of the length usual for the title that everybody is given beforehand.
    pub prior_positions: f64,
}

/// How messages without an answer weigh on a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PressureConstants {
    /// Days after which a message is forgotten.
    pub window_days: f64,
    /// Days until a message weighs half.
    pub days: f64,
    /// Fresh messages without an answer that halve the component.
    pub halving_messages: f64,
}
