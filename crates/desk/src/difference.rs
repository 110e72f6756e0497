//! How two texts differ, for the eyes: sentence by sentence, and within what was changed character by
//! character, which is as fine as Chinese has it. `similar` does the comparing; what is made here is
//! that the result reads like an editor's hand and not like a machine's.
//!
//! Weighed and left: jsdiff in the window (words are split at spaces, and the window would have to
//! hold both texts) and one comparison by characters alone (it finds 的 in both and calls it kept).

use std::ops::Range;

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use ts_rs::TS;

/// A changed stretch longer than this is shown as taken out and put in, whole.
const COMPARED_MAX_CHARS: usize = 2000;
/// What both have between two changes counts as kept from so many characters on.
const KEPT_MIN_CHARS: usize = 2;
/// With less than this share of the shorter one kept, in hundredths, a stretch is another one and not a
/// changed one.
const SAME_STRETCH_HUNDREDTHS: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    Same,
    Removed,
    Added,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DiffSegment {
    pub text: String,
    pub kind: DiffKind,
}

/// The pieces of both texts in reading order; those that are not added make `before` again, those
/// that are not removed make `after`.
pub(crate) fn difference(before: &str, after: &str) -> Vec<DiffSegment> {
    let (old, new) = (sentences(before), sentences(after));
    let mut pieces = Pieces::default();
    for (tag, in_old, in_new) in compared(&old, &new) {
        let (old, new) = (stretch(&old, in_old), stretch(&new, in_new));
        if tag == DiffTag::Equal {
            pieces.keep(&old);
        } else {
            by_characters(&old, &new, &mut pieces);
        }
    }
    pieces.finish()
}

fn by_characters(before: &str, after: &str, pieces: &mut Pieces) {
    let old: Vec<char> = before.chars().collect();
    let new: Vec<char> = after.chars().collect();
    if old.len() > COMPARED_MAX_CHARS || new.len() > COMPARED_MAX_CHARS {
        pieces.change(before, after);
        return;
    }
    let ops = compared(&old, &new);
    let kept = ops
        .iter()
        .filter(|(tag, range, _)| *tag == DiffTag::Equal && range.len() >= KEPT_MIN_CHARS);
    let n_kept: usize = kept.map(|(_, range, _)| range.len()).sum();
    if n_kept * 100 < SAME_STRETCH_HUNDREDTHS * old.len().min(new.len()) {
        pieces.change(before, after);
        return;
    }
    for (tag, in_old, in_new) in ops {
        let is_edge = in_old.start == 0 || in_old.end == old.len();
        let is_kept = tag == DiffTag::Equal && (is_edge || in_old.len() >= KEPT_MIN_CHARS);
        let (old, new) = (stretch(&old, in_old), stretch(&new, in_new));
        if is_kept {
            pieces.keep(&old);
        } else {
            pieces.change(&old, &new);
        }
    }
}

fn compared<T: std::hash::Hash + Ord>(
    old: &[T],
    new: &[T],
) -> Vec<(DiffTag, Range<usize>, Range<usize>)> {
    capture_diff_slices(Algorithm::Myers, old, new)
        .iter()
        .map(similar::DiffOp::as_tag_tuple)
        .collect()
}

fn stretch<T: ToString>(parts: &[T], range: Range<usize>) -> String {
    let parts = parts.get(range).unwrap_or_default();
    parts.iter().map(ToString::to_string).collect()
}

/// A text as its sentences, each with the mark it ends in.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '！', '？', '；', '\n'])
        .collect()
}

/// Segments under way: what was taken out stands before what was put in.
#[derive(Default)]
struct Pieces {
    done: Vec<DiffSegment>,
    removed: String,
    added: String,
}

impl Pieces {
    fn change(&mut self, removed: &str, added: &str) {
        self.removed.push_str(removed);
        self.added.push_str(added);
    }

    fn keep(&mut self, text: &str) {
        self.flush();
        self.push(text.to_owned(), DiffKind::Same);
    }

    fn flush(&mut self) {
        let removed = std::mem::take(&mut self.removed);
        let added = std::mem::take(&mut self.added);
        self.push(removed, DiffKind::Removed);
        self.push(added, DiffKind::Added);
    }

    fn push(&mut self, text: String, kind: DiffKind) {
        match self.done.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(&text),
            Some(_) | None => self.done.push(DiffSegment { text, kind }),
        }
    }

    fn finish(mut self) -> Vec<DiffSegment> {
        self.flush();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[-taken out-]{+put in+}`.
    fn shown(before: &str, after: &str) -> String {
        let segments = difference(before, after);
        let side = |left_out: DiffKind| -> String {
            let kept = segments.iter().filter(|it| it.kind != left_out);
            kept.map(|it| it.text.as_str()).collect()
        };
        assert_eq!(side(DiffKind::Added), before);
        assert_eq!(side(DiffKind::Removed), after);
        let piece = |it: &DiffSegment| match it.kind {
            DiffKind::Same => it.text.clone(),
            DiffKind::Removed => format!("[-{}-]", it.text),
            DiffKind::Added => format!("{{+{}+}}", it.text),
        };
        segments.iter().map(piece).collect()
    }

    #[test]
    fn it_reads_like_an_editors_hand() {
        for (before, after, expected) in [
            ("", "", ""),
            ("一样。", "一样。", "一样。"),
            ("", "新的。", "{+新的。+}"),
            ("旧的。", "", "[-旧的。-]"),
            (
                "打12333挂失，再到窗口补卡。",
                "打12333挂失，再带身份证到窗口补卡。",
                "打12333挂失，再{+带身份证+}到窗口补卡。",
            ),
            (
                "电话7300000。周三学习。地点不变。",
                "电话7311111。地点不变。",
                "电话73[-00000。周三学习-]{+11111+}。地点不变。",
            ),
            (
                "咨询电话是0818-7300000，工作日接听。",
                "咨询电话是0818-7311111，工作日接听。",
                "咨询电话是0818-73[-00000-]{+11111+}，工作日接听。",
            ),
            // One character in common is not kept between two changes.
            (
                "申请人的身份证原件交到窗口办理",
                "申请人的户口簿原件交到窗口办理",
                "申请人的[-身份证-]{+户口簿+}原件交到窗口办理",
            ),
            ("晴天出门。", "下雨打伞。", "[-晴天出门。-]{+下雨打伞。+}"),
            (
                "𠮷祥。\r\n第二行",
                "𠮷祥！\r\n第二行",
                "𠮷祥[-。-]{+！+}\r\n第二行",
            ),
        ] {
            assert_eq!(shown(before, after), expected);
        }
    }

    #[test]
    fn long_texts_are_compared_sentence_by_sentence() {
        let before = "第一句不变。".repeat(3_000);
        let after = format!("{}新的一句。{before}", "甲".repeat(20_000));
        let segments = difference(&before, &after);
        assert_eq!(segments.len(), 2);
        assert!(segments.iter().all(|it| it.kind != DiffKind::Removed));
        let (one, other) = ("甲乙".repeat(10_000), "丙丁".repeat(10_000));
        assert_eq!(difference(&one, &other).len(), 2);
    }
}
