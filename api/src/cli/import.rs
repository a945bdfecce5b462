//! `changqing import`: the city's workbook or tables, all or nothing.

use super::{Outcome, complain, say};
use crate::config::Config;
use crate::start;
use clap::Args;
use domain::import::report::{ImportReport, ToldReport};
use domain::language::Language;
use domain::time::Clock;
use indicatif::{ProgressBar, ProgressStyle};
use infra::audit::Acting;
use infra::bus::{Bus, Event};
use infra::clock::SystemClock;
use infra::import::apply::{Applied, Options, apply};
use infra::import::{ImportFile, read};
use infra::night_school::edit::TOPIC;
use infra::random::Random;
use std::path::PathBuf;

/// What to import, and how.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The workbook, or tables as CSV; together they are one import.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Look what would happen, and store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go over the sample city, whose dates were moved: they are the file's then.
    #[arg(long)]
    replace_dates: bool,
}

/// Imports, and says what came of it.
pub async fn run(args: &ImportArgs, config: Config) -> Outcome {
    let mut files = Vec::new();
    for path in &args.files {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        files.push((path.display().to_string(), bytes));
    }
    let bar = progress();
    let database = start::database(&config).await?;
    database.migrate().await?;
    let rows = tokio::task::spawn_blocking(move || {
        let files: Vec<ImportFile<'_>> =
            files.iter().map(|(name, bytes)| ImportFile { name, bytes: bytes.as_slice() }).collect();
        read(&files)
    })
    .await?;
    let rows = match rows {
        Ok(rows) => rows,
        Err(rejected) => return Err(rejected_with(&bar, &rejected.report)),
    };
    let options = Options { dry_run: args.dry_run, replace_dates: args.replace_dates };
    let (random, clock) = (Random::from_system(), SystemClock);
    let counting = bar.clone();
    let far = move |percent: u8| counting.set_position(percent.into());
    let acting = Acting::at_the_machine();
    let applied = apply(&database, &random, &acting, &rows, options, clock.now(), far).await?;
    bar.finish_and_clear();
    let done = match applied {
        Applied::Done { report, .. } => {
            tell(&report);
            if args.dry_run {
                say("试运行，没有写入 dry run, nothing was stored");
            } else {
                announce(&config, &random).await;
            }
            Ok(())
        }
        Applied::Rejected(report) => Err(rejected_with(&bar, &report)),
        Applied::OverSample => Err("这里是日期已平移的示例城市；要用文件中的日期覆盖，请加 --replace-dates \
            this is the sample city, whose dates were moved: use --replace-dates to go over it with the file's"
            .into()),
    };
    database.close().await?;
    done
}

/// Processes with Redis hear of it at once; the others see the revision within half a second.
async fn announce(config: &Config, random: &Random) {
    let Ok(Some(link)) = start::link(config) else { return };
    if link.connect().await {
        let bus = Bus::over_redis(&link, random);
        bus.publish(Event::Edited(TOPIC.to_owned()));
        // The message is handed to a task; the revisions tell whoever it does not reach.
        tokio::task::yield_now().await;
    }
}

fn rejected_with(bar: &ProgressBar, report: &ImportReport) -> Box<dyn std::error::Error + Send + Sync> {
    bar.finish_and_clear();
    tell(report);
    let errors = report.errors.len();
    format!("{errors} 处有误，没有写入 {errors} cells are wrong, nothing was stored").into()
}

fn tell(report: &ImportReport) {
    let (chinese, english) = (report.told(Language::Chinese), report.told(Language::English));
    for table in &chinese.tables {
        say(format!(
            "{}: {} 行 rows, 新增 created {}, 更新 updated {}, 不变 unchanged {}",
            table.sheet, table.rows, table.created, table.updated, table.unchanged
        ));
    }
    notes(&chinese, &english);
    for sheet in &chinese.unused_sheets {
        say(format!("{}: {}", sheet.sheet, sheet.detail));
    }
}

fn notes(chinese: &ToldReport, english: &ToldReport) {
    for warning in &chinese.warnings {
        let place = warning.place.text(Language::Chinese);
        say(format!("提醒 {place}: “{}” → “{}” {}", warning.found, warning.taken, warning.detail));
    }
    for (error, same) in chinese.errors.iter().zip(&english.errors) {
        let place = error.place.text(Language::Chinese);
        complain(format!("错误 {place}: “{}”，应为 {} ({})", error.found, error.expected, same.expected));
    }
    if chinese.left_out > 0 {
        say(format!("另有 {} 条未列出 more not listed", chinese.left_out));
    }
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(100);
    if let Ok(style) = ProgressStyle::with_template("导入 import {bar:40} {pos}%") {
        bar.set_style(style);
    }
    bar
}
