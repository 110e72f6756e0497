//! 学习: from the orders of this center that people have confirmed to models of 诉求类型 and 三级分类,
//! on a thread of its own. Until there are enough of them the keywords are in charge; a model replaces
//! another only if it is not worse on orders that neither was taught with.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

use ::intake::category::{self, Category, CategoryModel, ConfirmedOrder};
use ::intake::keywords::Keywords;
use ::intake::kind;
use ::intake::learn::{
    Classifier, Example, GateVerdict, Measure, TrainRefusal, gate, measure_on, train_judge,
};
use ::intake::same::Shingles;
use chrono::{DateTime, Utc};
use desk_store::{
    LearntMeasure, LearntModel, LearntSubject, OrderPosition, Store, StoreFault, ToldOrder,
};
use domain::matter::MatterKind;
use domain::work_order::Stage;
use serde::Serialize;
use tokio::sync::broadcast;
use ts_rs::TS;

use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::CallError;
use crate::listen::{ListeningTables, percent};
use crate::{text, time_text};

/// The latest confirmed orders that are learnt from.
const LEARNT_MAX: usize = 10_000;
/// The latest orders that are looked through for them.
const LOOKED_THROUGH_MAX: usize = 50_000;
const ORDERS_PER_STEP: u32 = 500;
/// Of every so many groups of alike orders one is held back.
const HELD_BACK_ONE_IN: u32 = 5;
/// After so much news it is looked whether there is something to learn.
const NEWS_WORTH_A_LOOK: usize = 200;
/// New confirmed orders worth learning from: so many, and a tenth of all.
const NEW_MIN: usize = 100;
/// Threads that learn: people are at work meanwhile.
const N_THREADS: usize = 1;
const CHANGED: &[&str] = &["learning", "listening"];

/// The models in use.
#[derive(Debug, Default)]
pub(crate) struct Models {
    pub(crate) category: Option<CategoryModel>,
    pub(crate) kind: Option<Classifier>,
}

pub(crate) struct Learning {
    models: RwLock<Arc<Models>>,
    /// What became of the last learning; empty before the first.
    last: Mutex<String>,
    wake: Sender<Wake>,
}

/// What the thread hears.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wake {
    /// So many orders were read, drawn or drawn anew.
    News(usize),
    /// Somebody wants it now.
    Now,
}

/// One model, or the keywords in its place.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LearntView {
    /// 三级分类.
    pub name: String,
    /// False while the keywords are in charge.
    pub is_learnt: bool,
    /// 关键词 / 2026年11月26日从 4,000 件工单学得.
    pub text: String,
    pub n_orders: u32,
    /// 留作检验 that the figures come from.
    pub n_held_back: u32,
    pub macro_f1_percent: u32,
    pub accuracy_percent: u32,
    pub top3_percent: u32,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct LearningState {
    pub models: Vec<LearntView>,
    /// What became of the last learning; empty before the first of this run.
    pub last_text: String,
}

/// 学习情况: which models are in use, since when, and their figures.
pub(crate) fn learning(desk: &Desk, (): ()) -> Result<LearningState, CallError> {
    let models = desk.learning.models();
    let (category, kind) = desk.store.read(|reader| {
        Ok((
            reader.learnt_model(LearntSubject::Category)?,
            reader.learnt_model(LearntSubject::Kind)?,
        ))
    })?;
    let category = category.filter(|_| models.category.is_some());
    let kind = kind.filter(|_| models.kind.is_some());
    Ok(LearningState {
        models: vec![view("三级分类", category), view("诉求类型", kind)],
        last_text: desk.learning.last().clone(),
    })
}

/// 立即学习.
pub(crate) fn learn_now(desk: &Desk, (): ()) -> Result<(), CallError> {
    desk.learning.tell(Wake::Now);
    Ok(())
}

