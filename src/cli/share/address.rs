//! Where this machine is found in its network, without asking anybody.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::{fmt, io};

use catcow::{Error, Result};

/// The port, unless another is wanted: C, A, T, S on a telephone's keys. It stays the same, so that a firewall can be told of it once.
const PORT: u16 = 2287;

/// An address of documentation (RFC 5737): the system says from where it would send there, and nothing is sent.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(198, 51, 100, 1), 9);

/// An address of this machine, and by which interface it has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub interface: String,
    pub ip: IpAddr,
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.ip, self.interface)
    }
}

/// The address in the local network to share on, and the others there are.
///
/// # Errors
/// This machine has no address in a local network.
pub fn local() -> Result<(IpAddr, Vec<Address>)> {
    let all: Vec<_> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .map(|each| Address { ip: each.ip(), interface: each.name })
        .collect();
    chosen(default_route(), all).ok_or_else(|| {
        failed(
            "expected an address of this computer in a local network, found none",
            &[
                "join a wireless network, or open a hotspot on the phone and join that",
                "`--local` shares with this computer alone; `--address IP` takes an address that you know",
            ],
        )
    })
}

/// The address that this machine sends from to what is not in its own networks.
fn default_route() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// The default route's address where it is one of a local network, else the first that is, and the rest.
fn chosen(route: Option<IpAddr>, all: Vec<Address>) -> Option<(IpAddr, Vec<Address>)> {
    let mut local: Vec<_> = all.into_iter().filter(|address| is_local(address.ip)).collect();
    let chosen = route.filter(|ip| is_local(*ip)).or(local.first().map(|address| address.ip))?;
    local.retain(|address| address.ip != chosen);
    Some((chosen, local))
}

/// Whether an address is one that only its own network reaches (RFC 1918, and RFC 3927 for machines that nobody gave one). Every phone's
/// browser takes those of version 4; what the whole internet reaches is shared where someone asks for it.
fn is_local(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.is_private() || ip.is_link_local())
}

/// Listens on an address; on a port of the system's choice where the usual one is taken and none was asked for.
///
/// # Errors
/// The port or the address cannot be had: how to choose another.
pub fn listen(ip: IpAddr, port: Option<u16>) -> Result<TcpListener> {
    if ip.is_unspecified() || ip.is_multicast() {
        return Err(failed(
            &format!("`--address`: expected an address of this computer, found {ip}, which is none"),
            &["leave it out, or name one address: whoever shares on all of them does not know with whom"],
        ));
    }
    let bound = TcpListener::bind(SocketAddr::new(ip, port.unwrap_or(PORT)));
    let bound = match bound {
        Err(error) if port.is_none() && error.kind() == io::ErrorKind::AddrInUse => TcpListener::bind((ip, 0)),
        bound => bound,
    };
    bound.map_err(|error| refused(ip, port.unwrap_or(PORT), &error))
}

fn refused(ip: IpAddr, port: u16, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::AddrInUse => failed(
            &format!("expected port {port} of {ip} to be free, found that another program has it"),
            &[
                "choose another with `--port`, or leave it out: then a free one is found",
                "is `catcow share` running already?",
            ],
        ),
        io::ErrorKind::AddrNotAvailable => failed(
            &format!("`--address`: expected an address of this computer, found {ip}, which it does not have"),
            &["leave it out: then the address in the local network is found"],
        ),
        io::ErrorKind::PermissionDenied => failed(
            &format!("this computer does not let a program of yours have port {port}"),
            &["choose one above 1023 with `--port`"],
        ),
        _ => failed(
            &format!("cannot listen on {}: {error}", SocketAddr::new(ip, port)),
            &["choose another with `--port`"],
        ),
    }
}

/// What went wrong, and how to mend it.
pub fn failed(reason: &str, help: &[&str]) -> Error {
    Error::Network { reason: reason.into(), help: help.iter().map(|line| (*line).to_owned()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(interface: &str, ip: &str) -> Address {
        Address { interface: interface.into(), ip: ip.parse().unwrap() }
    }

    #[test]
    fn the_default_routes_address_is_taken_and_nothing_that_the_internet_reaches() {
        let all = || {
            vec![
                address("lo", "127.0.0.1"),
                address("eth0", "203.0.113.9"),
                address("docker0", "172.17.0.1"),
                address("wlan0", "192.168.1.7"),
                address("wlan0", "fe80::1"),
            ]
        };
        let (ip, others) = chosen(Some("192.168.1.7".parse().unwrap()), all()).unwrap();
        assert_eq!((ip.to_string().as_str(), others), ("192.168.1.7", vec![address("docker0", "172.17.0.1")]));
        let (ip, others) = chosen(Some("203.0.113.9".parse().unwrap()), all()).unwrap();
        assert_eq!((ip.to_string().as_str(), others), ("172.17.0.1", vec![address("wlan0", "192.168.1.7")]));
        assert_eq!(chosen(None, vec![address("lo", "127.0.0.1")]), None);
        assert_eq!(chosen(Some("203.0.113.9".parse().unwrap()), Vec::new()), None);
        // Where interfaces cannot be listed, the route is enough.
        assert!(chosen(Some("10.0.0.2".parse().unwrap()), Vec::new()).is_some());
    }

    #[test]
    fn what_cannot_be_listened_on_is_told_with_what_to_do() {
        for ip in ["0.0.0.0", "::", "224.0.0.1", "192.0.2.77"] {
            let told = listen(ip.parse().unwrap(), None).unwrap_err().to_string();
            assert!(
                told.contains("expected an address of this computer") && told.contains("help: leave it out"),
                "{told}"
            );
        }
    }
}
