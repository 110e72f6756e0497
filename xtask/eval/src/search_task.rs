//! Measures how well and how fast the knowledge base is searched.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use search::{Document, Hit, KbIndex, Query, Ranking, Thesaurus};
use serde::Serialize;

use crate::{
    corpus::{self, LabelledQuery},
    metrics::{self, Rank},
    parts::Part,
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
    pub(crate) ranking: Ranking,
    pub(crate) thesaurus: Thesaurus,
    /// Measures once more without each part of the ranking.
    pub(crate) is_ablation: bool,
}

/// An index in a folder of its own, and what is asked of it.
struct Bench<'a> {
    index: KbIndex,
    kb: Vec<Document>,
    queries: Vec<LabelledQuery>,
    task: &'a SearchTask,
    folder: tempfile::TempDir,
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
    index_kb: u64,
    /// The figures without each part; empty unless asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    without: BTreeMap<&'static str, Figures>,
}

/// What one way of ranking reaches.
#[derive(Debug, Serialize)]
struct Figures {
    recall_at_1: f64,
    recall_at_10: f64,
    mrr_at_10: f64,
    p50_ms: f64,
    p99_ms: f64,
}

impl SearchTask {
    /// Builds an index in a temporary folder, searches everything once to warm up, and measures.
    /// Explanations go to `notes`.
    pub(crate) fn run(&self, notes: &mut dyn Write) -> Result<Report> {
        let bench = Bench::new(self)?;
        let (ranks, times) = bench.measure(&self.ranking, &self.thesaurus, notes)?;
        let mut report = report(&ranks, &times, bench.kb.len());
        report.index_kb = size(bench.folder.path())? / 1024;
        if self.is_ablation {
            for part in Part::ALL {
                let ranking = part.left_out_of(&self.ranking);
                let nothing = Thesaurus::default();
                let thesaurus = if part == Part::Synonyms {
                    &nothing
                } else {
                    &self.thesaurus
                };
                let (ranks, times) = bench.measure(&ranking, thesaurus, &mut std::io::sink())?;
                report.without.insert(part.name(), figures(&ranks, &times));
            }
        }
        Ok(report)
    }
}

impl<'a> Bench<'a> {
    fn new(task: &'a SearchTask) -> Result<Self> {
        let kb = corpus::read_kb(&task.kb)?;
        let mut queries = corpus::read_queries(&task.queries, &kb)?;
        queries.retain(|query| task.half.contains(query.line));
        ensure!(
            !queries.is_empty(),
            "No query stands in this half of {}",
            task.queries.display()
        );
        let folder = tempfile::tempdir().context("Creating a folder for the index")?;
        let index = KbIndex::open(folder.path(), NO_STORE)?.index;
        index.rebuild(kb.iter().cloned(), NO_STORE)?;
        Ok(Self {
            index,
            kb,
            queries,
            task,
            folder,
        })
    }

    fn measure(
        &self,
        ranking: &Ranking,
        thesaurus: &Thesaurus,
        notes: &mut dyn Write,
    ) -> Result<(Vec<Rank>, Vec<Duration>)> {
        let search = |query: &LabelledQuery| {
            let asked = Query {
                ranking,
                thesaurus: Some(thesaurus),
                ..Query::new(&query.text, HITS)
            };
            self.index
                .search(&asked)
                .with_context(|| format!("Searching the query of line {}", query.line))
        };
        for query in &self.queries {
            search(query)?;
        }
        let mut ranks: Vec<Rank> = Vec::with_capacity(self.queries.len());
        let mut times: Vec<Duration> = Vec::with_capacity(self.queries.len());
        let mut n_explained = 0;
        for query in &self.queries {
            let (hits, time) = timed(|| search(query))?;
            times.push(time);
            let rank = hits.iter().position(|hit| query.right.contains(&hit.id));
            if rank != Some(0) && n_explained < self.task.n_explained {
                n_explained += 1;
                explain(notes, &self.kb, query, &hits)?;
            }
            ranks.push(rank);
        }
        Ok((ranks, times))
    }
}

/// Adds up the sizes of all files below a folder, in bytes.
fn size(folder: &Path) -> Result<u64> {
    let mut total = 0;
    for entry in folder.read_dir().context("Reading the index's folder")? {
        let entry = entry?;
        total += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(total)
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

fn timed(search: impl Fn() -> Result<Vec<Hit>>) -> Result<(Vec<Hit>, Duration)> {
    let mut times = Vec::with_capacity(TIMED);
    let mut hits = Vec::new();
    for _ in 0..TIMED {
        let started = Instant::now();
        hits = search()?;
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
        index_kb: 0,
        without: BTreeMap::new(),
    }
}

fn figures(ranks: &[Rank], times: &[Duration]) -> Figures {
    Figures {
        recall_at_1: metrics::rounded(metrics::recall_at(1, ranks)),
        recall_at_10: metrics::rounded(metrics::recall_at(10, ranks)),
        mrr_at_10: metrics::rounded(metrics::mrr_at(10, ranks)),
        p50_ms: metrics::rounded(metrics::percentile_ms(50, times)),
        p99_ms: metrics::rounded(metrics::percentile_ms(99, times)),
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
            ranking: Ranking::PRODUCT,
            thesaurus: Thesaurus::default(),
            is_ablation: true,
        };
        let mut notes = Vec::new();
        let report = task.run(&mut notes).expect("runs");
        assert_eq!((report.docs, report.queries), (3, 4));
        assert!((report.recall_at_1 - 0.75).abs() < 1e-9);
        assert!((report.recall_at_10 - 0.75).abs() < 1e-9);
        assert!(report.p99_ms >= report.p50_ms);
        assert!(report.index_kb > 0);
        assert_eq!(report.without.len(), Part::ALL.len());
        let notes = String::from_utf8(notes).expect("text");
        assert!(notes.contains("line 5: 婚姻"), "{notes}");
    }
}
