//! The units' portal, asked as a browser asks it.

mod browser;
mod days;
mod doors;
mod hostile;
mod knowledge;
mod scores;
mod secrets;
mod town;
