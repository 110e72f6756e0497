//! 工单编号: given by the desk, also without the center, and never again (sync.md, decision 14).

use anyhow::Context;
use chrono::NaiveDate;

use crate::fault::StoreFault;
use crate::meta::MetaKey;
use crate::store::Writer;

pub(crate) const CREATE: &str = "
    CREATE TABLE number_block (
        date TEXT NOT NULL PRIMARY KEY,
        last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

impl Writer {
    /// The next number of a day: `20261123-W01-0001`. The desk's code has been set before
    /// ([`MetaKey::DeskCode`]). After 9999 it has more digits. A number whose commit fails was
    /// never given.
    pub fn next_number(&mut self, date: NaiveDate) -> Result<String, StoreFault> {
        self.next_of("", date)
    }

    /// The next number of a knowledge task: `ZS20261123-W01-0001`. Counted apart, so that no number
    /// is missing among the orders.
    pub fn next_kb_task_number(&mut self, date: NaiveDate) -> Result<String, StoreFault> {
        self.next_of("ZS", date)
    }

    /// The next number of a supervisory case: `JD20261123-W01-0001`, counted apart as well.
    pub fn next_supervisory_number(&mut self, date: NaiveDate) -> Result<String, StoreFault> {
        self.next_of("JD", date)
    }

    /// The next number of a scheme of the assessment: `KH20261123-W01-0001`.
    pub fn next_assessment_number(&mut self, date: NaiveDate) -> Result<String, StoreFault> {
        self.next_of("KH", date)
    }

    fn next_of(&mut self, series: &str, date: NaiveDate) -> Result<String, StoreFault> {
        let code = self
            .meta(MetaKey::DeskCode)?
            .context("The desk has no code yet")?;
        let date = format!("{series}{}", date.format("%Y%m%d"));
        let sql = "INSERT INTO number_block (date, last) VALUES (?1, 1)
                   ON CONFLICT (date) DO UPDATE SET last = last + 1 RETURNING last";
        let mut statement = self.connection().prepare_cached(sql)?;
        let n: u64 = statement.query_row([&date], |row| row.get(0))?;
        Ok(format!("{date}-{code}-{n:04}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Desk;

    fn next(desk: &Desk, day: u32) -> String {
        let date = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        desk.change(|writer| writer.next_number(date))
    }

    #[test]
    fn each_day_counts_for_itself_and_goes_on_after_a_restart() {
        let mut desk = Desk::new();
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W01"));
        assert_eq!(next(&desk, 23), "20261123-W01-0001");
        assert_eq!(next(&desk, 23), "20261123-W01-0002");
        assert_eq!(next(&desk, 24), "20261124-W01-0001");
        desk.restart();
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let task = desk.change(|writer| writer.next_kb_task_number(day));
        assert_eq!(task, "ZS20261124-W01-0001");
        // A clock that was put back does not give a number twice.
        assert_eq!(next(&desk, 23), "20261123-W01-0003");
    }

    #[test]
    fn a_number_that_was_not_kept_is_given_again() {
        let desk = Desk::new();
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W01"));
        let refused: Result<(), StoreFault> = desk.store().commit(|writer| {
            let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
            assert_eq!(writer.next_number(date)?, "20261123-W01-0001");
            Err(StoreFault::Busy)
        });
        assert!(refused.is_err());
        assert_eq!(next(&desk, 23), "20261123-W01-0001");
    }

    #[test]
    fn after_9999_numbers_grow() {
        let desk = Desk::new();
        desk.change(|writer| {
            writer.set_meta(MetaKey::DeskCode, "W01")?;
            let full = "INSERT INTO number_block (date, last) VALUES ('20261123', 9999)";
            Ok(writer.connection().execute_batch(full)?)
        });
        assert_eq!(next(&desk, 23), "20261123-W01-10000");
    }

    #[test]
    fn a_desk_without_a_code_gives_none() {
        let desk = Desk::new();
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert!(
            desk.store()
                .commit(|writer| writer.next_number(date))
                .is_err()
        );
    }
}