fn view(name: &str, model: Option<LearntModel>) -> LearntView {
    let name = name.to_owned();
    let Some(model) = model else {
        return LearntView {
            name,
            is_learnt: false,
            text: "关键词".to_owned(),
            n_orders: 0,
            n_held_back: 0,
            macro_f1_percent: 0,
            accuracy_percent: 0,
            top3_percent: 0,
        };
    };
    let learnt_on = time_text::moment(model.learnt_at);
    #[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
    let percent = |share: f64| percent(share as f32);
    LearntView {
        name,
        is_learnt: true,
        text: format!("{learnt_on}从 {} 件工单学得", model.n_orders),
        n_orders: model.n_orders,
        n_held_back: model.measure.n_held_back,
        macro_f1_percent: percent(model.measure.macro_f1),
        accuracy_percent: percent(model.measure.accuracy),
        top3_percent: percent(model.measure.top3),
    }
}

impl Learning {
    /// Reads the models in use and learns on a thread of its own. It ends when the desk is closed.
    pub(crate) fn start(
        store: &Arc<Store>,
        clock: &Arc<dyn Clock>,
        tables: &Arc<ListeningTables>,
        changes: broadcast::Sender<&'static [&'static str]>,
    ) -> Arc<Self> {
        let (wake, woken) = mpsc::channel();
        let learning = Arc::new(Self {
            models: RwLock::default(),
            last: Mutex::default(),
            wake,
        });
        let thread = Learner {
            woken,
            learning: Arc::downgrade(&learning),
            store: Arc::downgrade(store),
            clock: Arc::clone(clock),
            tables: Arc::clone(tables),
            changes,
        };
        std::thread::spawn(move || thread.run());
        learning
    }

    pub(crate) fn models(&self) -> Arc<Models> {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&models)
    }

    pub(crate) fn tell(&self, wake: Wake) {
        // The thread is gone only when the desk is being closed.
        self.wake.send(wake).ok();
    }

    fn last(&self) -> MutexGuard<'_, String> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn use_models(&self, models: Models) {
        let mut in_use = self.models.write().unwrap_or_else(PoisonError::into_inner);
        *in_use = Arc::new(models);
    }
}

/// The thread: it must not keep the desk open.
struct Learner {
    woken: Receiver<Wake>,
    learning: Weak<Learning>,
    store: Weak<Store>,
    clock: Arc<dyn Clock>,
    tables: Arc<ListeningTables>,
    changes: broadcast::Sender<&'static [&'static str]>,
}

impl Learner {
    fn run(&self) {
        if let Err(error) = self.take_up() {
            tracing::warn!(error = format!("{error:#}"), "the models are not read");
        }
        let mut n_news = 0;
        while let Ok(wake) = self.woken.recv() {
            let is_wanted = match wake {
                Wake::Now => true,
                Wake::News(n) => {
                    n_news += n;
                    false
                }
            };
            if !is_wanted && n_news < NEWS_WORTH_A_LOOK {
                continue;
            }
            n_news = 0;
            let said = self.learn(is_wanted).unwrap_or_else(|error| {
                tracing::error!(error = format!("{error:#}"), "nothing was learnt");
                Some("没有完成，请稍后再试。".to_owned())
            });
            let Some(learning) = self.learning.upgrade() else {
                return;
            };
            if let Some(said) = said {
                let at = time_text::moment(self.clock.now());
                *learning.last() = format!("{at}：{said}");
                // No window listening is no error.
                self.changes.send(CHANGED).ok();
            }
        }
    }

    /// Takes the kept models into use, those that this program can read.
    fn take_up(&self) -> anyhow::Result<()> {
        let (Some(learning), Some(store)) = (self.learning.upgrade(), self.store.upgrade()) else {
            return Ok(());
        };
        let (category, kind) = store.read(|reader| {
            Ok((
                reader.learnt_model(LearntSubject::Category)?,
                reader.learnt_model(LearntSubject::Kind)?,
            ))
        })?;
        drop(store);
        // A model of another form, or of other keywords, is learnt again; nothing is lost.
        let category = category.and_then(|it| CategoryModel::from_bytes(&it.body).ok());
        let kind = kind.and_then(|it| Classifier::from_bytes(&it.body).ok());
        let keywords = &self.tables.keywords;
        learning.use_models(Models {
            category: category.filter(|it| it.fits(keywords)),
            kind: kind.filter(|it| it.fits(keywords)),
        });
        Ok(())
    }

