//! 话务: what the telephone system and the search of a year would have noted. No feed holds it, so it is made from
//! the orders and a seed, and written down for whoever counts it again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use domain::WorkOrder;
use domain::indicators::{CallRecord, KbSearch};
use domain::matter::{Channel, MatterKind};
use serde_json::json;

use crate::dice::Dice;

/// The calls and searches of a year.
#[derive(Debug, Default)]
pub struct Telephone {
    pub calls: Vec<CallRecord>,
    pub searches: Vec<KbSearch>,
}

impl Telephone {
    /// A call for each order that came by telephone, some for two, some without one, some that nobody took.
    pub fn of(orders: &[WorkOrder], seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x7E1);
        let by_time: BTreeMap<(DateTime<Utc>, &str), &WorkOrder> = orders
            .iter()
            .filter(|order| order.matter.channel == Channel::Phone)
            .map(|order| ((order.registered_at, order.number.as_str()), order))
            .collect();
        let mut told = Self::default();
        let mut orders = by_time.into_values().peekable();
        while let Some(order) = orders.next() {
            let mut numbers = vec![order.number.clone()];
            if dice.per_mille(40) {
                numbers.extend(orders.next().map(|other| other.number.clone()));
            }
            // The order of one call in a hundred is still on its way from another desk.
            if dice.per_mille(10) {
                numbers.push("未到".to_owned());
            }
            let before = TimeDelta::seconds(i64::try_from(dice.between(30, 120)).unwrap_or(30));
            told.call(&mut dice, order.registered_at - before, true, numbers);
            if order.matter.kind == MatterKind::Consultation {
                told.search(&mut dice, order.registered_at);
            }
            match dice.below(100) {
                0..9 => told.call(&mut dice, order.registered_at, false, Vec::new()),
                9..14 => told.call(&mut dice, order.registered_at, true, Vec::new()),
                _ => {}
            }
        }
        told
    }

    fn call(
        &mut self,
        dice: &mut Dice,
        asked_at: DateTime<Utc>,
        is_answered: bool,
        order_numbers: Vec<String>,
    ) {
        // To the second, and some at the very end of what is prompt.
        let waited = TimeDelta::seconds(match dice.below(10) {
            0 => 15,
            1 => 16,
            _ => i64::try_from(dice.between(1, 18)).unwrap_or(1),
        });
        self.calls.push(CallRecord {
            id: format!("H{:07}", self.calls.len() + 1),
            asked_at,
            answered_at: is_answered.then(|| asked_at + waited),
            is_valid: !order_numbers.is_empty() || dice.per_mille(400),
            order_numbers,
        });
    }

    fn search(&mut self, dice: &mut Dice, searched_at: DateTime<Utc>) {
        let n_results = u32::try_from(dice.below(8)).unwrap_or(0);
        let n_opened = if dice.per_mille(700) {
            n_results.min(1)
        } else {
            0
        };
        self.searches.push(KbSearch {
            id: format!("J{:07}", self.searches.len() + 1),
            searched_at,
            n_results,
            n_opened,
        });
    }

    /// A line of JSON for each.
    ///
    /// # Errors
    /// None that is known.
    pub fn lines(&self) -> Result<String> {
        let mut text = String::new();
        for call in &self.calls {
            let line = json!({
                "of": "call",
                "asked_at": call.asked_at.timestamp_millis(),
                "answered_at": call.answered_at.map(|at| at.timestamp_millis()),
                "is_valid": call.is_valid,
                "orders": call.order_numbers,
            });
            writeln!(text, "{line}")?;
        }
        for search in &self.searches {
            let line = json!({
                "of": "search",
                "searched_at": search.searched_at.timestamp_millis(),
                "n_results": search.n_results,
                "n_opened": search.n_opened,
            });
            writeln!(text, "{line}")?;
        }
        Ok(text)
    }
}
