//! 审计留存: the head of the desk's chain of audit entries is kept by the center too, so that a chain that
//! is cut off or made anew is found from both sides; and the entries are copied there, so that they outlive
//! the desk. While the center can be reached, within a minute of being written.

use anyhow::Result;
use audit::{Claim, Head};
use desk_store::StoreFault;
use wire::{AUDIT_COPY_MAX, AuditCopied, AuditCopy, AuditKept};

use super::driver::Driver;
use super::worker::Errand;

/// Tells the center where the chain ends, when it has gone on since or has not come over whole.
pub(super) fn tell(driver: &Driver) {
    match claim(driver) {
        Ok(Some(claim)) => {
            // The thread that waits for the network ends with the desk.
            driver.errands.send(Errand::KeepAudit(claim)).ok();
        }
        Ok(None) => {}
        Err(error) => tracing::error!(error = format!("{error:#}"), "the audit is not told"),
    }
}

fn claim(driver: &Driver) -> Result<Option<Claim>> {
    driver.store.read(|reader| {
        let head = reader.audit_head()?;
        let kept = reader.audit_kept()?;
        if head == kept && driver.audit_copied >= head.n {
            return Ok(None);
        }
        // What is there now under that number, whatever the desk once noted.
        let hash = reader.audit_hash(kept.n)?.unwrap_or(kept.hash);
        let kept = Head { hash, ..kept };
        Ok(Some(Claim { kept, head }))
    })
}

/// Notes what the center keeps, compares it with what is here, and sends what it has not.
pub(super) fn take(driver: &mut Driver, kept: AuditKept) {
    let now = driver.clock.now();
    let head = kept.kept;
    let is_own = driver.store.commit(|writer| -> Result<bool, StoreFault> {
        writer.keep_audit_checkpoint(head, now)?;
        Ok(writer.audit_hash(head.n)? == Some(head.hash))
    });
    match is_own {
        Ok(is_own) => {
            heard(driver, is_own && kept.is_sound, head);
            driver.audit_copied = kept.copied.map_or(u64::MAX, |it| it.n);
            if let Some(copied) = kept.copied {
                send_after(driver, copied);
            }
        }
        Err(error) => tracing::error!(%error, "what the center keeps of the audit is not noted"),
    }
}

/// Goes on with what the center has not. `first`: the number that what was sent began with; a center that
/// has not come that far is asked again in a while.
pub(super) fn take_copied(driver: &mut Driver, first: u64, copied: AuditCopied) {
    driver.audit_copied = copied.up_to.n;
    if !copied.is_sound {
        heard(driver, false, copied.up_to);
    } else if copied.up_to.n >= first {
        send_after(driver, copied.up_to);
    }
}

fn heard(driver: &Driver, is_sound: bool, head: Head) {
    let now = driver.clock.now();
    driver
        .shown
        .change(|known| known.hear_of_audit(is_sound, now));
    if !is_sound {
        tracing::warn!(n = head.n, "the audit is not the one that the center keeps");
    }
    driver.tell_line();
}

fn send_after(driver: &Driver, copied: Head) {
    let read = driver
        .store
        .read(|reader| Ok(reader.audit_links_after(copied.n, AUDIT_COPY_MAX)?));
    match read {
        Ok(links) if links.is_empty() => {}
        Ok(links) => {
            let copy = AuditCopy { links };
            driver.errands.send(Errand::CopyAudit(copy)).ok();
        }
        Err(error) => tracing::error!(error = format!("{error:#}"), "the audit is not copied"),
    }
}
