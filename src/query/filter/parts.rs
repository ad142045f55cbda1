//! The single filters of a set, by their numbers.

use super::{EventWindow, FilterField, FilterSet, Quantifier};

impl FilterSet {
    /// The set without the filter of a number, as [`FilterSet::validate`] counts them; `None` where there is none of that number.
    pub fn without(&self, number: usize) -> Option<Self> {
        self.each_left_out().into_iter().nth(number)
    }

    /// The set without each of its filters, in the order of their numbers.
    fn each_left_out(&self) -> Vec<Self> {
        let mut left_out = Vec::new();
        for field in FilterField::ALL {
            for quantifier in Quantifier::ALL {
                let mut rest = self.clone();
                let Some(selection) = rest.selection_mut(field).as_mut() else { continue };
                if !std::mem::take(selection.list_mut(quantifier)).is_empty() {
                    left_out.push(rest);
                }
            }
        }
        let mut leave_out = |is_there: bool, edit: &dyn Fn(&mut Self)| {
            if is_there {
                let mut rest = self.clone();
                edit(&mut rest);
                left_out.push(rest);
            }
        };
        leave_out(self.years.is_some_and(|years| years.min.or(years.max).is_some()), &|set| set.years = None);
        leave_out(self.open_to_work.is_some(), &|set| set.open_to_work = None);
        leave_out(self.remote.is_some(), &|set| set.remote = None);
        leave_out(self.last_active.is_some(), &|set| set.last_active = None);
        leave_out(self.near.is_some(), &|set| set.near = None);
        leave_out(self.relocate.is_some(), &|set| set.relocate = None);
        let windows: [fn(&mut Self) -> &mut Option<EventWindow>; 4] =
            [|set| &mut set.applied, |set| &mut set.interviewed, |set| &mut set.contacted, |set| &mut set.replied];
        for event in windows {
            let window = event(&mut self.clone()).unwrap_or_default();
            leave_out(window.ever.is_some(), &|set| event(set).iter_mut().for_each(|window| window.ever = None));
            leave_out(window.within_days.is_some(), &|set| {
                event(set).iter_mut().for_each(|window| window.within_days = None);
            });
            leave_out(window.not_within_days.is_some(), &|set| {
                event(set).iter_mut().for_each(|window| window.not_within_days = None);
            });
        }
        left_out
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_filter_can_be_left_out_by_its_number() {
        let set: FilterSet = serde_json::from_value(json!({
            "skills": {"all": ["Rust"], "any": ["Go", "SQL"], "none": ["PHP"]}, "countries": ["IT"], "titles": {"all": []},
            "years": {"min": 3}, "openToWork": true, "remote": false, "lastActive": {"withinDays": 30},
            "near": {"place": "Milan"}, "relocate": {"place": "Berlin"}, "applied": {},
            "contacted": {"ever": true, "withinDays": 90, "notWithinDays": 7}, "replied": {"ever": false}
        }))
        .unwrap();
        let all = set.validate().unwrap();
        assert_eq!(all.len(), 14);
        for number in 0..all.len() {
            let mut expected = all.clone();
            expected.remove(number);
            assert_eq!(set.without(number).unwrap().validate().unwrap(), expected, "{number}");
        }
        assert_eq!(set.without(all.len()), None);
    }
}
