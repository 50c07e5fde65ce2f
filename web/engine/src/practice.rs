//! A session that the page has opened: its stream, and what a listener does to it.

use catcow::frames::Frames;
use catcow::plan::edit::Grown;
use catcow::session::Session;
use catcow::sink::file::encoding::Encoding;
use catcow::sink::file::stream::{Piece, Stream};
use catcow::work::Work;

/// A session, and the sound of it on its way to the page.
pub struct Practice {
    pub session: Session,
    stream: Stream,
}

/// What came of a listener's wish.
pub struct Changed {
    /// The first packet that is another one now.
    pub packet: u32,
    /// The cue that says what was done.
    pub cue: &'static str,
}

impl Practice {
    /// Begins at the start.
    pub fn new(session: Session, encoding: Encoding) -> catcow::Result<Practice> {
        let stream = Stream::new(session.mixer().clone(), encoding)?;
        Ok(Practice { session, stream })
    }

    pub fn initialisation(&self) -> catcow::Result<Vec<u8>> {
        self.stream.initialisation()
    }

    /// The frames that are rendered for so many more packets.
    pub fn needs(&self, packets: u32) -> (Frames, Frames) {
        self.stream.needs(packets)
    }

    pub fn encode(&mut self, packets: u32) -> catcow::Result<Piece> {
        self.stream.encode(packets, &Work::alone())
    }

    pub fn seek(&mut self, frame: Frames) -> catcow::Result<u32> {
        self.stream.seek(frame)
    }

    /// Holds what is heard at a frame for longer.
    pub fn longer(&mut self, at: Frames) -> catcow::Result<Option<Changed>> {
        let Some(grown) = self.session.hold_longer(at) else { return Ok(None) };
        let cue = match grown {
            Grown::Breaths => "answer/five-breaths",
            Grown::Time => "answer/thirty-seconds",
            Grown::Rounds => "answer/more-rounds",
        };
        self.changed(at, cue).map(Some)
    }

    /// Ends the hold that is heard at a frame.
    pub fn let_go(&mut self, at: Frames) -> catcow::Result<Option<Changed>> {
        if self.session.let_go(at) { self.changed(at, "").map(Some) } else { Ok(None) }
    }

    /// Says less from a frame on.
    pub fn less(&mut self, at: Frames) -> catcow::Result<Option<Changed>> {
        if self.session.say_less(at) { self.changed(at, "answer/less-talk").map(Some) } else { Ok(None) }
    }

    fn changed(&mut self, at: Frames, cue: &'static str) -> catcow::Result<Changed> {
        let packet = self.stream.change(self.session.mixer().clone(), at)?;
        Ok(Changed { packet, cue })
    }
}
