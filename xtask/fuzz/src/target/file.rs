//! 导入的文件: tables and documents, broken as files and broken within.

use std::io::{Cursor, Read as _};

use anyhow::{Context as _, Result};
use documents::bundle::{self, File};
use documents::markdown::{Piece, Run};
use documents::table::Table;
use documents::word;
use documents::workbook::{self, Sheet};

use super::{Taken, Target};

/// Before the parts of a file that is packed only when it is read.
const UNPACKED: &[u8] = b"PARTS\n";
/// Between the name of a part, what is in it, and the next.
const MARK: u8 = 0x1E;

/// The parts of a zip one after the other: what is broken there is broken inside, and the zip is whole.
fn unpacked(zip: &[u8]) -> Result<Vec<u8>> {
    let mut zip =
        zip::ZipArchive::new(Cursor::new(zip)).context("Opening what was just written")?;
    let mut text = UNPACKED.to_vec();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at)?;
        text.extend(part.name()?.as_bytes());
        text.push(MARK);
        part.read_to_end(&mut text)?;
        text.push(MARK);
    }
    Ok(text)
}

/// A file as it is read: what came packed as it came, the parts packed.
fn packed(input: &[u8]) -> Vec<u8> {
    let Some(parts) = input.strip_prefix(UNPACKED) else {
        return input.to_vec();
    };
    let mut parts = parts.split(|byte| *byte == MARK);
    let mut files = Vec::new();
    while let (Some(name), Some(bytes)) = (parts.next(), parts.next()) {
        files.push(File {
            name: String::from_utf8_lossy(name).into_owned(),
            bytes: bytes.to_vec(),
        });
    }
    // A name that no zip takes is no file.
    bundle::write(&files).unwrap_or_default()
}

pub(super) struct Tables;

impl Target for Tables {
    fn name(&self) -> &'static str {
        "tables"
    }

    fn share(&self) -> u64 {
        140
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let mut sheet = Sheet::new("知识", &["标题", "答案", "有效期至"]);
        let row = [
            "社保卡丢了怎么办",
            "先拨打 12333 挂失。\n再补办。",
            "2027-12-31",
        ];
        sheet.rows = vec![row.map(str::to_owned).to_vec(); 3];
        let xlsx = workbook::write(&[sheet], None).context("Writing a workbook")?;
        let csv = "标题,答案\n停水,\"打,电话\"\n停电,等\n".as_bytes().to_vec();
        let gb = vec![
            0xB1, 0xEA, 0xCC, 0xE2, b',', 0xB4, 0xF0, b'\n', b'a', b',', b'b',
        ];
        Ok(vec![unpacked(&xlsx)?, xlsx, csv, gb])
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        Taken::if_some(Table::read(&packed(input)).is_ok_and(|it| !it.is_empty()))
    }
}

pub(super) struct Words;

impl Target for Words {
    fn name(&self) -> &'static str {
        "documents"
    }

    fn share(&self) -> u64 {
        140
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let paragraph = |text: &str| Piece::Paragraph {
            runs: vec![Run::plain(text)],
        };
        let pieces = ["社保卡丢了怎么办", "先拨打 12333 挂失。"].map(paragraph);
        let docx = word::write(&pieces, None).context("Writing a document")?;
        Ok(vec![unpacked(&docx)?, docx])
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        Taken::if_some(word::read(&packed(input)).is_ok_and(|it| !it.is_empty()))
    }
}
