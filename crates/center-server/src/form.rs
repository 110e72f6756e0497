//! 表单: what a browser or a program sends as `name=value&…`, in an address or as a body.
//!
//! Read strictly: what is not UTF-8, or is cut off in the middle of a `%`, is refused instead of
//! being guessed, because what people say is kept for ever.

use thiserror::Error;

/// Bytes of a body.
pub const FORM_MAX_BYTES: usize = 64 << 10;
/// Fields of a form.
pub const FIELDS_MAX: usize = 100;
/// Characters of a field's name.
const NAME_MAX_CHARS: usize = 64;

/// The fields in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// Why a form cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FormFault {
    #[error("the form is larger than {FORM_MAX_BYTES} bytes")]
    TooLarge,
    #[error("the form has more than {FIELDS_MAX} fields")]
    TooManyFields,
    #[error("the form is not UTF-8")]
    NotUtf8,
    #[error("the form has a broken % sequence")]
    BrokenEscape,
    #[error("the form has control characters")]
    ControlCharacter,
    #[error("a field has a name that no field has")]
    BadName,
}

impl Form {
    pub fn read(bytes: &[u8]) -> Result<Self, FormFault> {
        if bytes.len() > FORM_MAX_BYTES {
            return Err(FormFault::TooLarge);
        }
        let pairs: Vec<&[u8]> = bytes
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .collect();
        if pairs.len() > FIELDS_MAX {
            return Err(FormFault::TooManyFields);
        }
        let read = |pair: &[u8]| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(halves.next().unwrap_or_default())?;
            let value = decoded(halves.next().unwrap_or_default())?;
            if is_name(&name) {
                Ok((name, value))
            } else {
                Err(FormFault::BadName)
            }
        };
        pairs
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Names and values as they stand there.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let each = self.0.iter();
        each.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of a name, trimmed; `None` where there is none or it is empty.
    pub fn get<'a>(&'a self, name: &str) -> Option<&'a str> {
        let of_name = self.0.iter().filter(|(it, _)| it == name);
        let mut said = of_name.map(|(_, value)| value.trim());
        said.find(|value| !value.is_empty())
    }

    /// The values of a list that may be repeated or separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let parts = self
            .0
            .iter()
            .filter(|(it, _)| it == name)
            .flat_map(|(_, value)| value.split(','));
        parts
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

fn is_name(name: &str) -> bool {
    (1..=NAME_MAX_CHARS).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-[]".contains(c))
}

fn decoded(bytes: &[u8]) -> Result<String, FormFault> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        plain.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || {
                    let digit = rest.next().map(|it| char::from(*it))?.to_digit(16)?;
                    u8::try_from(digit).ok()
                };
                let (high, low) = (digit(), digit());
                let (high, low) = high.zip(low).ok_or(FormFault::BrokenEscape)?;
                high * 16 + low
            }
            byte => *byte,
        });
    }
    let text = String::from_utf8(plain).map_err(|_bytes| FormFault::NotUtf8)?;
    let is_strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(is_strange) {
        return Err(FormFault::ControlCharacter);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_as_browsers_send_them() {
        let form = Form::read("q=%E5%81%9C%E6%B0%B4+了&status=open,closed&status=open&empty=&lone&attribute%5Bkind%5D=help".as_bytes());
        let form = form.unwrap();
        assert_eq!(form.get("q"), Some("停水 了"));
        assert_eq!(form.list("status"), ["open", "closed", "open"]);
        assert_eq!(form.get("empty"), None);
        assert_eq!(form.get("attribute[kind]"), Some("help"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, fault) in [
            (&b"q=%B1%A8"[..], FormFault::NotUtf8),
            (b"q=\xFF", FormFault::NotUtf8),
            (b"q=%", FormFault::BrokenEscape),
            (b"q=%zz", FormFault::BrokenEscape),
            (b"q=%00", FormFault::ControlCharacter),
            (b"q=%1B", FormFault::ControlCharacter),
            (b"=1", FormFault::BadName),
            (b"%E6%B0%B4=1", FormFault::BadName),
        ] {
            assert_eq!(Form::read(bytes), Err(fault), "{bytes:?}");
        }
        assert_eq!(
            Form::read(&vec![b'a'; FORM_MAX_BYTES + 1]),
            Err(FormFault::TooLarge)
        );
        let many = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(Form::read(many.as_bytes()), Err(FormFault::TooManyFields));
    }
}