    /// Learns where there is something to learn; tells what became of it.
    fn learn(&self, is_wanted: bool) -> anyhow::Result<Option<String>> {
        let Some(orders) = self.confirmed()? else {
            return Ok(None);
        };
        let Some(models) = self.learning.upgrade().map(|it| it.models()) else {
            return Ok(None);
        };
        let learnt_at = self.learnt_at()?;
        let n_new = match learnt_at {
            Some(at) => orders.iter().filter(|it| it.registered_at > at).count(),
            None => orders.len(),
        };
        if !is_wanted && n_new < NEW_MIN.max(orders.len() / 10) {
            return Ok(None);
        }
        let tables = &self.tables;
        let keywords = &tables.keywords;
        let category = learn_category(
            &orders,
            &tables.categories,
            keywords,
            models.category.as_ref(),
        );
        let kind = learn_kind(&orders, keywords, models.kind.as_ref());
        let said = format!(
            "三级分类{}；诉求类型{}。",
            text::learnt(&category),
            text::learnt(&kind)
        );
        self.keep(category, kind, &models)?;
        Ok(Some(said))
    }

    fn learnt_at(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let Some(store) = self.store.upgrade() else {
            return Ok(None);
        };
        let model = store.read(|reader| Ok(reader.learnt_model(LearntSubject::Category)?))?;
        Ok(model.map(|it| it.learnt_at))
    }

    /// Keeps what replaces the models in use, and takes it into use then.
    fn keep(
        &self,
        category: Learnt<CategoryModel>,
        kind: Learnt<Classifier>,
        models: &Models,
    ) -> anyhow::Result<()> {
        let (Some(learning), Some(store)) = (self.learning.upgrade(), self.store.upgrade()) else {
            return Ok(());
        };
        let learnt_at = self.clock.now();
        store.commit(|writer| -> Result<(), StoreFault> {
            if let Learnt::Replaces { model, measure } = &category {
                let kept = kept(learnt_at, model.n_orders(), measure, model.to_bytes());
                writer.put_learnt_model(LearntSubject::Category, &kept)?;
            }
            if let Learnt::Replaces { model, measure } = &kind {
                let kept = kept(learnt_at, 0, measure, model.to_bytes());
                writer.put_learnt_model(LearntSubject::Kind, &kept)?;
            }
            Ok(())
        })?;
        learning.use_models(Models {
            category: category.model().or_else(|| models.category.clone()),
            kind: kind.model().or_else(|| models.kind.clone()),
        });
        Ok(())
    }

    /// The latest orders that a person has filed and done something with; `None` when the desk is
    /// being closed.
    fn confirmed(&self) -> anyhow::Result<Option<Vec<Confirmed>>> {
        let mut orders = Vec::new();
        let mut before = OrderPosition::END;
        let mut n_looked = 0;
        while orders.len() < LEARNT_MAX && n_looked < LOOKED_THROUGH_MAX {
            let Some(store) = self.store.upgrade() else {
                return Ok(None);
            };
            let page =
                store.read(|reader| Ok(reader.orders_told_before(before, ORDERS_PER_STEP)?))?;
            let Some(last) = page.last() else {
                break;
            };
            before = last.position;
            n_looked += page.len();
            orders.extend(page.into_iter().filter_map(Confirmed::of));
        }
        orders.truncate(LEARNT_MAX);
        Ok(Some(orders))
    }
}

