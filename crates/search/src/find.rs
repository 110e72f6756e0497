//! From a query to hits: ask in every way, order what was found, say why.

use tantivy::{
    DocAddress, TantivyDocument,
    schema::{Field, Value as _},
};

use crate::{
    error::SearchError,
    filter::Passing,
    ground::{Ground, NameGround},
    mark::{self, Marks, Segment},
    query::{Parsed, Query},
    rank::Features,
    schema::Fields,
    snapshot::Snapshot,
    snippet::{self, Passage},
    spelled::{self, Spelled},
    ways::{self, Via, Way},
};

/// One article that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: String,
    /// Comparable within one answer only.
    pub score: f32,
    /// The whole title, in pieces.
    pub title: Vec<Segment>,
    /// A passage of the body, in pieces; empty when there is no body.
    pub snippet: Vec<Segment>,
    pub ground: Ground,
    /// What the score is made of.
    pub features: Features,
}

/// An article in the running.
struct Running {
    address: DocAddress,
    way: usize,
    features: Features,
    score: f32,
}

/// Finds what answers a query best, the best first.
pub(crate) fn find(snapshot: &Snapshot, query: &Query) -> Result<Vec<Hit>, SearchError> {
    let typed = Parsed::new(query)?;
    let askings = ways::others(snapshot, &typed, query.thesaurus)?;
    let parsed = askings
        .iter()
        .map(|asking| Parsed::new(&query.of(&asking.text)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut all_ways = vec![Way::take(snapshot, query, &typed, None)?];
    for (parsed, asking) in parsed.iter().zip(&askings) {
        all_ways.push(Way::take(snapshot, query, parsed, Some(&asking.via))?);
    }
    let mut hits = Vec::with_capacity(typed.limit);
    for running in in_front(&all_ways, query) {
        if hits.len() == typed.limit {
            break;
        }
        let Some(way) = all_ways.get(running.way) else {
            continue;
        };
        let article = Article::read(snapshot, running.address)?;
        let hit = hit(&running, way, &article);
        // A single 了 of a name in common is no reason to show an article to anybody.
        if !hit.ground.is_empty() {
            hits.push(hit);
        }
    }
    add_spelled(snapshot, query, &mut hits)?;
    hits.truncate(typed.limit);
    Ok(hits)
}

/// Returns each article once, by the way that fits it best, the best first.
fn in_front(ways: &[Way], query: &Query) -> Vec<Running> {
    let mut running: Vec<Running> = Vec::new();
    for (number, way) in ways.iter().enumerate() {
        for &(candidate, features) in &way.ranked {
            running.push(Running {
                address: candidate.address,
                way: number,
                features,
                score: way.factor * features.score(query.ranking),
            });
        }
    }
    // Stable, so that of equal scores the query as typed, and the order of the titles, count.
    running.sort_by(|a, b| b.score.total_cmp(&a.score));
    if ways.len() > 1 {
        let mut seen = rustc_hash::FxHashSet::default();
        running.retain(|it| seen.insert(it.address));
    }
    running
}

/// What is stored of an article.
struct Article {
    id: String,
    title: String,
    names: Vec<String>,
    body: String,
}

impl Article {
    fn read(snapshot: &Snapshot, address: DocAddress) -> Result<Self, SearchError> {
        let stored: TantivyDocument = snapshot.searcher.doc(address)?;
        let Fields {
            id,
            title,
            name,
            body,
            ..
        } = snapshot.fields;
        let names = stored.get_all(name).filter_map(|value| value.as_str());
        Ok(Self {
            id: text(&stored, id),
            title: text(&stored, title),
            names: names.map(str::to_owned).collect(),
            body: text(&stored, body),
        })
    }
}

fn text(stored: &TantivyDocument, field: Field) -> String {
    let value = stored.get_first(field).and_then(|value| value.as_str());
    value.unwrap_or_default().to_owned()
}

/// Marks the query in what an article says, and tells why it is here.
fn hit(running: &Running, way: &Way, article: &Article) -> Hit {
    let Way { parsed, grams, .. } = way;
    let marks = mark::in_heading(parsed, grams, &article.title);
    let passage = snippet::passage(parsed, grams, &article.body);
    let names: Vec<&str> = article.names.iter().map(String::as_str).collect();
    let mut ground = Ground::new(parsed, grams, &marks, &names, &passage);
    ground.via = via(way.via, article, &passage);
    Hit {
        id: article.id.clone(),
        score: running.score,
        title: segments(&article.title, &marks),
        snippet: mark::segments(passage.text, &passage.ranges),
        ground,
        features: running.features,
    }
}

fn segments(title: &str, marks: &Marks) -> Vec<Segment> {
    mark::segments(title, &marks.ranges)
}

/// Tells of the other words only those that the article has.
fn via(via: Option<&Via>, article: &Article, passage: &Passage) -> Option<Via> {
    let Some(Via::Synonyms(said)) = via else {
        return via.cloned();
    };
    let has = |word: &str| {
        article.title.contains(word)
            || article.names.iter().any(|name| name.contains(word))
            || passage.text.contains(word)
    };
    let told: Vec<_> = said
        .iter()
        .filter(|(_, other)| has(other))
        .cloned()
        .collect();
    (!told.is_empty()).then_some(Via::Synonyms(told))
}

/// Adds the articles whose title is spelled as was typed, each in its place by its score.
fn add_spelled(snapshot: &Snapshot, query: &Query, hits: &mut Vec<Hit>) -> Result<(), SearchError> {
    let segments = snapshot.searcher.segment_readers();
    let passing = |at: usize| match segments.get(at) {
        Some(segment) => Passing::new(query.filter, snapshot, segment),
        None => Err(SearchError::NotBuilt),
    };
    let mut spelled = spelled::find(snapshot, query.text, passing)?;
    spelled.truncate(query.limit.min(crate::MAX_HITS));
    for spelled in &spelled {
        let article = Article::read(snapshot, spelled.candidate.address)?;
        if hits.iter().all(|hit| hit.id != article.id) {
            hits.push(spelled_hit(query, spelled, &article));
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(())
}

fn spelled_hit(query: &Query, spelled: &Spelled, article: &Article) -> Hit {
    let Spelled {
        features,
        part,
        range,
        ..
    } = spelled;
    let is_title = *part == 0;
    let ranges = std::slice::from_ref(range);
    let name = part.checked_sub(1).and_then(|at| article.names.get(at));
    let start = snippet::beginning(&article.body);
    Hit {
        id: article.id.clone(),
        score: features.score(query.ranking),
        title: mark::segments(&article.title, if is_title { ranges } else { &[] }),
        snippet: mark::segments(start, &[]),
        ground: Ground {
            title: if is_title {
                vec![query.text.trim().to_owned()]
            } else {
                Vec::new()
            },
            name: name.map(|name| NameGround {
                name: name.clone(),
                stretches: vec![query.text.trim().to_owned()],
            }),
            via: Some(Via::Pinyin),
            ..Ground::default()
        },
        features: *features,
    }
}
