//! What leaves the house and who comes in from outside: citizens, their programs, superiors, and the
//! gateway for short messages. Over real sockets, on a real disk.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod house;
#[cfg(test)]
mod open311;
#[cfg(test)]
mod public;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod upstream;
#[cfg(test)]
mod upstream_file;
#[cfg(test)]
mod urging;
#[cfg(test)]
mod webhook;
