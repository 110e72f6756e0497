//! The center's server as those outside meet it: over real sockets, on a real disk.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod desks_door;
#[cfg(test)]
mod house;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod program;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod verify;
