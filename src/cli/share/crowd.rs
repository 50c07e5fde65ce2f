//! Who is connected, and who has to go where there are too many.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::AbortHandle;

/// So many connections are held at once. A browser opens six; some systems allow a program 256 open files.
pub const MOST: usize = 200;

/// A connection, whose task is aborted when it goes.
pub struct Guest {
    pub from: IpAddr,
    /// Whether it has shown the token.
    pub knows: Arc<AtomicBool>,
    pub task: AbortHandle,
}

/// Those who are connected, the oldest first.
#[derive(Default)]
pub struct Crowd {
    guests: Vec<Guest>,
}

impl Crowd {
    /// Makes room for one more; whether there is any. Who has shown the token is never sent away for others, so those who only hold
    /// connections open, however many, keep nobody out.
    pub fn make_room(&mut self) -> bool {
        self.guests.retain(|guest| !guest.task.is_finished());
        if self.guests.len() < MOST {
            return true;
        }
        let all: Vec<_> = self.guests.iter().map(|guest| (guest.from, guest.knows.load(Ordering::Relaxed))).collect();
        let Some(index) = who_goes(&all) else { return false };
        self.guests.remove(index).task.abort();
        true
    }

    pub fn let_in(&mut self, guest: Guest) {
        self.guests.push(guest);
    }
}

/// Of those who have not shown the token, the oldest from the address that has most of them.
fn who_goes(all: &[(IpAddr, bool)]) -> Option<usize> {
    let strangers = || all.iter().enumerate().filter(|(_, (_, knows))| !knows).map(|(index, (from, _))| (index, *from));
    let as_many = |from: IpAddr| strangers().filter(|(_, other)| *other == from).count();
    // Of several that are largest, `max_by_key` takes the last: the oldest stands first.
    strangers().rev().max_by_key(|(_, from)| as_many(*from)).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_oldest_stranger_of_the_largest_crowd_goes_and_never_a_guest_with_the_token() {
        let [one, two, three] = [from(1), from(2), from(3)];
        assert_eq!(
            who_goes(&[(one, false), (two, true), (two, false), (two, false), (two, true), (three, false)]),
            Some(2)
        );
        assert_eq!(who_goes(&[(one, true), (three, false), (two, false)]), Some(1));
        assert_eq!(who_goes(&[(one, true), (two, true)]), None);
        assert_eq!(who_goes(&[]), None);
    }
}
