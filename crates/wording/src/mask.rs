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
}
