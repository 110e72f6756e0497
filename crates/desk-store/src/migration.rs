//! How the tables came to be: a list that is only ever added to.

use rusqlite::Connection;

use crate::fault::OpenError;
use crate::{
    analysis, assessment, audit, blob, board, caller_dossier, catalogue_amendment, draft,
    early_warning, event, feed, hand_over, intent, kb_article, kb_calendar, kb_gap, kb_import,
    kb_record, kb_task, kb_twin, kb_usage, kb_words, learnt_model, meta, notice, number_block,
    order_limit, order_text, presence, put_away, reveal, reveal_request, supervision, tally,
    undrawn, verifier, work_order, work_report,
};

/// One step; its number is its place in [`MIGRATIONS`], from 1, and stands in `user_version`.
struct Migration {
    /// The statements, each in the file of its table. Frozen once released.
    tables: &'static [&'static str],
}

/// Frozen: steps are only added. An older program refuses a file with a newer step
/// ([`OpenError::TooNew`]); should a step ever be harmless to older programs, it gets a field here
/// that says so.
const MIGRATIONS: &[Migration] = &[
    // 1: the beginning. No older program exists.
    Migration {
        tables: &[
            meta::CREATE,
            intent::CREATE,
            event::CREATE,
            work_order::CREATE,
            order_text::CREATE,
            notice::CREATE,
            draft::CREATE,
            number_block::CREATE,
            kb_article::CREATE,
            reveal::CREATE,
        ],
    },
    // 2: the life of the knowledge base, and what was searched for.
    Migration {
        tables: &[intent::RENAME_SUBJECT, kb_record::CREATE],
    },
    // 3: the knowledge base is kept right: tasks, use, gaps, the days on which articles end.
    Migration {
        tables: &[
            kb_task::CREATE,
            kb_usage::CREATE,
            kb_gap::CREATE,
            kb_calendar::ADD_REVIEW_DAY,
            kb_record::INDEX_REPORTS,
        ],
    },
    // 4: what was imported from files.
    Migration {
        tables: &[kb_import::CREATE],
    },
    // 5: pairs of articles that were told apart.
    Migration {
        tables: &[kb_twin::CREATE],
    },
    // 6: the center's feed, and where the desk stands in it.
    Migration {
        tables: &[intent::ADD_ANSWER, feed::CREATE],
    },
    // 7: words that mean the same, and the words by which people came to an article.
    Migration {
        tables: &[kb_words::CREATE],
    },
    // 8: the desk belongs to a center: people sign in, hand over, and see to what was refused.
    Migration {
        tables: &[
            draft::ADD_OWNER,
            feed::ADD_SETTLEMENT,
            work_order::LET_NUMBERS_MEET,
            presence::CREATE,
            verifier::CREATE,
            hand_over::CREATE,
        ],
    },
    // 9: a new desk reads a snapshot, and draws what is in it afterwards; files are attached.
    Migration {
        tables: &[feed::ADD_UNDRAWN, blob::CREATE],
    },
    // 10: supervision. The boards of orders that were there before are drawn when the desk opens.
    Migration {
        tables: &[board::CREATE, supervision::CREATE],
    },
    // 11: callers of whom evidence is kept, and what the desk has learnt of its orders.
    Migration {
        tables: &[caller_dossier::CREATE, learnt_model::CREATE],
    },
    // 12: what is drawn is summed up, to be held against the center.
    Migration {
        tables: &[tally::CREATE],
    },
    // 13: how the dispatch catalogue was amended.
    Migration {
        tables: &[catalogue_amendment::CREATE],
    },
    // 14: every running limit of an order, and what it waits for.
    Migration {
        tables: &[order_limit::CREATE],
    },
    // 15: what was done and shown is recorded, chained, and to what end.
    Migration {
        tables: &[audit::CREATE, reveal::ADD_PURPOSE],
    },
    // 16: of a sealed matter nobody learns alone who brought it.
    Migration {
        tables: &[reveal_request::CREATE],
    },
    // 17: the dispatch catalogue is amended for all desks at once. What one desk had amended alone stays
    // in the table of step 13 and is not read: the returns behind it propose it to the center again.
    Migration {
        tables: &[catalogue_amendment::OF_ALL_DESKS, tally::ADD_CATALOGUES],
    },
    // 18: the assessment, and when each order was last touched, by which a period finds its orders.
    Migration {
        tables: &[assessment::CREATE, tally::ADD_ASSESSMENTS],
    },
    // 19: what is counted of the orders. Those that were there before are counted when the desk opens.
    Migration {
        tables: &[analysis::CREATE],
    },
    // 20: what takes a second person to leave the house, and which of it went out.
    Migration {
        tables: &[reveal_request::ADD_EXPORTS],
    },
    // 21: the reports that were written at this desk.
    Migration {
        tables: &[work_report::CREATE],
    },
    // 22: dossiers of callers are known to all desks. What one desk had opened alone stays in the table of
    // step 11 and is not read.
    Migration {
        tables: &[caller_dossier::OF_ALL_DESKS, tally::ADD_DOSSIERS],
    },
    // 23: what the orders warned of, and what was done about it.
    Migration {
        tables: &[early_warning::CREATE],
    },
    // 24: what was said can be taken out of the feed and of the intents, and their chains hold.
    Migration {
        tables: &[feed::ADD_COVER, intent::ADD_COVER, put_away::CREATE],
    },
    // 25: what is done about warnings, and their thresholds, are one record for all desks. What one desk had
    // done and set alone stays, and is shown before it.
    Migration {
        tables: &[early_warning::OF_ALL_DESKS, tally::ADD_EARLY_WARNINGS],
    },
    // 26: which day a task of the knowledge base missed.
    Migration {
        tables: &[kb_task::ADD_MISSED_ON],
    },
    // 27: what is confirmed of an order stands in the feed alone; what parts of a snapshot touched is named.
    Migration {
        tables: &[event::KEEP_WAITING, undrawn::CREATE],
    },
];

