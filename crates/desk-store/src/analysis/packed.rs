//! One counted order as bytes. The form is ours alone and may change: what is packed is drawn anew by a
//! program that packs otherwise.

use chrono::{DateTime, Timelike as _};
use domain::analysis::{CountedOrder, Dimension, OrderMarks, Treatment};
use domain::clock_face::time_of;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::work_order::{DissatisfactionReason, Satisfaction};
use serde::Serialize;

use crate::columns::AsText;
use crate::fault::StoreFault;
use crate::order_told::OrderPosition;

/// Position 8, when it is late 8, township 2, category 2, unit 2, and a byte for each of the others.
pub(super) const ORDER_BYTES: usize = 29;

/// Where a byte stands.
const POSITION: usize = 0;
const LATE_AT: usize = 8;
const TOWNSHIP: usize = 16;
const CHANNEL: usize = 22;
const KIND: usize = 23;
const CLASS: usize = 24;
const TREATMENT: usize = 25;
const SATISFACTION: usize = 26;
const REASON: usize = 27;
const FROM_KNOWLEDGE: usize = 28;
/// For what was never late.
const NEVER: i64 = i64::MAX;

/// One order, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedOrder([u8; ORDER_BYTES]);

/// The orders of a day; a rest that is no order is left out.
pub(super) fn orders(bytes: &[u8]) -> impl Iterator<Item = PackedOrder> {
    let (orders, _) = bytes.as_chunks::<ORDER_BYTES>();
    orders.iter().map(|order| PackedOrder(*order))
}

/// The values of a dimension that are known for good, by their codes, as they are asked for; none
/// for what is met as it comes.
pub(super) fn fixed_values(dimension: Dimension) -> Result<Option<Vec<String>>, StoreFault> {
    fn names<T: Serialize + Copy>(all: &[T]) -> Result<Vec<String>, StoreFault> {
        let names = all.iter().map(|value| AsText(*value).name());
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }
    /// 0 is none.
    fn or_none<T: Serialize + Copy>(all: &[T]) -> Result<Vec<String>, StoreFault> {
        Ok(std::iter::once(String::new()).chain(names(all)?).collect())
    }
    Ok(Some(match dimension {
        Dimension::Township | Dimension::Category | Dimension::Unit => return Ok(None),
        Dimension::Channel => names(&Channel::ALL)?,
        Dimension::Kind => names(&MatterKind::ALL)?,
        Dimension::Class => names(&MatterClass::ALL)?,
        Dimension::Treatment => names(&Treatment::ALL)?,
        Dimension::Satisfaction => or_none(&Satisfaction::ALL)?,
        Dimension::Reason => or_none(&DissatisfactionReason::ALL)?,
    }))
}

/// The place of a value in its list.
fn place<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let nth = all.iter().position(|it| it == value);
    nth.and_then(|nth| u8::try_from(nth).ok())
        .unwrap_or(u8::MAX)
}

/// As [`place`], with 0 for none.
fn place_or_none<T: PartialEq>(all: &[T], value: Option<&T>) -> u8 {
    value.map_or(0, |value| place(all, value) + 1)
}

impl PackedOrder {
    /// `codes`: of the township, the category and the unit.
    pub(super) fn of(position: OrderPosition, codes: [u16; 3], order: &CountedOrder) -> Self {
        let marks = &order.marks;
        let late_at = marks.late_at.map_or(NEVER, |at| at.timestamp_millis());
        let [township, category, unit] = codes.map(u16::to_le_bytes);
        let parts: [&[u8]; 6] = [
            &position.0.to_le_bytes(),
            &late_at.to_le_bytes(),
            &township,
            &category,
            &unit,
            &[
                place(&Channel::ALL, &order.channel),
                place(&MatterKind::ALL, &order.kind),
                place(&MatterClass::ALL, &order.class),
                place(&Treatment::ALL, &marks.treatment),
                place_or_none(&Satisfaction::ALL, marks.satisfaction.as_ref()),
                place_or_none(&DissatisfactionReason::ALL, marks.reason.as_ref()),
                u8::from(marks.is_from_knowledge),
            ],
        ];
        let mut bytes = [0; ORDER_BYTES];
        for (byte, packed) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *byte = *packed;
        }
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn position(&self) -> OrderPosition {
        OrderPosition(self.long(POSITION))
    }

    /// The hour of the day in Beijing in which it was registered.
    pub(super) fn hour(&self) -> usize {
        time_of(self.position().registered_at()).hour() as usize
    }

    /// The code of the `nth` of [`Dimension::ALL`].
    pub(super) fn code(&self, nth: usize) -> u16 {
        match nth {
            0..=2 => {
                let first = TOWNSHIP + 2 * nth;
                u16::from_le_bytes([self.byte(first), self.byte(first + 1)])
            }
            _ => u16::from(self.byte(CHANNEL + nth - 3)),
        }
    }

    pub(super) fn marks(&self) -> OrderMarks {
        let late_at = self.long(LATE_AT);
        let late_at = (late_at != NEVER).then(|| DateTime::from_timestamp_millis(late_at));
        let nth = |at: usize| usize::from(self.byte(at));
        OrderMarks {
            // What no program of ours has packed is still to be seen to.
            treatment: (Treatment::ALL.get(nth(TREATMENT)).copied()).unwrap_or(Treatment::Pending),
            is_from_knowledge: self.byte(FROM_KNOWLEDGE) == 1,
            late_at: late_at.flatten(),
            satisfaction: nth(SATISFACTION)
                .checked_sub(1)
                .and_then(|nth| Satisfaction::ALL.get(nth).copied()),
            reason: nth(REASON)
                .checked_sub(1)
                .and_then(|nth| DissatisfactionReason::ALL.get(nth).copied()),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or_default()
    }

    fn long(&self, at: usize) -> i64 {
        let bytes = self.0.get(at..).and_then(|rest| rest.first_chunk::<8>());
        bytes.map_or(0, |bytes| i64::from_le_bytes(*bytes))
    }
}

// The bytes stand in the order of `Dimension::ALL`.
const _: () = assert!(
    KIND == CHANNEL + 1
        && CLASS == CHANNEL + 2
        && TREATMENT == CHANNEL + 3
        && SATISFACTION == CHANNEL + 4
        && REASON == CHANNEL + 5
        && FROM_KNOWLEDGE + 1 == ORDER_BYTES
);
