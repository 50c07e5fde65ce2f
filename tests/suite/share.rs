//! `catcow share`: what a phone gets, what a stranger does not, and what no client can do to it. The program itself serves, on this
//! machine alone; clients say what they like, byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::workshop::{Outcome, Workshop};

/// Whatever takes longer hangs, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A part of what is built in, so that each test begins soon.
const CONTENTS: [&str; 4] = ["gentle-back", "morning", "--voice", "ada"];

/// The program, sharing.
struct Shared {
    child: Child,
    url: String,
    at: SocketAddr,
    token: String,
    told: Receiver<String>,
    _workshop: Workshop,
}

impl Shared {
    fn new() -> Shared {
        Shared::of(Workshop::new(), &CONTENTS)
    }

    fn of(workshop: Workshop, contents: &[&str]) -> Shared {
        let mut command = workshop.command();
        command.args(["share", "--local"]).args(contents);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let (out, mut lines) = (child.stdout.take().expect("its output"), Vec::new());
        let told = told(child.stderr.take().expect("its words"));
        let mut out = BufReader::new(out);
        out.read_until(b'\n', &mut lines).expect("a line");
        let url = String::from_utf8(lines).expect("UTF-8").trim_end().to_owned();
        let (at, token) =
            url.strip_prefix("http://").and_then(|rest| rest.trim_end_matches('/').split_once('/')).unwrap_or_default();
        let (at, token) =
            (at.parse().unwrap_or_else(|_| panic!("an address, not {url:?}: {:?}", told.recv())), token.to_owned());
        Shared { child, url, at, token, told, _workshop: workshop }
    }

    fn connect(&self) -> TcpStream {
        connect(self.at)
    }

    /// The answer to a request for a file, with more headers.
    fn ask(&self, method: &str, file: &str, headers: &str) -> Answer {
        self.say(&format!("{method} /{}/{file} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.token, self.at), method)
    }

    fn get(&self, file: &str) -> Answer {
        self.ask("GET", file, "")
    }

    /// The answer to whatever is sent.
    fn say(&self, request: &str, method: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it is read");
        Answer::read(&mut BufReader::new(stream), method)
    }

    /// Fails where somebody with the address is not served.
    #[track_caller]
    fn serves(&self) {
        assert_eq!(self.get("").status, 200);
    }

    /// The memory that it has now, in KiB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    fn interrupt(&self) {
        let status = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The exit code of a program that is about to end.
#[track_caller]
fn ends(child: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("its status") {
            return status.code();
        }
        if begin.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("it goes on");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// A connection that waits for nothing without end.
fn connect(at: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&at, PATIENCE).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
    stream
}

/// The lines that somebody tells, as they come.
fn told(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    thread::spawn(move || BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
    told
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    /// The next answer; status 0 where the connection ended instead.
    fn read(from: &mut impl BufRead, method: &str) -> Answer {
        let mut answer = Answer { status: 0, headers: BTreeMap::new(), body: Vec::new() };
        let mut line = String::new();
        if from.read_line(&mut line).unwrap_or(0) == 0 {
            return answer;
        }
        answer.status =
            line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"));
        loop {
            line.clear();
            from.read_line(&mut line).expect("a header");
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            assert!(answer.headers.insert(name.to_lowercase(), value.to_owned()).is_none(), "{name} twice");
        }
        let length = answer.headers.get("content-length").map_or(0, |length| length.parse().expect("a length"));
        if method != "HEAD" && answer.status != 304 {
            answer.body = vec![0; length];
            from.read_exact(&mut answer.body).expect("the whole body");
        }
        answer
    }

    #[track_caller]
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("a header {name}: {:?}", self.headers))
    }
}

/// The files that `catcow site` writes of the same, by their names.
fn site() -> BTreeMap<String, Vec<u8>> {
    let workshop = Workshop::new();
    workshop.run([&["site", "folder"], &CONTENTS[..]].concat()).success();
    let (root, mut found, mut folders) = (workshop.path("folder"), BTreeMap::new(), vec![workshop.path("folder")]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).expect("below it").to_str().expect("UTF-8").to_owned();
            found.insert(name, fs::read(path).expect("a file"));
        }
    }
    found
}

/// Some file of sound, and its bytes.
fn clip(site: &BTreeMap<String, Vec<u8>>) -> (&str, &[u8]) {
    let (name, bytes) = site.iter().find(|(name, _)| name.ends_with("/in.opus")).expect("a clip");
    (name, bytes)
}

