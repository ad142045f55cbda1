//! What stands for a person of whom nothing is known: the population.

use std::{collections::HashMap, sync::Arc};

use super::{ActivityRecord, Openness};

/// Messages that must be known before their rate of replies is believed.
const MIN_MESSAGES: u64 = 50;

/// The rate of replies that is taken until then: cold messages of recruiters are answered at 5 to 20 %.
const ASSUMED_REPLY_RATE: f64 = 0.1;

/// People of one title from which on their median is believed.
const MIN_OF_TITLE: usize = 10;

/// Bounds of the rate, so that nothing is divided by nearly nothing.
const REPLY_RATES: (f64, f64) = (0.01, 0.9);

/// Medians and rates of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationMedians {
    /// Median of the instants of last activity, in Unix seconds.
    pub last_active: Option<i64>,
    /// Median of the instants since which people are open to work, in Unix seconds.
    pub open_since: Option<i64>,
    /// Median of the instants at which profiles were changed, in Unix seconds.
    pub modified: Option<i64>,
    /// Replies per message.
    pub reply_rate: f64,
    /// Median length of positions, in months.
    pub position_months: Option<u32>,
    /// The same for people of one title, where there are enough of them.
    title_months: Arc<HashMap<u64, u32>>,
}

impl Default for PopulationMedians {
    fn default() -> Self {
        Self {
            last_active: None,
            open_since: None,
            modified: None,
            reply_rate: ASSUMED_REPLY_RATE,
            position_months: None,
            title_months: Arc::default(),
        }
    }
}

impl PopulationMedians {
    /// Medians over a population, at the latest instant that it knows.
    pub fn of<'a>(records: impl Iterator<Item = &'a ActivityRecord>) -> Self {
        let (mut active, mut open, mut modified) = (Vec::new(), Vec::new(), Vec::new());
        let (mut messages, mut replies) = (0, 0);
        let mut months: HashMap<u64, Vec<i64>> = HashMap::new();
        let mut all_months = Vec::new();
        for record in records {
            active.extend(record.last_active(i64::MAX).map(|event| event.at));
            if let Openness::Open(Some(since)) = record.openness(i64::MAX - 1) {
                open.push(since);
            }
            modified.extend(record.stated.modified);
            if let Some(tenure) = record.stated.tenure.filter(|tenure| tenure.closed_positions > 0) {
                let own = i64::from(tenure.own_months);
                all_months.push(own);
                tenure.title.into_iter().for_each(|title| months.entry(title).or_default().push(own));
            }
            messages += record.outreach().len() as u64;
            let replied =
                record.outreach().iter().filter(|message| message.answer.is_some_and(|answer| answer.is_reply));
            replies += replied.count() as u64;
        }
        let rate = if messages < MIN_MESSAGES { ASSUMED_REPLY_RATE } else { replies as f64 / messages as f64 };
        Self {
            last_active: median(active),
            open_since: median(open),
            modified: median(modified),
            reply_rate: rate.clamp(REPLY_RATES.0, REPLY_RATES.1),
            position_months: median(all_months).map(|months| months as u32),
            title_months: Arc::new(
                months
                    .into_iter()
                    .filter(|(_, months)| months.len() >= MIN_OF_TITLE)
                    .filter_map(|(title, months)| Some((title, median(months)? as u32)))
                    .collect(),
            ),
        }
    }

    /// How long people of a title stay in a position, in months; of all people where too few have the title.
    pub fn months_of_title(&self, title: Option<u64>) -> Option<u32> {
        title.and_then(|title| self.title_months.get(&title)).copied().or(self.position_months)
    }
}

fn median(mut numbers: Vec<i64>) -> Option<i64> {
    let middle = numbers.len() / 2;
    (!numbers.is_empty()).then(|| *numbers.select_nth_unstable(middle).1)
}
