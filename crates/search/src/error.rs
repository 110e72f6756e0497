//! What can go wrong, in the four ways that the desk treats differently.

use std::{io, sync::Arc};

use tantivy::{TantivyError, directory::error::OpenReadError};
use thiserror::Error;

/// A search or an update that did not happen.
#[derive(Debug, Error)]
pub enum SearchError {
    /// The person is told; nothing is wrong with the index.
    #[error("The text has {n_characters} characters, the limit is {limit}")]
    TextTooLong { n_characters: usize, limit: usize },
    /// The desk says that the index is being built, and builds it.
    #[error("There is no index to search yet")]
    NotBuilt,
    /// The desk rebuilds from the store.
    #[error("The index is damaged: {detail}")]
    Damaged { detail: String },
    /// The disk or the system failed; a rebuild would fail as well.
    #[error("Storing the index failed")]
    Storage(#[source] io::Error),
}

impl From<io::Error> for SearchError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => damaged(&error),
            // Every other kind is the system's, and more kinds may be added to this foreign enum.
            _ => Self::Storage(error),
        }
    }
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::IoError(error) => shared(&error).into(),
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => {
                shared(&io_error).into()
            }
            TantivyError::OpenWriteError(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::LockFailure(..)
            | TantivyError::SystemError(_)
            | TantivyError::ErrorInThread(_)
            | TantivyError::Poisoned => Self::Storage(io::Error::other(error)),
            // What is left is said about content: the files do not hold what we wrote.
            _ => damaged(&error),
        }
    }
}

fn damaged(error: &dyn std::error::Error) -> SearchError {
    SearchError::Damaged {
        detail: error.to_string(),
    }
}

fn shared(error: &Arc<io::Error>) -> io::Error {
    io::Error::new(error.kind(), Arc::clone(error))
}
