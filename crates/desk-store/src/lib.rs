//! What a desk keeps: its intents, the events they led to, and what the lists are drawn from.
//!
//! One SQLite file, `desk.db`, encrypted with SQLCipher under a random key. The key is never
//! stored as it is: `keys.json` beside it holds it wrapped in slots (see [`key_slots`]).
//!
//! - **Intents** are what people asked for, numbered without a gap and chained by hash: they go to
//!   the center one day, and nothing that was confirmed to a person may be missing from them.
//! - **The feed** is what the center made of the intents of all desks; **events** are what the rules make of
//!   those that wait here. A work order is the fold of both.
//! - **Projections** (`work_order`, its full text, notices) can all be drawn again from these; they exist
//!   so that a list of half a million orders opens at once.
//! - **Drafts**, knowledge and meta stand for themselves.
//!
//! One connection writes and up to four read ([`Store::commit`], [`Store::read`]). SQLite has one
//! writer anyway: queueing for it in a mutex is fair and never answers "busy", and a reader sees
//! one moment of the store for as long as it reads. Every commit is on the disk (WAL with
//! `synchronous=FULL`) before it returns, so what a person was told is saved is saved.
//!
//! Others that were weighed stand in `docs/decisions/0003-desk-store.md`.

pub mod key;
pub mod key_slots;
pub mod keyring;

mod analysis;
mod assessment;
mod audit;
mod backup;
mod blob;
mod board;
mod caller_dossier;
mod catalogue_amendment;
mod columns;
mod connection;
mod draft;
mod early_warning;
mod event;
mod fault;
mod feed;
mod feed_change;
mod folder;
mod grams;
mod hand_over;
mod intent;
mod kb_article;
mod kb_calendar;
mod kb_gap;
mod kb_import;
mod kb_record;
mod kb_task;
mod kb_twin;
mod kb_usage;
mod kb_words;
mod learnt_model;
mod meta;
mod migration;
mod notice;
mod number_block;
mod order_limit;
mod order_list;
mod order_text;
mod order_told;
mod presence;
mod put_away;
mod redaction;
mod redraw;
mod reveal;
mod reveal_request;
mod store;
mod supervision;
mod tally;
mod undrawn;
mod verifier;
mod work_order;
mod work_report;

#[cfg(test)]
mod tests;

pub use self::analysis::{COUNTED_PAGE_MAX, CountAsk, CountedValue, Counts};
pub use self::assessment::ASSESSMENT_SCHEMES_MAX;
pub use self::audit::{AUDIT_KEPT, AUDIT_MAX_LISTED, AuditFilter, Recorded, audited, note_field};
pub use backup::{BACKUPS_MAX, BackupCheck, backups};
pub use blob::{BLOBS_KEPT_BYTES, BlobHere, BlobTaken};
pub use board::{BOARD_ITEMS_MAX, BoardFilter, StoredBoardItem};
pub use caller_dossier::{DOSSIERS_MAX_LISTED, StoredDossier};
pub use draft::{DRAFT_MAX_BYTES, DRAFTS_MAX_LISTED, Draft, DraftOwner, PutDraftError};
pub use early_warning::{
    EARLY_WARNING_ORDERS_MAX, EARLY_WARNINGS_MAX_LISTED, StoredEarlyWarning, StoredThresholds,
};
pub use event::StoredEvent;
pub use fault::{OpenError, StoreFault};
pub use feed::{OpenTask, Settlement, TASKS_MAX_LISTED, TaskKind, TaskScope};
pub use feed_change::{SyncLedger, TakenEntry, Touched};
pub use folder::is_held;
pub use hand_over::{HAND_OVERS_MAX_LISTED, HandOver, HandOverConfirmation};
pub use intent::{ChainBreak, ChainError, KeptCommand, NewIntent};
pub use kb_article::{KbChange, StoredArticle};
pub use kb_calendar::{DueCounts, DueDays, KB_DUE_MAX};
pub use kb_gap::{GAPS_MAX_COMPARED, GAPS_MAX_LISTED, GapFilter, StoredGap};
pub use kb_import::KB_MAPPINGS_MAX;
pub use kb_record::{KB_ROWS_MAX, KbFilter, KbOrder, KbRow};
pub use kb_task::{KB_TASKS_MAX, KbTaskFilter};
pub use kb_twin::{SaidHash, StoredVerdict};
pub use kb_words::{
    SAYINGS_MAX_COUNTED, SAYINGS_MAX_LISTED, SayingFilter, StoredSaying, StoredSynonyms,
};
pub use key::DatabaseKey;
pub use key_slots::{KeyError, KeySlots, PASSPHRASE_MIN_CHARS};
pub use keyring::{KeyHolder, KeyHolderError, MemoryKeyring, NoKeyring, OsKeyring};
pub use learnt_model::{LearntMeasure, LearntModel, LearntSubject};
pub use meta::MetaKey;
pub use notice::{DueNotice, NOTICES_MAX_TAKEN, NoticeScope, NoticeStage};
pub use order_limit::{OrderWait, RunningLimit, order_waits, running_limits};
pub use order_list::{Cursor, CursorError, OrderFilter, PAGE_MAX, Queue};
pub use order_told::{OrderNews, OrderNewsBoard, OrderPosition, ToldOrder};
pub use presence::{PRESENCE_MAX_LISTED, Presence, PresenceEntry};
pub use put_away::OtherStory;
pub use reveal::Reveal;
pub use reveal_request::{RevealDecision, RevealRequest};
pub use store::{READERS_MAX, Reader, Store, Writer};
pub use supervision::SUPERVISORY_CASES_MAX;
pub use verifier::{SignInGuard, StoredVerifier, Verifier};
pub use work_order::WorkOrderRecord;
pub use work_report::{StoredWorkReport, WORK_REPORTS_MAX_LISTED, WorkReportRow};
