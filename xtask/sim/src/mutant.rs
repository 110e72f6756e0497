//! Mistakes planted on purpose, to see that the simulation finds them.
//!
//! Each stands where the parts meet: in a desk's store, in the center's ledger, in a driver, in how
//! people run a center. So the code of the product has none, and a mistake is one that somebody who
//! builds on these parts could make.

/// One planted mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// The desk forgets an intent when it is answered.
    ForgetsAnswered,
    /// The center tells desks that everything is backed up as it is written.
    DurableTooSoon,
    /// The center answers before its commit is on the disk.
    CenterAnswersBeforeSync,
    /// The desk says 已保存 before its commit is on the disk.
    DeskAnswersBeforeSync,
    /// The center goes on with its old epoch after a restore.
    NoNewEpoch,
    /// Going back, the desk moves its cursor and leaves what it had read.
    RewindKeepsStories,
    /// Going back, the desk forgets the intents that wait again.
    RewindDropsIntents,
    /// The timer after a failure is lost: nothing happens until somebody saves.
    TimerLost,
    /// One desk counts limits by other rules under the same name.
    OtherRules,
    /// A page is applied by halves when the desk crashes: the cursor has moved.
    TornPage,
    /// An intent is saved by halves: it stands there, and its number is given again.
    TornSave,
    /// Something on the line answers with an older page, and pages are not verified.
    UnverifiedPage,
    /// A reader of the feed that misses an entry now and then.
    EntryMissed,
    /// The center refuses facts.
    FactsRefused,
    /// The center does not remember which intents it has answered in another chain.
    NoMemoryOfIds,
    /// The center forgets where a desk's chain ended.
    HeadForgotten,
    /// The desk does not take over changed tables.
    ReferencesIgnored,
    /// What is confirmed is not folded anew when a page comes.
    StaleView,
    /// A desk in quarantine does not hand over what it has.
    BranchDropped,
    /// The desk leaves out an intent when it pushes.
    IntentLeftOut,
    /// The center decides some intent a second time, in a new entry.
    DecidedTwice,
    /// A part of the snapshot is applied by halves when the desk crashes: the cursor has moved.
    TornPart,
    /// What a part answers of the desk's own intents is not noted.
    PartAnswersNothing,
    /// Tables that stand in a part are not taken over.
    PartIgnoresTables,
    /// Some of what the parts have touched is never drawn.
    DrawSkips,
    /// The desk reads that a story was redacted, and keeps it.
    RedactionNotRead,
    /// It keeps what it said itself.
    RedactionKeepsIntents,
    /// A center that was put back keeps what its backup has brought back.
    RedactionForgotten,
}

impl Mutant {
    /// Those that must be found.
    pub const ALL: [Self; 25] = [
        Self::ForgetsAnswered,
        Self::DeskAnswersBeforeSync,
        Self::RewindKeepsStories,
        Self::RewindDropsIntents,
        Self::TimerLost,
        Self::OtherRules,
        Self::TornPage,
        Self::TornSave,
        Self::UnverifiedPage,
        Self::EntryMissed,
        Self::FactsRefused,
        Self::NoMemoryOfIds,
        Self::HeadForgotten,
        Self::ReferencesIgnored,
        Self::StaleView,
        Self::BranchDropped,
        Self::IntentLeftOut,
        Self::DecidedTwice,
        Self::TornPart,
        Self::PartAnswersNothing,
        Self::PartIgnoresTables,
        Self::DrawSkips,
        Self::RedactionNotRead,
        Self::RedactionKeepsIntents,
        Self::RedactionForgotten,
    ];

    /// Those behind which a second line stands: the hash at the cursor says what the epoch would, and a desk
    /// keeps its intents whatever it is told of the center's disk and backups, and brings again what is gone.
    pub const COVERED: [Self; 3] = [
        Self::NoNewEpoch,
        Self::DurableTooSoon,
        Self::CenterAnswersBeforeSync,
    ];

    pub fn name(self) -> String {
        format!("{self:?}")
    }

    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain(Self::COVERED);
        all.find(|mutant| mutant.name().eq_ignore_ascii_case(name))
    }
}
