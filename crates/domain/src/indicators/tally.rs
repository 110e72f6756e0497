//! 计数表: every item that was looked at, once, with whose it is and how it counts. The figures of
//! the county and of each unit are read off the same lines, so they cannot contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use super::period::{Moment, Period};
use super::ratio::Ratio;
use crate::handling_unit::HandlingUnitId;
use crate::work_order::{AssignmentNumber, WriteOffGround};

/// 件: what an indicator counts, and so what a number leads back to (第五条(五)).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemId {
    /// 工单.
    Order { number: String },
    /// 承办单: one unit's part of an order.
    Assignment {
        number: String,
        assignment: AssignmentNumber,
    },
    /// 转办: 1 for the dispatch after the acceptance, more for those after a return.
    Dispatch { number: String, round: u32 },
    /// 登记的记录 besides orders: a call, a search, a task of the knowledge base.
    Record { id: String },
}

impl ItemId {
    /// What leads back to it: the number of the order, or of the record.
    pub fn number(&self) -> &str {
        match self {
            Self::Order { number }
            | Self::Assignment { number, .. }
            | Self::Dispatch { number, .. } => number,
            Self::Record { id } => id,
        }
    }

    /// Its name in writing, no two of one indicator alike. The form is frozen.
    pub fn text(&self) -> String {
        match self {
            Self::Order { number } => number.clone(),
            Self::Assignment { number, assignment } => format!("{number}#{}", assignment.0),
            Self::Dispatch { number, round } => format!("{number}@{round}"),
            Self::Record { id } => id.clone(),
        }
    }
}

/// 责任方: whom an item counts for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// 县中心.
    Center,
    /// 承办单位.
    Unit(HandlingUnitId),
}

/// 剔除事由: why an item that belongs to the period does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// 已撤回: nobody asks it of the unit any more.
    Withdrawn,
    /// 已退回: the unit sent it back, in time, instead.
    SentBack,
    /// 暂停计时 (决定 I-17).
    Suspended,
    /// 延期待批暂挂 (决定 I-9).
    AwaitingExtensionRuling,
    /// 终结待审: the unit asked for it in time, the center has not ruled.
    AwaitingClosureReview,
    /// 退回或甄别待裁定.
    RulingPending,
    /// 已核销 (决定 I-14).
    WrittenOff(WriteOffGround),
    /// 协办件: the lead answers (第十条).
    Assisting,
    /// 中心办结: answered, refused or put through, so nothing was to be dispatched.
    ConcludedAtCenter,
    /// 不予受理或已转紧急: not accepted (第八条).
    NotAccepted,
    /// 已并入 another order, which counts (决定 I-15).
    Merged,
    /// 甄别成功剔除 (第十二条(一)).
    ScreenedOut,
    /// 无效来电.
    InvalidCall,
    /// 无此工单: the call names an order that was not given.
    OrderMissing,
}

/// 计入情况 of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 计入分母, and with so many points of the full ones the numerator.
    Counted { points: u32 },
    /// 剔除.
    Excluded(Exclusion),
}

impl Standing {
    /// 1 or 0 of 1.
    pub(super) fn counted_if(is_in_numerator: bool) -> Self {
        Self::Counted {
            points: u32::from(is_in_numerator),
        }
    }
}

/// 计数表 of one indicator in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// 满分: 1 for a plain count, 100 for a weighted one.
    full_points: u32,
    lines: BTreeMap<ItemId, (Holder, Standing)>,
}

impl Tally {
    pub(super) fn new(full_points: u32) -> Self {
        Self {
            full_points,
            lines: BTreeMap::new(),
        }
    }

    /// Writes down an item that belongs to the period.
    ///
    /// # Panics
    /// When the item stands there already: it would count twice.
    pub(super) fn add(&mut self, item: ItemId, holder: Holder, standing: Standing) {
        let before = self.lines.insert(item, (holder, standing));
        assert!(before.is_none(), "an item is counted once");
    }

    /// Writes down an item if what settles it lies in the period.
    pub(super) fn add_in(
        &mut self,
        period: Period,
        item: ItemId,
        holder: Holder,
        (moment, standing): (Moment, Standing),
    ) {
        if period.has(moment) {
            self.add(item, holder, standing);
        }
    }

    /// 全县.
    pub fn county(&self) -> Figure {
        self.figure(|_| true)
    }

