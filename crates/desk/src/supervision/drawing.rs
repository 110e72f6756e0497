//! What stands on the boards and among the clues and what is counted, drawn with the row of each order.

use chrono::{DateTime, Utc};
use desk_store::{MetaKey, Store, StoreFault, Writer};
use domain::WorkOrder;
use domain::analysis::counted;
use domain::calendar::WorkCalendar;
use domain::clock_face::date_of;
use domain::rule_set::RuleSets;
use domain::supervision::board::board_items;
use domain::supervision::clue::{clues, overdue_orders};

/// Raised when the rows of the same order would look otherwise.
const EDITION: &str = "2";
/// Orders drawn in one commit.
const BATCH: usize = 500;

/// Draws the rows of an order.
pub(crate) fn draw(
    writer: &mut Writer,
    id: &str,
    order: &WorkOrder,
    calendar: &WorkCalendar,
    rule_sets: &RuleSets,
) -> Result<(), StoreFault> {
    let in_force = || rule_sets.in_force_on(date_of(order.registered_at));
    let rules = rule_sets.get(&order.rule_set).unwrap_or_else(in_force);
    writer.put_board_items(id, &board_items(order, calendar, rules))?;
    writer.put_order_touched(id, order.last_event_at)?;
    let orders = std::slice::from_ref(order);
    // Everything that will be late if nothing is done; whoever asks says by when.
    let overdue = overdue_orders(orders, DateTime::<Utc>::MAX_UTC);
    let found = clues(orders, &[], &[], rule_sets);
    writer.put_order_clues(id, order.registered_at, &overdue, &found)?;
    writer.count_order(id, &counted(order, &overdue))
}

/// Draws the rows of every order, where another edition of the program drew them.
pub(crate) fn draw_all(
    store: &Store,
    calendar: &WorkCalendar,
    rule_sets: &RuleSets,
) -> anyhow::Result<()> {
    let drawn = store.read(|reader| Ok(reader.meta(MetaKey::BoardsDrawn)?))?;
    if drawn.as_deref() == Some(EDITION) {
        return Ok(());
    }
    let ids = store.read(|reader| Ok(reader.all_work_order_ids()?))?;
    for ids in ids.chunks(BATCH) {
        store.commit(|writer| -> Result<(), StoreFault> {
            for id in ids {
                if let Some(order) = writer.load_work_order(id)? {
                    draw(writer, id, &order, calendar, rule_sets)?;
                }
            }
            Ok(())
        })?;
    }
    store.commit(|writer| writer.set_meta(MetaKey::BoardsDrawn, EDITION))?;
    Ok(())
}
