//! Recordings as phones, pipes, editors and `cat` leave them: all of their words are heard, where they should be, or it is told.

use std::fs;
use std::process::Command;

use crate::voices::heard;
use crate::workshop::{Outcome, Workshop, read_wav};

/// As many frames as an encoder may put before or after what it is given.
const PADDING: usize = 2400;

/// Some sentences with pauses between them, in a file `original.wav` and in memory.
fn spoken() -> (Workshop, Vec<i16>) {
    let workshop = Workshop::new();
    let steps =
        ["safety/physician", "safety/stop", "safety/physician"].map(|cue| format!("[[steps]]\nsay = \"{cue}\"\n"));
    workshop.file("spoken.toml", format!("title = \"Spoken\"\n{}", steps.join("[[steps]]\npause = \"1s\"\n")));
    workshop.run(["-q", "export", "spoken.toml", "--tone", "off", "--mono", "-o", "original.wav"]).success();
    let original = read_wav(&workshop.path("original.wav")).2;
    fs::create_dir_all(workshop.path("voice/own")).unwrap();
    (workshop, original)
}

fn ffmpeg(workshop: &Workshop, arguments: &str) {
    let mut command = Command::new("ffmpeg");
    command.current_dir(workshop.path("")).args(["-v", "error", "-y"]).args(arguments.split(' '));
    let done = command.output().expect("ffmpeg is not installed");
    assert!(done.status.success(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// How alike two sounds of one length are, from -1 to 1.
fn alike(left: &[i16], right: &[i16]) -> f64 {
    let product = |left: &[i16], right: &[i16]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    product(left, right) / (product(left, left) * product(right, right)).sqrt().max(1.0)
}

fn power(samples: &[i16]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len() as f64
}

/// Every quarter of a second in which something is said is heard, all of them equally late; by how much. What is not there is not alike
/// at all.
#[track_caller]
fn assert_heard(original: &[i16], heard: &[i16], slack: usize) -> usize {
    const PART: usize = 12_000;
    let said: Vec<usize> =
        (0..original.len() / PART).map(|part| part * PART).filter(|at| power(&original[*at..][..PART]) > 1e6).collect();
    assert!(said.len() > 4, "something is said");
    let likeness = |at: usize, late: usize| {
        heard.get(at + late..at + late + PART).map_or(-1.0, |there| alike(&original[at..][..PART], there))
    };
    let late = (0..=slack).max_by(|one, other| likeness(said[0], *one).total_cmp(&likeness(said[0], *other))).unwrap();
    for at in said {
        let likeness = likeness(at, late);
        assert!(likeness > 0.7, "{likeness} at {:.2} s, {late} frames late", at as f64 / 48_000.0);
    }
    late
}

/// What `check` says of the voice.
fn checked(workshop: &Workshop) -> String {
    let Outcome { stderr, .. } = workshop.run(["check", "./voice", "routine.toml", "--voice", "./voice"]);
    stderr
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn an_mp3_of_variable_rate_that_went_through_a_pipe_is_heard_to_its_last_word() {
    let (workshop, original) = spoken();
    let piped = "ffmpeg -v error -i original.wav -q:a 4 -f mp3 - | cat > voice/own/tone.mp3";
    assert!(workshop.shell(piped).status().unwrap().success());
    let (_, heard) = heard(&workshop);
    assert!((original.len()..=original.len() + 2 * PADDING).contains(&heard.len()), "{} frames", heard.len());
    assert_heard(&original, &heard, PADDING);
    assert!(!checked(&workshop).contains("uncertain-end"));
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn recordings_that_were_joined_are_heard_to_the_last_word_of_the_last() {
    for (ending, arguments) in [
        ("mp3", "-b:a 96k"),
        ("mp3", "-q:a 4"),
        ("mp3", "-b:a 96k -write_xing 0"),
        ("opus", "-c:a libopus -b:a 96k"),
        ("ogg", "-c:a libvorbis -q:a 5"),
        ("flac", "-c:a flac"),
    ] {
        let (workshop, original) = spoken();
        ffmpeg(&workshop, &format!("-i original.wav {arguments} one.{ending}"));
        let one = fs::read(workshop.path(format!("one.{ending}"))).unwrap();
        workshop.file(&format!("voice/own/tone.{ending}"), [&one[..], &one].concat());
        let (_, heard) = heard(&workshop);
        let slack = if ending == "mp3" { 4 * PADDING } else { 0 };
        let frames = 2 * original.len()..=2 * original.len() + slack;
        assert!(frames.contains(&heard.len()), "{arguments}: {} frames of {frames:?}", heard.len());
        assert_heard(&original, &heard, PADDING.min(slack));
        assert_heard(&original, &heard[original.len()..], slack);
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn an_mp3_with_a_picture_of_more_than_a_megabyte_is_heard() {
    let (workshop, original) = spoken();
    ffmpeg(
        &workshop,
        "-f lavfi -i nullsrc=s=800x800,geq=random(1)*255:random(2)*255:random(3)*255 -frames:v 1 cover.png",
    );
    let picture = fs::metadata(workshop.path("cover.png")).unwrap().len();
    assert!(picture > 1 << 20, "a picture of {picture} bytes");
    ffmpeg(&workshop, "-i original.wav -i cover.png -map 0 -map 1 -c:v copy -b:a 96k voice/own/tone.mp3");
    let (_, heard) = heard(&workshop);
    assert!(heard.len().abs_diff(original.len()) <= PADDING, "{} frames", heard.len());
    assert_heard(&original, &heard, PADDING);
}

#[test]
fn a_wav_whose_count_of_frames_is_empty_is_heard() {
    let (workshop, original) = spoken();
    let mut bytes = fs::read(workshop.path("original.wav")).unwrap();
    bytes.splice(36..36, *b"fact\0\0\0\0");
    let length = (bytes.len() as u32 - 8).to_le_bytes();
    bytes[4..8].copy_from_slice(&length);
    workshop.file("voice/own/tone.wav", bytes);
    assert_eq!(heard(&workshop).1, original);
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn an_m4a_is_heard_from_where_its_list_of_edits_begins_to_where_that_ends() {
    let (workshop, original) = spoken();
    ffmpeg(&workshop, "-i original.wav -c:a aac -b:a 160k whole.m4a");
    let mut bytes = fs::read(workshop.path("whole.m4a")).unwrap();
    // One edit: how long it is, in milliseconds; where it begins, in frames.
    let list = bytes.windows(4).position(|name| name == b"elst").unwrap() + 12;
    let number = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let begins = number(&bytes, list + 4) + 33_600;
    bytes[list..list + 4].copy_from_slice(&4_000_u32.to_be_bytes());
    bytes[list + 4..list + 8].copy_from_slice(&begins.to_be_bytes());
    workshop.file("voice/own/tone.m4a", bytes);
    let (_, heard) = heard(&workshop);
    assert!(heard.len().abs_diff(4 * 48_000) <= 1024, "{} frames", heard.len());
    // Within a millisecond, before or after.
    let heard = [&[0; 48], &heard[..]].concat();
    assert_heard(&original[33_600..33_600 + 3 * 48_000], &heard, 96);
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn an_m4a_in_fragments_is_heard_from_its_beginning_or_it_is_told_that_nobody_knows_it() {
    for (flags, tells) in [("frag_keyframe+empty_moov+delay_moov", true), ("frag_keyframe+empty_moov", false)] {
        let (workshop, original) = spoken();
        ffmpeg(&workshop, &format!("-i original.wav -c:a aac -b:a 160k -movflags {flags} voice/own/tone.m4a"));
        let (_, heard) = heard(&workshop);
        let late = assert_heard(&original, &heard, PADDING);
        let told = checked(&workshop);
        assert_eq!(
            (late <= 48, told.contains("warning[uncertain-end]")),
            (tells, !tells),
            "{late} frames late; {told}"
        );
        if !tells {
            // Of a voice that is not finished, the silence before the words is cut off.
            workshop.file("voice/voice.toml", "name = \"Own\"\n");
            assert!(!checked(&workshop).contains("uncertain-end"));
        }
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn an_mp3_that_was_cut_in_a_packet_is_told_with_the_second_where_it_stops() {
    let (workshop, original) = spoken();
    ffmpeg(&workshop, "-i original.wav -b:a 96k -write_xing 0 -id3v2_version 0 whole.mp3");
    let whole = fs::read(workshop.path("whole.mp3")).unwrap();
    // 288 bytes are 24 ms.
    let (packets, second) = (150, "after 3.6 s");
    workshop.file("voice/own/tone.mp3", &whole[..packets * 288 + 100]);
    let (frames, _) = heard(&workshop);
    assert!((frames as usize) < original.len());
    let told = checked(&workshop);
    assert!(told.contains("warning[uncertain-end]") && told.contains(second), "{told}");
    workshop.file("voice/own/tone.mp3", &whole);
    assert!(!checked(&workshop).contains("uncertain-end"));
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn a_voice_in_the_centre_of_surround_is_as_loud_as_alone() {
    let (workshop, original) = spoken();
    for (ending, arguments) in [("wav", "-c:a pcm_s24le"), ("flac", "-c:a flac")] {
        let surround = format!("-i original.wav -af pan=5.1|FC=c0 {arguments} voice/own/tone.{ending}");
        ffmpeg(&workshop, &surround);
        let (_, heard) = heard(&workshop);
        let louder = 10.0 * (power(&heard) * heard.len() as f64 / (power(&original) * original.len() as f64)).log10();
        assert!(louder.abs() < 0.5, "{ending}: {louder} dB");
        fs::remove_file(workshop.path(format!("voice/own/tone.{ending}"))).unwrap();
    }
}

#[test]
fn a_tap_on_the_recorders_button_is_left_out_and_told_and_the_word_comes_on_time() {
    let (workshop, original) = spoken();
    // A noise of 70 ms that falls away, and 0.4 s of a quiet room, before the words.
    let mut seed = 1_u32;
    let mut noise = |level: f32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (((seed >> 16) as f32 / 32_768.0 - 1.0) * level) as i16
    };
    let tap: Vec<i16> = (0..3_360).map(|at| noise(9_000.0 * (1.0 - at as f32 / 3_360.0))).collect();
    let room: Vec<i16> = (0..19_200).map(|_| noise(3.0)).collect();
    let begins = original.iter().position(|sample| sample.unsigned_abs() > 200).unwrap();
    let words = &original[begins..];
    let samples = [&tap[..], &room, words].concat();
    let (head, data) = (&fs::read(workshop.path("original.wav")).unwrap()[..44], samples.len() as u32 * 2);
    let mut bytes = head.to_vec();
    bytes[4..8].copy_from_slice(&(data + 36).to_le_bytes());
    bytes[40..44].copy_from_slice(&data.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    workshop.file("voice/own/tone.wav", bytes).file("voice/voice.toml", "name = \"Own\"\n");
    workshop.file("routine.toml", "title = \"Own\"\n[[steps]]\nsay = \"own/tone\"\n");
    assert!(checked(&workshop).contains("warning[tap-removed]"));
    workshop.run(["export", "routine.toml", "--voice", "./voice", "--mono", "-o", "out.wav"]).success();
    let heard = read_wav(&workshop.path("out.wav")).2;
    let first = heard.iter().position(|sample| sample.unsigned_abs() > 200).unwrap();
    // Half a second goes before the first word of a session, and up to 60 ms of what went before it is kept.
    assert!((24_000..24_000 + 3_360).contains(&first), "the first word is heard at frame {first}");
}
