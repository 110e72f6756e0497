//! What crosses the network: messages, entries and what they hold, codes that people type.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use audit::{Chain, Claim, verify};
use wire::{
    Act, Answer, AuditCopy, Cursor, EnrolmentCode, Entry, Envelope, PartBody, QueryCode, Request,
    SnapshotManifest, StoryRequest, StoryTold, verify_page,
};

use super::{Taken, Target};

/// One file for each form that crosses the network.
const GOLDEN: &str = "../../crates/wire/tests/wire/golden";

pub(super) struct Messages;

impl Target for Messages {
    fn name(&self) -> &'static str {
        "wire"
    }

    fn share(&self) -> u64 {
        6_500
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
        let files = folder.read_dir().context("Reading the golden files")?;
        let mut paths: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
        paths.sort();
        paths.iter().map(|path| Ok(std::fs::read(path)?)).collect()
    }

    /// What is read is written again as something that reads the same.
    fn take(&mut self, input: &[u8]) -> Taken {
        let mut n_read = 0;
        if let Ok(request) = serde_json::from_slice::<Request>(input) {
            n_read += 1;
            if let Request::Push(push) | Request::Recover(push) = &request {
                push.envelopes.iter().for_each(|it| drop(Act::read(it)));
            }
            match serde_json::to_vec(&request).map(|it| serde_json::from_slice::<Request>(&it)) {
                Ok(Ok(again)) if again == request => {}
                other => return Taken::Wrong(format!("a request is written as {other:?}")),
            }
        }
        if let Ok(answer) = serde_json::from_slice::<Answer>(input) {
            n_read += 1;
            if let Answer::Page(page) = &answer {
                n_read += usize::from(verify_page(Cursor::START, 1, &page.entries).is_ok());
            }
            match serde_json::to_vec(&answer).map(|it| serde_json::from_slice::<Answer>(&it)) {
                Ok(Ok(again)) if again == answer => {}
                other => return Taken::Wrong(format!("an answer is written as {other:?}")),
            }
        }
        if let Ok(entry) = serde_json::from_slice::<Entry>(input) {
            n_read += 1;
            drop(entry.read());
            if let Some(what) = badly_redacted(&entry) {
                return Taken::Wrong(what);
            }
            n_read += usize::from(verify_page(Cursor::START, 1, &[entry]).is_ok());
        }
        if let Ok(envelope) = serde_json::from_slice::<Envelope>(input) {
            n_read += 1;
            drop(Act::read(&envelope));
            if let Some(redacted) = envelope.redacted()
                && redacted.computed_hash() != envelope.computed_hash()
            {
                return Taken::Wrong("an intent has another hash when redacted".to_owned());
            }
        }
        n_read += usize::from(serde_json::from_slice::<StoryRequest>(input).is_ok());
        if let Ok(told) = serde_json::from_slice::<StoryTold>(input) {
            n_read += 1;
            if let Some(what) = told.entries.iter().find_map(badly_redacted) {
                return Taken::Wrong(what);
            }
        }
        if let Ok(manifest) = serde_json::from_slice::<SnapshotManifest>(input) {
            n_read += 1;
            if manifest.is_sound() {
                n_read += usize::from(manifest.part_after(Cursor::START).is_some());
            }
        }
        n_read += usize::from(serde_json::from_slice::<PartBody>(input).is_ok());
        n_read += usize::from(serde_json::from_slice::<Claim>(input).is_ok());
        if let Ok(copy) = serde_json::from_slice::<AuditCopy>(input) {
            n_read += 1;
            n_read += usize::from(verify(Chain::WHOLE, copy.links, &[]).is_ok());
        }
        Taken::if_some(n_read > 0)
    }
}

/// What is wrong with what is left of an entry that somebody else has written.
fn badly_redacted(entry: &Entry) -> Option<String> {
    let redacted = entry.redacted()?;
    if redacted.computed_hash() != entry.computed_hash() {
        return Some("an entry has another hash when redacted".to_owned());
    }
    let is_read = |entry: &Entry| entry.read().is_ok();
    if is_read(entry) && !is_read(&redacted) {
        return Some("an entry cannot be read when redacted".to_owned());
    }
    (redacted.redacted().is_some()).then(|| "an entry is redacted twice".to_owned())
}

pub(super) struct Codes;

impl Target for Codes {
    fn name(&self) -> &'static str {
        "codes"
    }

    fn share(&self) -> u64 {
        1_600
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let enrolment = EnrolmentCode::new([7; wire::SECRET_BYTES], b"a certificate");
        let query = QueryCode::of("6f1a7c3e-9a51-4f0c-8b7d-9e1101931f6e", "20261123-W01-0001");
        Ok([enrolment.to_string(), query.to_string(), "ab".repeat(32)]
            .map(String::into_bytes)
            .to_vec())
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        let Ok(text) = std::str::from_utf8(input) else {
            return Taken::Refused;
        };
        let query = QueryCode::of("6f1a7c3e-9a51-4f0c-8b7d-9e1101931f6e", "20261123-W01-0001");
        let code = EnrolmentCode::read(text);
        if let Ok(code) = &code
            && EnrolmentCode::read(&code.to_string()).ok().as_ref() != Some(code)
        {
            return Taken::Wrong("a code is written otherwise".to_owned());
        }
        let is_hash = text.parse::<wire::Hash>().is_ok();
        Taken::if_some(code.is_ok() || query.is(text) || is_hash)
    }
}
