//! `changqing grant`: makes somebody an operator of the city, or takes that back.

use super::{Outcome, say};
use crate::config::Config;
use crate::start;
use clap::Args;
use domain::time::Clock;
use infra::audit::Acting;
use infra::clock::SystemClock;
use infra::identity::operator;
use infra::random::Random;
use std::sync::Arc;

/// Whom.
#[derive(Debug, Args)]
pub struct GrantArgs {
    /// A person's id (`prs_…`) or openid. Somebody who has not signed in yet does not exist.
    who: String,
    /// Take it back instead.
    #[arg(long)]
    revoke: bool,
}

/// Does it.
pub async fn run(args: &GrantArgs, config: Config) -> Outcome {
    let random = Arc::new(Random::from_system());
    let started = start::start(config, Arc::new(SystemClock), Arc::clone(&random)).await?;
    let app = started.app.clone();
    let (database, tokens, who) = (&app.database, &app.tokens, args.who.as_str());
    let (acting, now) = (Acting::at_the_machine(), SystemClock.now());
    let changed = if args.revoke {
        operator::revoke(database, tokens, &random, who, &acting, now).await
    } else {
        operator::grant(database, tokens, &random, who, &acting, now).await
    };
    drop(app);
    started.stop().await;
    let person = changed.map_err(|error| match error {
        infra::Error::Refused(_) => format!("没有这个人 nobody is called {}", args.who).into(),
        other => Box::<dyn std::error::Error + Send + Sync>::from(other.to_string()),
    })?;
    say(if args.revoke {
        format!("{person} 不再是运营人员 is no longer an operator")
    } else {
        format!("{person} 现在是运营人员 is an operator now")
    });
    Ok(())
}
