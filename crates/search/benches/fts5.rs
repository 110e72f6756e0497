//! This index beside SQLite FTS5 (trigram, and words of jieba) at 50,000 articles, in one run.
//!
//! `cargo bench -p search`. First a table with recall, percentiles, sizes and building times, then
//! criterion's comparison. Both sides get the same articles and questions, return ten ids and have
//! been asked everything once before. FTS5 is asked for any of the question's three-character
//! windows, ordered by its BM25 with the title weighed four times; it cannot be asked for less than
//! three characters, and asked for all of them it would find nothing. With jieba, FTS5 holds and is
//! asked for the words that jieba finds. Ours is asked once more while another thread updates it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "A benchmark is a test that tells what it found"
)]

mod corpus;

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use corpus::Asked;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jieba_rs::Jieba;
use rusqlite::Connection;
use search::{Change, Document, KbIndex, Query};

const HITS: usize = 10;
const SHORT_QUESTIONS: usize = 400;
const LONG_QUESTIONS: usize = 100;

/// So often every question is asked before the memory is looked at.
const ROUNDS: usize = 20;

/// So many articles change while questions are asked, so many at a time.
const CHANGED: usize = 2000;
const BATCH: usize = 50;

struct Ours(KbIndex);

struct Fts5 {
    connection: Connection,
    /// What of a question is asked for.
    terms: fn(&str) -> Vec<String>,
}

trait Engine {
    fn ask(&self, text: &str) -> Vec<String>;
}

impl Engine for Ours {
    fn ask(&self, text: &str) -> Vec<String> {
        let hits = self.0.search(&Query::new(text, HITS)).expect("searches");
        hits.into_iter().map(|hit| hit.id).collect()
    }
}

impl Engine for Fts5 {
    fn ask(&self, text: &str) -> Vec<String> {
        let terms = (self.terms)(text);
        if terms.is_empty() {
            return Vec::new();
        }
        let mut statement = self
            .connection
            .prepare(
                "SELECT id FROM article WHERE article MATCH ?1 \
                 ORDER BY bm25(article, 0.0, 4.0, 1.0) LIMIT 10",
            )
            .expect("prepares");
        let rows = statement
            .query_map([terms.join(" OR ")], |row| row.get(0))
            .expect("searches");
        rows.map(|id| id.expect("reads")).collect()
    }
}

fn compare(criterion: &mut Criterion) {
    let articles = corpus::articles();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let questions = [
        ("short", corpus::short_questions(SHORT_QUESTIONS)),
        ("100 characters", corpus::long_questions(LONG_QUESTIONS)),
    ];
    let ours = ours(&articles, folder.path(), &questions);
    let fts5 = fts5(
        &articles,
        folder.path(),
        "fts5",
        "trigram",
        str::to_owned,
        windows,
    );
    let jieba = fts5_of_words(&articles, folder.path());
    let changes: Vec<Change> = articles
        .iter()
        .take(CHANGED)
        .cloned()
        .map(Change::Put)
        .collect();
    drop(articles);
    for (kind, asked) in &questions {
        let n_characters: usize = asked.iter().map(|asked| asked.text.chars().count()).sum();
        println!(
            "{kind}: {} questions, {} characters on average",
            asked.len(),
            n_characters / asked.len()
        );
        table("ours", &ours, asked);
        table("fts5", &fts5, asked);
        table("fts5 jieba", &jieba, asked);
        while_it_is_updated(&ours, &changes, || {
            table("ours, while updating", &ours, asked);
        });
        let mut group = criterion.benchmark_group(*kind);
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(5));
        group.bench_function(BenchmarkId::from_parameter("ours"), |b| {
            let mut asked = asked.iter().cycle();
            b.iter(|| ours.ask(&asked.next().expect("endless").text));
        });
        group.bench_function(BenchmarkId::from_parameter("fts5"), |b| {
            let mut asked = asked.iter().cycle();
            b.iter(|| fts5.ask(&asked.next().expect("endless").text));
        });
        group.bench_function(BenchmarkId::from_parameter("fts5 jieba"), |b| {
            let mut asked = asked.iter().cycle();
            b.iter(|| jieba.ask(&asked.next().expect("endless").text));
        });
        group.finish();
    }
}

