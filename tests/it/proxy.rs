//! A proxy between an engine and its server that cuts connections or lets them fall silent, on command or when certain
//! bytes come by.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does with the connections through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Passes everything on.
    Open,
    /// Closes those there are, and new ones at once.
    Cut,
    /// Keeps them open and passes nothing on.
    Silent,
}

/// What happens when the bytes that are waited for come from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trap {
    /// They are not passed on, and the line is cut.
    CutBefore,
    /// They are passed on, the answer is not, and the line is cut when it is there.
    CutAfter,
    /// They are passed on, and the line falls silent.
    SilentAfter,
}

/// Whose bytes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// The proxy. Connections through it end with it.
pub(crate) struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    accepting: tokio::task::JoinHandle<()>,
}

struct Shared {
    line: watch::Sender<Line>,
    trap: Mutex<Option<(Vec<u8>, Trap)>>,
    most: Mutex<Option<(Side, usize)>>,
    /// How many bytes of the client, and of the server, have come by on the newest connection.
    passed: [AtomicUsize; 2],
}

impl Proxy {
    /// A proxy in front of a server.
    pub(crate) async fn before(server: String) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for the proxy");
        let port = listener.local_addr().expect("the proxy's port").port();
        let shared = Arc::new(Shared {
            line: watch::Sender::new(Line::Open),
            trap: Mutex::default(),
            most: Mutex::default(),
            passed: Default::default(),
        });
        let accepting = tokio::spawn(accept(listener, server, shared.clone()));
        Proxy { port, shared, accepting }
    }

    /// The URL of a server with the proxy in its place.
    pub(crate) async fn at(url: &str) -> (Proxy, String) {
        let (before, rest) = url.split_once("://").expect("a server's URL");
        let (user, rest) = rest.split_once('@').map_or(("", rest), |(user, rest)| (user, rest));
        let (address, database) = rest.split_once('/').expect("a database in the URL");
        let default = if before.starts_with("postgres") { 5432 } else { 3306 };
        let server = if address.contains(':') { address.to_owned() } else { format!("{address}:{default}") };
        let proxy = Proxy::before(server).await;
        let at = if user.is_empty() { "" } else { "@" };
        // What goes through is looked at, so it is not encrypted.
        let plain = if before.starts_with("postgres") { "sslmode=disable" } else { "ssl-mode=disabled" };
        let separator = if database.contains('?') { '&' } else { '?' };
        let url = format!("{before}://{user}{at}127.0.0.1:{}/{database}{separator}{plain}", proxy.port);
        (proxy, url)
    }

    /// Changes what happens to the connections.
    pub(crate) fn set(&self, line: Line) {
        self.shared.line.send_replace(line);
    }

    /// Waits for these bytes from a client.
    pub(crate) fn on(&self, bytes: &[u8], trap: Trap) {
        *self.shared.trap.lock().unwrap() = Some((bytes.to_vec(), trap));
    }

    /// Passes so many bytes of this side on, on each connection from now on, and no more of them.
    pub(crate) fn pass(&self, side: Side, bytes: usize) {
        *self.shared.most.lock().unwrap() = Some((side, bytes));
    }

    /// How many bytes of this side have come by on the newest connection.
    pub(crate) fn passed(&self, side: Side) -> usize {
        self.shared.passed[side as usize].load(Ordering::SeqCst)
    }

    /// Whether the bytes that were waited for have not come.
    pub(crate) fn is_armed(&self) -> bool {
        self.shared.trap.lock().unwrap().is_some()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.set(Line::Cut);
    }
}

impl Shared {
    /// What to do because of these bytes; once.
    fn sprung(&self, bytes: &[u8]) -> Option<Trap> {
        let mut trap = self.trap.lock().unwrap();
        let comes_by =
            trap.as_ref().is_some_and(|(awaited, _)| bytes.windows(awaited.len()).any(|part| part == awaited));
        if comes_by { trap.take().map(|(_, trap)| trap) } else { None }
    }
}

async fn accept(listener: TcpListener, server: String, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        if *shared.line.borrow() == Line::Cut {
            continue;
        }
        tokio::spawn(connect(client, server.clone(), shared.clone()));
    }
}

async fn connect(client: TcpStream, server: String, shared: Arc<Shared>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    shared.passed.iter().for_each(|passed| passed.store(0, Ordering::SeqCst));
    let most = *shared.most.lock().unwrap();
    let left = |side| most.and_then(|(of, bytes)| (of == side).then_some(bytes)).unwrap_or(usize::MAX);
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // When either direction ends, the other ends with it, and both sockets are closed.
    tokio::select! {
        () = to_the_server(from_client, to_server, left(Side::Client), &shared) => {}
        () = to_the_client(from_server, to_client, left(Side::Server), &shared) => {}
    }
}

async fn to_the_server(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: usize, shared: &Shared) {
    let mut line = shared.line.subscribe();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = tokio::select! {
            biased;
            () = is_cut(&mut line) => return,
            read = from.read(&mut buffer) => match read {
                Ok(length) if length > 0 => length,
                _ => return,
            },
        };
        let bytes = &buffer[..length.min(left)];
        left -= bytes.len();
        shared.passed[Side::Client as usize].fetch_add(bytes.len(), Ordering::SeqCst);
        match shared.sprung(bytes) {
            Some(Trap::CutBefore) => return,
            Some(Trap::CutAfter) => {
                // Nothing is passed back from now on; the server has a moment to do it.
                shared.line.send_replace(Line::Silent);
                if to.write_all(bytes).await.is_err() {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                shared.line.send_replace(Line::Cut);
                return;
            }
            Some(Trap::SilentAfter) => {
                shared.line.send_replace(Line::Silent);
                if to.write_all(bytes).await.is_err() {
                    return;
                }
                continue;
            }
            None => {}
        }
        if *line.borrow_and_update() == Line::Silent {
            continue;
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

async fn to_the_client(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: usize, shared: &Shared) {
    let mut line = shared.line.subscribe();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = tokio::select! {
            biased;
            () = is_cut(&mut line) => return,
            read = from.read(&mut buffer) => match read {
                Ok(length) if length > 0 => length,
                _ => return,
            },
        };
        if *line.borrow_and_update() == Line::Silent {
            continue;
        }
        let bytes = &buffer[..length.min(left)];
        left -= bytes.len();
        shared.passed[Side::Server as usize].fetch_add(bytes.len(), Ordering::SeqCst);
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

/// Comes to its end when the line is cut.
async fn is_cut(line: &mut watch::Receiver<Line>) {
    // The sender lives as long as the connection does.
    let _ = line.wait_for(|line| *line == Line::Cut).await;
}
