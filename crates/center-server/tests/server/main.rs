//! The center's server as those outside meet it: over real sockets, on a real disk.

mod accounts;
mod desk;
mod desks_door;
mod house;
mod postgres;
