//! A page over the whole terminal, on standard error: drawn anew where it changed.
//!
//! Whatever ends the program, a panic too, the terminal is as it was before.

use std::io::{self, Write};
use std::sync::Once;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, size};

use super::{pen, terminal};

/// The page as it was drawn last.
#[derive(Default)]
pub struct Drawing {
    drawn: Vec<String>,
    /// Columns and rows when it was drawn.
    size: (u16, u16),
}

impl Drawing {
    /// Takes the whole terminal for the page.
    pub fn begin(&mut self) {
        restore_after_panic();
        let mut out = Vec::new();
        let _ = queue!(out, EnterAlternateScreen, Hide);
        pen::put(&out);
        self.drawn.clear();
    }

    /// Columns and rows of the terminal by now.
    pub fn size(&mut self) -> (usize, usize) {
        // A terminal that does not know its size says nought.
        let size = size().ok().filter(|(width, height)| *width > 0 && *height > 0).unwrap_or((80, 24));
        if std::mem::replace(&mut self.size, size) != size {
            self.drawn.clear();
        }
        (usize::from(size.0), usize::from(size.1))
    }

    /// Shows these rows.
    pub fn show(&mut self, rows: Vec<String>) {
        // A terminal that takes nothing gets the page of the moment when it does.
        if rows != self.drawn && pen::is_free() {
            let mut out = Vec::new();
            let _ = self.draw(&rows, &mut out);
            pen::put(&out);
            self.drawn = rows;
        }
    }

    fn draw(&self, rows: &[String], out: &mut Vec<u8>) -> io::Result<()> {
        if rows.len() != self.drawn.len() {
            queue!(out, Clear(ClearType::All))?;
        }
        for (index, row) in rows.iter().enumerate() {
            if self.drawn.len() != rows.len() || self.drawn.get(index) != Some(row) {
                queue!(out, MoveTo(0, index as u16), Clear(ClearType::CurrentLine))?;
                out.write_all(row.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// The terminal is as it was before; `draws` tells whether a page was drawn on it.
pub fn restore(draws: bool) {
    if draws {
        let mut out = Vec::new();
        let _ = queue!(out, Show, LeaveAlternateScreen);
        pen::put(&out);
    }
    pen::settle();
    terminal::end();
}

/// What a panic says is said on the terminal as it was before.
pub fn restore_after_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore(true);
            before(panic);
        }));
    });
}
