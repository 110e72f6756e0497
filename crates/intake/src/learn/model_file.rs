//! A model as bytes. **Frozen by [`FORMAT`]**: what changes here, in the features or in their
//! numbers, needs a new number; a model of another number is not read, and is learnt again.
//!
//! Little-endian: the sign, the format, the seal of the keywords, the labels, the temperatures, a
//! scale and a bias a class, then features and their weights; at the end a check over everything.

use thiserror::Error;

use super::calibration::{Calibration, N_TEMPERATURES};
use super::classifier::Classifier;
use super::recipe::Recipe;
use super::trainer::MAX_CLASSES;
use super::vocabulary::{MAX_FEATURES, Vocabulary};
use crate::grams::mixed;

/// The version of the form.
pub(crate) const FORMAT: u16 = 2;
const SIGN: [u8; 4] = *b"QXIM";
/// The longest label, in bytes.
const MAX_LABEL: usize = 1_000;

/// Why bytes are no model that can be used. It is learnt again then; nothing is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ModelError {
    #[error("these bytes are no model")]
    NotAModel,
    #[error("the model has format {format}; this program reads {FORMAT}")]
    OtherFormat { format: u16 },
    #[error("the model is damaged")]
    Damaged,
}

impl Classifier {
    /// The model as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.weights.len() * 2 + self.vocabulary.len() * 8);
        bytes.extend(SIGN);
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(self.keywords_seal.to_le_bytes());
        bytes.extend(length(self.labels.len()));
        for label in &self.labels {
            bytes.extend(length(label.len()));
            bytes.extend(label.as_bytes());
        }
        let floats = |floats: &[f32]| -> Vec<u8> {
            floats
                .iter()
                .flat_map(|float| float.to_le_bytes())
                .collect()
        };
        bytes.extend(floats(&self.calibration.0));
        bytes.extend(floats(&self.scales));
        bytes.extend(floats(&self.biases));
        bytes.extend(length(self.vocabulary.len()));
        bytes.extend(
            self.vocabulary
                .numbers
                .iter()
                .flat_map(|it| it.to_le_bytes()),
        );
        bytes.extend(floats(&self.vocabulary.rarities));
        bytes.extend(self.weights.iter().flat_map(|it| it.to_le_bytes()));
        let check = check_of(&bytes);
        bytes.extend(check.to_le_bytes());
        bytes
    }

    /// Reads what [`Classifier::to_bytes`] wrote.
    ///
    /// # Errors
    /// Why these bytes cannot be used.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let (content, check) = bytes.split_last_chunk::<8>().ok_or(ModelError::NotAModel)?;
        let mut reader = Reader(content);
        if reader.array::<4>()? != SIGN {
            return Err(ModelError::NotAModel);
        }
        let format = u16::from_le_bytes(reader.array()?);
        if format != FORMAT {
            return Err(ModelError::OtherFormat { format });
        }
        if check_of(content) != u64::from_le_bytes(*check) {
            return Err(ModelError::Damaged);
        }
        let keywords_seal = u64::from_le_bytes(reader.array()?);
        let n_labels = reader.length(MAX_CLASSES)?;
        let labels: Vec<String> = (0..n_labels)
            .map(|_| reader.label())
            .collect::<Result<_, _>>()?;
        let mut temperatures = [1.0; N_TEMPERATURES];
        for (temperature, read) in temperatures.iter_mut().zip(reader.floats(N_TEMPERATURES)?) {
            *temperature = read;
        }
        let scales = reader.floats(n_labels)?;
        let biases = reader.floats(n_labels)?;
        let n_features = reader.length(MAX_FEATURES)?;
        let numbers = reader.many(n_features, u32::from_le_bytes)?;
        let rarities = reader.floats(n_features)?;
        let weights = reader.many(n_features * n_labels, i16::from_le_bytes)?;
        if !reader.0.is_empty() {
            return Err(ModelError::Damaged);
        }
        Ok(Self {
            labels,
            vocabulary: Vocabulary { numbers, rarities },
            weights,
            scales,
            biases,
            calibration: Calibration(temperatures),
            keywords_seal,
            recipe: Recipe::PRODUCT,
        })
    }
}

pub(crate) fn length(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

/// Finds what a disk or a cable does to bytes; against people it is no protection.
pub(crate) fn check_of(bytes: &[u8]) -> u64 {
    let words = bytes.chunks(8).map(|chunk| {
        let byte = |at: usize| u64::from(chunk.get(at).copied().unwrap_or_default()) << (8 * at);
        (0..8).map(byte).sum::<u64>()
    });
    words.fold(bytes.len() as u64, |check, word| {
        mixed(check.rotate_left(5) ^ word)
    })
}

pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// So many bytes as they stand.
    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (bytes, rest) = self.0.split_at_checked(n).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (array, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(ModelError::NotAModel)?;
        self.0 = rest;
        Ok(*array)
    }

    pub(crate) fn length(&mut self, most: usize) -> Result<usize, ModelError> {
        let n = u32::from_le_bytes(self.array()?) as usize;
        if n > most {
            Err(ModelError::Damaged)
        } else {
            Ok(n)
        }
    }

    pub(crate) fn label(&mut self) -> Result<String, ModelError> {
        let n = self.length(MAX_LABEL)?;
        let (label, rest) = self.0.split_at_checked(n).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        String::from_utf8(label.to_vec()).map_err(|_not_utf8| ModelError::Damaged)
    }

    fn many<const N: usize, T>(
        &mut self,
        n: usize,
        read: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, ModelError> {
        let (many, rest) = self.0.split_at_checked(n * N).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(many
            .as_chunks::<N>()
            .0
            .iter()
            .map(|array| read(*array))
            .collect())
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        self.many(n, f32::from_le_bytes)
    }
}
