use super::*;

/// A file of one working-day count and one limit, with what they expect left open.
fn file(working_day: &str, rule: &str, input: &str, expect: &str) -> String {
    format!(
        r#"{{
            "note": "for readers",
            "working_days": [{{"start":"2026-09-30","n":2,"next_day_rule":"{working_day}",
                               "roll_then_count_rule":"2026-10-09","start_is_workday":true}}],
            "limits": [{{"name":"one","rule":"{rule}","input":{input},"expect":{expect},"note":""}}]
        }}"#
    )
}

fn tally(text: &str) -> Tally {
    check::check(&Vectors::parse(text).unwrap()).unwrap()
}

fn complaint(text: &str) -> String {
    format!(
        "{:#}",
        Vectors::parse(text)
            .and_then(|vectors| check::check(&vectors))
            .unwrap_err()
    )
}

#[test]
fn what_the_domain_computes_is_right() {
    let good = tally(&file(
        "2026-10-09",
        "3WD",
        r#"{"start":"2026-09-30T09:00","n":3}"#,
        r#"{"due":"2026-10-10T24:00","target":"2026-10-10T18:00"}"#,
    ));
    assert!(good.wrong.is_empty(), "{good:?}");
    assert_eq!(good.json(), r#"{"total":2,"wrong":0,"unsupported":0}"#);

    let hours = tally(&file(
        "2026-10-09",
        "3h natural",
        r#"{"start":"2026-10-01T23:30","h":3}"#,
        r#"{"due":"2026-10-02T02:30"}"#,
    ));
    assert!(hours.wrong.is_empty(), "{hours:?}");
}

#[test]
fn the_end_of_a_day_is_the_start_of_the_next() {
    let good = tally(&file(
        "2026-10-09",
        "1WD",
        r#"{"start":"2026-11-23T09:15"}"#,
        r#"{"due":"2026-11-25T00:00"}"#,
    ));
    assert!(good.wrong.is_empty(), "{good:?}");
}

#[test]
fn each_difference_is_one_line() {
    let bad = tally(&file(
        "2026-10-08",
        "5WD",
        r#"{"start":"2026-04-30T17:59","n":5}"#,
        r#"{"due":"2026-05-12T24:00","target":"2026-05-11T18:00","paid":"2026-05-11T18:00"}"#,
    ));
    assert_eq!(
        bad.wrong,
        [
            "wrong working_days 2026-09-30 + 2: expected 2026-10-08, got 2026-10-09",
            "wrong one (5WD): due expected \"2026-05-12T24:00\", got 2026-05-12T00:00; \
             paid expected \"2026-05-11T18:00\", got nothing",
        ]
    );
    assert_eq!(bad.json(), r#"{"total":2,"wrong":2,"unsupported":0}"#);
    assert_eq!(report(&bad), ExitCode::from(EXIT_WRONG));
}

/// Each rule that answers more than one moment, right and with one field wrong.
#[test]
fn rules_with_several_answers() {
    let cases = [
        (
            "24h skip non-working days",
            r#"{"start":"2026-11-20T16:20"}"#,
            r#"{"due":"2026-11-23T16:20"}"#,
        ),
        (
            "screening: principle 2WD / hard cut-off next-month 1st rolled",
            r#"{"eval_received":"2026-01-30T10:00"}"#,
            r#"{"hard_cutoff":"2026-02-02T24:00","principle_after_cutoff":true}"#,
        ),
        (
            "province: within month (principle) + category 5WD",
            r#"{"assigned":"2026-09-30T10:00"}"#,
            r#"{"category_due":"2026-10-13T24:00","flag_conflict":true}"#,
        ),
        (
            "extension",
            r#"{"delivered":"2026-11-23T09:15","base":5}"#,
            r#"{"base_due":"2026-11-30T24:00","complex_ext7 (base+7)":"2026-12-09T24:00"}"#,
        ),
    ];
    for (rule, input, expect) in cases {
        let good = tally(&file("2026-10-09", rule, input, expect));
        assert_eq!(good.json(), r#"{"total":2,"wrong":0,"unsupported":0}"#);
    }
    let bad = tally(&file(
        "2026-10-09",
        "province: within month (principle) + category 5WD",
        r#"{"assigned":"2026-09-30T10:00"}"#,
        r#"{"flag_conflict":false}"#,
    ));
    assert_eq!(
        bad.wrong,
        [
            "wrong one (province: within month (principle) + category 5WD): \
             flag_conflict expected false, got true"
        ]
    );
}

#[test]
fn a_rule_nobody_knows_is_unsupported_by_name() {
    let later = tally(&file(
        "2026-10-09",
        "2 lunar months",
        r#"{"start":"2026-11-21T10:00"}"#,
        r#"{"due":"2027-01-20T00:00"}"#,
    ));
    assert_eq!(later.unsupported, ["unsupported one: 2 lunar months"]);
    assert_eq!(later.json(), r#"{"total":2,"wrong":0,"unsupported":1}"#);
    assert_eq!(report(&later), ExitCode::SUCCESS);
}

#[test]
fn a_bad_file_is_told_from_a_wrong_rule() {
    assert!(complaint("garbage").starts_with("Reading it as vectors: "));
    assert_eq!(
        complaint("{}"),
        "It holds neither `working_days` nor `limits`"
    );
    let bad_moment = file(
        "2026-10-09",
        "1WD",
        r#"{"start":"yesterday"}"#,
        r#"{"due":"2026-10-09T24:00"}"#,
    );
    assert_eq!(
        complaint(&bad_moment),
        "Reading the limit `one`: `start` is not a moment such as 2026-11-24T18:00: yesterday"
    );
    let two_counts = file(
        "2026-10-09",
        "5WD",
        r#"{"start":"2026-10-09T09:00","n":4}"#,
        r#"{"due":"2026-10-09T24:00"}"#,
    );
    assert_eq!(
        complaint(&two_counts),
        "Reading the limit `one`: The rule `5WD` and the input n=4 differ"
    );
}

#[test]
fn the_exit_code_of_a_missing_file_is_that_of_a_bad_one() {
    let args = Args::new(vec!["check".to_owned(), "/nowhere/vectors.json".to_owned()]);
    assert_eq!(
        run(&Repo::find(), args).unwrap(),
        ExitCode::from(EXIT_BAD_FILE)
    );
}
