//! `catcow plan`: what is said when.

use anstyle::Style;
use catcow::Result;
use catcow::compose::Composition;
use catcow::plan::Timeline;
use catcow::printable::escaped_json;
use catcow::sink::page::cue_sheet::{self, DOING_WIDE, Row, TIME_WIDE};
use catcow::sink::page::{PAGES, Subject, changes, plan_json};
use catcow::work::Work;
use clap::Args;

use super::Talk;
use super::pages::{self, Pages};
use super::paper::{BOLD, DIM, Head, Paper};
use super::session::{Form, Session};

/// Where words begin in a cue sheet.
const WORDS_AT: usize = TIME_WIDE + 2 + DOING_WIDE + 2;

/// What to plan, and how to show it.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    session: Session,
    #[command(flatten)]
    instead: Instead,
    /// As `play` would say it today: your log knows which safety words you have heard often.
    #[arg(long)]
    as_played: bool,
    #[command(flatten)]
    pages: Pages,
}

/// What is shown instead of a cue sheet.
#[derive(Args)]
struct Instead {
    /// As JSON, for other programs.
    #[arg(long, conflicts_with_all = PAGES.iter().map(|page| page.name))]
    json: bool,
    /// Say why each pose of a composed session is there, and what keeps others out.
    #[arg(long, requires = "composed_length", conflicts_with = "json", conflicts_with_all = PAGES.iter().map(|page| page.name))]
    why: bool,
}

impl Plan {
    pub fn run(mut self, talk: Talk) -> Result<()> {
        let (outputs, pages) = self.pages.open()?;
        self.session.options.by_log = self.as_played;
        let stop = super::stop_flag_where(self.session.options.wanted.speak.is_some());
        let work = Work { stop: &stop, ..super::work() };
        let (library, options) = (super::library()?, &self.session.options);
        let request = self.session.composed.request(super::this_day)?;
        let made = options.compose(&library, request.as_ref(), Form::default(), &work)?;
        if let Some(composition) = made.composition().filter(|_| self.instead.why) {
            return why(composition).show(talk);
        }
        let which = made.which(self.session.routine.as_deref());
        let planned = options.plan(&library, which, &outputs, Form::default(), talk, &work)?;
        planned.check_bed(&super::work())?;
        let timeline = planned.timeline();
        talk.warn(&timeline.unheard);
        if self.instead.json {
            return super::print_data(&escaped_json(&plan_json::text(timeline, planned.channels())));
        }
        if !self.pages.is_empty() {
            let subject = Subject { timeline, routine: planned.routine(), paper: self.pages.paper() };
            return pages::write(pages, &subject, talk);
        }
        let [shortest, longest] = planned.bounds().clocks(timeline.rate);
        let mut paper = Paper::new();
        sheet(timeline, &mut paper);
        paper.line(&format!("\nThis routine can last from {shortest} to {longest}."));
        paper.show(talk)
    }
}

/// Why each pose is there, a line for each; and what keeps the others out.
fn why(composition: &Composition) -> Paper {
    let mut paper = Paper::new();
    let all = composition.reasons.iter().chain(&composition.left_out);
    let wide = all.map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let beside = |paper: &mut Paper, (name, why): &(String, String)| {
        paper.beside(Head::default().then(name, wide, Style::new()), &[why]);
    };
    paper.title(&composition.title);
    composition.reasons.iter().for_each(|line| beside(&mut paper, line));
    if !composition.left_out.is_empty() {
        paper.line("\nLeft out:");
        composition.left_out.iter().for_each(|line| beside(&mut paper, line));
    }
    paper
}

/// The cue sheet, as wide as there is room: on a narrow terminal words stand below what is done.
fn sheet(timeline: &Timeline, paper: &mut Paper) {
    let time = |at: &str| Head::default().then(&format!("{at:>TIME_WIDE$}"), TIME_WIDE, DIM);
    let narrow = paper.is_narrow(WORDS_AT);
    paper.title(&cue_sheet::head(timeline));
    changes::lines(timeline).iter().for_each(|line| paper.line(line));
    for row in cue_sheet::rows(timeline) {
        match row {
            Row::Chapter { at, title } => {
                paper.line("");
                paper.beside_in(BOLD, time(&at), &[&title]);
            }
            Row::Cue { at, doing, words } if doing.is_empty() && narrow => paper.beside(time(&at), &[&words]),
            Row::Cue { at, doing, words } if narrow => paper.beside(time(&at), &[&doing, &words]),
            Row::Cue { at, doing, words } => {
                paper.beside(time(&at).then(&doing, DOING_WIDE, Style::new()), &[&words]);
            }
        }
    }
}
