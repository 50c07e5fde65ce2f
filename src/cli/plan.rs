//! `catcow plan`: what is said when.

use catcow::Result;
use catcow::frames::clock;
use catcow::sink::{cue_sheet, plan_json};
use clap::Args;

use super::session::Session;

/// What to plan, and how to show it.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    session: Session,
    /// As JSON, for other programs.
    #[arg(long)]
    json: bool,
}

impl Plan {
    pub fn run(&self) -> Result<()> {
        let planned = self.session.plan(&mut super::library()?)?;
        let timeline = &planned.timeline;
        if self.json {
            return super::print(&plan_json::text(timeline, planned.channels));
        }
        let time = |frames: catcow::frames::Frames| clock(frames.duration(timeline.rate));
        let (shortest, longest) = (time(planned.bounds.shortest), time(planned.bounds.longest));
        super::print(&format!("{}\nThis routine can last from {shortest} to {longest}.\n", cue_sheet::text(timeline)))
    }
}
