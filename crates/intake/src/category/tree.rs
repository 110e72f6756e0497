//! Learning the categories level by level.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Category;
use crate::keywords::Keywords;
use crate::learn::model_file::{Reader, check_of, length};
use crate::learn::trainer::{MAX_CLASSES, MIN_EXAMPLES};
use crate::learn::{self, Classifier, Example, Guess, Measure, ModelError, Read, TrainRefusal};

/// The version of the form; each model in it has its own besides.
const FORMAT: u16 = 1;
const SIGN: [u8; 4] = *b"QXCT";
/// One model for the first level, one for each name of the first and of the second.
const MAX_NODES: usize = 2_000;
const MAX_MODEL_BYTES: usize = 1 << 30;

/// 已确认的工单: one whose category a person confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedOrder {
    pub title: String,
    pub text: String,
    pub category_id: String,
    /// 留作检验; orders of one linked group alike.
    pub is_held_back: bool,
}

/// 分类模型 of all levels. The path of a node is `一级` or `一级/二级`; that of the first level is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryModel {
    nodes: BTreeMap<String, Node>,
    n_orders: usize,
}

/// What was decided below one name.
#[derive(Clone, Debug, Default, PartialEq)]
struct Node {
    /// How many orders were confirmed for each child.
    counts: BTreeMap<String, usize>,
    /// `None` while there are too few orders, or but one child, to tell apart.
    classifier: Option<Classifier>,
}

/// So many orders of a node count as much as the keywords do within it.
const ORDERS_LIKE_KEYWORDS: f32 = 10.0;
/// So many of the likeliest categories are found; more are never told.
const BEST: usize = 10;
/// So many nodes are parted at most for one text.
const MAX_PARTED: usize = 40;

/// Learns from the confirmed orders that are not held back, and says what is made of those that are:
/// what is measured is what is used. A later model that was taught without the same orders can be
/// compared with it fairly ([`learn::gate()`]).
///
/// # Errors
/// Why there is nothing to learn: the keywords stay in charge then.
pub fn train(
    orders: &[ConfirmedOrder],
    categories: &[Category],
    keywords: &Keywords,
    n_threads: usize,
) -> Result<(CategoryModel, Measure), TrainRefusal> {
    let by_id: BTreeMap<&str, &Category> =
        categories.iter().map(|it| (it.id.as_str(), it)).collect();
    let known: Vec<(&ConfirmedOrder, &Category)> = orders
        .iter()
        .filter_map(|order| Some((order, *by_id.get(order.category_id.as_str())?)))
        .collect();
    let mut paths: BTreeSet<String> = BTreeSet::from([String::new()]);
    for (_, category) in &known {
        paths.insert(category.level1.clone());
        paths.insert(format!("{}/{}", category.level1, category.level2));
    }
    let mut nodes = BTreeMap::new();
    for path in paths {
        let node = learnt_node(&known, &path, keywords, n_threads)?;
        nodes.insert(path, node);
    }
    let model = CategoryModel {
        nodes,
        n_orders: known.iter().filter(|(it, _)| !it.is_held_back).count(),
    };
    let measure = model.measure(orders, categories, keywords);
    Ok((model, measure))
}

fn learnt_node(
    known: &[(&ConfirmedOrder, &Category)],
    path: &str,
    keywords: &Keywords,
    n_threads: usize,
) -> Result<Node, TrainRefusal> {
    let of_node: Vec<(&ConfirmedOrder, &str)> = known
        .iter()
        .filter_map(|(order, category)| Some((*order, child(category, path)?)))
        .collect();
    let labels: BTreeSet<&str> = of_node.iter().map(|(_, label)| *label).collect();
    let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
    let examples: Vec<Example> = of_node
        .iter()
        .map(|(order, label)| Example {
            title: order.title.clone(),
            text: order.text.clone(),
            class: labels.iter().position(|it| it == label).unwrap_or_default(),
            is_held_back: order.is_held_back,
        })
        .collect();
    let n_of = |class: usize| {
        let seen = examples.iter().filter(|it| !it.is_held_back);
        seen.filter(|it| it.class == class).count()
    };
    let n_seen = examples.iter().filter(|it| !it.is_held_back).count();
    let is_enough = n_seen >= MIN_EXAMPLES && labels.len() >= 2;
    Ok(Node {
        counts: labels
            .iter()
            .cloned()
            .zip((0..labels.len()).map(n_of))
            .collect(),
        classifier: if is_enough || path.is_empty() {
            Some(learn::train_judge(&examples, &labels, keywords, n_threads)?.0)
        } else {
            None
        },
    })
}

