//! The tables of the ledger as they began, and what has become of them step by step.

pub(super) const CREATE: &str = "
    -- intent_id '' : news that answer no intent.
    CREATE TABLE entry (
        seq INTEGER NOT NULL PRIMARY KEY,
        epoch INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        subject TEXT NOT NULL DEFAULT '',
        desk TEXT NOT NULL DEFAULT '',
        number INTEGER NOT NULL DEFAULT 0,
        intent_id TEXT NOT NULL DEFAULT '',
        intent_hash BLOB NOT NULL DEFAULT x'',
        kind TEXT NOT NULL DEFAULT '',
        actor_id TEXT NOT NULL DEFAULT '',
        body TEXT NOT NULL,
        previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX entry_subject ON entry (subject, seq) WHERE subject <> '';
    CREATE INDEX entry_news ON entry (seq) WHERE subject = '' AND intent_id = '';
    -- seq 0: answered in another chain.
    CREATE TABLE intent (
        desk TEXT NOT NULL,
        number INTEGER NOT NULL,
        id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        envelope TEXT NOT NULL,
        PRIMARY KEY (desk, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX intent_id ON intent (id);
    CREATE TABLE branch_intent (
        id TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL,
        envelope TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- forked_at 0: not in quarantine.
    CREATE TABLE desk (
        id TEXT NOT NULL PRIMARY KEY,
        number INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        forked_at INTEGER NOT NULL DEFAULT 0,
        is_revoked INTEGER NOT NULL DEFAULT 0,
        machine TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE enrolment (
        code_hash BLOB NOT NULL PRIMARY KEY CHECK (length(code_hash) = 32),
        desk TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE epoch (
        number INTEGER NOT NULL PRIMARY KEY,
        from_seq INTEGER NOT NULL,
        began_at INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE order_key (
        n INTEGER NOT NULL PRIMARY KEY,
        subject TEXT NOT NULL,
        number TEXT NOT NULL,
        phone TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX order_key_number ON order_key (number, n);
    CREATE INDEX order_key_phone ON order_key (phone, n) WHERE phone <> '';
    CREATE TABLE durable (
        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL
    ) STRICT;
    INSERT INTO durable (one, seq) VALUES (1, 0);
";

/// How bodies stand in their hashes, and which order a telephone number finds: they can be redacted.
pub(super) const ADD_COVER: &str = "
    ALTER TABLE entry ADD COLUMN cover TEXT NOT NULL DEFAULT '';
    CREATE INDEX order_key_subject ON order_key (subject);
";

/// Intents in the order in which they came: in the order of their desks each began a page of its own, and what
/// did not fit into it another.
pub(super) const INTENTS_BY_ROW: &str = "
    CREATE TABLE intent_by_row (
        n INTEGER NOT NULL PRIMARY KEY,
        desk TEXT NOT NULL,
        number INTEGER NOT NULL,
        id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        envelope TEXT NOT NULL
    ) STRICT;
    INSERT INTO intent_by_row (desk, number, id, seq, hash, envelope)
        SELECT desk, number, id, seq, hash, envelope FROM intent ORDER BY desk, number;
    DROP TABLE intent;
    ALTER TABLE intent_by_row RENAME TO intent;
    CREATE UNIQUE INDEX intent_number ON intent (desk, number);
    CREATE INDEX intent_id ON intent (id, seq);
";
