//! A server on this machine that gives embeddings as endpoints do, and can be told to fail.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lodestone::embed::EndpointOptions;
use serde_json::{Value, json};

/// Components of its vectors.
pub(crate) const DIMENSIONS: usize = 32;

/// What it was asked, and how it behaves.
#[derive(Default)]
pub(crate) struct Behaviour {
    pub(crate) requests: Mutex<Vec<(Value, Option<String>)>>,
    /// Answers that are still to be given before it does what it should: status lines, headers and body.
    pub(crate) failures: Mutex<Vec<String>>,
    /// It fails every request.
    pub(crate) is_away: AtomicBool,
    /// It answers in another order than it was asked.
    pub(crate) is_reversed: AtomicBool,
}

pub(crate) struct FakeEndpoint {
    pub(crate) options: EndpointOptions,
    pub(crate) behaviour: Arc<Behaviour>,
}

impl FakeEndpoint {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let behaviour = Arc::new(Behaviour::default());
        let shared = behaviour.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = shared.clone();
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        let pause = Duration::from_millis(1);
        let options = EndpointOptions::new(format!("http://{address}/v1/"), "letters");
        Self { options: EndpointOptions { first_pause: pause, ..options }, behaviour }
    }

    /// The texts of each request so far.
    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        let requests = self.behaviour.requests.lock().unwrap();
        requests.iter().map(|(body, _)| serde_json::from_value(body["input"].clone()).unwrap()).collect()
    }

    pub(crate) fn fail_with(&self, answers: &[&str]) {
        *self.behaviour.failures.lock().unwrap() = answers.iter().rev().map(|answer| (*answer).to_owned()).collect();
    }

    pub(crate) fn set_away(&self, is_away: bool) {
        self.behaviour.is_away.store(is_away, Ordering::SeqCst);
    }
}

/// How often a text has each letter of the alphabet, and a little of everything.
pub(crate) fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.01; DIMENSIONS];
    for letter in text.bytes().filter(u8::is_ascii_lowercase) {
        vector[usize::from(letter - b'a')] += 1.0;
    }
    vector
}

fn serve(mut stream: TcpStream, behaviour: &Behaviour) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut key, mut line) = (0, None, String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        match name.to_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "authorization" => key = Some(value.trim().to_owned()),
            _ => {}
        }
        line.clear();
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    behaviour.requests.lock().unwrap().push((body.clone(), key));
    let failure = behaviour.failures.lock().unwrap().pop();
    let answer = match failure {
        _ if behaviour.is_away.load(Ordering::SeqCst) => "503 Service Unavailable\r\n\r\nasleep".to_owned(),
        Some(failure) => failure,
        None => format!("200 OK\r\nContent-Type: application/json\r\n\r\n{}", embeddings(&body, behaviour)),
    };
    let _ = write!(stream, "HTTP/1.1 {}", answer.replacen("\r\n", "\r\nConnection: close\r\n", 1));
}

fn embeddings(body: &Value, behaviour: &Behaviour) -> Value {
    let texts = body["input"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let mut data: Vec<Value> =
        texts.enumerate().map(|(index, text)| json!({"index": index, "embedding": vector(text)})).collect();
    if behaviour.is_reversed.load(Ordering::SeqCst) {
        data.reverse();
    }
    json!({"object": "list", "data": data, "model": body["model"]})
}
