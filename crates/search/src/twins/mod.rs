//! 口径核对: articles that answer the same question, and what they contradict each other in
//! (第十三条: one question, one answer).
//!
//! Two titles or questions are compared by what they are about (pairs of characters, the rare ones
//! weighing more), after ways of saying the same were made one and words that say nothing taken
//! out. Places, years, what is done and what is asked are held apart, because a different one makes
//! a different matter however alike the words are. Only articles on the same matter are asked for
//! contradictions, part against part of the same kind and about the same thing. Everything is told
//! with its ground. A measure of likeness over whole texts was weighed: it finds the guides of one
//! office alike, which share their telephone and nothing else.

mod contradiction;
mod heading;
mod index;
mod words;

pub use self::{
    contradiction::{Contradiction, MAX_CONTRADICTIONS, Passage, Side, contradictions},
    heading::Places,
    index::TwinIndex,
};
use self::{heading::Heading, index::Rarity};
use rustc_hash::FxHashSet;

/// Of a heading that is the same, at most this part may be missing in the other …
const SAME_MISSING: f32 = 0.12;
/// … and of the longer one at most this part may go beyond.
const SAME_BEYOND: f32 = 0.36;
/// Official titles, without a question that people ask, differ by a word: 正常死亡公证 and
/// 非正常死亡公证. At most this part may be missing in either.
const SAME_BEYOND_OF_OFFICIAL_TITLES: f32 = 0.02;
/// Questions say less than titles: they must agree more.
const SAME_BEYOND_OF_QUESTIONS: f32 = 0.20;
/// A question about less than this says too little to be taken for another.
const MIN_SUBJECT_OF_QUESTIONS: usize = 2;
/// Headings that have less in common are not shown.
const NEAR_COMMON: f32 = 0.50;
/// Near headings are of one matter where the answers speak of the same things: of the headings at
/// least this part …
const SAME_WITH_ANSWERS: f32 = 0.58;
/// … and of the shorter answer's words at least this part.
const SAME_ANSWERS: f32 = 0.40;
/// A shorter answer says too little to be compared, in pairs of characters.
const MIN_ANSWER: usize = 6;
/// The very same question has at least so many characters.
const MIN_SAME_QUESTION: usize = 5;

/// How near two articles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 相近.
    Near,
    /// 同一问题.
    Same,
}

/// What keeps two near headings from being the same matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// One is for a place that the other does not name.
    Place,
    /// 补办 and 注销.
    Action,
    /// 职工 and 居民.
    Group,
    /// What is asked: the fee, the place.
    Aspect,
    /// Each says something that the other does not.
    Words,
}

/// Why two articles are near: the headings that agree most.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    pub level: Level,
    /// The heading of the one, as it was written.
    pub ours: String,
    pub theirs: String,
    /// From 0 to 1: how much of what both say is common.
    pub common: f32,
    /// Why it is not the same matter; `None` where it is.
    pub apart: Option<Apart>,
    /// Whether both have questions that people ask.
    are_asked: bool,
}

impl Likeness {
    /// Whether it is one matter already, or may be by what the answers say ([`with_answers`]).
    pub fn may_be_same(&self) -> bool {
        // Guides of one office are written after one pattern; answers to people's questions are not.
        self.level == Level::Same
            || (self.are_asked
                && self.apart == Some(Apart::Words)
                && self.common >= SAME_WITH_ANSWERS)
    }
}

/// Which headings are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Titles of articles that people's questions stand with.
    Titles,
    OfficialTitles,
    /// A question, with another or with a title.
    Questions,
}

impl Kind {
    /// How much the longer of two of the same may go beyond the other.
    fn beyond(self) -> f32 {
        match self {
            Self::Titles => SAME_BEYOND,
            Self::OfficialTitles => SAME_BEYOND_OF_OFFICIAL_TITLES,
            Self::Questions => SAME_BEYOND_OF_QUESTIONS,
        }
    }
}

/// The headings of an article: its title and the ways people ask for it.
#[derive(Clone, Debug, Default)]
pub struct Headings {
    title: Heading,
    names: Vec<Heading>,
}

