//! The few to write to under a budget.
//!
//! f(S) = (1 − a)·g(S, employers) + a·g(S, alternatives), g(S, groups) = Σ over groups Σᵢ δ^(i−1)·v₍ᵢ₎, the values v of the
//! chosen of one group in descending order, δ and a of [`Diversity`], a only where the query has alternatives, else 0. So ten people of one employer are worth less than ten of ten, and ten who meet one alternative less than five of
//! each. g is a sum of weighted uniform-matroid ranks: monotone and submodular, and so is f. Choosing greedily reaches at
//! least 1 − 1/e of the best choice of as many (Nemhauser, Wolsey and Fisher 1978, "An analysis of approximations for
//! maximizing submodular set functions").

use std::collections::HashMap;

use serde::Deserialize;

/// How much more of the same counts, both from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Diversity {
    /// What each further person of one group counts against the one before (δ).
    pub more_of_the_same: f64,
    /// Share of the alternatives in the worth of a choice (a).
    pub alternatives: f64,
}

/// Somebody who may be written to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contender<'i> {
    /// Who; decides between equals.
    pub id: &'i str,
    /// The qualified replies that writing to them is expected to bring, 0 to 1.
    pub value: f64,
    /// The present employer; `None` stands alone.
    pub employer: Option<u64>,
    /// Which alternatives of the query they meet, a bit each; `None` where it has none.
    pub alternatives: Option<u64>,
}

/// A choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Index of the contender.
    pub at: usize,
    /// What the choice adds to f.
    pub gain: f64,
}

/// The values that were chosen of each group, in descending order.
#[derive(Default)]
struct Groups(HashMap<u64, Vec<f64>>);

impl Groups {
    /// What a value of a group adds to g.
    fn gain(&self, group: Option<u64>, value: f64, more_of_the_same: f64) -> f64 {
        let Some(chosen) = group.and_then(|group| self.0.get(&group)) else { return value };
        let place = chosen.partition_point(|other| *other >= value);
        let factor = |at: usize| more_of_the_same.powi(at as i32);
        let moved_down = chosen.iter().enumerate().skip(place);
        value * factor(place) + moved_down.map(|(at, other)| other * (factor(at + 1) - factor(at))).sum::<f64>()
    }

    fn add(&mut self, group: Option<u64>, value: f64) {
        if let Some(group) = group {
            let chosen = self.0.entry(group).or_default();
            chosen.insert(chosen.partition_point(|other| *other >= value), value);
        }
    }
}

struct Chosen {
    diversity: Diversity,
    of_employer: Groups,
    of_alternatives: Groups,
}

impl Chosen {
    fn gain(&self, contender: &Contender<'_>) -> f64 {
        let Diversity { more_of_the_same, alternatives } = self.diversity;
        let share = if contender.alternatives.is_some() { alternatives } else { 0.0 };
        let employer = self.of_employer.gain(contender.employer, contender.value, more_of_the_same);
        let alternatives = self.of_alternatives.gain(contender.alternatives, contender.value, more_of_the_same);
        (1.0 - share) * employer + share * alternatives
    }

    fn add(&mut self, contender: &Contender<'_>) {
        self.of_employer.add(contender.employer, contender.value);
        self.of_alternatives.add(contender.alternatives, contender.value);
    }
}

