//! Markers in a WAV, as editors show them: a list of places (`cue `) and their names (`LIST` of `adtl`), by Microsoft's and IBM's
//! *Multimedia Programming Interface and Data Specifications 1.0* of 1991, from its page 2-14 on.

use crate::frames::Frames;

/// The chunks that mark these places, each a first frame and a name; none where there is nothing to mark. A place is a frame's number,
/// and has 32 bits as the size of the samples has: there are fewer frames than bytes.
pub(super) fn chunks(places: &[(Frames, &str)]) -> Vec<u8> {
    if places.is_empty() {
        return Vec::new();
    }
    let (mut cues, mut names) = ((places.len() as u32).to_le_bytes().to_vec(), b"adtl".to_vec());
    for (id, (at, name)) in (1_u32..).zip(places) {
        let at = (at.0 as u32).to_le_bytes();
        cues.extend(id.to_le_bytes());
        // Where it is in the order of play, and in the chunk of the samples, which begins with the first and is not compressed.
        [&at, b"data", &[0; 4], &[0; 4], &at].iter().for_each(|field| cues.extend_from_slice(*field));
        let mut label = id.to_le_bytes().to_vec();
        label.extend(
            name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect::<String>().bytes(),
        );
        label.push(0);
        names.extend(chunk(*b"labl", &label));
    }
    let mut all = chunk(*b"cue ", &cues);
    all.extend(chunk(*b"LIST", &names));
    all
}

/// A chunk; the byte that makes its length even is not counted in its size.
fn chunk(id: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = id.to_vec();
    chunk.extend((content.len() as u32).to_le_bytes());
    chunk.extend(content);
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}
