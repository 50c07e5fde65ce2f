//! The network's side: connections, and how long and how large a client may make anything.
//!
//! One thread serves all. A client that is slow, silent or endless costs one of [`crowd::MOST`] places and some kilobytes, for a time that
//! is limited; the bytes that are sent are those of the table, which no client makes more of.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::answer::{Answer, Door, Question, Table, answer};
use super::crowd::{Crowd, Guest};

/// A request's head has to be there within this time; a connection on which none comes is closed.
const HEAD: Duration = Duration::from_secs(10);

/// A client that takes no byte for so long has gone.
const STALLED: Duration = Duration::from_secs(30);

/// After so long a connection ends with the answer that it is at: a browser opens another.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// What that last answer may take.
const LAST: Duration = Duration::from_secs(60);

/// How large a request's head may be. A browser's are a tenth of it; hyper allows no less than half.
const HEAD_BYTES: usize = 16 << 10;

/// How many headers it may have.
const HEADERS: usize = 64;

/// What is handed to the system at once.
const PIECE: usize = 64 << 10;

/// How often it is looked whether the share should end.
const TICK: Duration = Duration::from_millis(50);

/// What is shared, and who is told when a device opens it.
pub struct Share {
    pub table: Table,
    pub door: Door,
    pub opened: Box<dyn Fn(IpAddr) + Send + Sync>,
}

/// Serves until `stop` is set. Whoever is connected then is not waited for.
///
/// # Errors
/// Where the system gives no means to serve with. What goes wrong with one connection ends that one.
pub fn serve(listener: TcpListener, share: Share, stop: &AtomicBool) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    runtime.block_on(accept(listener, Arc::new(share), stop))
}

async fn accept(listener: TcpListener, share: Arc<Share>, stop: &AtomicBool) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut crowd = Crowd::default();
    while !stop.load(Ordering::Relaxed) {
        match timeout(TICK, listener.accept()).await {
            Ok(Ok((stream, from))) => {
                if crowd.make_room() {
                    crowd.let_in(guest(stream, from, &share));
                }
            }
            // No more files may be open, or the client has gone already: others are served, and it is tried again.
            Ok(Err(_)) => sleep(TICK).await,
            Err(_) => {}
        }
    }
    Ok(())
}

fn guest(stream: TcpStream, from: SocketAddr, share: &Arc<Share>) -> Guest {
    let knows = Arc::new(AtomicBool::new(false));
    let task = tokio::spawn(connection(stream, from.ip(), Arc::clone(share), Arc::clone(&knows)));
    Guest { from: from.ip(), knows, task: task.abort_handle() }
}

/// Answers what comes on a connection, until its time is over.
async fn connection(stream: TcpStream, from: IpAddr, share: Arc<Share>, knows: Arc<AtomicBool>) {
    // Small answers go at once. Where the system does not allow it, they come a little later.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = to_request(&share, &request);
        if answer.knows {
            knows.store(true, Ordering::Relaxed);
        }
        if answer.opens {
            (share.opened)(from);
        }
        std::future::ready(Ok::<_, Infallible>(response(answer)))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    let mut connection = pin!(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
    if timeout(LONGEST, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(LAST, connection).await;
    }
}

/// The answer to a request, of whose body nothing is read.
fn to_request(share: &Share, request: &Request<Incoming>) -> Answer {
    let headers: Vec<_> = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let uri = request.uri();
    let question = Question {
        method: request.method().as_str(),
        authority: uri.authority().map(hyper::http::uri::Authority::as_str),
        path: uri.path(),
        headers: &headers,
    };
    answer(&share.table, &share.door, &question)
}

fn response(answer: Answer) -> Response<Pieces> {
    let mut response = Response::new(Pieces(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // The table's own values can all be sent.
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Bytes of the table, handed over piece by piece: what the system has not taken yet is never copied.
struct Pieces(Bytes);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let piece = self.0.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.0.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}
