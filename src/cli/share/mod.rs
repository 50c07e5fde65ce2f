//! `catcow share`: the page on a phone beside this computer, from the computer, for as long as it runs.

mod address;
mod answer;
mod crowd;
mod devices;
mod qr;
mod server;
mod token;
mod words;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use catcow::{Error, Result};
use clap::Args;

use self::address::Address;
use self::answer::{Door, Table};
use self::devices::Devices;
use super::play::awake::Awake;
use super::site::Contents;
use super::{Talk, pen};

/// What to share, and where.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Share {
    #[command(flatten)]
    contents: Contents,
    /// The port, instead of the usual one or a free one.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Share with this computer alone, to try it.
    #[arg(long, conflicts_with = "address")]
    local: bool,
    /// The address of this computer to share on, where it has several.
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
}

/// A paragraph a line: the terminal's width breaks them.
const AFTER_HELP: &str = "\
Who has the whole address can open the page and hear what is shared; nobody can change anything. The address is another each time.

Ctrl-C ends the share; that is its ordinary end, and the exit code is 0.";

impl Share {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let stop = super::stop_flag();
        // What cannot be listened on is told before the long work.
        let (ip, others) = self.place()?;
        let listener = address::listen(ip, self.port)?;
        let at = listener.local_addr().map_err(failed)?;
        let site = self.contents.site(&super::library()?, talk)?;
        let table = Table::new(site.assets.into_iter().map(|asset| (asset.path, asset.kind, asset.bytes)));
        let token = token::new().map_err(failed)?;
        let url = format!("http://{at}/{token}/");
        words::address(&url)?;
        words::advice(at, &others, talk);
        let _awake = (!at.ip().is_loopback()).then(Awake::keep);
        // From here on a terminal that takes nothing holds up nobody.
        pen::begin();
        let devices = Devices::default();
        let opened = move |from| devices.opened(from).into_iter().for_each(|line| talk.say(&line));
        let door = Door { token, hosts: hosts(at) };
        server::serve(listener, server::Share { table, door, opened: Box::new(opened) }, &stop).map_err(failed)
    }

    /// The address to share on, and the others that could be chosen.
    fn place(&self) -> Result<(IpAddr, Vec<Address>)> {
        match self.address {
            Some(ip) => Ok((ip, Vec::new())),
            None if self.local => Ok((Ipv4Addr::LOCALHOST.into(), Vec::new())),
            None => address::local(),
        }
    }
}

/// What a browser calls an address; the usual port of the protocol is left out.
fn hosts(at: SocketAddr) -> Vec<String> {
    let mut names = vec![SocketAddr::new(at.ip(), 0).to_string().trim_end_matches(":0").to_owned()];
    if at.ip().is_loopback() {
        names.push("localhost".into());
    }
    let with_port = names.iter().map(|name| format!("{name}:{}", at.port())).collect();
    if at.port() == 80 { [with_port, names].concat() } else { with_port }
}

/// Where the system gives no means to share with.
fn failed(error: io::Error) -> Error {
    address::failed(&format!("cannot share: {error}"), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_called_by_its_address_and_its_port() {
        let hosts = |at: &str| hosts(at.parse().unwrap());
        assert_eq!(hosts("192.168.1.7:2287"), ["192.168.1.7:2287"]);
        assert_eq!(hosts("192.168.1.7:80"), ["192.168.1.7:80", "192.168.1.7"]);
        assert_eq!(hosts("127.0.0.1:2287"), ["127.0.0.1:2287", "localhost:2287"]);
        assert_eq!(hosts("[fd00::7]:80"), ["[fd00::7]:80", "[fd00::7]"]);
    }
}
