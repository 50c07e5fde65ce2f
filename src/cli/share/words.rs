//! What whoever shares reads: the address, as letters and as a picture, and what to do with it.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;

use catcow::Result;

use super::address::Address;
use super::qr::Picture;
use crate::cli::{Talk, columns, print, print_data};

/// Prints the address, and at a terminal that has room for it the picture above it. Anything else reads the address alone.
pub fn address(url: &str) -> Result<()> {
    if io::stdout().is_terminal()
        && let Some(picture) = Picture::new(url).filter(fits)
    {
        print_data(&format!("\n{}\n", picture.coloured()))?;
    }
    print(&format!("{url}\n"))
}

fn fits(picture: &Picture) -> bool {
    let draws = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    draws && columns::of_stdout().is_none_or(|columns| picture.columns() <= columns)
}

/// Tells how to open it, for how long, and what may be in the way.
pub fn advice(at: SocketAddr, others: &[Address], talk: Talk) {
    if at.ip().is_loopback() {
        talk.say("Open it in a browser on this computer: nobody else reaches it. Ctrl-C ends it.");
        return;
    }
    talk.say(
        "On a phone in the same network, scan the code or type the address. Who has the address can open it, nobody else; the way \
         there is not encrypted, so share at home, not in a network of strangers.",
    );
    talk.say(
        "Leave this running while somebody chooses, and for some minutes after they have begun: the phone fetches the words of a \
         session while it plays. Ctrl-C ends it.",
    );
    let port = at.port();
    talk.say(&format!(
        "Nothing opens? Allow port {port} (TCP) in this computer's firewall. A network for guests may keep devices apart."
    ));
    if !others.is_empty() {
        let others: Vec<_> = others.iter().map(ToString::to_string).collect();
        talk.say(&format!(
            "This computer has other addresses too: {}. `--address` takes one of them.",
            others.join(", ")
        ));
    }
}