    /// What somebody has of whom there is no item.
    pub fn nothing(&self) -> Figure {
        self.figure(|_| false)
    }

    /// One unit's, or the center's own.
    pub fn figure_of(&self, holder: &Holder) -> Figure {
        self.figure(|it| it == holder)
    }

    /// 分单位: everyone who has an item, with the figure.
    pub fn by_holder(&self) -> BTreeMap<Holder, Figure> {
        let holders: BTreeSet<&Holder> = self.lines.values().map(|(holder, _)| holder).collect();
        holders
            .into_iter()
            .map(|holder| (holder.clone(), self.figure_of(holder)))
            .collect()
    }

    fn figure(&self, is_wanted: impl Fn(&Holder) -> bool) -> Figure {
        let mut figure = Figure {
            numerator: BTreeSet::new(),
            denominator: BTreeSet::new(),
            excluded: BTreeMap::new(),
            partly: BTreeMap::new(),
            points: 0,
            full_points: self.full_points,
        };
        for (item, (_, standing)) in self.lines.iter().filter(|(_, line)| is_wanted(&line.0)) {
            match standing {
                Standing::Counted { points } => {
                    figure.denominator.insert(item.clone());
                    figure.points += u64::from(*points);
                    if *points > 0 {
                        figure.numerator.insert(item.clone());
                    }
                    if (1..self.full_points).contains(points) {
                        figure.partly.insert(item.clone(), *points);
                    }
                }
                Standing::Excluded(exclusion) => {
                    figure.excluded.insert(item.clone(), *exclusion);
                }
            }
        }
        figure
    }
}

/// 指标值: one number with the items behind it, never a bare percentage (第五条(五)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// 分子.
    pub numerator: BTreeSet<ItemId>,
    /// 分母.
    pub denominator: BTreeSet<ItemId>,
    /// 剔除项, each with its reason.
    pub excluded: BTreeMap<ItemId, Exclusion>,
    /// 部分计入: what counts, but not in full, with its points.
    pub partly: BTreeMap<ItemId, u32>,
    /// 得分: the size of the numerator, or in a weighted indicator its points.
    pub points: u64,
    /// 满分 of one item.
    pub full_points: u32,
}

impl Figure {
    /// The ratio; `None` is 未发生: nothing was there to count, which is neither 100 % nor 0 %.
    pub fn ratio(&self) -> Option<Ratio> {
        let n_items = u64::try_from(self.denominator.len()).unwrap_or(u64::MAX);
        Ratio::new(
            self.points,
            n_items.saturating_mul(u64::from(self.full_points)),
        )
    }

    /// 指名的件: the item of that text alone, or otherwise all of that number; none where nothing of it was
    /// looked at.
    pub fn items_named(&self, name: &str) -> Vec<&ItemId> {
        let all = || self.denominator.iter().chain(self.excluded.keys());
        match all().find(|it| it.text() == name) {
            Some(found) => vec![found],
            None => all().filter(|it| it.number() == name).collect(),
        }
    }

    /// With how many points an item counts; `None` where it is not in the denominator.
    pub fn points_of(&self, item: &ItemId) -> Option<u32> {
        if !self.denominator.contains(item) {
            return None;
        }
        let whole = if self.numerator.contains(item) {
            self.full_points
        } else {
            0
        };
        Some(self.partly.get(item).copied().unwrap_or(whole))
    }

    /// Adds what was counted of other items of the same indicator.
    ///
    /// # Panics
    /// When an item was counted in both: it would count twice.
    pub fn add(&mut self, other: Self) {
        let n_before = self.denominator.len() + other.denominator.len();
        self.numerator.extend(other.numerator);
        self.denominator.extend(other.denominator);
        self.excluded.extend(other.excluded);
        self.partly.extend(other.partly);
        self.points += other.points;
        assert!(
            self.denominator.len() == n_before,
            "an item is counted once"
        );
    }

    /// 明细: every item with how it counts, a line each, for being sealed. The form is frozen.
    pub fn evidence_text(&self) -> String {
        let counted = self.denominator.iter().map(|item| {
            let points = self.points_of(item).unwrap_or(0);
            format!("{} {points}\n", item.text())
        });
        let excluded = self
            .excluded
            .iter()
            .map(|(item, why)| format!("{} {why:?}\n", item.text()));
        counted.chain(excluded).collect()
    }
}