impl Headings {
    pub fn new(title: &str, names: &[String], places: &Places) -> Self {
        let title = Heading::new(title, places);
        let names = names.iter().map(|name| {
            let mut heading = Heading::new(name, places);
            // A question under a title with a place or a year is asked there and then.
            if heading.places.is_empty() {
                heading.places.clone_from(&title.places);
            }
            if heading.years.is_empty() {
                heading.years.clone_from(&title.years);
            }
            heading
        });
        Self {
            names: names.collect(),
            title,
        }
    }

    fn all(&self) -> impl Iterator<Item = (&Heading, bool)> {
        let names = self.names.iter().map(|name| (name, false));
        std::iter::once((&self.title, true)).chain(names)
    }
}

/// Compares two articles by their headings; `None` when they are about different matters.
pub(crate) fn likeness(
    ours: &Headings,
    theirs: &Headings,
    rarity: &Rarity<'_>,
) -> Option<Likeness> {
    // Another place or another year in the titles: whatever the questions say.
    if excludes(&ours.title.places, &theirs.title.places)
        || excludes(&ours.title.years, &theirs.title.years)
    {
        return None;
    }
    // Questions that agree do not make one of titles that exclude each other.
    let titles_apart = apart(&ours.title, &theirs.title).filter(|it| *it != Apart::Aspect);
    let are_asked = !ours.names.is_empty() && !theirs.names.is_empty();
    let pairs = ours
        .all()
        .flat_map(|our| theirs.all().map(move |their| (our, their)))
        .filter_map(|((our, our_is_title), (their, their_is_title))| {
            let kind = match (our_is_title && their_is_title, are_asked) {
                (true, true) => Kind::Titles,
                (true, false) => Kind::OfficialTitles,
                (false, _) => Kind::Questions,
            };
            headings(our, their, kind, rarity)
        });
    let together = are_asked.then(|| together(ours, theirs, rarity)).flatten();
    let best = pairs.chain(together).max_by(|one, other| {
        (one.level.cmp(&other.level)).then(one.common.total_cmp(&other.common))
    })?;
    Some(match (best.level, titles_apart) {
        (Level::Same, Some(reason)) => Likeness {
            level: Level::Near,
            apart: Some(reason),
            ..best
        },
        (Level::Same, None) | (Level::Near, _) => Likeness { are_asked, ..best },
    })
}

/// Takes two articles for one matter where their headings are near for no other reason than their
/// words, and their answers speak of the same things.
#[must_use]
pub fn with_answers(likeness: Likeness, ours: &str, theirs: &str) -> Likeness {
    let is_told_by_answers = likeness.level == Level::Near
        && likeness.may_be_same()
        && answers_common(&likeness, ours, theirs) >= SAME_ANSWERS;
    if is_told_by_answers {
        Likeness {
            level: Level::Same,
            apart: None,
            ..likeness
        }
    } else {
        likeness
    }
}

/// How much of the shorter answer, besides the words of the headings, stands in the other.
#[expect(clippy::cast_precision_loss, reason = "a part of some hundred pairs")]
fn answers_common(likeness: &Likeness, ours: &str, theirs: &str) -> f32 {
    let headings: FxHashSet<u64> = [&likeness.ours, &likeness.theirs]
        .into_iter()
        .flat_map(|heading| heading::label_tokens(heading))
        .collect();
    let said = |text: &str| -> FxHashSet<u64> {
        let tokens = heading::label_tokens(text).into_iter();
        tokens.filter(|token| !headings.contains(token)).collect()
    };
    let (ours, theirs) = (said(ours), said(theirs));
    let n_least = ours.len().min(theirs.len());
    if n_least < MIN_ANSWER {
        return 0.0;
    }
    ours.intersection(&theirs).count() as f32 / n_least as f32
}

