//! Measures how well and how fast the knowledge base is searched.

use std::{
    io::Write,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use search::{Document, Hit, KbIndex, Query};
use serde::Serialize;

use crate::{
    corpus::{self, LabelledQuery},
    metrics::{self, Rank},
};

/// So many hits are asked for, in the measure as in the product.
const HITS: usize = 10;

/// Each query is timed so often and its median counts, so that the percentiles tell queries apart
/// and not what else the machine was doing.
const TIMED: usize = 5;

/// The position of an index that stands beside no store.
const NO_STORE: u64 = 0;

/// The arguments of `eval search`.
#[derive(Debug)]
pub(crate) struct SearchTask {
    pub(crate) kb: PathBuf,
    pub(crate) queries: PathBuf,
    pub(crate) half: Half,
    pub(crate) n_explained: usize,
}

/// Which queries are measured. Ranking is designed on the even lines only.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Half {
    Both,
    Even,
    Odd,
}

/// The line that is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    recall_at_1: f64,
    recall_at_5: f64,
    recall_at_10: f64,
    mrr_at_10: f64,
    p50_ms: f64,
    p99_ms: f64,
    docs: usize,
    queries: usize,
}

impl SearchTask {
    /// Builds an index in a temporary folder, searches everything once to warm up, and measures.
    /// Explanations go to `notes`.
    pub(crate) fn run(&self, notes: &mut dyn Write) -> Result<Report> {
        let kb = corpus::read_kb(&self.kb)?;
        let mut queries = corpus::read_queries(&self.queries, &kb)?;
        queries.retain(|query| self.half.contains(query.line));
        ensure!(
            !queries.is_empty(),
            "No query stands in this half of {}",
            self.queries.display()
        );

        let folder = tempfile::tempdir().context("Creating a folder for the index")?;
        let index = KbIndex::open(folder.path(), NO_STORE)?.index;
        index.rebuild(kb.iter().cloned(), NO_STORE)?;

        for query in &queries {
            search(&index, query)?;
        }
        let mut ranks: Vec<Rank> = Vec::with_capacity(queries.len());
        let mut times: Vec<Duration> = Vec::with_capacity(queries.len());
        let mut n_explained = 0;
        for query in &queries {
            let (hits, time) = timed_search(&index, query)?;
            times.push(time);
            let rank = hits.iter().position(|hit| query.right.contains(&hit.id));
            if rank != Some(0) && n_explained < self.n_explained {
                n_explained += 1;
                explain(notes, &kb, query, &hits)?;
            }
            ranks.push(rank);
        }
        Ok(report(&ranks, &times, kb.len()))
    }
}

impl Half {
    fn contains(self, line: usize) -> bool {
        match self {
            Self::Both => true,
            Self::Even => line.is_multiple_of(2),
            Self::Odd => !line.is_multiple_of(2),
        }
    }
}

fn search(index: &KbIndex, query: &LabelledQuery) -> Result<Vec<Hit>> {
    index
        .search(&Query {
            text: &query.text,
            limit: HITS,
        })
        .with_context(|| format!("Searching the query of line {}", query.line))
}

fn timed_search(index: &KbIndex, query: &LabelledQuery) -> Result<(Vec<Hit>, Duration)> {
    let mut times = Vec::with_capacity(TIMED);
    let mut hits = Vec::new();
    for _ in 0..TIMED {
        let started = Instant::now();
        hits = search(index, query)?;
        times.push(started.elapsed());
    }
    Ok((hits, metrics::median(&times)))
}

fn report(ranks: &[Rank], times: &[Duration], n_documents: usize) -> Report {
    Report {
        recall_at_1: metrics::rounded(metrics::recall_at(1, ranks)),
        recall_at_5: metrics::rounded(metrics::recall_at(5, ranks)),
        recall_at_10: metrics::rounded(metrics::recall_at(10, ranks)),
        mrr_at_10: metrics::rounded(metrics::mrr_at(10, ranks)),
        p50_ms: metrics::rounded(metrics::percentile_ms(50, times)),
        p99_ms: metrics::rounded(metrics::percentile_ms(99, times)),
        docs: n_documents,
        queries: ranks.len(),
    }
}

fn explain(
    notes: &mut dyn Write,
    kb: &[Document],
    query: &LabelledQuery,
    hits: &[Hit],
) -> Result<()> {
    writeln!(notes, "line {}: {}", query.line, query.text)?;
    for document in kb
        .iter()
        .filter(|document| query.right.contains(&document.id))
    {
        writeln!(notes, "  right: {} {}", document.id, document.title)?;
    }
    for (rank, hit) in hits.iter().enumerate() {
        let is_right = query.right.contains(&hit.id);
        if rank < 3 || is_right {
            let title: String = hit.title.iter().map(|piece| piece.text.as_str()).collect();
            let mark = if is_right { "*" } else { " " };
            let features = serde_json::to_string(&hit.features)?;
            writeln!(
                notes,
                "  {mark}{} {:.3} {title} {features}",
                rank + 1,
                hit.score
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_tiny_knowledge_base() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (kb, queries) = (folder.path().join("kb"), folder.path().join("queries"));
        let articles = r#"
            {"id":"water","title":"城区自来水停水报修","body":"拨打供水公司电话。"}
            {"id":"power","title":"停电报修","body":"拨打供电公司电话。"}
            {"item":3,"name":"医保卡补办","materials":["身份证"]}"#;
        fs::write(&kb, articles).expect("written");
        let asked = r#"
            {"query":"停水","items":["water"]}
            {"query":"医保卡丢了怎么补办","items":[3]}
            {"query":"电话","items":["power","water"]}
            {"query":"婚姻","items":["power"]}"#;
        fs::write(&queries, asked).expect("written");
        let task = SearchTask {
            kb,
            queries,
            half: Half::Both,
            n_explained: 10,
        };
        let mut notes = Vec::new();
        let report = task.run(&mut notes).expect("runs");
        assert_eq!((report.docs, report.queries), (3, 4));
        assert!((report.recall_at_1 - 0.75).abs() < 1e-9);
        assert!((report.recall_at_10 - 0.75).abs() < 1e-9);
        assert!(report.p99_ms >= report.p50_ms);
        let notes = String::from_utf8(notes).expect("text");
        assert!(notes.contains("line 5: 婚姻"), "{notes}");
    }
}
