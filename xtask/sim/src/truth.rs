//! What the simulation knows and no part of the product does: every intent that somebody was told
//! is saved, and which of them no disk has any more through no fault of the product.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use wire::{Story, Subject};

/// An intent as it was given.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) is_fact: bool,
    /// What the person saw.
    pub(crate) seen: Option<Subject>,
    /// What the desk made of it at once.
    pub(crate) story: Story,
}

#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// 已保存, as somebody was told.
    pub(crate) saved: BTreeMap<String, Given>,
    /// Of a desk that was put back to an earlier day, and so only at the center any more: gone if
    /// the center is put back too.
    pub(crate) at_risk: BTreeSet<String>,
    /// On no disk any more, because disks were put back.
    pub(crate) excused: BTreeSet<String>,
    /// 已涂销: which stories, and when last. Noted in a file beside the center's database.
    pub(crate) redacted: BTreeMap<String, DateTime<Utc>>,
}