#[test]
fn a_phone_gets_byte_for_byte_the_site_that_would_be_written() {
    let (shared, site) = (Shared::new(), site());
    assert!(site.len() > 100 && site.contains_key("index.html") && site.contains_key("site.json"), "{:?}", site.keys());
    let mut stream = BufReader::new(shared.connect());
    let mut next = |method: &str, file: &str, headers: &str| {
        let request = format!("{method} /{}/{file} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", shared.token, shared.at);
        stream.get_mut().write_all(request.as_bytes()).expect("one connection does for all");
        Answer::read(&mut stream, method)
    };
    for (name, bytes) in &site {
        let plain = next("GET", name, "");
        assert_eq!((plain.status, &plain.body), (200, bytes), "{name}");
        let kind = match name.rsplit('.').next().expect("an ending") {
            "html" => "text/html; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "webmanifest" => "application/manifest+json",
            "wasm" => "application/wasm",
            "opus" => "audio/ogg",
            "toml" => "text/plain; charset=utf-8",
            "png" => "image/png",
            "svg" => "image/svg+xml",
            other => panic!("{name}: which kind is {other}?"),
        };
        assert_eq!(plain.header("content-type"), kind, "{name}");
        let head = next("HEAD", name, "");
        assert_eq!((head.status, head.header("content-length")), (200, &*bytes.len().to_string()), "{name}");
        let small = next("GET", name, "Accept-Encoding: gzip, deflate\r\n");
        let mut read = small.body.clone();
        if small.headers.contains_key("content-encoding") {
            assert_eq!(small.header("content-encoding"), "gzip");
            assert!(small.body.len() < bytes.len(), "{name}");
            read.clear();
            flate2::read::GzDecoder::new(&small.body[..]).read_to_end(&mut read).expect("gzip");
        }
        assert_eq!(&read, bytes, "{name}");
        let again = next("GET", name, &format!("If-None-Match: {}\r\n", plain.header("etag")));
        assert_eq!((again.status, again.header("cache-control")), (304, "no-cache"), "{name}");
    }
    assert_eq!(next("GET", "", "").body, site["index.html"]);
}

#[test]
fn every_answer_keeps_the_page_to_itself() {
    let shared = Shared::new();
    for answer in [
        shared.get(""),
        shared.get("site.json"),
        shared.get("nothing"),
        shared.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET"),
    ] {
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|found| found == part), "{part}: {policy}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("set-cookie"));
    }
}

#[test]
fn a_file_in_parts_is_the_file() {
    let (shared, site) = (Shared::new(), site());
    let (name, bytes) = clip(&site);
    let mut whole = Vec::new();
    while whole.len() < bytes.len() {
        let part = shared.ask("GET", name, &format!("Range: bytes={}-{}\r\n", whole.len(), whole.len() + 999));
        assert_eq!((part.status, part.header("accept-ranges")), (206, "bytes"));
        let last = whole.len() + part.body.len() - 1;
        assert_eq!(part.header("content-range"), format!("bytes {}-{last}/{}", whole.len(), bytes.len()));
        whole.extend(part.body);
    }
    assert_eq!(whole, bytes);
    let last = shared.ask("GET", name, "Range: bytes=-7\r\n");
    assert_eq!((last.status, &last.body[..]), (206, &bytes[bytes.len() - 7..]));
    let beyond = shared.ask("GET", name, &format!("Range: bytes={}-\r\n", bytes.len()));
    assert_eq!((beyond.status, beyond.header("content-range")), (416, &*format!("bytes */{}", bytes.len())));
}