/// The version this program writes.
pub(crate) fn known_version() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The version of the file; refuses one from a newer program.
pub(crate) fn check_version(connection: &Connection) -> Result<u32, OpenError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = known_version();
    if found > known {
        return Err(OpenError::TooNew { found, known });
    }
    Ok(found)
}

/// Takes the steps that the file has not seen, each whole or not at all.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let found = check_version(connection)?;
    for (version, migration) in (1_u32..).zip(MIGRATIONS) {
        if version <= found {
            continue;
        }
        let transaction = connection.transaction()?;
        for table in migration.tables {
            transaction.execute_batch(table)?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
        tracing::info!(version, "Migrated the desk's database");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn a_file_of_the_first_program_keeps_its_intents() {
        let mut connection = Connection::open_in_memory().unwrap();
        for table in MIGRATIONS[0].tables {
            connection.execute_batch(table).unwrap();
        }
        connection
            .execute_batch(
                "INSERT INTO intent (desk_seq, id, work_order_id, kind, command, actor_id,
                                     occurred_at, rule_set, base_version, previous_hash, hash)
                 VALUES (1, 'i', 'order-1', 'register', '{}', '1001', 0, 'QX-2023-66', 0,
                         zeroblob(32), zeroblob(32));
                 PRAGMA user_version = 1;",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(check_version(&connection).unwrap(), known_version());
        let sql = "SELECT subject_id FROM intent WHERE desk_seq = 1 AND state = 'waiting'";
        let subject: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(subject, "order-1");
    }

    #[test]
    fn a_file_of_the_second_program_has_its_calendar_and_its_reports() {
        let mut connection = Connection::open_in_memory().unwrap();
        for table in MIGRATIONS.iter().take(2).flat_map(|step| step.tables) {
            connection.execute_batch(table).unwrap();
        }
        connection
            .execute_batch(
                r#"INSERT INTO kb_article (id, change_no, version, template, title, unit, body,
                                           is_sample)
                   VALUES ('a', 1, 1, 'policy', '', '', '{"next_review_on":"2027-06-01"}', 0),
                          ('b', 2, 1, 'policy', '', '', '{"next_review_on":null}', 0);
                   INSERT INTO kb_event (article_id, version, body)
                   VALUES ('a', 1, '{"actor":"1001","occurred_at":1,"command":"report_error"}');
                   PRAGMA user_version = 2;"#,
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let n = |sql: &str| -> u32 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        assert_eq!(
            n("SELECT count(*) FROM kb_article WHERE next_review_on = '2027-06-01'"),
            1
        );
        assert_eq!(
            n("SELECT count(*) FROM kb_event INDEXED BY kb_event_report
               WHERE json_extract(body, '$.command') = 'report_error'
                 AND json_extract(body, '$.actor') = '1001'"),
            1
        );
        assert_eq!(n("SELECT count(*) FROM kb_task"), 0);
    }

    #[test]
    fn what_is_confirmed_stands_in_the_feed_alone_and_what_is_undrawn_is_named() {
        let mut connection = Connection::open_in_memory().unwrap();
        for table in MIGRATIONS.iter().take(26).flat_map(|step| step.tables) {
            connection.execute_batch(table).unwrap();
        }
        // A snapshot was read after entry 1 and drawn as far as b.
        connection
            .execute_batch(
                "INSERT INTO event (work_order_id, version, desk_seq, body)
                 VALUES ('a', 1, 0, '{}'), ('a', 2, 7, '{}'), ('b', 1, 0, '{}');
                 INSERT INTO feed_entry (seq, epoch, recorded_at, subject, body, previous_hash, hash)
                 VALUES (1, 1, 1, 'd', '{}', zeroblob(32), zeroblob(32)),
                        (2, 1, 1, 'c', '{}', zeroblob(32), zeroblob(32)),
                        (3, 1, 1, 'a', '{}', zeroblob(32), zeroblob(32)),
                        (4, 1, 1, 'e', '{}', zeroblob(32), zeroblob(32)),
                        (5, 1, 1, 'c', '{}', zeroblob(32), zeroblob(32)),
                        (6, 1, 1, '', '{}', zeroblob(32), zeroblob(32));
                 UPDATE sync_position SET undrawn_after = 1, drawn_to = 'b';
                 PRAGMA user_version = 26;",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let texts = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let texts = statement.query_map([], |row| row.get(0)).unwrap();
            texts.collect::<rusqlite::Result<_>>().unwrap()
        };
        let sql = "SELECT work_order_id || version || desk_seq FROM event";
        assert_eq!(texts(sql), ["a27"]);
        assert_eq!(texts("SELECT subject FROM undrawn ORDER BY 1"), ["c", "e"]);
    }

    #[test]
    fn which_day_a_task_missed_is_known_from_its_events() {
        let mut connection = Connection::open_in_memory().unwrap();
        for table in MIGRATIONS.iter().take(25).flat_map(|step| step.tables) {
            connection.execute_batch(table).unwrap();
        }
        // 2026-12-01 noon, and the third and the ninth; b was in time first and late with the second.
        connection
            .execute_batch(
                r#"PRAGMA user_version = 25;
                   INSERT INTO kb_task_event (number, version, body)
                   VALUES ('a', 1, '{"command":"assign","occurred_at":1,"due_on":"2026-12-01"}'),
                          ('a', 2, '{"command":"deliver","occurred_at":1796270400000}'),
                          ('a', 3, '{"command":"return","occurred_at":1796270400000,"due_on":"2026-12-08"}'),
                          ('b', 1, '{"command":"assign","occurred_at":1,"due_on":"2026-12-01"}'),
                          ('b', 2, '{"command":"deliver","occurred_at":1796097600000}'),
                          ('b', 3, '{"command":"return","occurred_at":1796097600000,"due_on":"2026-12-08"}'),
                          ('b', 4, '{"command":"deliver","occurred_at":1796788800000}');
                   INSERT INTO kb_task (number, kind, unit_id, subject, note, assigned_at, due_on, stage,
                                        is_settled, was_late, n_returns, n_events, last_event_at)
                   VALUES ('a', 'write', 'u', '', '', 1, '2026-12-08', 'open', 0, 1, 1, 3, 1),
                          ('b', 'write', 'u', '', '', 1, '2026-12-08', 'delivered', 0, 1, 1, 4, 1),
                          ('c', 'write', 'u', '', '', 1, '2026-12-08', 'open', 0, 0, 0, 1, 1);"#,
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let missed_on = |number: &str| -> Option<String> {
            let sql = "SELECT missed_on FROM kb_task WHERE number = ?1";
            connection
                .query_row(sql, [number], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(missed_on("a").as_deref(), Some("2026-12-01"));
        assert_eq!(missed_on("b").as_deref(), Some("2026-12-08"));
        assert_eq!(missed_on("c"), None);
    }
}
