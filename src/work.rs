//! Long work: on how many threads it is done, who may stop it, and who is told how far it has come.
//!
//! The only place where threads are started for computing. Absent on purpose: how many processors there are, which only
//! whoever runs the program knows.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::error::{Error, Result};

/// How long work is to be done.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// On how many threads at most; the results are the same for any number.
    pub threads: usize,
    /// Set by whoever wants it to stop: it then ends with [`Error::Interrupted`].
    pub stop: &'a AtomicBool,
    /// Told how far it has come, now and then, by any of the threads.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How far long work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of it is done: recordings in [`Stage::Recordings`], frames elsewhere.
    pub done: u64,
    /// How much there is to do, in the same unit.
    pub total: u64,
}

/// What takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Recordings are decoded, to know how long they are.
    Recordings,
    /// The bed's file is decoded; how long that takes is not known before.
    Bed,
    /// It is measured how loud the session is.
    Levels,
    /// The session is rendered.
    Rendering,
}

impl Work<'static> {
    /// On the thread at hand, told to nobody, and not to be stopped.
    pub fn alone() -> Work<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Work { threads: 1, stop: &NEVER, progress: &|_| () }
    }
}

impl Work<'_> {
    /// Goes on, unless someone wants it to stop.
    ///
    /// # Errors
    /// [`Error::Interrupted`], when the stop flag is set.
    pub fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Tells how far a stage has come.
    pub fn tell(&self, stage: Stage, done: u64, total: u64) {
        (self.progress)(Progress { stage, done, total });
    }

    /// Does the tasks 0 to `count`, each once, on several threads; each thread brings `room` of its own. The results have the
    /// order of the tasks. The first failure, or the stop flag, keeps the others from beginning another task.
    ///
    /// # Errors
    /// The first failure of a task; [`Error::Interrupted`].
    pub fn each<Room, T: Send, E: From<Error> + Send>(
        &self,
        count: usize,
        room: impl Fn() -> Room + Sync,
        task: impl Fn(&mut Room, usize) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        let next = AtomicUsize::new(0);
        let all: Mutex<Result<Vec<(usize, T)>, E>> = Mutex::new(Ok(Vec::with_capacity(count)));
        let run = || {
            let mut room = room();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return;
                }
                let done = self.go_on().map_err(E::from).and_then(|()| task(&mut room, index));
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                match (&mut *all, done) {
                    (Ok(results), Ok(result)) => results.push((index, result)),
                    (Ok(_), Err(error)) => {
                        *all = Err(error);
                        next.store(count, Ordering::Relaxed);
                    }
                    (Err(_), _) => {}
                }
            }
        };
        thread::scope(|scope| {
            // Where no more threads can be had, those that run do the work.
            let start = |_: &usize| thread::Builder::new().spawn_scoped(scope, run).is_ok();
            (1..self.threads.min(count)).take_while(start).for_each(drop);
            run();
        });
        let mut results = all.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        results.sort_unstable_by_key(|(index, _)| *index);
        Ok(results.into_iter().map(|(_, result)| result).collect())
    }

    /// Does the tasks 0 to `count` as [`Work::each`] does, and hands the results to `take` in their order; at most `window` of
    /// them are kept at once.
    ///
    /// # Errors
    /// The first failure of a task or of `take`; [`Error::Interrupted`].
    pub fn each_in_order<Room, T: Send, E: From<Error> + Send>(
        &self,
        count: usize,
        window: usize,
        room: impl Fn() -> Room + Sync,
        task: impl Fn(&mut Room, usize) -> Result<T, E> + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        for first in (0..count).step_by(window) {
            let results = self.each(window.min(count - first), &room, |room, index| task(room, first + index))?;
            for (index, result) in results.into_iter().enumerate() {
                take(first + index, result)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(threads: usize) -> Work<'static> {
        Work { threads, ..Work::alone() }
    }

    #[test]
    fn results_have_the_order_of_the_tasks_on_any_number_of_threads() {
        for threads in [0, 1, 2, 7, 300] {
            let squares = on(threads).each(100, || (), |(), index| Ok::<_, Error>(index * index)).unwrap();
            assert_eq!(squares, (0..100).map(|index| index * index).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn results_are_taken_in_order_a_window_at_a_time() {
        let (kept, mut taken) = (AtomicUsize::new(0), Vec::new());
        let task = |(): &mut (), index: usize| {
            assert!(kept.fetch_add(1, Ordering::Relaxed) < 7);
            Ok::<_, Error>(index)
        };
        let take = |index, result| {
            kept.fetch_sub(1, Ordering::Relaxed);
            taken.push((index, result));
            Ok(())
        };
        on(3).each_in_order(100, 7, || (), task, take).unwrap();
        assert_eq!(taken, (0..100).map(|index| (index, index)).collect::<Vec<_>>());
    }

    #[test]
    fn a_failure_and_the_stop_flag_end_the_work() {
        let fails = |(): &mut (), index: usize| if index < 3 { Ok(()) } else { Err(Error::Interrupted) };
        assert!(matches!(on(4).each(1000, || (), fails), Err(Error::Interrupted)));
        let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
        let stopped = Work { stop: &stop, ..on(2) }.each(
            1000,
            || (),
            |(), _| {
                done.fetch_add(1, Ordering::Relaxed);
                stop.store(true, Ordering::Relaxed);
                Ok::<_, Error>(())
            },
        );
        assert!(matches!(stopped, Err(Error::Interrupted)));
        assert!(done.load(Ordering::Relaxed) <= 2, "each thread ends at its next task");
    }
}
