//! How much at a time. Both sides know them; who sends more is refused as a whole.

/// Intents in one push.
pub const PUSH_INTENTS_MAX: usize = 500;
/// Bytes of commands in one push; a single intent that is larger goes alone.
pub const PUSH_MAX_BYTES: usize = 1 << 20;
/// Bytes of one command. An article of fifty long sections has three million.
pub const COMMAND_MAX_BYTES: usize = 4 << 20;
/// Entries in one page.
pub const PAGE_ENTRIES_MAX: usize = 5_000;
/// Bytes of bodies in one page; a single entry that is larger goes alone.
pub const PAGE_MAX_BYTES: usize = 4 << 20;
/// Bytes of one reference table: every unit of a county has some hundred thousand.
pub const REFERENCE_MAX_BYTES: usize = 2 << 20;
/// Bytes of a whole message on its way, before it is unpacked. Texts in texts are escaped twice.
pub const MESSAGE_MAX_BYTES: usize = 16 << 20;
/// Bytes of one part of an attachment.
pub const PART_BYTES: usize = 4 << 20;
/// Entries in one part of a snapshot.
pub const SNAPSHOT_PART_ENTRIES: usize = PAGE_ENTRIES_MAX;
/// Bytes of bodies in one part of a snapshot.
pub const SNAPSHOT_PART_BYTES: usize = PAGE_MAX_BYTES;
/// Parts of a snapshot: of two hundred million entries.
pub const SNAPSHOT_PARTS_MAX: usize = 40_000;
/// Bytes of one attachment.
pub const BLOB_MAX_BYTES: u64 = 512 << 20;
/// Characters of an identity: of a desk, an intent, a subject, a session.
pub const ID_MAX_CHARS: usize = 64;
