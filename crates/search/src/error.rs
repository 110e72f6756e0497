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
        use io::ErrorKind::{InvalidData, UnexpectedEof};
        if matches!(error.kind(), InvalidData | UnexpectedEof) {
            damaged(&error)
        } else {
            Self::Storage(error)
        }
    }
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        if let TantivyError::IoError(io_error)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) = &error
        {
            return io::Error::new(io_error.kind(), Arc::clone(io_error)).into();
        }
        let is_the_system = matches!(
            error,
            TantivyError::OpenWriteError(_)
                | TantivyError::OpenDirectoryError(_)
                | TantivyError::LockFailure(..)
                | TantivyError::SystemError(_)
                | TantivyError::ErrorInThread(_)
                | TantivyError::Poisoned
        );
        // What is left is said about content: the files do not hold what we wrote.
        if is_the_system {
            Self::Storage(io::Error::other(error))
        } else {
            damaged(&error)
        }
    }
}

fn damaged(error: &dyn std::error::Error) -> SearchError {
    SearchError::Damaged {
        detail: error.to_string(),
    }
}
