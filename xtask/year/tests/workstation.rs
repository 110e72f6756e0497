//! A desk that joins the center of a year over the real door, and has read all of it when its folder is
//! handed over.

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use center::{Center, Rules};
    use center_server::init::{People, init};
    use center_server::{Clock, Config};
    use chrono::{DateTime, NaiveDate, Utc};
    use desk::DeskHost;
    use desk::sync::Https;
    use desk_store::NoKeyring;
    use domain::calendar::WorkCalendar;
    use domain::clock_face::end_of;
    use domain::rule_set::RuleSets;
    use serde_json::{Value, json};
    use year::workstation::{PASSPHRASE, PASSWORD, PERSON, fill_desk};
    use year::{Plan, play};

    struct StandingClock(DateTime<Utc>);

    impl Clock for StandingClock {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    impl desk::Clock for StandingClock {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    #[test]
    fn a_desk_has_read_the_whole_year_and_its_boards_are_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let (center_data, desk_data) = (folder.path().join("center"), folder.path().join("desk"));
        let plan = Plan {
            year: 2025,
            seed: 5,
            n_orders: 60,
            until: end_of(NaiveDate::from_ymd_opt(2025, 12, 17).unwrap()),
        };
        let config = Config::of(center_data);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let began = Arc::new(StandingClock(plan.begins().unwrap()));
        runtime
            .block_on(init(config.clone(), began, People::Nobody))
            .unwrap();
        let rules = Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        let ledger = config.database.open_ledger().unwrap();
        let mut center = Center::open(ledger, rules.clone(), plan.begins().unwrap()).unwrap();
        let played = play(&mut center, &rules, &plan, |_| ()).unwrap();
        drop(center);
        let n_read = fill_desk(config, &desk_data, plan.until).unwrap();
        assert!(n_read > played.n_acts, "{n_read} {played:?}");

        // Without the center, by the password that was verified while it was there.
        let clock = Arc::new(StandingClock(plan.until));
        let host = DeskHost::start_in(&desk_data, clock, Arc::new(NoKeyring), Arc::new(Https));
        let ask = |name: &str, request: Value| host.call(name, request).unwrap().value;
        let mut changes = host.changes();
        ask("unlock", json!({ "passphrase": PASSPHRASE }));
        ask("sign_in", json!({ "number": PERSON, "password": PASSWORD }));
        while ask("app_state", Value::Null)["phase"] != "ready" {
            changes.blocking_recv().unwrap();
        }
        let all = json!({ "queue": "all", "search": "", "after": null, "limit": 1 });
        assert_eq!(ask("work_orders", all)["total"], played.n_orders);
        let boards = ask("boards", Value::Null);
        let n: u64 = boards
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["n"].as_u64().unwrap())
            .sum();
        assert!(n > 0, "{boards}");
        let gaps = ask("liaison_gaps", Value::Null);
        assert_eq!(gaps["is_kept"], true);
        assert!(!gaps["rows"].as_array().unwrap().is_empty());
        let cases = ask("supervisory_lists", Value::Null);
        let n: u64 = cases
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["n"].as_u64().unwrap())
            .sum();
        assert_eq!(n, played.n_cases);
    }
}
