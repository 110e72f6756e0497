//! Command line words, taken out one by one; what is left at the end is a mistake.
//!
//! clap would do more than is needed here and take longer to compile than the rest of the door.

use anyhow::{Context as _, Result, bail};

pub(crate) struct Args {
    words: Vec<String>,
    /// What stood after `--`, to be passed on as it is.
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn new(mut words: Vec<String>) -> Self {
        let rest = match words.iter().position(|word| word == "--") {
            Some(at) => words.split_off(at).into_iter().skip(1).collect(),
            None => Vec::new(),
        };
        Self { words, rest }
    }

    /// Takes out a flag such as `--headless`.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let n_before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < n_before
    }

    /// Takes out `--name VALUE` or `--name=VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let with_equals = format!("{name}=");
        if let Some(at) = self
            .words
            .iter()
            .position(|word| word.starts_with(&with_equals))
        {
            let word = self.words.remove(at);
            return Ok(word.strip_prefix(&with_equals).map(str::to_owned));
        }
        let Some(at) = self.words.iter().position(|word| word == name) else {
            return Ok(None);
        };
        let mut taken = self.words.drain(at..(at + 2).min(self.words.len())).skip(1);
        Ok(Some(
            taken
                .next()
                .with_context(|| format!("{name} needs a value"))?,
        ))
    }

    /// Takes out the next plain word.
    pub(crate) fn word(&mut self, what: &str) -> Result<String> {
        let word = self.next_word();
        word.with_context(|| format!("{what} is missing, see `cargo xtask help`"))
    }

    /// The same where there may be none.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        (!self.words.is_empty()).then(|| self.words.remove(0))
    }

    /// With a word that goes before all others.
    pub(crate) fn behind(mut self, word: &str) -> Self {
        self.words.insert(0, word.to_owned());
        self
    }

    /// Everything, for commands that pass their words on.
    pub(crate) fn into_all(self) -> Vec<String> {
        let Self { mut words, rest } = self;
        if !rest.is_empty() {
            words.push("--".to_owned());
            words.extend(rest);
        }
        words
    }

    /// Ends the reading: what stood after `--`, or a complaint about words nobody asked for.
    pub(crate) fn finish(self) -> Result<Vec<String>> {
        if let Some(word) = self.words.first() {
            bail!("unexpected `{word}`, see `cargo xtask help`");
        }
        Ok(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn takes_flags_values_and_the_rest() {
        let mut given = args("--headless --data /tmp/x --only=ui -- one --two");
        assert!(given.flag("--headless"));
        assert!(!given.flag("--headless"));
        assert_eq!(given.value("--data").unwrap().as_deref(), Some("/tmp/x"));
        assert_eq!(given.value("--only").unwrap().as_deref(), Some("ui"));
        assert_eq!(given.finish().unwrap(), ["one", "--two"]);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(
            args("--data").value("--data").unwrap_err().to_string(),
            "--data needs a value"
        );
        assert_eq!(
            args("--dta x").finish().unwrap_err().to_string(),
            "unexpected `--dta`, see `cargo xtask help`"
        );
    }
}