/// 已确认的工单, as far as is learnt from it.
#[derive(Debug, Clone)]
struct Confirmed {
    registered_at: DateTime<Utc>,
    kind: MatterKind,
    order: ConfirmedOrder,
}

impl Confirmed {
    fn of(told: ToldOrder) -> Option<Self> {
        let is_confirmed = match told.stage {
            Stage::Registered | Stage::UnderVerification | Stage::Withdrawn | Stage::Merged => {
                false
            }
            Stage::AnsweredOnTheSpot
            | Stage::RefusedOutOfScope
            | Stage::TransferredToEmergency
            | Stage::Dispatched
            | Stage::Delivered
            | Stage::UnderCoordination
            | Stage::Completed
            | Stage::FinallyClosed
            | Stage::Archived => true,
        };
        (is_confirmed && !told.category_id.is_empty()).then(|| Self {
            registered_at: told.position.registered_at(),
            kind: told.matter.kind,
            order: ConfirmedOrder {
                is_held_back: Shingles::of(&told.matter.text)
                    .group()
                    .is_multiple_of(HELD_BACK_ONE_IN),
                title: told.matter.title,
                text: told.matter.text,
                category_id: told.category_id,
            },
        })
    }
}

/// What became of a learning.
#[derive(Debug)]
pub(crate) enum Learnt<M> {
    Replaces { model: M, measure: Measure },
    Kept { verdict: GateVerdict },
    Refused(TrainRefusal),
}

impl<M> Learnt<M> {
    fn model(self) -> Option<M> {
        match self {
            Self::Replaces { model, .. } => Some(model),
            Self::Kept { .. } | Self::Refused(_) => None,
        }
    }

    fn judged(model: M, measure: Measure, current: Option<Measure>) -> Self {
        match gate(current, measure) {
            GateVerdict::Replaces => Self::Replaces { model, measure },
            verdict @ (GateVerdict::TooFew { .. } | GateVerdict::Worse { .. }) => {
                Self::Kept { verdict }
            }
        }
    }
}

fn learn_category(
    orders: &[Confirmed],
    categories: &[Category],
    keywords: &Keywords,
    current: Option<&CategoryModel>,
) -> Learnt<CategoryModel> {
    let confirmed: Vec<ConfirmedOrder> = orders.iter().map(|it| it.order.clone()).collect();
    match category::train(&confirmed, categories, keywords, N_THREADS) {
        Ok((model, measure)) => {
            let current = current.map(|it| it.measure(&confirmed, categories, keywords));
            Learnt::judged(model, measure, current)
        }
        Err(refusal) => Learnt::Refused(refusal),
    }
}

fn learn_kind(
    orders: &[Confirmed],
    keywords: &Keywords,
    current: Option<&Classifier>,
) -> Learnt<Classifier> {
    let labels = kind::labels().map(str::to_owned);
    let example = |it: &Confirmed| Example {
        title: it.order.title.clone(),
        text: it.order.text.clone(),
        class: (MatterKind::ALL.iter())
            .position(|kind| *kind == it.kind)
            .unwrap_or_default(),
        is_held_back: it.order.is_held_back,
    };
    let examples: Vec<Example> = orders.iter().map(example).collect();
    match train_judge(&examples, &labels, keywords, N_THREADS) {
        Ok((model, measure)) => {
            let current = current.map(|it| measure_on(it, &examples, keywords));
            Learnt::judged(model, measure, current)
        }
        Err(refusal) => Learnt::Refused(refusal),
    }
}

fn kept(learnt_at: DateTime<Utc>, n: usize, measure: &Measure, body: Vec<u8>) -> LearntModel {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    LearntModel {
        learnt_at,
        n_orders: count(n),
        measure: LearntMeasure {
            macro_f1: measure.macro_f1,
            accuracy: measure.accuracy,
            top3: measure.top3,
            n_held_back: count(measure.n_orders),
        },
        body,
    }
}

#[cfg(test)]
mod tests;
