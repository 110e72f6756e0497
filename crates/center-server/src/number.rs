//! 工单编号 of orders that the center registers itself: what comes by the web and from above.

use anyhow::{Context as _, Result, ensure};
use center::{RecordChange, Records, Written};
use chrono::NaiveDate;

/// The last number of each day.
const KIND: &str = "order_number";
/// What stands in the place of a desk's code: no desk is called so.
pub const CENTER_CODE: &str = "Z00";

/// Gives the next number of a day and keeps that it was given. A number that comes to nothing leaves
/// a gap, which harms nobody.
pub fn next(records: &mut dyn Records, date: NaiveDate) -> Result<String> {
    take(records, date, 1).and_then(|mut numbers| numbers.pop().context("One number was asked for"))
}

/// The next `n` numbers of a day.
pub fn take(records: &mut dyn Records, date: NaiveDate, n: u32) -> Result<Vec<String>> {
    let key = date.format("%Y%m%d").to_string();
    let stood = records.get(KIND, &key)?;
    let last: u32 = match &stood {
        Some(body) => serde_json::from_str(body).context("Reading the last number")?,
        None => 0,
    };
    let until = last.checked_add(n).context("No number is left")?;
    let put = RecordChange::put(KIND, key.clone(), until.to_string());
    let put = match stood {
        Some(body) => put.if_still(body),
        None => put.if_new(),
    };
    ensure!(
        records.write(&[put])? == Written::Done,
        "Only the writer gives numbers"
    );
    let numbers = (last + 1..=until).map(|it| format!("{key}-{CENTER_CODE}-{it:04}"));
    Ok(numbers.collect())
}

#[cfg(test)]
mod tests {
    use center::MemoryRecords;

    use super::*;

    #[test]
    fn each_day_counts_for_itself() {
        let mut records = MemoryRecords::default();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            next(&mut records, day("2026-11-26")).unwrap(),
            "20261126-Z00-0001"
        );
        assert_eq!(
            take(&mut records, day("2026-11-26"), 2).unwrap(),
            ["20261126-Z00-0002", "20261126-Z00-0003"]
        );
        assert_eq!(
            next(&mut records, day("2026-11-27")).unwrap(),
            "20261127-Z00-0001"
        );
    }
}
