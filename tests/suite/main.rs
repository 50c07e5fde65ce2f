//! What catcow promises, checked at the level a user would notice: the program is run, and what it writes is read.
//!
//! Tests that need another program (an independent decoder, a speech recogniser, a sound server) are marked as ignored
//! with the name of what they need; `tests/run.sh` installs it and runs them all.

mod aac;
mod bad_input;
mod beds;
mod breath;
mod catalogue;
mod choosing;
mod columns;
mod composing;
mod cover;
mod diagnostics;
mod documents;
mod exact;
mod export;
#[cfg(target_os = "linux")]
mod faults;
mod feed;
#[cfg(unix)]
mod files;
mod first_class;
mod fuzzed;
mod heard;
mod house;
mod keys;
mod large;
mod library;
mod listener;
mod mixer;
mod mp3;
#[cfg(all(feature = "mpris", target_os = "linux"))]
mod mpris;
mod new;
mod opus_and_flac;
mod other_programs;
mod outage;
mod own_voice;
mod page_engine;
#[cfg(unix)]
mod pager;
mod pages;
mod phone;
mod plain_words;
mod planner;
mod play;
mod poses;
mod practice;
mod print;
mod programme;
mod properties;
mod reach;
mod recorders;
mod schema;
mod settings;
#[cfg(unix)]
mod share;
mod site;
mod sitting;
mod sound;
mod sound_server;
#[cfg(unix)]
mod split;
mod spoken;
mod teacher;
mod terminal;
mod trial;
mod views;
mod voices;
mod wav;
mod words_beside;
mod workshop;
