//! 排印: a form as a PDF on A4, with its fonts inside.
//!
//! A [`Form`] goes through three hands: [`line`] sets its texts in lines after the rules of Chinese,
//! [`flow`] places lines, tables and charts on pages, [`draw`] writes the pages. Nothing is a program
//! on this way: a text is characters with places, so nothing in it can be a command.

mod chart;
mod draw;
mod face;
mod flow;
mod line;
mod rows;
mod sheet;

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use documents::form::Form;
use thiserror::Error;

use crate::sheet::Item;

/// More pages are not set: nobody prints them, and a workbook holds the rows better.
pub const PAGES_MAX: usize = 1_000;

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaperError {
    /// 页数过多.
    #[error("the form has more than {limit} pages")]
    TooLong { limit: usize },
    #[error("the PDF cannot be written: {detail}")]
    Unwritten { detail: String },
}

/// 一份 PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    pub bytes: Vec<u8>,
    pub n_pages: usize,
    /// 缺字: characters that no font of ours has; 〓 stands in their place.
    pub missing: BTreeSet<char>,
}

/// Sets a form and writes it; `at` is the civil time in Beijing that the file says it was written at.
pub fn print(form: &Form, at: NaiveDateTime) -> Result<Printed, PaperError> {
    let sheets = flow::pages(form)?;
    let mut missing = BTreeSet::new();
    for item in sheets.iter().flat_map(|sheet| &sheet.items) {
        if let Item::Text { line, .. } = item {
            let unknown = line.characters.iter().filter(|set| set.glyph.is_missing);
            missing.extend(unknown.map(|set| set.c));
        }
    }
    Ok(Printed {
        bytes: draw::pdf(form, &sheets, at)?,
        n_pages: sheets.len(),
        missing,
    })
}
