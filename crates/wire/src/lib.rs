//! What crosses the network between desks and the center, and what both make of it.
//!
//! - A desk pushes [`Envelope`]s: its intents as it keeps them, numbered and chained.
//! - The center publishes [`Entry`]s: one feed, numbered without a gap and chained, in which news
//!   and verdicts stand in one order. Whatever a desk shows as confirmed is a fold of it.
//! - [`Request`] and [`Answer`] are all that one asks the other.
//! - [`Subject`] is what the entries are about, folded by the rules of `domain` on either side.
//!
//! Two texts travel as they were written and are hashed as they were written: the command of an
//! intent and the body of an entry. A program that does not know a field of them yet keeps the
//! text, verifies it, and reads it after its next update.
//!
//! The forms are frozen within a protocol version; `tests/wire/golden` has one file for each. See
//! `docs/decisions/0008-sync.md`.

mod account;
mod act;
mod audit;
mod cover;
mod enrolment_code;
mod entry;
mod envelope;
mod hash;
pub mod limit;
mod query_code;
mod redaction;
mod reference;
mod request;
mod snapshot;
mod story;
mod tally;
mod verdict;
mod version;

pub use self::audit::{AUDIT_COPY_MAX, AuditCopied, AuditCopy, AuditKept};
pub use account::{ChangePassword, PasswordChanged, SignIn, SignInRefusal, SignedIn};
pub use act::{Act, Unread};
pub use cover::{Cover, NoCover, Salt, Salts};
pub use enrolment_code::{CodeFault, EnrolmentCode, SECRET_BYTES};
pub use entry::{
    Cursor, Entry, EntryBody, Origin, PageBreak, Sealing, Stream, Verified, verified, verify_page,
};
pub use envelope::{DeskId, DeskMoment, Envelope, Head, Witness};
pub use hash::{Hash, NoHash};
pub use query_code::{QUERY_CODE_DIGITS, QueryCode};
pub use redaction::{
    FILE_MARK, REDACTED_ORDERS_MAX, REDACTED_TEXT, RedactedSubject, Redaction, RedactionGround,
    files_named, remains,
};
pub use reference::{Ground, Reference, References, StaffMember};
pub use request::{
    Answer, EnrolRequest, Enrolled, Greeting, Hello, Page, PullRequest, PushAnswer, PushRequest,
    Quarantine, RecallRequest, Recalled, Request, Rewind, StoryRequest, StoryTold,
};
pub use snapshot::{
    BlobState, PartBody, PartFault, SnapshotManifest, SnapshotPart, Verification, VerifyRequest,
};
pub use story::{
    DISPATCH_CATALOGUE, EARLY_WARNING_THRESHOLDS, RuleSays, Story, Subject, dossier_subject,
    early_warning_subject, is_dossier, is_early_warning, story_hash,
};
pub use tally::{Tally, TallyKind, told};
pub use verdict::{Accepted, Conflict, Flag, Kept, LateFact, Parked, Refused};
pub use version::{PROTOCOL, ProtocolRange, TooOld, agree};
