//! Apple's icon container: a header and PNG files, each behind a four-letter name and a length.

use anyhow::{Context as _, Result, ensure};

/// The layers, by name and size in pixels. Those whose names end in 11 to 14 are for dense
/// screens: 16@2x, 32@2x, 128@2x and 256@2x; ic10 is 512@2x.
pub(super) const LAYERS: [(&[u8; 4], u32); 8] = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// Bytes of a name and a length.
const HEAD: usize = 8;

/// The container of the pictures, one for each of [`LAYERS`] and in that order.
pub(super) fn encode(pictures: &[Vec<u8>]) -> Result<Vec<u8>> {
    ensure!(
        pictures.len() == LAYERS.len(),
        "{} pictures are needed",
        LAYERS.len()
    );
    let mut body = Vec::new();
    for ((name, _), picture) in LAYERS.iter().zip(pictures) {
        body.extend_from_slice(*name);
        body.extend_from_slice(&length(picture.len())?);
        body.extend_from_slice(picture);
    }
    let mut container = b"icns".to_vec();
    container.extend_from_slice(&length(body.len())?);
    container.append(&mut body);
    Ok(container)
}

/// A length counts its own head.
fn length(n_bytes: usize) -> Result<[u8; 4]> {
    let length = u32::try_from(n_bytes + HEAD).context("Too large for an icns")?;
    Ok(length.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_their_heads() {
        let container = encode(&vec![b"png".to_vec(); LAYERS.len()]).unwrap();
        assert_eq!(container.len(), 8 + 8 * 11);
        assert_eq!(
            &container[..19],
            b"icns\x00\x00\x00\x60ic11\x00\x00\x00\x0bpng"
        );
        assert!(encode(&[]).is_err());
    }
}
