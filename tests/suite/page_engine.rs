//! The engine of the page, as a worker in a browser asks it: what it says of a session is what the program does.

use std::path::Path;

use catcow::frames::{Frames, SampleRate};
use catcow::load::{DEFAULT_VOICE, Library, Memory};
use catcow::render::Channels;
use catcow::session::{Builder, Session};
use catcow::work::Work;
use catcow_engine::Engine;
use serde_json::{Value, json};

/// What a phone's session has.
const RATE_HZ: u64 = 24_000;

/// A page: an engine, and the files of the built-in voices as its host.
struct Page(Engine);

impl Page {
    fn new() -> Page {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut files, mut folders) = (Vec::new(), vec![project.join("voice_clips")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "opus" || ending == "toml") {
                    files.push((path.strip_prefix(project).unwrap().to_str().unwrap().to_owned(), 0));
                }
            }
        }
        let mut page = Page(Engine::default());
        page.ask(&json!({ "do": "begin", "files": files }));
        page
    }

    /// The answer; what the engine wants is fetched.
    fn ask(&mut self, request: &Value) -> Value {
        loop {
            let reply: Value = serde_json::from_slice(&self.0.reply(request.to_string().as_bytes())).unwrap();
            let Some(wanting) = reply["wanting"].as_array() else {
                assert!(reply["error"].is_null(), "{reply}");
                return reply["ok"].clone();
            };
            for path in wanting.iter().map(|path| path.as_str().unwrap()) {
                let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
                self.0.text = [path.as_bytes(), &bytes].concat();
                self.0.take(path.len());
            }
        }
    }

    /// The samples of a second.
    fn second(&mut self, second: u64) -> Vec<i16> {
        self.ask(&json!({ "do": "render", "frame": second * RATE_HZ, "frames": RATE_HZ }));
        self.0.out.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

/// The session that the program plays for the same wishes.
fn played(routine: &str) -> Session {
    let library = Library::in_memory(Memory::new()).unwrap();
    let mut builder = Builder::new(library.routine(routine).unwrap(), library.voice(DEFAULT_VOICE).unwrap());
    (builder.rate, builder.channels) = (SampleRate::new(RATE_HZ as u32).unwrap(), Channels::Mono);
    builder.wishes.mix.wake = true;
    builder.build(&Work::alone()).unwrap()
}

#[test]
fn a_wish_on_the_page_gives_the_frames_that_playing_gives() {
    let (mut page, mut session) = (Page::new(), played("lying-down"));
    let plan = page.ask(&json!({ "do": "open", "wishes": { "routine": "lying-down" } }));
    let holds = plan["phases"].as_array().unwrap().iter().filter(|phase| phase["phase"] == "hold");
    let holds: Vec<u64> = holds
        .filter(|phase| phase["frames"].as_u64().unwrap() > 20 * RATE_HZ)
        .map(|phase| phase["start"].as_u64().unwrap() + 5 * RATE_HZ)
        .collect();
    let usual = plan["frames"].as_u64().unwrap();
    let longer = page.ask(&json!({ "do": "longer", "frame": holds[0] }));
    assert!(session.hold_longer(Frames(holds[0])).is_some());
    assert!(longer["plan"]["frames"].as_u64().unwrap() > usual + 5 * RATE_HZ, "it is longer, as was said");
    let less = page.ask(&json!({ "do": "less", "frame": holds[0] + RATE_HZ }));
    assert!(less["changed"] == true && session.say_less(Frames(holds[0] + RATE_HZ)));
    let now = less["plan"]["phases"].as_array().unwrap().iter();
    let later = now
        .map(|phase| (phase["start"].as_u64().unwrap(), phase))
        .filter(|(start, _)| *start > holds[0] + 60 * RATE_HZ);
    let (start, _) = later.into_iter().find(|(_, phase)| phase["phase"] == "hold").expect("a hold that comes later");
    let gone = page.ask(&json!({ "do": "let-go", "frame": start + RATE_HZ }));
    assert!(gone["changed"] == true && session.let_go(Frames(start + RATE_HZ)));
    assert_eq!(gone["plan"]["frames"], session.frames().0, "as long");
    let mut heard = vec![0; RATE_HZ as usize];
    for second in 0..session.frames().0 / RATE_HZ {
        session.fill(Frames(second * RATE_HZ), &mut heard).unwrap();
        assert!(page.second(second) == heard, "second {second}");
    }
}
