//! 读取者: whoever reads what comes from outside.

mod call;
mod file;
mod form;
mod http;
mod wire;

use anyhow::Result;

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Accepted,
    Refused,
    /// What must not be.
    Wrong(String),
}

impl Taken {
    fn if_some(is_some: bool) -> Self {
        if is_some {
            Self::Accepted
        } else {
            Self::Refused
        }
    }
}

/// Reads one kind of input.
pub trait Target {
    fn name(&self) -> &'static str;
    /// Of ten thousand inputs.
    fn share(&self) -> u64;
    /// What is right.
    fn seeds(&self) -> Result<Vec<Vec<u8>>>;
    fn take(&mut self, input: &[u8]) -> Taken;
    /// What is looked at once, after all.
    fn end(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Every reader there is.
pub(crate) fn all() -> Result<Vec<Box<dyn Target>>> {
    Ok(vec![
        Box::new(wire::Messages),
        Box::new(wire::Codes),
        Box::new(form::Forms),
        Box::new(file::Tables),
        Box::new(file::Words),
        Box::new(call::Calls::new()?),
        Box::new(call::Links::new()?),
        Box::new(http::Requests::new()?),
    ])
}
