//! The figures of a year, counted twice: by the rules of `domain`, and by a script that knows the raw events
//! and the definitions alone. They are equal to the last digit.

#[cfg(test)]
mod tests {
    use std::process::Command;

    use center::{Center, Rules, SqliteLedger};
    use chrono::NaiveDate;
    use domain::calendar::WorkCalendar;
    use domain::clock_face::end_of;
    use domain::indicators::Indicator;
    use domain::rule_set::RuleSets;
    use year::{Counted, Plan, Telephone, figures, play};

    #[test]
    fn every_figure_of_a_year_is_what_a_slow_count_of_the_raw_events_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("center.db");
        let rules = Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        // In the middle of the month, so that much is open and some of that is late.
        let plan = Plan {
            year: 2025,
            seed: 11,
            n_orders: 700,
            until: end_of(NaiveDate::from_ymd_opt(2025, 12, 17).unwrap()),
        };
        let ledger = SqliteLedger::open(&file).unwrap();
        let mut center = Center::open(ledger, rules.clone(), plan.begins().unwrap()).unwrap();
        play(&mut center, &rules, &plan, |_| ()).unwrap();
        let counted = Counted::of(center.ledger()).unwrap();
        let telephone = Telephone::of(&counted.orders, plan.seed);
        let calls = folder.path().join("telephone.jsonl");
        std::fs::write(&calls, telephone.lines().unwrap()).unwrap();
        let fast = figures(&counted, &telephone, &rules.rule_sets, 2025, plan.until).unwrap();
        let slow = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slow.py"))
            .arg(&file)
            .arg("2025")
            .arg(plan.until.timestamp_millis().to_string())
            .arg(&calls)
            .output()
            .unwrap();
        assert!(
            slow.status.success(),
            "{}",
            String::from_utf8_lossy(&slow.stderr)
        );
        let slow = String::from_utf8(slow.stdout).unwrap();
        let differ: Vec<(&str, &str)> = fast
            .lines()
            .zip(slow.lines())
            .filter(|(fast, slow)| fast != slow)
            .take(5)
            .collect();
        assert!(differ.is_empty(), "{differ:?}");
        assert_eq!(fast.lines().count(), slow.lines().count());
        assert!(fast.lines().count() > 500);
        for indicator in Indicator::ALL {
            let name = format!(" {indicator:?} ");
            assert!(fast.contains(&name), "{name} has nothing to count");
        }
    }
}
