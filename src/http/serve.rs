//! Serving on a socket until told to stop.

use axum::Router;
use axum::serve::ListenerExt;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests under way may take to end after the signal to stop.
pub const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `shutdown` completes, then lets requests under way end for at most [`DRAIN`].
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_draining(listener, router, shutdown, DRAIN).await
}

async fn serve_draining(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    drain: Duration,
) -> std::io::Result<()> {
    // Answers are written whole: waiting for more to fill a packet only delays them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error.message = %error, "a connection keeps its send delay");
        }
    });
    let (stopping, stopped) = oneshot::channel();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        tracing::info!("stopping: no new requests are taken");
        // The receiver is gone only when serving is over.
        let _ = stopping.send(());
    });
    let drained = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(drain).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = serving.into_future() => result,
        () = drained => {
            tracing::warn!(drain.ms = drain.as_millis() as u64, "requests under way were cut off");
            Ok(())
        }
    }
}

/// Completes on SIGINT (Ctrl-C) or SIGTERM.
///
/// # Errors
/// When the process may not listen to signals.
pub fn shutdown_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;
    use tokio::task::JoinHandle;

    struct Server {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        serving: JoinHandle<std::io::Result<()>>,
        entered: std::sync::Arc<Notify>,
    }

    /// A server with one route that takes `handling`.
    async fn start(handling: Duration, drain: Duration) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let entered = std::sync::Arc::new(Notify::new());
        let inside = entered.clone();
        let handler = move || async move {
            inside.notify_one();
            tokio::time::sleep(handling).await;
            "done"
        };
        let router = Router::new().route("/", get(handler));
        let shutdown = async { stopped.await.unwrap_or(()) };
        let serving = tokio::spawn(serve_draining(listener, router, shutdown, drain));
        Server { address, stop, serving, entered }
    }

    async fn request(address: SocketAddr) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn a_request_under_way_ends_before_the_server_does() {
        let server = start(Duration::from_millis(100), DRAIN).await;
        let asked = tokio::spawn(request(server.address));
        server.entered.notified().await;
        server.stop.send(()).unwrap();
        server.serving.await.unwrap().unwrap();
        assert!(asked.await.unwrap().unwrap().ends_with("done"));
        assert!(request(server.address).await.is_err(), "the port is closed");
    }

    #[tokio::test]
    async fn draining_is_bounded() {
        let server = start(Duration::from_secs(3_600), Duration::from_millis(50)).await;
        let asked = tokio::spawn(request(server.address));
        server.entered.notified().await;
        server.stop.send(()).unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(30), server.serving).await;
        ended.expect("the server ends although a request does not").unwrap().unwrap();
        asked.abort();
    }
}
