//! Why each pose is where it is, in a line.

use super::arrangement::{Placed, Setting};
use super::request::{Mood, Request, listed, spoken};
use super::stock::Item;
use crate::load::language::traits::Area;

/// The reason for each pose.
pub(super) fn reasons(setting: &Setting<'_>, request: &Request, placed: &[Placed]) -> Vec<String> {
    (0..placed.len()).map(|index| reason(setting, request, placed, index)).collect()
}

fn reason(setting: &Setting<'_>, request: &Request, placed: &[Placed], index: usize) -> String {
    let items = setting.items;
    let item = &items[placed[index].item];
    let name = |other: usize| items[other].pose.name.clone();
    if let Some(of) = placed[index].counters {
        return format!("To balance {}.", name(of));
    }
    let is_strong = |other: &&Placed| items[other.item].effort >= setting.rules.warm_up_from;
    let unwarmed = |strong: &&Placed| {
        !placed[..index].iter().any(|earlier| items[earlier.item].warms(&items[strong.item]) && !is_strong(&earlier))
    };
    let warmed =
        placed[index + 1..].iter().find(|later| is_strong(later) && item.warms(&items[later.item]) && unwarmed(later));
    if let Some(warmed) = warmed.filter(|_| item.effort < setting.rules.warm_up_from) {
        let strong = &items[warmed.item];
        let areas = item.pose.traits.warms.iter().filter(|area| strong.pose.traits.focus.contains(area));
        return format!("Warms the {}, for {}.", areas_in_words(areas), strong.pose.name);
    }
    if request.more.contains(&item.pose.id) {
        return "You asked for more of this.".into();
    }
    let wanted: Vec<&Area> = item.pose.traits.focus.iter().filter(|area| request.focus.contains(area)).collect();
    if wanted == [&Area::Rest] {
        return "A rest, as you asked.".into();
    }
    if !wanted.is_empty() {
        return format!("For the {}, as you asked.", areas_in_words(wanted));
    }
    liked(setting, request, item).unwrap_or_else(|| {
        let strong = if item.effort >= setting.rules.warm_up_from { "Works" } else { "Eases" };
        format!("{strong} the {}.", areas_in_words(item.pose.traits.focus.iter().filter(|area| **area != Area::Rest)))
    })
}

fn liked(setting: &Setting<'_>, request: &Request, item: &Item) -> Option<String> {
    let likes = &setting.rules.mood(request.mood).likes;
    if request.mood == Mood::Strength && !setting.is_strong(item) {
        return None;
    }
    let liked: Vec<&Area> = item.pose.traits.focus.iter().filter(|area| likes.contains(area)).collect();
    let (to, areas) = match (request.mood, &liked[..]) {
        (Mood::Any, _) | (_, []) => return None,
        (Mood::Wake, areas) => ("To wake", areas),
        (Mood::Unwind, [Area::Rest]) => return Some("To unwind.".into()),
        (Mood::Unwind, areas) => ("To unwind", areas),
        (Mood::Strength, areas) => ("For strength in", areas),
    };
    let areas = areas.iter().copied().filter(|area| **area != Area::Rest);
    Some(format!("{to} the {}.", areas_in_words(areas)))
}

fn areas_in_words<'a>(areas: impl IntoIterator<Item = &'a Area>) -> String {
    listed(areas.into_iter().map(|area| spoken(area.word())))
}
