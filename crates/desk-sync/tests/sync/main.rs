//! The machine, question by question. What many of them come to together is the simulation's
//! (`xtask/sim`); here stands what one of them asks, and when.

#[cfg(test)]
mod paper;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod talks;
#[cfg(test)]
mod verifying;
#[cfg(test)]
mod views;
