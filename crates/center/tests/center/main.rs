//! The center from outside: what every ledger and every table of records must do, what becomes of intents, and the table of
//! conflicts.

#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod io_errors;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod power_loss;
#[cfg(test)]
mod records;
#[cfg(test)]
mod redaction;
#[cfg(test)]
mod town;
#[cfg(test)]
mod verdicts;