fn ours(articles: &[Document], folder: &Path, questions: &[(&str, Vec<Asked>)]) -> Ours {
    let folder = folder.join("kb");
    let index = KbIndex::open(&folder, 1).expect("opens").index;
    let started = Instant::now();
    index.rebuild(articles.iter().cloned(), 1).expect("builds");
    let built = started.elapsed();
    drop(index);
    let memory_before = memory_mb();
    let started = Instant::now();
    let opened = KbIndex::open(&folder, 1).expect("opens");
    assert_eq!(opened.needs_rebuild, None);
    println!(
        "ours: built in {:.1} s, opened and checked in {:.0} ms, {} MB on disk, {} MB of memory more",
        built.as_secs_f64(),
        started.elapsed().as_secs_f64() * 1000.0,
        size_mb(&folder),
        memory_mb().saturating_sub(memory_before)
    );
    let ours = Ours(opened.index);
    let asked = || questions.iter().flat_map(|(_, asked)| asked);
    for _ in 0..ROUNDS {
        for asked in asked() {
            ours.ask(&asked.text);
        }
    }
    println!(
        "ours: after {} searches {} MB of memory more",
        ROUNDS * asked().count(),
        memory_mb().saturating_sub(memory_before)
    );
    ours
}

/// Asks while another thread takes over changes, one batch after the other.
fn while_it_is_updated(ours: &Ours, changes: &[Change], ask: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let mut n_batches = 0;
            for batch in changes.chunks(BATCH).cycle() {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                ours.0.update(batch, 1).expect("updates");
                n_batches += 1;
            }
            println!("  (another thread took over {n_batches} batches of {BATCH} articles)");
        });
        ask();
        is_over.store(true, Ordering::Relaxed);
    });
}

fn fts5_of_words(articles: &[Document], folder: &Path) -> Fts5 {
    fts5(
        articles,
        folder,
        "jieba",
        "unicode61",
        |text| words(text).join(" "),
        |text| {
            words(text)
                .iter()
                .map(|word| format!("\"{word}\""))
                .collect()
        },
    )
}

/// Returns the words of a text, those inside longer ones too, as jieba's search mode does.
fn words(text: &str) -> Vec<String> {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    let jieba = JIEBA.get_or_init(Jieba::new);
    let words = jieba.cut_for_search(text, true).into_iter();
    let words = words.map(|token| token.word.to_string());
    words
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

fn fts5(
    articles: &[Document],
    folder: &Path,
    name: &str,
    tokenizer: &str,
    held: fn(&str) -> String,
    terms: fn(&str) -> Vec<String>,
) -> Fts5 {
    let folder = folder.join(name);
    std::fs::create_dir(&folder).expect("creates");
    let connection = Connection::open(folder.join("fts5.db")).expect("opens");
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; \
             CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, title, body, tokenize='{tokenizer}'); \
             BEGIN"
        ))
        .expect("creates");
    let started = Instant::now();
    let mut insert = connection
        .prepare("INSERT INTO article (id, title, body) VALUES (?1, ?2, ?3)")
        .expect("prepares");
    for article in articles {
        insert
            .execute((&article.id, held(&article.title), held(&article.body)))
            .expect("inserts");
    }
    drop(insert);
    connection
        .execute_batch("COMMIT; INSERT INTO article (article) VALUES ('optimize');")
        .expect("commits");
    println!(
        "{name}: built in {:.1} s, {} MB on disk",
        started.elapsed().as_secs_f64(),
        size_mb(&folder)
    );
    Fts5 { connection, terms }
}

/// Returns what this process holds in memory, files that are mapped into it included.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kb.unwrap_or_default() >> 10
}

fn windows(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut windows = Vec::new();
    for part in text.split(|c: char| !c.is_alphanumeric()) {
        let characters: Vec<char> = part.chars().collect();
        for window in characters.windows(3) {
            let window = format!("\"{}\"", window.iter().collect::<String>());
            if seen.insert(window.clone()) {
                windows.push(window);
            }
        }
    }
    windows
}

fn table(name: &str, engine: &dyn Engine, asked: &[Asked]) {
    for asked in asked {
        engine.ask(&asked.text);
    }
    let (mut at_1, mut at_10) = (0, 0);
    let mut times = Vec::new();
    for asked in asked {
        let started = Instant::now();
        let hits = engine.ask(&asked.text);
        times.push(started.elapsed());
        at_1 += usize::from(hits.first() == Some(&asked.right));
        at_10 += usize::from(hits.contains(&asked.right));
    }
    times.sort_unstable();
    let ms = |percent: usize| {
        let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times
            .get(place)
            .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    println!(
        "  {name}: R@1 {:.3}  R@10 {:.3}  P50 {:.2} ms  P99 {:.2} ms",
        share(at_1, asked.len()),
        share(at_10, asked.len()),
        ms(50),
        ms(99)
    );
}

#[expect(clippy::cast_precision_loss, reason = "some hundred questions")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn size_mb(folder: &Path) -> u64 {
    fn size(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| {
                let path = entry.path();
                if path.is_dir() {
                    size(&path)
                } else {
                    entry.metadata().map_or(0, |m| m.len())
                }
            })
            .sum()
    }
    size(folder) >> 20
}

criterion_group!(benches, compare);
criterion_main!(benches);
