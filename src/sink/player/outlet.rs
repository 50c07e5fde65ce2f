//! What a session is heard on at a sound server. The player remembers it, so that a stream that is opened later knows whether the
//! headphones are still the same.

use std::ffi::CString;

use pulseaudio::protocol::SinkInfo;
use pulseaudio::protocol::port_info::{PortAvailable, PortType};

/// What a stream is heard on: a sink and its port (loudspeaker, headphones), where it has ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outlet {
    /// The name of the sink.
    pub(super) sink: CString,
    port: Option<CString>,
}

impl Outlet {
    /// What a sink plays on.
    pub(super) fn of(sink: &SinkInfo) -> Outlet {
        Outlet { sink: sink.name.clone(), port: sink.ports.get(sink.active_port).map(|port| port.name.clone()) }
    }

    /// Whether its sink, as it is now, could still be heard on this port. A loudspeaker may be said to be unavailable while
    /// headphones are plugged in: that is no loss.
    pub(super) fn is_on(&self, sink: &SinkInfo) -> bool {
        let Some(name) = &self.port else { return true };
        let port = sink.ports.iter().find(|port| port.name == *name);
        port.is_some_and(|port| port.available != PortAvailable::No || port.port_type == PortType::Speaker)
    }
}
