//! Three desks and a center, each a process, with lines between them that are cut and programs that
//! are ended in the middle of whatever they do. What somebody was told is saved is at the center in
//! the end, once, and every desk shows the same.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a part of an answer that is not there is null; a test tells what it did"
)]

mod dice;
mod post;
mod shift;

use anyhow::Result;
use end_to_end::alone;
use shift::Shift;
use testkit::PrivatePostgres;

/// So many programs are ended in each test. `HOTLINE_COUNTY_KILLS` sets another number.
const N_KILLS: u32 = 100;

fn n_kills() -> Result<u32> {
    Ok(match std::env::var("HOTLINE_COUNTY_KILLS") {
        Ok(number) => number.parse()?,
        Err(_not_set) => N_KILLS,
    })
}

#[test]
fn nothing_told_is_lost_with_a_center_in_sqlite() -> Result<()> {
    Shift::begin(None, 1)?.work(n_kills()?)?.end()
}

#[test]
fn nothing_told_is_lost_with_a_center_in_postgresql() -> Result<()> {
    let postgres = PrivatePostgres::start()?;
    let database = postgres.new_database()?;
    Shift::begin(Some(database), 2)?.work(n_kills()?)?.end()
}

/// No telemetry, no address but the center's: a shift in a network that leads nowhere asks nobody else.
#[test]
fn nobody_outside_is_asked_by_desks_and_center() -> Result<()> {
    alone("nobody_outside_is_asked_by_desks_and_center", || {
        Shift::begin(None, 3)?.work(3)?.end()
    })
}
