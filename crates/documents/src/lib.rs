//! 表格与文书: what offices send and open, in and out.
//!
//! - [`table`] reads the sheets of xlsx, xls, ods or csv as rows of text;
//! - [`word`] reads the paragraphs, headings and tables of a docx, and writes one;
//! - [`form`] is what a form of the office says, [`blank`] the forms of the trade with fields to fill in,
//!   [`word::fill_template`] fills a docx of an office's own;
//! - [`workbook`] writes xlsx, [`long_table`] one of half a million rows, [`separated`] csv;
//! - [`markdown`] makes the Markdown of an answer HTML that runs nothing, or pieces of a document;
//! - [`bundle`] packs files into a zip;
//! - [`watermark`] says on all of these whose they are, and finds it again.
//!
//! Whatever is handed in is a stranger's file: it has limits, it may be broken or hostile, and then
//! it is a [`ReadError`] with nothing half read. What the rows mean is for others to say.

pub mod blank;
pub mod bundle;
pub mod form;
pub mod long_table;
pub mod markdown;
pub mod separated;
pub mod table;
pub mod watermark;
pub mod word;
pub mod workbook;

mod archive;

use thiserror::Error;

/// A larger file is not read. The longest tables of the trade have some ten megabytes.
pub const FILE_MAX_BYTES: usize = 32 << 20;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// 文件过大, as it is or once it is unpacked.
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// 行数或列数过多.
    #[error("the table has more than {limit} {what}")]
    TooMany { what: Part, limit: usize },
    /// 加密文件.
    #[error("the file is encrypted")]
    Encrypted,
    /// 不是这种文件, or broken.
    #[error("the file cannot be read: {detail}")]
    Broken { detail: String },
    /// 没有内容.
    #[error("the file is empty")]
    Empty,
}

/// What a file has too many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Sheets,
    Rows,
    Columns,
    Cells,
    Paragraphs,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sheets => "sheets",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Cells => "cells",
            Self::Paragraphs => "paragraphs",
        })
    }
}

impl ReadError {
    pub(crate) fn broken(detail: impl std::fmt::Display) -> Self {
        Self::Broken {
            detail: detail.to_string(),
        }
    }
}

/// Refuses a file that is too large to be what it is said to be.
pub(crate) fn check_size(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > FILE_MAX_BYTES {
        return Err(ReadError::TooLarge {
            limit: FILE_MAX_BYTES as u64,
        });
    }
    Ok(())
}
