//! Configurations good and bad.

use super::*;
use crate::embed::EndpointOptions;
use clap::{Args, Command, FromArgMatches};

fn command() -> Command {
    ServeFlags::augment_args(Command::new("serve"))
}

/// Reads flags as the command line would, without the environment of the test.
fn validate(flags: &[&str]) -> Result<Config, ConfigProblems> {
    let command = command().mut_args(|arg| arg.env(None::<&str>));
    let matches = command.try_get_matches_from([&["serve"], flags].concat()).unwrap();
    Config::validate(&ServeFlags::from_arg_matches(&matches).unwrap())
}

fn problems(flags: &[&str]) -> Vec<String> {
    validate(flags).unwrap_err().problems().to_vec()
}

#[test]
fn the_defaults_are_valid_and_local() {
    let config = validate(&[]).unwrap();
    assert_eq!(config.listen.address, "127.0.0.1:8600".parse().unwrap());
    assert_eq!(
        config.storage,
        StorageConfig { data_dir: "./data".into(), indexes: None, embedder: EmbedderOptions::BuiltIn }
    );
    assert_eq!(config.search.vector_strategy, VectorStrategy::Auto);
    assert_eq!(config.search.deadline, Duration::from_secs(2));
    assert_eq!(config.log, LogConfig { format: LogFormat::Auto, filter: "info".into() });
}

#[test]
fn every_flag_is_taken_over() {
    let indexes = tempfile::tempdir().unwrap();
    let path = indexes.path().to_str().unwrap();
    let config = validate(&[
        "--data-dir=elsewhere",
        &format!("--indexes={path}"),
        "--listen=[::1]:0",
        "--vector-strategy=graph",
        "--max-concurrent-searches=3",
        "--search-deadline-ms=250",
        "--log-format=json",
        "--log-filter=warn,lodestone=debug",
    ])
    .unwrap();
    assert_eq!(
        config.storage,
        StorageConfig {
            data_dir: "elsewhere".into(),
            indexes: Some(indexes.path().into()),
            embedder: EmbedderOptions::BuiltIn
        }
    );
    assert_eq!(config.listen.address, "[::1]:0".parse().unwrap());
    let search = SearchConfig {
        reranker: None,
        vector_strategy: VectorStrategy::Graph,
        max_concurrent: NonZeroUsize::new(3).unwrap(),
        deadline: Duration::from_millis(250),
    };
    assert_eq!(config.search, search);
    assert_eq!(config.log, LogConfig { format: LogFormat::Json, filter: "warn,lodestone=debug".into() });
}

#[test]
fn strangers_are_served_only_on_demand() {
    for open in ["0.0.0.0:8600", "[::]:8600", "192.168.1.7:80", "[::ffff:10.0.0.1]:80"] {
        let listen = format!("--listen={open}");
        let found = problems(&[&listen]);
        assert!(found.len() == 1 && found[0].contains("--insecure-no-auth"), "{found:?}");
        assert!(validate(&[&listen, "--insecure-no-auth"]).is_ok());
    }
    for own in ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1"] {
        assert!(validate(&[&format!("--listen={own}")]).is_ok(), "{own}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let found = problems(&[
        &format!("--data-dir={}", file.path().display()),
        "--indexes=no/such/place",
        "--embedder-batch=0",
        "--embedder=somewhere",
        "--listen=everywhere",
        "--vector-strategy=magic",
        "--max-concurrent-searches=0",
        "--search-deadline-ms=soon",
        "--reranker=elsewhere",
        "--reranker-budget-ms=0",
        "--log-format=xml",
        "--log-filter=a=b=c",
    ]);
    let flags: Vec<&str> = found.iter().map(|problem| problem.split(':').next().unwrap()).collect();
    let expected = [
        "--data-dir",
        "--indexes",
        "--embedder-batch",
        "--embedder",
        "--listen",
        "--vector-strategy",
        "--max-concurrent-searches",
        "--search-deadline-ms",
        "--reranker-budget-ms",
        "--reranker",
        "--log-format",
        "--log-filter",
    ];
    assert_eq!(flags, expected, "{found:#?}");
    let shown = ConfigProblems(found.clone()).to_string();
    assert!(found.iter().all(|problem| shown.contains(problem)));
}

#[test]
fn an_endpoint_needs_an_address_and_the_name_of_a_model() {
    let address = "--embedder=http://127.0.0.1:11434/v1/";
    let config = validate(&[address, "--embedder-model=e5", "--embedder-prefix=query: "]).unwrap();
    let expected =
        EndpointOptions { prefix: "query: ".into(), ..EndpointOptions::new("http://127.0.0.1:11434/v1", "e5") };
    assert_eq!(config.storage.embedder, EmbedderOptions::Endpoint(expected));
    assert!(problems(&[address])[0].starts_with("--embedder-model:"));
    let secure = problems(&["--embedder=https://example.org/v1", "--embedder-model=e5"]);
    assert_eq!(secure.len(), usize::from(!cfg!(feature = "https")), "{secure:?}");
}

#[test]
fn a_second_look_is_off_until_somebody_names_who_looks() {
    assert_eq!(validate(&[]).unwrap().search.reranker, None);
    let flags = ["--reranker=http://127.0.0.1:1/v1", "--reranker-model=e5", "--reranker-budget-ms=1500"];
    let endpoint = EndpointOptions { query_timeout_s: 2, ..EndpointOptions::new("http://127.0.0.1:1/v1", "e5") };
    let expected =
        RerankerOptions { encoder: EmbedderOptions::Endpoint(endpoint), budget: Duration::from_millis(1_500) };
    assert_eq!(validate(&flags).unwrap().search.reranker, Some(expected));
    assert!(problems(&flags[..1])[0].starts_with("--reranker-model:"));
    assert!(problems(&["--reranker=built-in"])[0].starts_with("--reranker: \"built-in\" is neither a directory"));
}

#[test]
fn numbers_have_bounds() {
    for wrong in ["", "-1", "0", "1.5", "600001", "99999999999999999999"] {
        assert_eq!(problems(&[&format!("--search-deadline-ms={wrong}")]).len(), 1, "{wrong}");
    }
    assert_eq!(problems(&["--max-concurrent-searches=1025"]).len(), 1);
    assert!(validate(&["--search-deadline-ms=600000", "--max-concurrent-searches=1024"]).is_ok());
}

#[test]
fn every_flag_has_its_variable() {
    let command = command();
    let mut flags = 0;
    for argument in command.get_arguments() {
        let long = argument.get_long().unwrap();
        let expected = format!("LODESTONE_{}", long.replace('-', "_").to_uppercase());
        assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(expected.as_str()), "--{long}");
        flags += 1;
    }
    assert_eq!(flags, 20);
}
