//! How many devices have opened the page: whoever shares sees that it worked. Which ones is told to nobody, and kept no longer than
//! the program runs.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// So many devices are told apart: more than a room holds.
const MOST: usize = 1000;

/// The devices that have opened the page.
#[derive(Default)]
pub struct Devices(Mutex<HashSet<IpAddr>>);

impl Devices {
    /// A device has opened the page: what to tell, where it had not before.
    pub fn opened(&self, from: IpAddr) -> Option<String> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST || !all.insert(from) {
            return None;
        }
        Some(match all.len() {
            1 => "One device has opened the page.".to_owned(),
            number => format!("{number} devices have opened the page."),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_is_told_of_once() {
        let (devices, from) = (Devices::default(), |last: u16| IpAddr::from([0xfd00, 0, 0, 0, 0, 0, 0, last]));
        assert_eq!(devices.opened(from(1)).as_deref(), Some("One device has opened the page."));
        assert_eq!(devices.opened(from(1)), None);
        assert_eq!(devices.opened(from(2)).as_deref(), Some("2 devices have opened the page."));
        let told = (0..2000).filter(|last| devices.opened(from(*last)).is_some()).count();
        assert_eq!(told, MOST - 2, "no more are kept");
    }
}
