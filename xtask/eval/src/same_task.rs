//! `eval duplicates` and `eval events`: whether orders about the same are found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use intake::same::index::{MAX_ALIKE, SAME_EVENT};
use intake::same::{OrderIndex, Shingles};
use serde::Deserialize;
use serde_json::json;

use crate::metrics::{percentile_ms, rounded};

pub(crate) const USAGE: &str = "\
Usage: eval duplicates --orders FILE… --pairs FILE
       eval events --orders FILE [--likeness NUMBER]

  --orders FILE  one JSON object a line: {\"id\": 1, \"title\": \"…\", \"detail\": \"…\"}, for `events` with
                 \"event\": \"…\" or null. The first file's orders are f3:ID in the pairs, the second's f4:ID
  --pairs FILE   one JSON object a line: {\"a\": \"f3:1\", \"b\": \"f4:2\"}; pairs with others are left out";

/// How the pairs name the orders of each file.
const FILES: [&str; 2] = ["f3", "f4"];
/// So many of what the index finds are compared exactly, as at a desk.
const COMPARED: usize = 20;

#[derive(Deserialize)]
struct Order {
    id: u64,
    title: Option<String>,
    detail: Option<String>,
    event: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
}

impl Order {
    fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    fn text(&self) -> &str {
        self.detail.as_deref().unwrap_or_default()
    }
}

pub(crate) fn duplicates(options: &[String], log: &mut impl Write) -> Result<String> {
    let (files, pairs) = files_of(options)?;
    let Some(pairs) = pairs else {
        bail!("--pairs is missing\n{USAGE}");
    };
    let mut names = Vec::new();
    let mut orders: Vec<Order> = Vec::new();
    for (file, prefix) in files.iter().zip(FILES) {
        let read: Vec<Order> = read(file)?;
        names.extend(read.iter().map(|order| format!("{prefix}:{}", order.id)));
        orders.extend(read);
    }
    let place: BTreeMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(at, it)| (it.as_str(), at))
        .collect();
    let mut expected: BTreeSet<(usize, usize)> = BTreeSet::new();
    for pair in read::<Pair>(&pairs)? {
        if let (Some(&a), Some(&b)) = (place.get(pair.a.as_str()), place.get(pair.b.as_str())) {
            expected.insert((a.min(b), a.max(b)));
        }
    }
    let index = index_of(&orders);
    let shingles: Vec<Shingles> = orders.iter().map(|it| Shingles::of(it.text())).collect();
    let mut times = Vec::new();
    let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut candidates: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, order) in orders.iter().enumerate() {
        let started = Instant::now();
        let alike = index.alike(order.title(), order.text(), COMPARED + 1);
        let own = Shingles::of(order.text());
        for other in alike
            .iter()
            .map(|it| it.order as usize)
            .filter(|it| *it != at)
        {
            candidates.insert((at.min(other), at.max(other)));
            let is_near = shingles
                .get(other)
                .is_some_and(|other| own.likeness(other).is_near_duplicate());
            if is_near {
                found.insert((at.min(other), at.max(other)));
            }
        }
        times.push(started.elapsed());
    }
    let right = found.intersection(&expected).count();
    for (a, b) in expected.difference(&found) {
        let is_candidate = candidates.contains(&(*a, *b));
        let name = |at: usize| names.get(at).map_or("", String::as_str);
        writeln!(
            log,
            "missed {} {} (compared: {is_candidate})",
            name(*a),
            name(*b)
        )?;
    }
    Ok(json!({
        "recall": share(right, expected.len()),
        "precision": share(right, found.len()),
        "candidate_recall": share(candidates.intersection(&expected).count(), expected.len()),
        "n_orders": orders.len(),
        "n_pairs": expected.len(),
        "n_found": found.len(),
        "p50_ms": rounded(percentile_ms(50, &times)),
        "p99_ms": rounded(percentile_ms(99, &times)),
    })
    .to_string())
}

pub(crate) fn events(options: &[String]) -> Result<String> {
    let (options, threshold) = match options {
        [options @ .., name, value] if name == "--likeness" => {
            (options, value.parse().context("--likeness is a number")?)
        }
        options => (options, SAME_EVENT),
    };
    let (files, _) = files_of(options)?;
    let Some(file) = files.first() else {
        bail!("--orders is missing\n{USAGE}");
    };
    let orders: Vec<Order> = read(file)?;
    let index = index_of(&orders);
    let event_of = |at: u32| orders.get(at as usize).and_then(|it| it.event.as_deref());
    let mut figures: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let mut times: Vec<Duration> = Vec::new();
    for (order, at) in orders.iter().zip(0u32..) {
        let Some(event) = order.event.as_deref() else {
            continue;
        };
        let n_same = orders
            .iter()
            .filter(|it| it.event.as_deref() == Some(event))
            .count()
            - 1;
        let started = Instant::now();
        let mut alike = index.alike(order.title(), order.text(), MAX_ALIKE);
        alike.retain(|it| it.order != at);
        let first = alike
            .iter()
            .take(5)
            .filter(|it| event_of(it.order) == Some(event))
            .count();
        let text_of = |at: u32| {
            let order = orders.get(at as usize)?;
            Some((order.title().to_owned(), order.text().to_owned()))
        };
        let mut alike = index.event(order.title(), order.text(), Some(at), text_of);
        times.push(started.elapsed());
        alike.retain(|it| it.likeness >= threshold);
        let right = alike
            .iter()
            .filter(|it| event_of(it.order) == Some(event))
            .count();
        let f1 = share(2 * right, alike.len() + n_same);
        figures
            .entry(event)
            .or_default()
            .push((share(first, 5), f1));
    }
    let (mut p_at_5, mut f1) = (0.0, 0.0);
    for of_event in figures.values() {
        let n = count(of_event.len());
        p_at_5 += of_event.iter().map(|(p, _)| p).sum::<f64>() / n;
        f1 += of_event.iter().map(|(_, f1)| f1).sum::<f64>() / n;
    }
    let n_events = count(figures.len().max(1));
    let (p_at_5, f1) = (p_at_5 / n_events, f1 / n_events);
    Ok(json!({
        "p_at_5": rounded(p_at_5),
        "clustering_f1": rounded(f1),
        "n_orders": orders.len(),
        "n_events": figures.len(),
        "n_queries": times.len(),
        "p50_ms": rounded(percentile_ms(50, &times)),
        "p99_ms": rounded(percentile_ms(99, &times)),
    })
    .to_string())
}

fn index_of(orders: &[Order]) -> OrderIndex {
    OrderIndex::build(|| orders.iter().map(|it| (it.title(), it.text())))
}

fn files_of(options: &[String]) -> Result<(Vec<PathBuf>, Option<PathBuf>)> {
    let (mut orders, mut pairs): (Vec<PathBuf>, Option<PathBuf>) = (Vec::new(), None);
    let mut into_pairs = false;
    for option in options {
        match option.as_str() {
            "--orders" => into_pairs = false,
            "--pairs" => into_pairs = true,
            file if into_pairs => pairs = Some(file.into()),
            file if !file.starts_with("--") => orders.push(file.into()),
            other => bail!("There is no option {other:?}\n{USAGE}"),
        }
    }
    if orders.is_empty() || orders.len() > FILES.len() {
        bail!("Give one or two files of orders\n{USAGE}");
    }
    Ok((orders, pairs))
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("Reading {}", path.display()))?;
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("In {}", path.display())))
        .collect()
}

fn share(n: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        rounded(count(n) / count(of))
    }
}

/// A number of orders, of which there are never billions.
fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
