//! What leaves the house and who comes in from outside: citizens, their programs, superiors, and the
//! gateway for short messages. Over real sockets, on a real disk.

mod browser;
mod clients;
mod house;
mod open311;
mod public;
mod receiver;
mod upstream;
mod upstream_file;
mod webhook;
