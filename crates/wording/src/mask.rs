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

/// So many digits in a row are a person's number: a mobile telephone, an identity card, a bank card.
/// The office's own telephones are shorter.
const PERSONAL_DIGITS: usize = 11;

/// The text with every personal number in it masked: 139****5678, 513*********123X.
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
    shown
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
        ] {
            assert_eq!(masked_in_text(text), shown);
        }
    }
}