#[test]
fn a_stranger_learns_nothing() {
    let shared = Shared::new();
    let other = Shared::new();
    assert_ne!(shared.token, other.token, "each share has an address of its own");
    assert!(shared.token.len() >= 20, "96 bits");
    let (token, at) = (&shared.token, shared.at);
    let missing = shared.get("missing");
    let mut nearly = token.clone();
    nearly.pop();
    for path in [
        "/",
        "/index.html",
        "/site.json",
        "/files/voice_clips/script.toml",
        "/favicon.ico",
        "//",
        "/../../etc/passwd",
        "/%2e%2e/etc/passwd",
        &format!("/{nearly}/"),
        &format!("/{token}x/"),
        &format!("/{}/", token.to_uppercase()),
        &format!("/{}/", other.token),
        &format!("/x/../{token}/"),
        &format!("//{token}/"),
    ] {
        let answer = shared.say(&format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n"), "GET");
        assert_eq!((answer.status, &answer.body), (404, &missing.body), "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("root:"));
    }
    for path in
        ["../index.html", "..%2f..%2fetc/passwd", "files", "files/", "/etc/passwd", "index.html%00", "%c0%ae%c0%ae/x"]
    {
        assert_eq!(shared.get(path).status, 404, "{path}");
    }
    // A page elsewhere, whose name was made to lead here, has another name.
    for host in ["evil.example", "evil.example:2287", "127.0.0.1", "", "localhost:1"] {
        let answer = shared.say(&format!("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"), "GET");
        assert!([400, 421].contains(&answer.status), "{host}: {}", answer.status);
    }
    let without = shared.say(&format!("GET /{token}/ HTTP/1.1\r\n\r\n"), "GET");
    assert!([400, 421].contains(&without.status), "{}", without.status);
    let absolute =
        |host: &str| shared.say(&format!("GET http://{host}/{token}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"), "GET").status;
    assert_eq!((absolute("evil.example"), absolute(&at.to_string())), (421, 200));
}

#[test]
fn nothing_but_get_and_head_is_done() {
    let shared = Shared::new();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        let answer = shared.ask(method, "index.html", "");
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    for line in [format!("CONNECT {} HTTP/1.1", shared.at), "OPTIONS * HTTP/1.1".to_owned()] {
        let answer = shared.say(&format!("{line}\r\nHost: {}\r\n\r\n", shared.at), "GET");
        assert!((400..500).contains(&answer.status), "{line}: {}", answer.status);
    }
    shared.serves();
}

#[test]
#[cfg(target_os = "linux")]
fn garbage_and_what_is_huge_or_endless_costs_nothing() {
    let shared = Shared::new();
    shared.serves();
    let before = shared.memory();
    let (token, at) = (&shared.token, shared.at);
    let zeros = vec![0_u8; 100_000];
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
    let garbage: [&[u8]; 12] = [
        b"\r\n\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        &tls,
        &zeros,
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ];
    for bytes in garbage {
        let mut stream = shared.connect();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        // The connection may be cut while bytes are still under way; it ends, and nothing of the table comes.
        let _ = stream.read_to_end(&mut answer);
        let head = String::from_utf8_lossy(&answer[..answer.len().min(15)]).into_owned();
        assert!(
            answer.is_empty() || head.starts_with("HTTP/1.1 4") || head.starts_with("HTTP/1.0 4"),
            "{bytes:?}: {head}"
        );
    }
    // Heads without an end: a line, a header, headers without number; and a body.
    let endless = [
        ("GET /".to_owned(), "a"),
        (format!("GET /{token}/ HTTP/1.1\r\nHost: {at}\r\nX: "), "a"),
        (format!("GET /{token}/ HTTP/1.1\r\nHost: {at}\r\n"), "X: y\r\n"),
        (format!("POST /{token}/ HTTP/1.1\r\nHost: {at}\r\nContent-Length: 99999999999\r\n\r\n"), "a"),
        (format!("POST /{token}/ HTTP/1.1\r\nHost: {at}\r\nTransfer-Encoding: chunked\r\n\r\n"), "1\r\na\r\n"),
    ];
    for (head, more) in endless {
        let mut stream = shared.connect();
        stream.write_all(head.as_bytes()).expect("the head");
        let more = more.repeat(100_000);
        let taken = (0..1000).take_while(|_| stream.write_all(more.as_bytes()).is_ok()).count();
        assert!(taken < 100, "{head:?}: it took {taken} times {} bytes", more.len());
    }
    shared.serves();
    let after = shared.memory();
    assert!(after < before + 8 * 1024, "{before} KiB became {after} KiB");
}

#[test]
fn a_head_that_comes_too_slowly_is_not_waited_for() {
    let shared = Shared::new();
    let mut stream = shared.connect();
    let (begin, request) = (Instant::now(), format!("GET /{}/ HTTP/1.1\r\nHost: {}\r\nX: ", shared.token, shared.at));
    let slow = request.bytes().chain(std::iter::repeat(b'x'));
    let ended = slow.map(|byte| {
        thread::sleep(Duration::from_millis(100));
        stream.write_all(&[byte])
    });
    let ended = ended.take_while(|written| written.is_ok() && begin.elapsed() < PATIENCE).count();
    assert!(begin.elapsed() < PATIENCE, "it waits still, after {ended} bytes");
    shared.serves();
}

#[test]
fn connections_that_say_nothing_keep_nobody_out() {
    let shared = Shared::new();
    // Somebody who was served before, and goes on.
    let mut guest = BufReader::new(shared.connect());
    let mut serves = |shared: &Shared| {
        let request = format!("GET /{}/site.json HTTP/1.1\r\nHost: {}\r\n\r\n", shared.token, shared.at);
        guest.get_mut().write_all(request.as_bytes()).expect("still connected");
        assert_eq!(Answer::read(&mut guest, "GET").status, 200);
    };
    serves(&shared);
    let mut silent = Vec::new();
    for count in [100, 500] {
        while silent.len() < count {
            let mut stream = shared.connect();
            // Half of them have begun to say something.
            if silent.len() % 2 == 0 {
                stream.write_all(b"GET / HTTP/1.1\r\nHost:").expect("a beginning");
            }
            silent.push(stream);
        }
        shared.serves();
        serves(&shared);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn who_takes_nothing_of_what_is_sent_costs_no_memory() {
    let shared = Shared::new();
    let largest = site().into_iter().max_by_key(|(_, bytes)| bytes.len()).expect("files").0;
    shared.serves();
    let before = shared.memory();
    let mut all = Vec::new();
    for _ in 0..100 {
        let mut stream = shared.connect();
        let one = format!("GET /{}/{largest} HTTP/1.1\r\nHost: {}\r\n\r\n", shared.token, shared.at);
        stream.write_all(one.repeat(50).as_bytes()).expect("fifty requests at once");
        all.push(stream);
    }
    shared.serves();
    let after = shared.memory();
    assert!(after < before + 16 * 1024, "{before} KiB became {after} KiB");
    drop(all);
}

/// A hundred clients fetch what they like for so long; how many answers there were. Each connects anew now and then.
fn crowd(shared: &Shared, site: &BTreeMap<String, Vec<u8>>, time: Duration) -> usize {
    let ends = Instant::now() + time;
    let files: Vec<_> = site.iter().collect();
    // What the server tells is read by one thread alone.
    let (here, token) = (shared.at, shared.token.as_str());
    let client = |number: usize| {
        let (mut answers, mut at) = (0, number * 7);
        while Instant::now() < ends {
            let mut stream = BufReader::new(connect(here));
            for _ in 0..20 {
                let (name, bytes) = files[at % files.len()];
                at += 13;
                let request = format!("GET /{token}/{name} HTTP/1.1\r\nHost: {here}\r\n\r\n");
                stream.get_mut().write_all(request.as_bytes()).expect("connected");
                let answer = Answer::read(&mut stream, "GET");
                assert!(answer.status == 200 && answer.body == *bytes, "{name}: {}", answer.status);
                answers += 1;
            }
        }
        answers
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..100).map(|number| scope.spawn(move || client(number))).collect();
        clients.into_iter().map(|client| client.join().expect("no error")).sum()
    })
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_clients_at_once_are_served_without_an_error_and_in_flat_memory() {
    let (shared, site) = (Shared::new(), site());
    // What the system gives once for buffers is no growth.
    crowd(&shared, &site, Duration::from_secs(1));
    let before = shared.memory();
    let answers = crowd(&shared, &site, Duration::from_secs(4));
    let after = shared.memory();
    println!("{answers} answers; {before} KiB, then {after} KiB");
    assert!(answers >= 2000 && after < before + 8 * 1024, "{answers} answers; {before} KiB became {after} KiB");
}

#[test]
fn ctrl_c_ends_it_at_once_and_well_whoever_is_connected() {
    let mut shared = Shared::new();
    let stop = Arc::new(AtomicBool::new(false));
    let mut busy = shared.connect();
    let request = format!("GET /{}/files.json HTTP/1.1\r\nHost: {}\r\n\r\n", shared.token, shared.at);
    let stopped = Arc::clone(&stop);
    let client =
        thread::spawn(move || while !stopped.load(Ordering::Relaxed) && busy.write_all(request.as_bytes()).is_ok() {});
    let silent: Vec<_> = (0..20).map(|_| shared.connect()).collect();
    shared.serves();
    shared.interrupt();
    assert_eq!(ends(&mut shared.child), Some(0), "the ordinary end");
    stop.store(true, Ordering::Relaxed);
    client.join().expect("the client ends too");
    drop(silent);
}

#[test]
fn without_a_terminal_the_address_alone_is_printed_and_devices_are_counted() {
    let mut shared = Shared::new();
    for _ in 0..3 {
        shared.serves();
    }
    assert_eq!(shared.get("site.json").status, 200);
    shared.interrupt();
    assert_eq!(ends(&mut shared.child), Some(0));
    let told: Vec<String> = shared.told.iter().collect();
    assert_eq!(told.iter().filter(|line| line.contains("opened the page")).count(), 1, "{told:?}");
    assert!(told.iter().any(|line| line.contains("Ctrl-C")), "{told:?}");
    let secret = told.iter().any(|line| line.contains(&shared.token) || line.contains("127.0.0.1"));
    assert!(!secret, "an address is told: {told:?}");
    assert_eq!(shared.url, format!("http://{}/{}/", shared.at, shared.token));
}

#[test]
fn what_it_cannot_have_is_said_with_what_to_do() {
    let shared = Shared::new();
    let workshop = Workshop::new();
    let run = |arguments: &[&str]| workshop.run([&["share", "morning", "--voice", "ada"], arguments].concat());
    let port = shared.at.port().to_string();
    let taken = run(&["--local", "--port", &port]).failure(3);
    assert!(taken.contains("to be free") && taken.contains("--port"), "{taken}");
    let elsewhere = run(&["--address", "192.0.2.77"]).failure(3);
    assert!(elsewhere.contains("expected an address of this computer"), "{elsewhere}");
    let everywhere = run(&["--address", "0.0.0.0"]).failure(3);
    assert!(everywhere.contains("expected an address of this computer"), "{everywhere}");
    run(&["--local", "--address", "127.0.0.1"]).failure(2);
    run(&["--port", "0"]).failure(2);
    let unknown = workshop.run(["share", "--local", "no-such-routine"]).failure(1);
    assert!(unknown.contains("no-such-routine"), "{unknown}");
    // Without a port, one that is free is found.
    let other = Shared::new();
    other.serves();
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs script (bsdutils) and unshare (util-linux); tests/run.sh installs them"]
fn without_a_network_it_says_how_to_share_all_the_same() {
    let workshop = Workshop::new();
    let program = workshop.command();
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net"]).arg(program.get_program()).args(["share", "morning", "--voice", "ada"]);
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(workshop.path(""));
    let said = Outcome::of(command.output().expect("unshare")).failure(3);
    assert!(said.contains("found none") && said.contains("`--local`"), "{said}");
}

/// The picture that a terminal shows, as a grey image: letters of halves, black on white.
fn image(shown: &str) -> Vec<u8> {
    const SIDE: usize = 8;
    let begins = "\x1b[38;5;16;48;5;231m";
    let lines: Vec<Vec<char>> = shown
        .lines()
        .filter_map(|line| line.split_once(begins)?.1.split_once("\x1b[0m").map(|(line, _)| line.chars().collect()))
        .collect();
    let wide = lines[0].len();
    assert!(wide <= 80 && lines.iter().all(|line| line.len() == wide), "{wide} columns");
    let mut image = format!("P5 {} {} 255\n", wide * SIDE, lines.len() * 2 * SIDE).into_bytes();
    for y in 0..lines.len() * 2 * SIDE {
        for x in 0..wide * SIDE {
            let (letter, above) = (lines[y / (2 * SIDE)][x / SIDE], (y / SIDE).is_multiple_of(2));
            let dark = letter == '█' || letter == if above { '▀' } else { '▄' };
            image.push(if dark { 0 } else { 255 });
        }
    }
    image
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs script (bsdutils) and zbarimg (zbar-tools); tests/run.sh installs them"]
fn a_camera_reads_the_printed_address_from_the_terminal() {
    let workshop = Workshop::new();
    let line =
        format!("stty cols 80 rows 24; exec {} share --local {}", env!("CARGO_BIN_EXE_catcow"), CONTENTS.join(" "));
    let mut command = Command::new("script");
    command
        .args(["-qefc", &line, "/dev/null"])
        .envs(workshop.command().get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("TERM", "xterm").env("NO_COLOR", "1").env("SHELL", "/bin/sh").current_dir(workshop.path(""));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script (bsdutils)");
    let mut shown = String::new();
    let lines = told(child.stdout.take().expect("its output"));
    while !shown.contains("Ctrl-C") {
        shown += &(lines.recv_timeout(PATIENCE).expect("more is shown") + "\n");
    }
    let mut keyboard = child.stdin.take().expect("its keyboard");
    keyboard.write_all(b"\x03").expect("Ctrl-C");
    assert_eq!(ends(&mut child), Some(0));
    let url = shown.lines().map(str::trim).find(|line| line.starts_with("http://")).expect("the address").to_owned();
    fs::write(workshop.path("code.pgm"), image(&shown)).expect("a file");
    let read =
        Command::new("zbarimg").args(["--quiet", "--raw"]).arg(workshop.path("code.pgm")).output().expect("zbarimg");
    assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), url);
}
