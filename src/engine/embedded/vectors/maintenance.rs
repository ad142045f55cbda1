//! What keeps an index fast: merges of segments, graphs over large ones.
//!
//! Sealed segments → fewer, larger ones without the dead; large segments → the same with a graph. Called from a background thread
//! while others apply, commit and search. Invariants: the durable state is the same before and after, as is what any reader sees; the
//! work is done on shared immutable segments without the writer's lock, which is held for the switch only.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;

use roaring::RoaringBitmap;

use super::durable;
use super::error::VectorIndexError;
use super::fixed_point;
use super::graph::Graph;
use super::index::{SealedSegment, VectorIndex, Writer, merged};
use super::segment_file;
use super::snapshot::View;

impl VectorIndex {
    /// Does the most urgent merge: rewrites a segment with many dead keys, or joins small segments with the next larger
    /// one. Returns whether there was one; call it again until there is none.
    pub fn merge_once(&self) -> Result<bool, VectorIndexError> {
        let mut unused_graphs = self.maintenance.lock().unwrap_or_else(PoisonError::into_inner);
        unused_graphs.retain(|graph| Arc::strong_count(graph) > 1);
        let (inputs, id) = {
            let mut writer = self.writer();
            match merge_plan(&writer.sealed, self.options.most_dead) {
                None => return Ok(false),
                Some(inputs) => (inputs, writer.new_id()),
            }
        };
        // The manifest's tombstones, not the latest: a key that was replaced after the last commit is still alive on disk.
        let views: Vec<View> = inputs.iter().map(durable_view).collect();
        let segment = merged(fixed_point::stride(self.options.dimensions), &views);
        drop(views);
        let output = if segment.rows() > 0 {
            let record = segment_file::write(&self.segment_path(id), &segment)?;
            durable::sync_directory(&self.directory)?;
            Some(SealedSegment::new(id, record, segment))
        } else {
            None
        };
        self.publish_merge(&inputs, output)?;
        unused_graphs.extend(inputs.into_iter().filter_map(|segment| segment.view.graph));
        Ok(true)
    }

    /// Puts the output of a merge in the place of its inputs.
    fn publish_merge(&self, inputs: &[SealedSegment], output: Option<SealedSegment>) -> Result<(), VectorIndexError> {
        let mut writer = self.writer();
        let (durable_dead, dead) = died_meanwhile(inputs, &writer);
        let is_input = |segment: &&SealedSegment| inputs.iter().any(|input| input.id == segment.id);
        let mut sealed: Vec<SealedSegment> =
            writer.sealed.iter().filter(|segment| !is_input(segment)).cloned().collect();
        if let Some(mut output) = output {
            output.durable_dead = Arc::new(durable_dead);
            output.view.dead = Arc::new(dead);
            sealed.push(output);
        }
        let committed_seq = writer.committed_seq();
        let retired = self.switch(&mut writer, sealed, committed_seq)?;
        self.publish(&writer);
        drop(writer);
        self.retire(retired);
        Ok(())
    }

    /// Builds the graph of the largest segment that should have one (see
    /// [`VectorIndexOptions::graph_from`](super::VectorIndexOptions::graph_from)) and has none. Takes minutes of one
    /// processor for hundreds of thousands of vectors; `stop` ends it early without a trace. Returns whether a graph was built.
    pub fn build_graph_once(&self, stop: &AtomicBool) -> Result<bool, VectorIndexError> {
        let mut unused_graphs = self.maintenance.lock().unwrap_or_else(PoisonError::into_inner);
        unused_graphs.retain(|graph| Arc::strong_count(graph) > 1);
        let due = |segment: &&SealedSegment| {
            segment.graph.is_none() && segment.view.segment.rows() >= self.options.graph_from.max(1)
        };
        let largest = {
            let writer = self.writer();
            writer.sealed.iter().filter(due).max_by_key(|segment| segment.view.segment.rows()).cloned()
        };
        let Some(SealedSegment { id, view, .. }) = largest else { return Ok(false) };
        let Some((graph, record)) = Graph::build(&view.segment, self.options.graph, &self.graph_path(id), stop)? else {
            return Ok(false);
        };
        durable::sync_directory(&self.directory)?;
        let mut writer = self.writer();
        let mut sealed = writer.sealed.clone();
        // A commit may have dropped the segment meanwhile, if all its keys have died.
        let Some(segment) = sealed.iter_mut().find(|segment| segment.id == id) else { return Ok(false) };
        segment.graph = Some(record);
        segment.view.graph = Some(Arc::new(graph));
        let committed_seq = writer.committed_seq();
        self.switch(&mut writer, sealed, committed_seq)?;
        self.publish(&writer);
        Ok(true)
    }
}

/// A sealed segment as the manifest knows it.
fn durable_view(segment: &SealedSegment) -> View {
    View { dead: Arc::clone(&segment.durable_dead), ..segment.view.clone() }
}

/// Keys of the merged segment that died since the merge began: according to the manifest, and as of now.
fn died_meanwhile(inputs: &[SealedSegment], writer: &Writer) -> (RoaringBitmap, RoaringBitmap) {
    let (mut durable, mut now) = (RoaringBitmap::new(), RoaringBitmap::new());
    for input in inputs {
        match writer.sealed.iter().find(|segment| segment.id == input.id) {
            Some(current) => {
                durable |= &*current.durable_dead - &*input.durable_dead;
                now |= &*current.view.dead - &*input.durable_dead;
            }
            // A commit dropped it because all its keys had died.
            None => {
                let keys: RoaringBitmap = input.view.segment.keys().iter().copied().collect();
                durable |= &keys - &*input.durable_dead;
                now |= &keys - &*input.durable_dead;
            }
        }
    }
    (durable, now)
}

/// The segments to merge next. A segment with too many dead keys is rewritten alone. Otherwise segments are kept so far apart in size
/// that each is more than twice as large as all smaller ones together: there are few, and each vector is rewritten a logarithmic
/// number of times.
fn merge_plan(sealed: &[SealedSegment], most_dead: f64) -> Option<Vec<SealedSegment>> {
    let decayed = |segment: &&SealedSegment| {
        segment.durable_dead.len() as f64 > most_dead * segment.view.segment.keys().len() as f64
    };
    if let Some(decayed) = sealed.iter().find(decayed) {
        return Some(vec![decayed.clone()]);
    }
    let mut by_size: Vec<&SealedSegment> = sealed.iter().collect();
    by_size.sort_by_key(|segment| (std::cmp::Reverse(segment.durable_live()), segment.id));
    let mut smaller: usize = by_size.iter().map(|segment| segment.durable_live()).sum();
    for (index, segment) in by_size.iter().enumerate() {
        smaller -= segment.durable_live();
        if smaller > 0 && 2 * smaller >= segment.durable_live() {
            return Some(by_size[index..].iter().map(|segment| (*segment).clone()).collect());
        }
    }
    None
}
