//! The command line.

mod grant;
mod import;
mod logging;
mod serve;

use crate::config::Config;
use crate::rush::RushArgs;
use crate::rush::bench::BenchArgs;
use crate::start::StartError;
use clap::{Args, Parser, Subcommand};
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// 常青 Changqing: a city's night classes, booked exactly.
#[derive(Debug, Parser)]
#[command(name = "changqing", version)]
struct Cli {
    /// The configuration file (TOML); `CHANGQING_*` of the environment wins over it.
    #[arg(long, global = true, env = "CHANGQING_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default).
    Serve,
    /// Apply the schema.
    Migrate,
    /// One stand-in of WeChat for many processes.
    Sandbox(SandboxArgs),
    /// Make somebody an operator of the city.
    Grant(grant::GrantArgs),
    /// Import the city's workbook or tables.
    Import(import::ImportArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Rehearse an opening.
    Rush(RushArgs),
    /// Measure the figures we promise.
    Bench(BenchArgs),
    /// Serve two bytes and nothing else: what `rush` and `bench` compare with.
    #[command(hide = true)]
    Bare,
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say what is wrong with it, or show it with secrets hidden.
    Check,
}

#[derive(Debug, Args)]
struct SandboxArgs {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8089")]
    listen: SocketAddr,
}

/// Says something to whoever sits at the terminal: the one place that does.
#[expect(clippy::disallowed_macros, reason = "the one place that speaks on standard output")]
pub fn say(text: impl Display) {
    println!("{text}");
}

#[expect(clippy::disallowed_macros, reason = "the one place that speaks on standard error")]
fn complain(text: impl Display) {
    eprintln!("{text}");
}

/// Runs the program.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            complain(error);
            return ExitCode::FAILURE;
        }
    };
    logging::start(&config);
    match carry_out(cli.command.unwrap_or(Command::Serve), config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format!("changqing: {error}"));
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn carry_out(command: Command, config: Config) -> Outcome {
    match command {
        Command::Serve => serve::run(config).await?,
        Command::Migrate => {
            let database = crate::start::database(&config).await?;
            database.migrate().await.map_err(StartError::from)?;
            say("表结构已就绪 The schema is up to date");
        }
        Command::Sandbox(args) => serve::sandbox(config, args.listen).await?,
        Command::Grant(args) => grant::run(&args, config).await?,
        Command::Import(args) => import::run(&args, config).await?,
        Command::Rush(args) => crate::rush::run(args).await?,
        Command::Bench(args) => crate::rush::bench::run(args).await?,
        Command::Bare => crate::rush::serve_bare(config.listen).await?,
        Command::Openapi => say(crate::router::document().to_pretty_json()?),
        Command::Config { command: ConfigCommand::Check } => {
            for (key, value) in config.shown() {
                say(format!("{key} = {value}"));
            }
        }
    }
    Ok(())
}
