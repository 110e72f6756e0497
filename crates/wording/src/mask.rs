//! Personal data as people see it who need not know it.

/// 138****1234; shorter numbers keep their last two digits.
pub fn masked(phone: &str) -> String {
    let characters: Vec<char> = phone.chars().collect();
    let (n_head, n_tail) = match characters.len() {
        0..=4 => (0, 1),
        5..=7 => (0, 2),
        _ => (3, 4),
    };
    let n_hidden = characters.len().saturating_sub(n_head + n_tail);
    let mask = |(at, character): (usize, &char)| {
        if (n_head..n_head + n_hidden).contains(&at) {
            '*'
        } else {
            *character
        }
    };
    characters.iter().enumerate().map(mask).collect()
}

/// 王**; empty where no name was left.
pub fn masked_name(name: &str) -> String {
    let mark = |(at, character): (usize, char)| if at == 0 { character } else { '*' };
    name.trim().chars().enumerate().map(mark).collect()
}

/// 川S·12**5 of a number plate: who drives it is found by the whole of it.
fn masked_plate(plate: &str) -> String {
    let n = plate.chars().filter(|it| *it != '·').count();
    let mut at = 0;
    let mark = |character: char| {
        if character == '·' {
            return character;
        }
        at += 1;
        if at > 3 && at < n { '*' } else { character }
    };
    plate.chars().map(mark).collect()
}

/// What a plate begins with: the short names of the provinces.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// The letters and digits behind the province and the letter of the city.
const PLATE_TAIL: std::ops::RangeInclusive<usize> = 5..=6;

/// The text with every number plate in it masked: 川S1***5.
fn masked_plates(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        if let Some(n) = plate_at(characters.get(at..).unwrap_or_default()) {
            let plate: String = characters.iter().skip(at).take(n).collect();
            shown.push_str(&masked_plate(&plate));
            at += n;
        } else {
            shown.push(character);
            at += 1;
        }
    }
    shown
}

/// How many characters the plate has that begins here.
fn plate_at(characters: &[char]) -> Option<usize> {
    let [province, city, rest @ ..] = characters else {
        return None;
    };
    if !PROVINCES.contains(*province) || !city.is_ascii_uppercase() {
        return None;
    }
    let n_dot = usize::from(rest.first() == Some(&'·'));
    let tail = rest.iter().skip(n_dot);
    let n_tail = tail
        .take_while(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
        .count();
    PLATE_TAIL.contains(&n_tail).then_some(2 + n_dot + n_tail)
}

/// So many digits in a row are a person's number: a mobile telephone, an identity card, a bank card.
/// The office's own telephones are shorter.
const PERSONAL_DIGITS: usize = 11;

/// The text with every personal number in it masked: 139****5678, 513*********123X, 川S1***5.
pub fn masked_in_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars().chain(['\n']) {
        let is_check_digit = matches!(character, 'X' | 'x') && run.chars().count() == 17;
        if character.is_ascii_digit() || ('０'..='９').contains(&character) || is_check_digit {
            run.push(character);
            continue;
        }
        if run.chars().count() >= PERSONAL_DIGITS {
            shown.push_str(&masked(&run));
        } else {
            shown.push_str(&run);
        }
        run.clear();
        shown.push(character);
    }
    // The line end that was put behind it.
    shown.pop();
    masked_plates(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking() {
        assert_eq!(masked("13800001234"), "138****1234");
        assert_eq!(masked("0818-7212345"), "081*****2345");
        assert_eq!(masked("12345"), "***45");
        assert_eq!(masked("110"), "**0");
        assert_eq!(masked(""), "");
        assert_eq!(masked_name("王秀英"), "王**");
        assert_eq!(masked_name(" 王 "), "王");
        assert_eq!(masked_name(""), "");
    }

    #[test]
    fn personal_numbers_in_a_text() {
        for (text, shown) in [
            ("请拨13800001234联系", "请拨138****1234联系"),
            (
                "电话0818-7212345，到窗口办理",
                "电话0818-7212345，到窗口办理",
            ),
            (
                "身份证51302919900101123X已核",
                "身份证513***********123X已核",
            ),
            ("１３８００００１２３４", "１３８****１２３４"),
            ("工单20261126-W01-0001", "工单20261126-W01-0001"),
            ("", ""),
            ("末尾 13800001234", "末尾 138****1234"),
            (
                "川S12345占道，另有川S·D12345",
                "川S1***5占道，另有川S·D****5",
            ),
            ("川A是成都的，京沪高铁G1234", "川A是成都的，京沪高铁G1234"),
        ] {
            assert_eq!(masked_in_text(text), shown);
        }
    }
}