impl CategoryModel {
    /// 学习的工单数.
    pub fn n_orders(&self) -> usize {
        self.n_orders
    }

    /// Whether it was learnt with these keywords.
    pub fn fits(&self, keywords: &Keywords) -> bool {
        let mut learnt = self
            .nodes
            .values()
            .filter_map(|node| node.classifier.as_ref());
        learnt.all(|classifier| classifier.fits(keywords))
    }

    /// What it makes of the held-back ones among some orders, keywords included: how the model in
    /// use is measured beside a new one, for [`learn::gate()`].
    pub fn measure(
        &self,
        orders: &[ConfirmedOrder],
        categories: &[Category],
        keywords: &Keywords,
    ) -> Measure {
        let (mut guesses, mut classes) = (Vec::new(), Vec::new());
        for order in orders.iter().filter(|order| order.is_held_back) {
            let Some(class) = categories.iter().position(|it| it.id == order.category_id) else {
                continue;
            };
            let found = super::guesses(
                &order.title,
                &order.text,
                categories,
                keywords,
                Some(self),
                categories.len(),
            );
            let guess = |it: &super::CategoryGuess| {
                let class = categories
                    .iter()
                    .position(|category| category.id == it.id)?;
                Some(Guess {
                    class,
                    share: it.share,
                })
            };
            guesses.push(found.iter().filter_map(guess).collect());
            classes.push(class);
        }
        Measure::of(&guesses, &classes, categories.len())
    }

    /// The shares of the likeliest categories, 0 for the others; where nothing was learnt within a
    /// node, its keywords part it.
    ///
    /// The likeliest node is parted first, and a child is never likelier than its parent: once the
    /// best are found the rest need not be read, so a text is read a dozen times and not a hundred.
    pub(super) fn shares(
        &self,
        title: &str,
        text: &str,
        categories: &[Category],
        keywords: &Keywords,
        by_words: &[f32],
    ) -> Vec<f32> {
        let read = Read::new(title, text, keywords);
        let mut shares = vec![0.0f32; categories.len()];
        let mut best: Vec<f32> = Vec::new();
        let mut open: Vec<(f32, String)> = vec![(1.0, String::new())];
        for _ in 0..MAX_PARTED {
            open.sort_by(|one, other| one.0.total_cmp(&other.0));
            let Some((share, path)) = open.pop() else {
                break;
            };
            if best.get(BEST - 1).is_some_and(|last| *last >= share) {
                break;
            }
            let children = self.parted(&read, &path, parted_by_words(categories, by_words, &path));
            for (name, part) in children {
                let share = share * part;
                if path.contains('/') {
                    let is_it = |it: &Category| child(it, &path) == Some(name) && part > 0.0;
                    let at = categories.iter().position(is_it);
                    if let Some(of_category) = at.and_then(|at| shares.get_mut(at)) {
                        *of_category = share;
                        best.push(share);
                    }
                } else if path.is_empty() {
                    open.push((share, name.to_owned()));
                } else {
                    open.push((share, format!("{path}/{name}")));
                }
            }
            best.sort_by(|one, other| other.total_cmp(one));
        }
        shares
    }

