//! What was done to the files, in order.

/// One thing that was done. Files are known by their names in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Op {
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        len: usize,
    },
    /// With the folder where SQLite asks for that: at the first sync of a log or journal.
    Sync {
        file: String,
        with_folder: bool,
    },
    Delete {
        file: String,
        with_folder: bool,
    },
    Acknowledged {
        n: u64,
    },
}

/// How much SQLite syncs: its pragma `synchronous`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    Full,
    /// Not at a commit; before and after a checkpoint, and when the log begins anew.
    Normal,
    /// Never.
    Off,
}

/// Everything that was done to a watched folder.
#[derive(Debug, Clone)]
pub struct Recording {
    pub(crate) ops: Vec<Op>,
}

/// The bytes of the header of a log.
const LOG_HEADER_BYTES: usize = 32;

impl Recording {
    pub(crate) fn new(ops: Vec<Op>) -> Self {
        Self { ops }
    }

    /// How many things were done: the power can go after each.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// The same with the syncs that SQLite would make with another setting, in WAL mode. To show
    /// that losses are found, without a program that can be set to lose.
    #[must_use]
    pub fn as_if(&self, synchronous: Synchronous) -> Self {
        let is_kept = |(place, op): &(usize, &Op)| match (op, synchronous) {
            (Op::Sync { .. }, Synchronous::Off) => false,
            (Op::Sync { file, .. }, Synchronous::Normal) if file.ends_with("-wal") => {
                self.begins_log(*place, file) || self.begins_checkpoint(*place, file)
            }
            _ => true,
        };
        let ops = self.ops.iter().enumerate().filter(is_kept);
        Self::new(ops.map(|(_, op)| op.clone()).collect())
    }

    /// Whether the sync there follows the writing of a log's header.
    fn begins_log(&self, place: usize, log: &str) -> bool {
        let before = place.checked_sub(1).and_then(|place| self.ops.get(place));
        matches!(before, Some(Op::Write { file, offset: 0, bytes })
                 if file == log && bytes.len() == LOG_HEADER_BYTES)
    }

    /// Whether after the sync there the log is moved into the database.
    fn begins_checkpoint(&self, place: usize, log: &str) -> bool {
        let mut after = self.ops.iter().skip(place + 1);
        let next = after.find_map(|op| match op {
            Op::Write { file, .. } | Op::Truncate { file, .. } => Some(file),
            Op::Sync { .. } | Op::Delete { .. } | Op::Acknowledged { .. } => None,
        });
        next.is_some_and(|file| log.strip_suffix("-wal") == Some(file))
    }
}
