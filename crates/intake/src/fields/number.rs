//! Numbers as they are said: 3, 三, 十二, 两百五, 一万二, 半.

use crate::text::Characters;

/// Longer rows are no number that is said.
const MAX_LENGTH: usize = 12;

/// The whole number that stands at a place, and where it ends.
pub(super) fn read(text: &Characters, at: usize) -> Option<(u64, usize)> {
    let end = text.digits_end(at);
    if end > at {
        if end - at > MAX_LENGTH {
            return None;
        }
        return Some((text.string(at, end).parse().ok()?, end));
    }
    spoken(text, at)
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '俩' | '贰' => 2,
        '三' | '叁' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        _ => return None,
    })
}

fn spoken(text: &Characters, at: usize) -> Option<(u64, usize)> {
    let (mut whole, mut section, mut pending) = (0u64, 0u64, None);
    let mut last_unit = 1u64;
    let mut end = at;
    while end - at < MAX_LENGTH {
        let c = text.at(end);
        if let Some(value) = digit(c) {
            if pending.is_some_and(|it| it != 0) {
                break;
            }
            pending = Some(value);
            if value == 0 {
                last_unit = 1;
            }
        } else if let Some(size) = unit(c) {
            if pending.is_none()
                && !(size == 10 && section == 0)
                && !(size == 10_000 && section > 0)
            {
                break;
            }
            if size == 10_000 {
                whole = (whole + section + pending.unwrap_or(0)) * size;
                section = 0;
            } else {
                section += pending.unwrap_or(1) * size;
            }
            pending = None;
            last_unit = size;
        } else {
            break;
        }
        end += 1;
    }
    if end == at {
        return None;
    }
    // 两百五 is 250, 一万二 is 12,000.
    let rest = match pending {
        Some(value) if last_unit >= 100 => value * (last_unit / 10),
        Some(value) => value,
        None => 0,
    };
    Some((whole + section + rest, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say() {
        for (text, number) in [
            ("3天", 3),
            ("三天", 3),
            ("十二", 12),
            ("二十", 20),
            ("二十一号", 21),
            ("两百五", 250),
            ("一千零五", 1_005),
            ("一万二", 12_000),
            ("十万", 100_000),
            ("三千六百块", 3_600),
        ] {
            let characters = Characters::new(text);
            assert_eq!(read(&characters, 0).map(|it| it.0), Some(number), "{text}");
        }
        assert_eq!(read(&Characters::new("天"), 0), None);
        assert_eq!(read(&Characters::new("千万不要"), 0), None);
    }
}
