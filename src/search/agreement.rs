//! The occupations that a title's words name, judged by what the title means.
//!
//! "Baggerführer" is written nearly as a title of packers is ("bagger"), and means something else. So each occupation that the words of a
//! query may stand for keeps as much of its confidence as the cosine of the words with its English name tells. Invariant: none gains,
//! none is lost, and of another model than the built-in one, for whose cosines it was measured, nothing is asked.

use super::{SearchError, SearchRequest, Searcher, Subject};

impl Searcher {
    /// Weighs the occupations of a typed query, the likeliest first again.
    pub(super) fn weigh_occupations(&self, request: &mut SearchRequest) -> Result<(), SearchError> {
        let constants = &self.ranking.concept.agreement;
        let is_compared = self.embedder.model().is_built_in() && constants.least < 1.0;
        if !is_compared || request.subject != Subject::Query {
            return Ok(());
        }
        let titles = request.plan.concepts.iter_mut().filter(|wish| wish.is_of_occupation());
        for wish in titles.filter(|wish| self.embedder.model().reads(&wish.text)) {
            let concepts: Vec<_> = wish.alternatives.iter().map(|(concept, _)| *concept).collect();
            let cosines = self.embedder.cosines_with_names(&wish.text, &concepts)?;
            let weighed = wish.alternatives.iter().zip(cosines);
            let mut weighed: Vec<_> = weighed
                .map(|((concept, confidence), cosine)| (*concept, confidence * constants.share(cosine)))
                .collect();
            weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            wish.weighed = Some(weighed);
        }
        Ok(())
    }
}