/// Titles in other words: each is said somewhere among the other's title and questions.
fn together(ours: &Headings, theirs: &Headings, rarity: &Rarity<'_>) -> Option<Likeness> {
    let said_by = |headings: &Headings| {
        let mut tokens: Vec<u64> = headings
            .all()
            .flat_map(|(heading, _)| heading.tokens.iter().copied())
            .collect();
        tokens.sort_unstable();
        tokens
    };
    let missing = |title: &Heading, said: &[u64]| {
        let left: Vec<u64> = title
            .tokens
            .iter()
            .filter(|token| said.binary_search(token).is_err())
            .copied()
            .collect();
        rarity.weight(&left) / rarity.weight(&title.tokens).max(f32::EPSILON)
    };
    let is_about_enough =
        ours.title.n_subject().min(theirs.title.n_subject()) >= MIN_SUBJECT_OF_QUESTIONS;
    let most = missing(&ours.title, &said_by(theirs)).max(missing(&theirs.title, &said_by(ours)));
    let is_same =
        is_about_enough && most <= SAME_MISSING && apart(&ours.title, &theirs.title).is_none();
    is_same.then(|| Likeness {
        level: Level::Same,
        ours: ours.title.written.clone(),
        theirs: theirs.title.written.clone(),
        common: 1.0 - most,
        apart: None,
        are_asked: true,
    })
}

fn headings(ours: &Heading, theirs: &Heading, kind: Kind, rarity: &Rarity<'_>) -> Option<Likeness> {
    let are_titles = kind != Kind::Questions;
    let told = |level, common, apart| {
        Some(Likeness {
            level,
            ours: ours.written.clone(),
            theirs: theirs.written.clone(),
            common,
            apart,
            are_asked: false,
        })
    };
    let is_very_same =
        ours.whole == theirs.whole && ours.whole.chars().count() >= MIN_SAME_QUESTION;
    if is_very_same {
        return told(Level::Same, 1.0, None);
    }
    let our_weight = rarity.weight(&ours.tokens);
    let their_weight = rarity.weight(&theirs.tokens);
    let shared: Vec<u64> = ours
        .tokens
        .iter()
        .filter(|token| theirs.tokens.binary_search(token).is_ok())
        .copied()
        .collect();
    let shared_weight = rarity.weight(&shared);
    if shared_weight <= 0.0 {
        return None;
    }
    let common = 2.0 * shared_weight / (our_weight + their_weight);
    let missing = [
        1.0 - shared_weight / our_weight,
        1.0 - shared_weight / their_weight,
    ];
    let least = missing[0].min(missing[1]);
    let most = missing[0].max(missing[1]);
    let is_about_enough =
        are_titles || ours.n_subject().min(theirs.n_subject()) >= MIN_SUBJECT_OF_QUESTIONS;
    let is_turned_round = are_titles && most < 0.5 && has_the_same_characters(ours, theirs);
    let is_same =
        (least <= SAME_MISSING && most <= kind.beyond() && is_about_enough) || is_turned_round;
    // 收养协议 and 解除收养协议 are two guides.
    let acts_alike = kind != Kind::OfficialTitles || ours.actions == theirs.actions;
    match (is_same && acts_alike, apart(ours, theirs)) {
        (true, None) => told(Level::Same, common, None),
        (_, reason) if common >= NEAR_COMMON && (are_titles || is_about_enough) => {
            told(Level::Near, common, Some(reason.unwrap_or(Apart::Words)))
        }
        _ => None,
    }
}

/// 社保证明打印 and 打印社保证明.
fn has_the_same_characters(ours: &Heading, theirs: &Heading) -> bool {
    let characters = |heading: &Heading| -> Vec<u64> {
        let tokens = heading.tokens.iter().copied();
        tokens
            .filter(|token| heading::is_character(*token))
            .collect()
    };
    let ours = characters(ours);
    ours.len() >= MIN_SAME_QUESTION && ours == characters(theirs)
}

/// What keeps two headings apart besides their words.
fn apart(ours: &Heading, theirs: &Heading) -> Option<Apart> {
    let differ = |one: u64, other: u64| one != 0 && other != 0 && one & other == 0;
    // Each does something that the other does not.
    let acts_apart = ours.actions & !theirs.actions != 0 && theirs.actions & !ours.actions != 0;
    let group = ours
        .contrasts
        .iter()
        .zip(&theirs.contrasts)
        .any(|(one, other)| *one != 0 && *other != 0 && one & other == 0);
    if ours.places != theirs.places {
        Some(Apart::Place)
    } else if group {
        Some(Apart::Group)
    } else if acts_apart {
        Some(Apart::Action)
    } else if differ(ours.aspects, theirs.aspects) {
        Some(Apart::Aspect)
    } else {
        None
    }
}

/// Whether both name something and nothing in common.
fn excludes(ours: &[String], theirs: &[String]) -> bool {
    !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|name| theirs.contains(name))
}
