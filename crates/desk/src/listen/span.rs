//! Stretches of a text as a window counts them: in UTF-16 code units, as JavaScript does.

use std::ops::Range;

use serde::Serialize;
use ts_rs::TS;

/// A stretch of the text, in UTF-16 code units: `text.slice(start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Turns bytes of one text into code units of it.
pub(crate) struct Spans {
    /// The byte and the code unit at which each character begins, and the end of the text.
    starts: Vec<(usize, u32)>,
}

impl Spans {
    pub(crate) fn of(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 3 + 1);
        let mut units = 0;
        for (at, c) in text.char_indices() {
            starts.push((at, units));
            units += u32::from(c.len_utf16() > 1) + 1;
        }
        starts.push((text.len(), units));
        Self { starts }
    }

    pub(crate) fn span(&self, bytes: &Range<usize>) -> Span {
        Span {
            start: self.unit(bytes.start),
            end: self.unit(bytes.end),
        }
    }

    pub(crate) fn all(&self, bytes: &[Range<usize>]) -> Vec<Span> {
        bytes.iter().map(|range| self.span(range)).collect()
    }

    fn unit(&self, byte: usize) -> u32 {
        let at = self.starts.partition_point(|(start, _)| *start < byte);
        let start = self.starts.get(at).or(self.starts.last());
        start.map_or(0, |(_, unit)| *unit)
    }
}

/// The words of the ranges, each once, as they stand in the text.
pub(crate) fn words<'t>(text: &'t str, ranges: &[Range<usize>]) -> Vec<&'t str> {
    let mut words: Vec<&str> = Vec::new();
    for range in ranges {
        match text.get(range.clone()) {
            Some(word) if !word.is_empty() && !words.contains(&word) => words.push(word),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_a_rare_character_twice() {
        let text = "𠮷野家门口停水";
        let spans = Spans::of(text);
        let start = text.find("停水").unwrap();
        let span = spans.span(&(start..start + "停水".len()));
        assert_eq!((span.start, span.end), (6, 8));
        assert_eq!(
            words(text, &[start..text.len(), start..text.len()]),
            ["停水"]
        );
    }
}
