//! 导入: the chosen rows become drafts, all of them or none.

use desk_store::Writer;
use domain::kb::{KbArticleId, KbCommand, KbContent, KbRefusal};

use super::known::Target;
use super::plan::{PlannedRow, place_of};
use super::{KbImportChoice, KbImportDone, KbImportRun, KbImportState, Plan, mapping};
use crate::desk::{Desk, new_id};
use crate::error::CallError;

/// 导入知识.
pub(crate) fn kb_import_run(desk: &Desk, request: KbImportRun) -> Result<KbImportDone, CallError> {
    let plan = desk.imports.shown(&request.upload_id, request.preview_no)?;
    let choices = plan.choices(&request.choices)?;
    let now = desk.now();
    let done = desk.store.commit(|writer| -> Result<_, CallError> {
        let mut done = Done::default();
        for (row, choice) in plan.rows.iter().zip(&choices) {
            if *choice == KbImportChoice::Skip {
                continue;
            }
            // Another import was quicker with a row that says the same.
            if !row.is_known && writer.kb_imported_as(&row.row_hash)?.is_some() {
                done.overtaken += 1;
                continue;
            }
            let id = match import_row(desk, writer, row, *choice, now) {
                Err(CallError::KbRefused(refusal)) => {
                    let place = place_of(row, &plan.sources);
                    return Err(CallError::RowRefused { place, refusal });
                }
                imported => imported?,
            };
            writer.put_kb_imported(&row.row_hash, &id, now)?;
            done.count(*choice);
        }
        mapping::remember(writer, &plan, now)?;
        Ok(done)
    })?;
    desk.knowledge.catch_up();
    finish(desk, &plan, &done)
}

#[derive(Default)]
struct Done {
    drafts: usize,
    changes: usize,
    proposals: usize,
    /// Rows that another import had written meanwhile.
    overtaken: usize,
}

impl Done {
    fn count(&mut self, choice: KbImportChoice) {
        match choice {
            KbImportChoice::New => self.drafts += 1,
            KbImportChoice::Change => self.changes += 1,
            KbImportChoice::Beside => self.proposals += 1,
            KbImportChoice::Skip => {}
        }
    }
}

fn import_row(
    desk: &Desk,
    writer: &mut Writer,
    row: &PlannedRow,
    choice: KbImportChoice,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<KbArticleId, CallError> {
    if choice == KbImportChoice::New {
        let content = &row.own.content;
        let was_new = row.state == KbImportState::New;
        if was_new && writer.has_kb_record_named(&content.title, &content.unit)? {
            // Somebody wrote the same article since the preview.
            return Err(KbRefusal::AlreadyThere.into());
        }
        let id = KbArticleId(new_id());
        let content = Box::new(row.own.content.clone());
        desk.act_on_kb(writer, &id, None, &KbCommand::Draft { content }, now)?;
        return Ok(id);
    }
    let (target, onto) = row
        .target
        .as_ref()
        .ok_or_else(|| anyhow::anyhow!("A row that changes an article has one"))?;
    let record = writer.load_kb_record(&target.id)?;
    let command = command_onto(target, onto.content.clone(), choice);
    desk.act_on_kb(writer, &target.id, record, &command, now)?;
    Ok(target.id.clone())
}

/// Whoever has changed the article since the preview is not written over: the rules see by the
/// revision that it is another one.
fn command_onto(target: &Target, content: KbContent, choice: KbImportChoice) -> KbCommand {
    let content = Box::new(content);
    if choice == KbImportChoice::Beside {
        return KbCommand::ProposeBeside {
            content,
            base_version: target.version,
        };
    }
    if target.has_record {
        KbCommand::Edit {
            content,
            base_revision: target.revision,
        }
    } else {
        KbCommand::Draft { content }
    }
}

fn finish(desk: &Desk, plan: &Plan, done: &Done) -> Result<KbImportDone, CallError> {
    // What was imported is imported; its preview holds no longer.
    desk.imports.forget(&plan.upload_id);
    let mut parts = Vec::new();
    for (n, what) in [
        (done.drafts, "新草稿"),
        (done.changes, "已有条目的草稿"),
        (done.proposals, "修改稿"),
    ] {
        if n > 0 {
            parts.push(format!("{what} {n} 条"));
        }
    }
    let mut message = match parts.as_slice() {
        [] => "没有改动任何内容。".to_owned(),
        parts => format!("已导入{}，都在“编写中”等待送单位确认。", parts.join("、")),
    };
    if done.overtaken > 0 {
        message.push_str(&format!(
            "另有 {} 条刚刚已由另一次导入写入，没有重复导入。",
            done.overtaken
        ));
    }
    Ok(KbImportDone {
        n_new: done.drafts,
        n_changed: done.changes,
        n_beside: done.proposals,
        message,
    })
}
