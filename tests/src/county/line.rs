//! A line between a desk and the center that can be cut, and that can lose answers.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, Result};

/// What the line does with what is said over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    Open,
    /// Nobody is reached; what was being said breaks off.
    Cut,
    /// What the desk says arrives, and no answer comes back: whatever the center did, the desk does
    /// not know.
    LosesAnswers,
}

/// A door on this computer behind which the center is.
#[derive(Debug)]
pub struct Line {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<(LineState, Vec<TcpStream>)>,
    target: SocketAddr,
}

impl Line {
    pub fn to(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("Opening a line")?;
        let port = listener.local_addr()?.port();
        let state = Mutex::new((LineState::Open, Vec::new()));
        let shared = Arc::new(Shared { state, target });
        let door = Arc::clone(&shared);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // One that cannot be connected is a line that is cut.
                drop(door.connect(&near));
            }
        });
        Ok(Self { port, shared })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn state(&self) -> LineState {
        self.shared.lock().0
    }

    /// From now on; conversations under way break off when the line is cut.
    pub fn set(&self, state: LineState) {
        let mut shared = self.shared.lock();
        shared.0 = state;
        if state == LineState::Cut {
            for stream in shared.1.drain(..) {
                // It may have ended by itself.
                drop(stream.shutdown(Shutdown::Both));
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, (LineState, Vec<TcpStream>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(self: &Arc<Self>, near: &TcpStream) -> Result<()> {
        if self.lock().0 == LineState::Cut {
            return Ok(());
        }
        let far = TcpStream::connect(self.target)?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        {
            let mut shared = self.lock();
            shared.1.push(near.try_clone()?);
            shared.1.push(far.try_clone()?);
        }
        for (from, to, is_answer) in [
            (near.try_clone()?, far.try_clone()?, false),
            (far, near.try_clone()?, true),
        ] {
            let line = Arc::clone(self);
            thread::spawn(move || line.pass_on(from, to, is_answer));
        }
        Ok(())
    }

    /// Until either end is gone.
    fn pass_on(&self, mut from: TcpStream, mut to: TcpStream, is_answer: bool) {
        let mut heard = [0; 16 << 10];
        while let Ok(n) = from.read(&mut heard) {
            if n == 0 {
                break;
            }
            if is_answer && self.lock().0 == LineState::LosesAnswers {
                // A conversation that has lost a word cannot go on.
                break;
            }
            let said = heard.get(..n).unwrap_or_default();
            if to.write_all(said).is_err() {
                break;
            }
        }
        drop(from.shutdown(Shutdown::Both));
        drop(to.shutdown(Shutdown::Both));
    }
}