    /// The share of every child of a node: learnt as far as there are orders, else by keywords.
    fn parted<'c>(
        &self,
        read: &Read,
        path: &str,
        mut by_words: BTreeMap<&'c str, f32>,
    ) -> BTreeMap<&'c str, f32> {
        let Some(node) = self.nodes.get(path) else {
            return by_words;
        };
        let n = super::count(node.n_orders());
        let trust = n / (n + ORDERS_LIKE_KEYWORDS);
        let learnt = node.shares(read);
        for (child, share) in &mut by_words {
            let learnt = learnt.get(*child).copied().unwrap_or_default();
            *share = trust * learnt + (1.0 - trust) * *share;
        }
        by_words
    }

    /// The words that speak for a category, by the first level's model and the last's.
    pub(super) fn reasons(&self, text: &str, category: &Category) -> Vec<Range<usize>> {
        let of_path = |path: String| {
            let node = self.nodes.get(&path)?.classifier.as_ref()?;
            let label = child(category, &path)?;
            let class = node.labels().iter().position(|it| it == label)?;
            Some(node.reasons(text, class).into_iter().map(|it| it.range))
        };
        paths(category)
            .into_iter()
            .filter_map(of_path)
            .flatten()
            .collect()
    }

    /// The model as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(SIGN);
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(length(self.n_orders));
        bytes.extend(length(self.nodes.len()));
        for (path, node) in &self.nodes {
            bytes.extend(length(path.len()));
            bytes.extend(path.as_bytes());
            bytes.extend(length(node.counts.len()));
            for (name, n) in &node.counts {
                bytes.extend(length(name.len()));
                bytes.extend(name.as_bytes());
                bytes.extend(length(*n));
            }
            let classifier = node.classifier.as_ref().map(Classifier::to_bytes);
            let classifier = classifier.unwrap_or_default();
            bytes.extend(length(classifier.len()));
            bytes.extend(classifier);
        }
        let check = check_of(&bytes);
        bytes.extend(check.to_le_bytes());
        bytes
    }

    /// Reads what [`CategoryModel::to_bytes`] wrote.
    ///
    /// # Errors
    /// Why these bytes cannot be used; the keywords stay in charge then.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let (content, check) = bytes.split_last_chunk::<8>().ok_or(ModelError::NotAModel)?;
        let mut reader = Reader(content);
        if reader.array::<4>()? != SIGN {
            return Err(ModelError::NotAModel);
        }
        let format = u16::from_le_bytes(reader.array()?);
        if format != FORMAT {
            return Err(ModelError::OtherFormat { format });
        }
        if check_of(content) != u64::from_le_bytes(*check) {
            return Err(ModelError::Damaged);
        }
        let n_orders = reader.length(usize::MAX)?;
        let n_nodes = reader.length(MAX_NODES)?;
        let mut nodes = BTreeMap::new();
        for _ in 0..n_nodes {
            let path = reader.label()?;
            let n_counts = reader.length(MAX_CLASSES)?;
            let mut node = Node::default();
            for _ in 0..n_counts {
                let name = reader.label()?;
                node.counts.insert(name, reader.length(usize::MAX)?);
            }
            let n_bytes = reader.length(MAX_MODEL_BYTES)?;
            if n_bytes > 0 {
                node.classifier = Some(Classifier::from_bytes(reader.bytes(n_bytes)?)?);
            }
            nodes.insert(path, node);
        }
        Ok(Self { nodes, n_orders })
    }
}

impl Node {
    fn n_orders(&self) -> usize {
        self.counts.values().sum()
    }

    /// The share of every child that an order was confirmed for.
    fn shares(&self, read: &Read) -> BTreeMap<&str, f32> {
        let Some(classifier) = &self.classifier else {
            let n = super::count(self.n_orders().max(1));
            let share = |of: &usize| super::count(*of) / n;
            let shares = self.counts.iter();
            return shares
                .map(|(name, of)| (name.as_str(), share(of)))
                .collect();
        };
        let guesses = read.guesses(classifier).into_iter();
        let named = guesses.filter_map(|guess| {
            let label = classifier.labels().get(guess.class)?;
            Some((label.as_str(), guess.share))
        });
        named.collect()
    }
}

fn paths(category: &Category) -> [String; 3] {
    [
        String::new(),
        category.level1.clone(),
        format!("{}/{}", category.level1, category.level2),
    ]
}

/// The name of a category below a node; `None` where it does not lie there.
fn child<'a>(category: &'a Category, path: &str) -> Option<&'a str> {
    match path.split_once('/') {
        Some((level1, level2)) => {
            (category.level1 == level1 && category.level2 == level2).then_some(&category.level3)
        }
        None if path.is_empty() => Some(&category.level1),
        None => (category.level1 == path).then_some(&category.level2),
    }
    .map(String::as_str)
}

/// How the keywords part a node among its children; all alike where they say nothing.
fn parted_by_words<'c>(
    categories: &'c [Category],
    by_words: &[f32],
    path: &str,
) -> BTreeMap<&'c str, f32> {
    let mut children: BTreeMap<&str, f32> = BTreeMap::new();
    for (category, share) in categories.iter().zip(by_words) {
        if let Some(child) = child(category, path) {
            *children.entry(child).or_default() += share;
        }
    }
    let sum: f32 = children.values().sum();
    let alike = 1.0 / super::count(children.len().max(1));
    for share in children.values_mut() {
        *share = if sum > 0.0 { *share / sum } else { alike };
    }
    children
}