/// Chooses up to `count` contenders, the one who adds most first.
pub fn choose(contenders: &[Contender<'_>], count: usize, diversity: Diversity) -> Vec<Pick> {
    let mut rest: Vec<usize> = (0..contenders.len()).collect();
    let mut chosen = Chosen { diversity, of_employer: Groups::default(), of_alternatives: Groups::default() };
    let mut picks = Vec::with_capacity(count.min(rest.len()));
    while picks.len() < count && !rest.is_empty() {
        let better = |a: &usize, b: &usize| {
            let (a, b) = (&contenders[*a], &contenders[*b]);
            chosen.gain(a).total_cmp(&chosen.gain(b)).then_with(|| b.id.cmp(a.id))
        };
        let Some(place) = (0..rest.len()).max_by(|a, b| better(&rest[*a], &rest[*b])) else { break };
        let at = rest.swap_remove(place);
        picks.push(Pick { at, gain: chosen.gain(&contenders[at]) });
        chosen.add(&contenders[at]);
    }
    picks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIVERSITY: Diversity = Diversity { more_of_the_same: 0.7, alternatives: 0.5 };

    /// f, computed from its definition.
    fn worth(contenders: &[Contender<'_>], chosen: &[usize]) -> f64 {
        let grouped = |group_of: fn(&Contender<'_>) -> Option<u64>| -> f64 {
            let mut groups: HashMap<u64, Vec<f64>> = HashMap::new();
            let mut total = 0.0;
            for contender in chosen.iter().map(|at| &contenders[*at]) {
                match group_of(contender) {
                    None => total += contender.value,
                    Some(group) => groups.entry(group).or_default().push(contender.value),
                }
            }
            for values in groups.values_mut() {
                values.sort_by(|a, b| b.total_cmp(a));
                total +=
                    values.iter().zip(0..).map(|(value, at)| value * DIVERSITY.more_of_the_same.powi(at)).sum::<f64>();
            }
            total
        };
        let share = if contenders.iter().any(|contender| contender.alternatives.is_some()) {
            DIVERSITY.alternatives
        } else {
            0.0
        };
        let employers = grouped(|contender| contender.employer);
        (1.0 - share) * employers + share * grouped(|contender| contender.alternatives)
    }

    const IDS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

    fn contenders() -> impl Strategy<Value = Vec<Contender<'static>>> {
        let people = prop::collection::vec((0.0..1.0_f64, prop::option::of(0..3_u64), 1..4_u64), 0..9);
        (people, prop::bool::ANY).prop_map(|(people, has_alternatives)| {
            let contenders = people.into_iter().zip(IDS).map(|((value, employer, mask), id)| Contender {
                id,
                value,
                employer,
                alternatives: has_alternatives.then_some(mask),
            });
            contenders.collect()
        })
    }

    proptest! {
        #[test]
        fn the_choice_is_within_the_bound_and_its_gains_add_up(contenders in contenders(), count in 0..5_usize) {
            let picks = choose(&contenders, count, DIVERSITY);
            let chosen: Vec<usize> = picks.iter().map(|pick| pick.at).collect();
            let total = worth(&contenders, &chosen);
            prop_assert!((picks.iter().map(|pick| pick.gain).sum::<f64>() - total).abs() < 1e-9);
            prop_assert!(picks.is_sorted_by(|a, b| a.gain >= b.gain - 1e-12));
            let best = (0..1_u32 << contenders.len())
                .filter(|set| set.count_ones() as usize <= count)
                .map(|set| worth(&contenders, &(0..contenders.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<_>>()))
                .fold(0.0, f64::max);
            prop_assert!(total >= (1.0 - (-1.0_f64).exp()) * best - 1e-9, "{total} of {best}");
        }

        #[test]
        fn the_order_of_the_contenders_does_not_matter(contenders in contenders(), count in 0..9_usize) {
            let ids = |contenders: &[Contender<'static>]| {
                choose(contenders, count, DIVERSITY).iter().map(|pick| contenders[pick.at].id).collect::<Vec<_>>()
            };
            let mut backwards = contenders.clone();
            backwards.reverse();
            prop_assert_eq!(ids(&contenders), ids(&backwards));
        }
    }

    #[test]
    fn clones_of_one_employer_give_way() {
        let of = |id, value, employer| Contender { id, value, employer: Some(employer), alternatives: None };
        let people = [of("a", 0.5, 1), of("b", 0.5, 1), of("c", 0.4, 2), of("d", 0.3, 1)];
        let picks = choose(&people, 3, DIVERSITY);
        assert_eq!(picks.iter().map(|pick| people[pick.at].id).collect::<String>(), "acb");
        assert!((picks[2].gain - 0.35).abs() < 1e-12);
    }

    #[test]
    fn each_alternative_has_its_people() {
        let of = |id, value, alternatives| Contender { id, value, employer: None, alternatives: Some(alternatives) };
        let people = [of("a", 0.5, 1), of("b", 0.5, 1), of("c", 0.45, 2), of("d", 0.1, 2)];
        let picks = choose(&people, 3, DIVERSITY);
        assert_eq!(picks.iter().map(|pick| people[pick.at].id).collect::<String>(), "acb");
        assert!((picks[2].gain - 0.5 * 0.85).abs() < 1e-12);
    }
}
