//! The few to write to under a budget.
//!
//! f(S) = Σ over employers Σᵢ δ^(i−1)·v₍ᵢ₎, the values v of the chosen of one employer in descending order, δ =
//! [`SAME_EMPLOYER`]: ten people of one employer are worth less than ten of ten. f is a sum of weighted uniform-matroid
//! ranks, so it is monotone and submodular, and choosing greedily reaches at least 1 − 1/e of the best choice of as many
//! (Nemhauser, Wolsey and Fisher 1978, "An analysis of approximations for maximizing submodular set functions").

use std::collections::HashMap;

/// What each further person of one employer counts against the one before.
pub const SAME_EMPLOYER: f64 = 0.7;

/// Somebody who may be written to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contender<'i> {
    /// Who; decides between equals.
    pub id: &'i str,
    /// The qualified replies that writing to them is expected to bring, 0 to 1.
    pub value: f64,
    /// The present employer; `None` stands alone.
    pub employer: Option<u64>,
}

/// A choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Index of the contender.
    pub at: usize,
    /// What the choice adds to f.
    pub gain: f64,
}

/// Chooses up to `count` contenders, the one who adds most first.
pub fn choose(contenders: &[Contender<'_>], count: usize) -> Vec<Pick> {
    let mut rest: Vec<usize> = (0..contenders.len()).collect();
    let mut chosen_of: HashMap<u64, i32> = HashMap::new();
    let mut picks = Vec::with_capacity(count.min(rest.len()));
    while picks.len() < count && !rest.is_empty() {
        let gain = |at: usize| {
            let before = contenders[at].employer.and_then(|employer| chosen_of.get(&employer)).copied().unwrap_or(0);
            contenders[at].value * SAME_EMPLOYER.powi(before)
        };
        let better = |a: &usize, b: &usize| {
            let order = gain(*a).total_cmp(&gain(*b));
            order.then_with(|| contenders[*b].id.cmp(contenders[*a].id))
        };
        let Some(place) = (0..rest.len()).max_by(|a, b| better(&rest[*a], &rest[*b])) else { break };
        let at = rest.swap_remove(place);
        picks.push(Pick { at, gain: gain(at) });
        if let Some(employer) = contenders[at].employer {
            *chosen_of.entry(employer).or_default() += 1;
        }
    }
    picks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn worth(contenders: &[Contender<'_>], chosen: &[usize]) -> f64 {
        let mut by_employer: HashMap<Option<u64>, Vec<f64>> = HashMap::new();
        let mut total = 0.0;
        for at in chosen {
            match contenders[*at].employer {
                None => total += contenders[*at].value,
                employer => by_employer.entry(employer).or_default().push(contenders[*at].value),
            }
        }
        for values in by_employer.values_mut() {
            values.sort_by(|a, b| b.total_cmp(a));
            total += values.iter().zip(0..).map(|(value, at)| value * SAME_EMPLOYER.powi(at)).sum::<f64>();
        }
        total
    }

    const IDS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

    fn contenders() -> impl Strategy<Value = Vec<Contender<'static>>> {
        prop::collection::vec((0.0..1.0_f64, prop::option::of(0..3_u64)), 0..9).prop_map(|people| {
            let contender =
                |((value, employer), id): ((f64, Option<u64>), &'static str)| Contender { id, value, employer };
            people.into_iter().zip(IDS).map(contender).collect()
        })
    }

    proptest! {
        #[test]
        fn the_choice_is_within_the_bound_and_its_gains_add_up(contenders in contenders(), count in 0..5_usize) {
            let picks = choose(&contenders, count);
            let chosen: Vec<usize> = picks.iter().map(|pick| pick.at).collect();
            let total = worth(&contenders, &chosen);
            prop_assert!((picks.iter().map(|pick| pick.gain).sum::<f64>() - total).abs() < 1e-9);
            prop_assert!(picks.is_sorted_by(|a, b| a.gain >= b.gain));
            let best = (0..1_u32 << contenders.len())
                .filter(|set| set.count_ones() as usize <= count)
                .map(|set| worth(&contenders, &(0..contenders.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<_>>()))
                .fold(0.0, f64::max);
            prop_assert!(total >= (1.0 - (-1.0_f64).exp()) * best - 1e-9, "{total} of {best}");
        }

        #[test]
        fn the_order_of_the_contenders_does_not_matter(contenders in contenders(), count in 0..9_usize) {
            let ids = |contenders: &[Contender<'static>]| {
                choose(contenders, count).iter().map(|pick| contenders[pick.at].id).collect::<Vec<_>>()
            };
            let mut backwards = contenders.clone();
            backwards.reverse();
            prop_assert_eq!(ids(&contenders), ids(&backwards));
        }
    }

    #[test]
    fn clones_of_one_employer_give_way() {
        let of = |id, value, employer| Contender { id, value, employer: Some(employer) };
        let people = [of("a", 0.5, 1), of("b", 0.5, 1), of("c", 0.4, 2), of("d", 0.3, 1)];
        let picks = choose(&people, 3);
        assert_eq!(picks.iter().map(|pick| people[pick.at].id).collect::<String>(), "acb");
        assert!((picks[2].gain - 0.35).abs() < 1e-12);
    }
}
