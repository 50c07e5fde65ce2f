//! `catcow plan`: what is said when.

use catcow::Result;
use catcow::printable::escaped_json;
use catcow::sink::page::{PAGES, cue_sheet, plan_json};
use clap::Args;

use super::Talk;
use super::pages::{self, Pages};
use super::session::Session;

/// What to plan, and how to show it.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    session: Session,
    /// As JSON, for other programs.
    #[arg(long, conflicts_with_all = PAGES.iter().map(|page| page.name))]
    json: bool,
    #[command(flatten)]
    pages: Pages,
}

impl Plan {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let (outputs, pages) = self.pages.open()?;
        let planned = self.session.plan(&super::library()?, &outputs, talk, &super::work())?;
        planned.check_bed(&super::work())?;
        let timeline = planned.timeline();
        talk.warn(&timeline.unheard);
        if self.json {
            return super::print_data(&escaped_json(&plan_json::text(timeline, planned.channels())));
        }
        if !self.pages.is_empty() {
            return pages::write(pages, timeline, talk);
        }
        let [shortest, longest] = planned.bounds().clocks(timeline.rate);
        super::print(&format!("{}\nThis routine can last from {shortest} to {longest}.\n", cue_sheet::text(timeline)))
    }
}
