//! `catcow voice`: what helps to give a class its voice.

mod speak;

use catcow::Result;
use clap::{Args, Subcommand};

use super::Talk;

/// What to do for a voice.
#[derive(Args)]
pub struct Voice {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Have a speech program say what a voice lacks.
    Speak(speak::Speak),
}

impl Voice {
    pub fn run(self, talk: Talk) -> Result<()> {
        match self.verb {
            Verb::Speak(speak) => speak.run(talk),
        }
    }
}
