//! A session as a stream of AAC packets in fragments of MP4, for a player that takes sound piece by piece, such as a browser's media
//! source: from any frame on, and anew from where a listener changed it.
//!
//! From the start of a session, the packets are those of its M4A, byte for byte. From elsewhere, a little before is encoded too and
//! left out, so that the encoder is as it would be; a packet may still be rounded otherwise.

use super::aac::{self, Encoder, Failure, PACKET, PRIMING, Settings};
use super::encoding::Encoding;
use super::mp4::{self, Fragment, Sound};
use super::{Extent, m4a};
use crate::error::{Error, Result};
use crate::frames::Frames;
use crate::render::Mixer;
use crate::work::Work;

/// Packets before the first one that is wanted, which are encoded and left out. AAC's packets overlap by one; the encoder looks at one
/// more for its choice of windows; the others let its bitrate settle: 1.4 s at 24 kHz. Of 21 places in a routine, 12 go on with the very
/// packets of the file after 8 packets, 16 after 32 (and two more but for one packet), 18 after 128; at the others, single packets are
/// rounded otherwise however many come before.
const BEFORE: u32 = 32;

/// Packets that follow each other, as a player takes them.
pub struct Piece {
    /// The number of the first packet, from 0. Packet `k` ends the frames up to `1024 k`.
    pub first: u32,
    /// How many there are; none at the end.
    pub packets: u32,
    /// Whether it is the last piece.
    pub is_last: bool,
    /// The fragment; nothing where there is no packet.
    pub bytes: Vec<u8>,
}

/// A session on its way to a player.
pub struct Stream {
    mixer: Mixer,
    settings: Settings,
    /// What encodes; none when all is encoded.
    encoder: Option<Encoder>,
    /// The frame that is rendered next.
    next: Frames,
    /// The number of the next packet that the encoder makes.
    made: u32,
    /// The number of the first packet that is wanted.
    wanted: u32,
}

impl Stream {
    /// Frames of silence that a decoder gives before the first frame of the session.
    pub const PRIMING: u32 = PRIMING;
    /// Frames in a packet.
    pub const PACKET: u32 = PACKET;

    /// The stream of a session, at its start.
    ///
    /// # Errors
    /// AAC does not know the rate, or the session is longer than an M4A can be.
    pub fn new(mixer: Mixer, encoding: Encoding) -> Result<Stream> {
        let (rate, channels) = (mixer.timeline().rate, mixer.channels());
        m4a::check(&Extent { frames: mixer.timeline().frames, rate, channels }, encoding)?;
        let Encoding { quality, bitrate } = encoding;
        let settings = Settings { rate: rate.hz(), channels: channels.count(), quality, bitrate };
        let mut stream = Stream { mixer, settings, encoder: None, next: Frames::ZERO, made: 0, wanted: 0 };
        stream.begin(0)?;
        Ok(stream)
    }

    /// What a player is told before any piece.
    ///
    /// # Errors
    /// As for [`Stream::new`].
    pub fn initialisation(&self) -> Result<Vec<u8>> {
        let config = Encoder::new(self.settings).map_err(|error| failed(error.into()))?.config;
        let Settings { rate, channels, .. } = self.settings;
        let (channels, frames) = (channels as u16, self.mixer.timeline().frames.0 as u32);
        let sound = Sound { rate, channels, frames, priming: PRIMING, packet: PACKET, config: &config, sizes: &[] };
        Ok(mp4::initialisation(&sound))
    }

    /// The number of the packet that comes next.
    pub fn at(&self) -> u32 {
        self.made.max(self.wanted)
    }

    /// The frames that have to be rendered for so many more packets.
    pub fn needs(&self, packets: u32) -> (Frames, Frames) {
        let end = Frames(u64::from(self.at() + packets) * u64::from(PACKET));
        (self.next, end.min(self.mixer.timeline().frames))
    }

    /// Goes on from the packet that `frame` is heard in; its number.
    ///
    /// # Errors
    /// As for [`Stream::new`].
    pub fn seek(&mut self, frame: Frames) -> Result<u32> {
        let frame = frame.min(self.mixer.timeline().frames);
        // The sound of a packet begins with the one before it.
        let packet = (frame.0 / u64::from(PACKET)) as u32;
        self.begin(packet)?;
        Ok(packet)
    }

    /// Goes on with the session as it was changed at `frame`, from a packet before the change; its number.
    ///
    /// # Errors
    /// As for [`Stream::new`].
    pub fn change(&mut self, mixer: Mixer, frame: Frames) -> Result<u32> {
        self.mixer = mixer;
        self.seek(frame)
    }

    /// Encodes about so many more packets.
    ///
    /// # Errors
    /// A recording cannot be read; someone wants it to stop. What was there before is there still: it may be asked for again.
    pub fn encode(&mut self, packets: u32, work: &Work<'_>) -> Result<Piece> {
        let first = self.at();
        let (start, end) = self.needs(packets);
        let all = self.mixer.timeline().frames;
        // Rendered before anything is encoded: what fails may be tried again.
        let mut samples = vec![0; end.saturating_sub(start).0 as usize * self.settings.channels];
        self.mixer.fill(start, &mut samples)?;
        let Some(mut encoder) = self.encoder.take() else {
            return Ok(Piece { first, packets: 0, is_last: true, bytes: Vec::new() });
        };
        encoder.feed(&samples, work).and_then(|()| encoder.encode_whole(work)).map_err(failed)?;
        self.next = end.max(start);
        let is_last = self.next >= all;
        let packets = if is_last {
            encoder.finish(work).map_err(failed)?
        } else {
            let packets = std::mem::take(&mut encoder.packets);
            self.encoder = Some(encoder);
            packets
        };
        Ok(self.piece(packets, is_last))
    }

