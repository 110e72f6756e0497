//! The lines for commands about tasks of the knowledge base.

use domain::kb::task::{KbTaskCommandKind, KbTaskStage};
use wire::Conflict;

use super::Outcome;

/// These commands, refused at these stages: `None` is a task that is not there.
#[derive(Debug, Clone, Copy)]
pub struct TaskLine {
    pub kinds: &'static [KbTaskCommandKind],
    pub stages: &'static [Option<KbTaskStage>],
    pub outcome: Outcome,
}

use KbTaskCommandKind as K;

const MISSING: &[Option<KbTaskStage>] = &[None];
const OPEN: Option<KbTaskStage> = Some(KbTaskStage::Open);
const DELIVERED: Option<KbTaskStage> = Some(KbTaskStage::Delivered);
const DONE: Option<KbTaskStage> = Some(KbTaskStage::Done);
const CANCELLED: Option<KbTaskStage> = Some(KbTaskStage::Cancelled);

const fn line(
    kinds: &'static [K],
    stages: &'static [Option<KbTaskStage>],
    conflict: Conflict,
    is_kept: bool,
) -> TaskLine {
    let outcome = Outcome { conflict, is_kept };
    TaskLine {
        kinds,
        stages,
        outcome,
    }
}

/// Every command at every stage, once.
pub const TASKS: &[TaskLine] = &[
    line(&[K::Assign], MISSING, Conflict::ContentRefused, true),
    line(
        &[K::Assign],
        &[OPEN, DELIVERED, DONE, CANCELLED],
        Conflict::DoneAlready,
        true,
    ),
    line(
        &[K::Deliver, K::Return, K::Cancel],
        MISSING,
        Conflict::NotThere,
        true,
    ),
    line(&[K::Accept], MISSING, Conflict::NotThere, false),
    line(
        &[K::Deliver],
        &[OPEN, DELIVERED, DONE, CANCELLED],
        Conflict::StageChanged,
        true,
    ),
    line(
        &[K::Accept],
        &[OPEN, DELIVERED],
        Conflict::StageChanged,
        false,
    ),
    line(&[K::Accept], &[DONE], Conflict::DoneAlready, false),
    line(&[K::Accept], &[CANCELLED], Conflict::Closed, false),
    line(
        &[K::Return],
        &[OPEN, DELIVERED],
        Conflict::StageChanged,
        true,
    ),
    line(&[K::Return], &[DONE, CANCELLED], Conflict::Closed, true),
    line(
        &[K::Cancel],
        &[OPEN, DELIVERED],
        Conflict::StageChanged,
        true,
    ),
    line(&[K::Cancel], &[DONE], Conflict::Closed, true),
    line(&[K::Cancel], &[CANCELLED], Conflict::DoneAlready, true),
];
