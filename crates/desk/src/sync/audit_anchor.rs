//! 审计留存: the head of the desk's chain of audit entries is kept by the center too, so that a chain that
//! is cut off or made anew is found from both sides.

use audit::{Digest, Head};
use desk_store::StoreFault;
use wire::{AuditClaim, AuditHead, AuditKept, Hash};

use super::driver::Driver;
use super::worker::Errand;

/// Tells the center where the chain ends, when it has gone on since.
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

fn claim(driver: &Driver) -> anyhow::Result<Option<AuditClaim>> {
    driver.store.read(|reader| {
        let head = reader.audit_head()?;
        let kept = reader.audit_kept()?;
        if head == kept {
            return Ok(None);
        }
        // What is there now under that number, whatever the desk once noted.
        let at_kept = reader.audit_hash(kept.n)?.unwrap_or(kept.hash);
        let kept = Head {
            hash: at_kept,
            ..kept
        };
        Ok(Some(AuditClaim {
            kept: told(kept),
            head: told(head),
        }))
    })
}

/// Notes what the center keeps, and compares it with what is here.
pub(super) fn take(driver: &Driver, kept: AuditKept) {
    let now = driver.clock.now();
    let head = Head {
        n: kept.kept.n,
        hash: Digest(kept.kept.hash.0),
    };
    let is_own = driver.store.commit(|writer| -> Result<bool, StoreFault> {
        writer.keep_audit_checkpoint(head, now)?;
        Ok(writer.audit_hash(head.n)? == Some(head.hash))
    });
    match is_own {
        Ok(is_own) => {
            let is_sound = is_own && kept.is_sound;
            driver
                .shown
                .change(|known| known.hear_of_audit(is_sound, now));
            if !is_sound {
                tracing::warn!(n = head.n, "the audit is not the one that the center keeps");
            }
            driver.tell_line();
        }
        Err(error) => tracing::error!(%error, "what the center keeps of the audit is not noted"),
    }
}

fn told(head: Head) -> AuditHead {
    AuditHead {
        n: head.n,
        hash: Hash(head.hash.0),
    }
}