    /// What of some packets is wanted.
    fn piece(&mut self, packets: aac::Packets, is_last: bool) -> Piece {
        let dropped = (self.wanted.saturating_sub(self.made) as usize).min(packets.sizes.len());
        let first = self.made + dropped as u32;
        self.made += packets.sizes.len() as u32;
        let skipped: u32 = packets.sizes[..dropped].iter().sum();
        let (sizes, bytes) = (&packets.sizes[dropped..], &packets.bytes[skipped as usize..]);
        let fragment = Fragment { first, packet: PACKET, sizes, bytes };
        let bytes = if sizes.is_empty() { Vec::new() } else { fragment.boxes() };
        Piece { first, packets: sizes.len() as u32, is_last, bytes }
    }

    /// Begins anew, so that a packet comes next.
    fn begin(&mut self, packet: u32) -> Result<()> {
        self.made = packet.saturating_sub(BEFORE);
        self.wanted = packet;
        self.next = Frames(u64::from(self.made) * u64::from(PACKET));
        self.encoder = Some(Encoder::new(self.settings).map_err(|error| failed(error.into()))?);
        Ok(())
    }
}

/// What the encoder refuses is checked before, so this is a mistake of its own or of this file.
fn failed(failure: Failure) -> Error {
    match failure {
        Failure::Coding(error) => m4a::failed("the stream".as_ref(), &error.to_string()),
        Failure::Work(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Library, Memory};
    use crate::render::Channels;
    use crate::session::{Builder, Session};
    use crate::sink::file::about::About;
    use crate::sink::file::{Job, encoding::Quality};

    fn session() -> Session {
        let library = Library::in_memory(Memory::new()).unwrap();
        let mut builder = Builder::new(library.routine("sigh").unwrap(), library.voice("ada").unwrap());
        (builder.rate, builder.channels) = (Quality::Voice.rate(), Channels::Mono);
        builder.build(&Work::alone()).unwrap()
    }

    /// The pieces from where a stream stands to its end, each with its packets' bytes.
    fn rest(stream: &mut Stream, packets: u32) -> Vec<(Piece, Vec<u8>)> {
        let mut pieces = Vec::new();
        loop {
            let piece = stream.encode(packets, &Work::alone()).unwrap();
            let is_last = piece.is_last;
            let index =
                piece.bytes.get(..4).map_or(0, |size| u32::from_be_bytes(size.try_into().unwrap()) as usize + 8);
            let sound = piece.bytes.get(index..).unwrap_or_default().to_vec();
            pieces.push((piece, sound));
            if is_last {
                return pieces;
            }
        }
    }

    #[test]
    fn streamed_from_the_start_a_session_has_the_packets_of_its_m4a_however_it_is_cut() {
        let session = session();
        let about = About::of(&session);
        let range = crate::frames::FrameRange::new(Frames::ZERO, session.frames());
        let encoding = Encoding::default();
        let job = Job { mixer: session.mixer(), range, encoding, about: &about, work: Work::alone() };
        let file = m4a::bytes(&job).unwrap();
        let tail = mp4::Mp4::tail().len();
        let mut stream = Stream::new(session.mixer().clone(), encoding).unwrap();
        let pieces = rest(&mut stream, 331);
        let sound: Vec<u8> = pieces.iter().flat_map(|(_, sound)| sound.clone()).collect();
        assert!(file[..file.len() - tail].ends_with(&sound));
        assert_eq!(
            pieces.iter().map(|(piece, _)| piece.packets).sum::<u32>() as usize,
            aac::packets(session.frames().0 as u32)
        );
        assert!(stream.encode(1, &Work::alone()).unwrap().is_last, "the end stays the end");
    }

    #[test]
    fn begun_anew_it_goes_on_from_the_packet_of_the_frame_to_the_same_end() {
        let session = session();
        let mut stream = Stream::new(session.mixer().clone(), Encoding::default()).unwrap();
        let (end, whole) = (session.frames().0, aac::packets(session.frames().0 as u32) as u32);
        let second = u64::from(Quality::Voice.rate().hz());
        for frame in [end - 20 * second, end / 1024 * 1024 - 1024, end / 1024 * 1024 - 1, end, u64::MAX] {
            let packet = stream.seek(Frames(frame)).unwrap();
            assert_eq!(u64::from(packet), frame.min(end) / 1024);
            let pieces = rest(&mut stream, 100);
            let first = pieces.iter().find(|(piece, _)| piece.packets > 0).map(|(piece, _)| piece.first);
            assert_eq!(first, Some(packet), "from {frame}");
            assert_eq!(packet + pieces.iter().map(|(piece, _)| piece.packets).sum::<u32>(), whole);
        }
    }
}
