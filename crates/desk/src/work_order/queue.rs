//! 队列: the questions that people ask of all orders.

use chrono::{DateTime, Utc};
use desk_store::Queue;
use domain::clock_face::{at, date_of};
use domain::work_order::WaitKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;

/// A queue is a question that somebody asks of the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "Queue")]
pub enum QueueName {
    All,
    Today,
    ToDispatch,
    DueSoon,
    Overdue,
    Undelivered,
    InHandling,
    Concluded,
    SendBackReview,
    ExtensionReview,
    ExtensionRuling,
    ScreeningReview,
    ScreeningRuling,
    ClosureReview,
    Designation,
    Verification,
    KindChange,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct QueueCount {
    pub queue: QueueName,
    pub text: String,
    pub n_orders: u64,
    /// 待答复: its orders wait for somebody's word.
    pub is_wait: bool,
}

impl QueueName {
    const ALL: [Self; 17] = [
        Self::ToDispatch,
        Self::DueSoon,
        Self::Overdue,
        Self::Undelivered,
        Self::InHandling,
        Self::Today,
        Self::Concluded,
        Self::All,
        Self::SendBackReview,
        Self::ExtensionReview,
        Self::ExtensionRuling,
        Self::ScreeningReview,
        Self::ScreeningRuling,
        Self::ClosureReview,
        Self::Designation,
        Self::Verification,
        Self::KindChange,
    ];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::All => "全部工单",
            Self::Today => "今天受理的",
            Self::ToDispatch => "待派的",
            Self::DueSoon => "临近期限的",
            Self::Overdue => "已超期的",
            Self::Undelivered => "已派未送达的",
            Self::InHandling => "单位办理中的",
            Self::Concluded => "已办结的",
            Self::SendBackReview => "退回待审的",
            Self::ExtensionReview => "延期待县审的",
            Self::ExtensionRuling => "延期待市批的",
            Self::ScreeningReview => "甄别待初审的",
            Self::ScreeningRuling => "甄别待市裁的",
            Self::ClosureReview => "终结待审的",
            Self::Designation => "待指定的",
            Self::Verification => "待核实的",
            Self::KindChange => "待改类型的",
        }
    }

    pub(crate) fn queue(self, now: DateTime<Utc>) -> Queue {
        match self {
            Self::All => Queue::All,
            Self::Today => Queue::Today {
                from: at(date_of(now), chrono::NaiveTime::MIN),
            },
            Self::ToDispatch => Queue::ToDispatch,
            Self::DueSoon => Queue::DueSoon { now },
            Self::Overdue => Queue::Overdue { now },
            Self::Undelivered => Queue::Undelivered,
            Self::InHandling => Queue::InHandling,
            Self::Concluded => Queue::Concluded,
            Self::SendBackReview => waiting(WaitKind::SendBackReview),
            Self::ExtensionReview => waiting(WaitKind::ExtensionReview),
            Self::ExtensionRuling => waiting(WaitKind::ExtensionRuling),
            Self::ScreeningReview => waiting(WaitKind::ScreeningReview),
            Self::ScreeningRuling => waiting(WaitKind::ScreeningRuling),
            Self::ClosureReview => waiting(WaitKind::ClosureReview),
            Self::Designation => waiting(WaitKind::Designation),
            Self::Verification => waiting(WaitKind::Verification),
            Self::KindChange => waiting(WaitKind::KindChange),
        }
    }
}

fn waiting(kind: WaitKind) -> Queue {
    Queue::Waiting { kind }
}

/// 各队列件数.
pub(crate) fn queues(desk: &Desk, (): ()) -> Result<Vec<QueueCount>, CallError> {
    let now = desk.now();
    let counts = desk.store.read(|reader| {
        QueueName::ALL
            .into_iter()
            .map(|queue| {
                let asked = queue.queue(now);
                Ok(QueueCount {
                    queue,
                    text: queue.text().to_owned(),
                    n_orders: reader.count(asked)?,
                    is_wait: matches!(asked, Queue::Waiting { .. }),
                })
            })
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(counts)
}
