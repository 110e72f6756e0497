//! What another office program makes of our files: `LibreOffice` opens them and says what it read.
//!
//! The modules stand under `cfg(test)` so that clippy counts their helpers as test code too.

#[cfg(test)]
mod document;
#[cfg(test)]
mod libreoffice;
#[cfg(test)]
mod table;
#[cfg(test)]
mod watermark;
