//! 排行: a text as lines of a width, after the rules of Chinese setting.
//!
//! A line may end behind any Chinese character, but no closing sign begins one and no opening sign
//! ends one (避头尾); words and numbers stay whole. Between Chinese and Latin stands a little space.

use crate::face::{Face, Glyph};

/// What does not begin a line, and what does not end one.
const NOT_FIRST: &str = "，。、；：？！）》」』】〉〕”’…—～·%‰℃,.;:?!)]}";
const NOT_LAST: &str = "（《「『【〈〔“‘([{";
/// Between Chinese and Latin, in ems.
const BETWEEN_SCRIPTS: f32 = 0.125;
/// A line is not stretched by more for each character, in ems.
const STRETCH_MAX: f32 = 0.25;
/// In a narrower column, in ems, ragged lines look better than stretched ones.
const JUSTIFIED_FROM: f32 = 20.0;

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) face: Face,
    /// In points.
    pub(crate) size: f32,
}

/// A character that stands in a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Set {
    pub(crate) c: char,
    pub(crate) glyph: Glyph,
    /// From this character to the next, in points.
    pub(crate) advance: f32,
}

/// A line as it is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) characters: Vec<Set>,
    /// Where it begins, from the left edge of the text.
    pub(crate) indent: f32,
    pub(crate) size: f32,
}

impl Line {
    pub(crate) fn width(&self) -> f32 {
        self.characters.iter().map(|set| set.advance).sum()
    }

    /// Stretches a line to a width, where little is missing.
    fn justify(&mut self, width: f32) {
        let n_gaps = self.characters.len().saturating_sub(1);
        let missing = width - self.indent - self.width();
        #[expect(clippy::cast_precision_loss, reason = "as many as stand in a line")]
        let each = missing / n_gaps.max(1) as f32;
        if each > 0.0 && each <= STRETCH_MAX * self.size {
            for set in self.characters.iter_mut().take(n_gaps) {
                set.advance += each;
            }
        }
    }
}

/// What a reader sees of a text: without what steers terminals or turns the reading round.
fn visible(c: char) -> Option<char> {
    match c {
        '\t' | '\u{A0}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFF}'
        | '\u{E_0000}'..='\u{E_0FFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{C0}'..='\u{24F}').contains(&c)
}

/// What stays together with the Latin beside it.
fn is_of_a_word(c: char) -> bool {
    is_latin(c) || (c.is_ascii_punctuation() && !"()[]{}".contains(c)) || c == '‰' || c == '℃'
}

fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

fn set(text: &str, style: Style) -> Vec<Set> {
    let mut characters: Vec<Set> = Vec::new();
    for c in text.chars().filter_map(visible) {
        let Some(glyph) = style.face.glyph(c) else {
            continue;
        };
        if let Some(before) = characters.last_mut() {
            let other_script =
                (is_chinese(before.c) && is_latin(c)) || (is_latin(before.c) && is_chinese(c));
            if other_script {
                before.advance += BETWEEN_SCRIPTS * style.size;
            }
        }
        characters.push(Set {
            c,
            glyph,
            advance: glyph.advance * style.size,
        });
    }
    characters
}

/// Whether a line may end between the two.
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    !(is_of_a_word(before) && is_of_a_word(after))
}

/// One line, however long.
pub(crate) fn single(text: &str, style: Style) -> Line {
    Line {
        characters: set(&text.replace(['\n', '\r'], " "), style),
        indent: 0.0,
        size: style.size,
    }
}

/// The lines of a text within a width; `first_indent` is the room before the first of each paragraph.
pub(crate) fn lines(text: &str, style: Style, width: f32, first_indent: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut rest = set(paragraph.trim_end(), style);
        let mut indent = first_indent;
        loop {
            let n = fitting(&rest, width - indent);
            let after = rest.split_off(n);
            let is_last = after.is_empty();
            while rest.last().is_some_and(|set| set.c == ' ') {
                rest.pop();
            }
            let mut line = Line {
                characters: rest,
                indent,
                size: style.size,
            };
            if !is_last && width >= JUSTIFIED_FROM * style.size {
                line.justify(width);
            }
            lines.push(line);
            if is_last {
                break;
            }
            rest = after.into_iter().skip_while(|set| set.c == ' ').collect();
            indent = 0.0;
        }
    }
    lines
}

/// How many characters go into a line: at least one, and all if they fit.
fn fitting(characters: &[Set], width: f32) -> usize {
    let mut used = 0.0;
    let mut last_break = 0;
    for (n, set) in characters.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|before| characters.get(before));
        if before.is_some_and(|before| may_break(before.c, set.c)) {
            last_break = n;
        }
        used += set.advance;
        // What is added between scripts does not count at the end of a line; a hair does not either.
        if used > width + 0.01 + BETWEEN_SCRIPTS * 2.0 && set.c != ' ' {
            return if last_break > 0 { last_break } else { n.max(1) };
        }
    }
    characters.len()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const STYLE: Style = Style {
        face: Face::Song,
        size: 10.0,
    };

    /// Lines of so many Chinese characters.
    fn check(text: &str, n_characters: u8, expected: &Expect) {
        let lines = lines(text, STYLE, f32::from(n_characters) * 10.0, 0.0);
        let lines: Vec<String> = lines
            .iter()
            .map(|line| line.characters.iter().map(|set| set.c).collect())
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn no_closing_sign_begins_a_line_and_no_opening_sign_ends_one() {
        check(
            "渠江街道路灯不亮，请处理。",
            8,
            &expect![[r#"
                渠江街道路灯不
                亮，请处理。"#]],
        );
        check(
            "依据办法第十条（三）办理",
            8,
            &expect![[r#"
                依据办法第十条
                （三）办理"#]],
        );
    }

    #[test]
    fn words_and_numbers_stay_whole() {
        check(
            "工单20261124-0001已派单",
            8,
            &expect![[r#"
                工单
                20261124-0001已
                派单"#]],
        );
        check(
            "网址 https://www.example.gov.cn/a/b/c 结束",
            6,
            &expect![[r#"
                网址
                https://ww
                w.example.
                gov.cn/a/b/c
                结束"#]],
        );
    }

    #[test]
    fn paragraphs_and_what_cannot_be_seen() {
        check(
            "一\n\n二\u{202E}反\u{7}写\u{0}",
            8,
            &expect![[r#"
                一

                二反写"#]],
        );
        let lines = lines(&"水".repeat(25), STYLE, 100.0, 20.0);
        let counts: Vec<usize> = lines.iter().map(|line| line.characters.len()).collect();
        assert_eq!(counts, [8, 10, 7]);
    }
}
