//! The forms, from outside, as `center` and `desk-sync` use them.

#[cfg(test)]
mod feed;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod redaction;
