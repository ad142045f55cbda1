//! The real binary, serving on a port of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The real binary, serving.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: String,
}

impl Server {
    /// `serve` over a data directory.
    pub(crate) fn start(data_dir: &Path) -> Self {
        Self::run(&["serve"], data_dir)
    }

    /// A command that serves, with its flags, over a data directory; returns when it does.
    pub(crate) fn run(command: &[&str], data_dir: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lodestone"))
            .args(command)
            .args(["--listen", "127.0.0.1:0", "--log-format", "json", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = loop {
            let line: String = lines.next().expect("the server ended before it served").unwrap();
            // `demo` also tells of its progress.
            let line: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = line["fields"]["server.address"].as_str() {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    /// Sends a request; the status, or `None` where the server died meanwhile.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
