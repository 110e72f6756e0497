//! 密封: what the center knows of a caller and a unit may not read (第十七条).
//!
//! The fields of a caller never come into an answer of a sealed order. But people also write names
//! and numbers into texts: whatever is told of such an order has those taken out, letter by letter.

use domain::matter::Caller;
use serde_json::Value;

/// What stands in the place of what was taken out.
const HIDDEN: &str = "＊＊＊";
/// A shorter name is a word that stands in every other sentence.
const NAME_MIN_CHARS: usize = 2;
/// A shorter address names a whole town.
const ADDRESS_MIN_CHARS: usize = 4;
/// Shorter numbers are those of houses and sums.
const NUMBER_MIN_DIGITS: usize = 7;

/// The identity of one caller, as it is looked for in texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    words: Vec<String>,
    numbers: Vec<String>,
}

impl Seal {
    pub(crate) fn of(caller: &Caller) -> Self {
        let name = Some(caller.name.trim()).filter(|it| it.chars().count() >= NAME_MIN_CHARS);
        let address = caller.address.trim();
        let address = Some(address).filter(|it| it.chars().count() >= ADDRESS_MIN_CHARS);
        // The address first: a name may be a part of it.
        let words = address.into_iter().chain(name).map(str::to_owned);
        let numbers = [&caller.phone, &caller.contact_phone];
        let numbers = numbers.into_iter().map(|number| digits(number));
        Self {
            words: words.collect(),
            numbers: numbers
                .filter(|digits| digits.len() >= NUMBER_MIN_DIGITS)
                .collect(),
        }
    }

    /// The text without the identity.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut sealed = text.to_owned();
        for word in &self.words {
            sealed = sealed.replace(word, HIDDEN);
        }
        for number in &self.numbers {
            sealed = without_number(&sealed, number);
        }
        sealed
    }

    /// Every text in an answer without the identity.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.value(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.value(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// ０ to ９ count as well.
fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10),
        _ => None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// What people put between the digits of a number.
fn is_within_number(character: char) -> bool {
    digit(character).is_some() || matches!(character, ' ' | '-' | '－' | '—' | '\u{a0}')
}

/// Takes out each run of digits, with what parts them, that has the number in it.
fn without_number(text: &str, number: &str) -> String {
    let mut sealed = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars() {
        if is_within_number(character) {
            run.push(character);
        } else {
            end_run(&mut sealed, &mut run, number);
            sealed.push(character);
        }
    }
    end_run(&mut sealed, &mut run, number);
    sealed
}

fn end_run(sealed: &mut String, run: &mut String, number: &str) {
    if digits(run).contains(number) {
        sealed.push_str(HIDDEN);
    } else {
        sealed.push_str(run);
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seal() -> Seal {
        Seal::of(&Caller {
            phone: "13800001234".to_owned(),
            contact_phone: "0818-7212345".to_owned(),
            name: "王秀英".to_owned(),
            address: "渠江街道王秀英家".to_owned(),
        })
    }

    #[test]
    fn the_identity_is_taken_out_however_it_is_written() {
        let seal = seal();
        let sealed = |text: &str| seal.text(text);
        assert_eq!(
            sealed("王秀英说，电话13800001234。"),
            "＊＊＊说，电话＊＊＊。"
        );
        assert_eq!(sealed("拨 138-0000 1234 无人接"), "拨＊＊＊无人接");
        assert_eq!(sealed("１３８００００１２３４"), "＊＊＊");
        assert_eq!(sealed("08187212345转2"), "＊＊＊转2");
        assert_eq!(sealed("住渠江街道王秀英家楼下"), "住＊＊＊楼下");
        assert_eq!(sealed("王秀兰，13800001235"), "王秀兰，13800001235");
    }

    #[test]
    fn nothing_known_takes_nothing_out() {
        let seal = Seal::of(&Caller::default());
        assert_eq!(seal.text("拨打12345，3号楼"), "拨打12345，3号楼");
    }

    #[test]
    fn every_text_of_an_answer_is_looked_at() {
        let mut value = json!({ "a": ["王秀英"], "b": { "c": "13800001234" }, "n": 13 });
        seal().value(&mut value);
        assert_eq!(
            value,
            json!({ "a": ["＊＊＊"], "b": { "c": "＊＊＊" }, "n": 13 })
        );
    }
}
