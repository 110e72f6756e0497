//! The two tokenizers: single units, and pairs of neighbouring Chinese characters.
//!
//! Words of letters and digits are whole tokens in both. Pairs never reach over a space or a
//! punctuation mark. The tokens' text is what a query looks up, so **this is frozen by
//! [`schema::FORMAT`](crate::schema::FORMAT)**: a change here needs a new format number.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{self, Symbol, Unit};

/// Makes every unit a token: 医保卡 → 医, 保, 卡.
#[derive(Clone)]
pub(crate) struct UnitTokenizer;

/// Makes every pair a token: 医保卡 → 医保, 保卡.
#[derive(Clone)]
pub(crate) struct PairTokenizer;

/// Tokens that were made beforehand.
pub(crate) struct Tokens {
    texts: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for UnitTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        Tokens::new(
            text::units(text)
                .iter()
                .map(|unit| unit_term(&unit.symbol))
                .collect(),
        )
    }
}

impl Tokenizer for PairTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let units = text::units(text);
        let mut previous: Option<&Unit> = None;
        let mut texts = Vec::with_capacity(units.len());
        for unit in &units {
            if let Symbol::Word(word) = &unit.symbol {
                texts.push(word.to_string());
            } else if let Some(pair) = previous.and_then(|previous| unit.pair_after(previous)) {
                texts.push(pair_term(pair));
            }
            previous = Some(unit);
        }
        Tokens::new(texts)
    }
}

impl Tokens {
    fn new(texts: Vec<String>) -> Self {
        Self {
            texts: texts.into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        let Some(text) = self.texts.next() else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Returns the text under which a unit is indexed.
pub(crate) fn unit_term(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Character(c) => c.to_string(),
        Symbol::Word(word) => word.to_string(),
    }
}

/// Returns the text under which a pair is indexed.
pub(crate) fn pair_term((first, second): (char, char)) -> String {
    [first, second].iter().collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(mut tokenizer: impl Tokenizer, text: &str, expected: &Expect) {
        let mut stream = tokenizer.token_stream(text);
        let mut texts = Vec::new();
        while stream.advance() {
            texts.push(stream.token().text.clone());
        }
        expected.assert_eq(&texts.join(" "));
    }

    #[test]
    fn units() {
        check(UnitTokenizer, "办5G卡，𠮷", &expect!["办 5g 卡 𠮷"]);
    }

    #[test]
    fn pairs_do_not_cross_gaps_or_words() {
        check(
            PairTokenizer,
            "办理医保卡，办5G卡 𠮷野",
            &expect!["办理 理医 医保 保卡 5g 𠮷野"],
        );
        check(PairTokenizer, "水", &expect![""]);
    }
}
