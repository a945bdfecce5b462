//! Signing in with WeChat, going on, signing out.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::rate::Caller;
use crate::http::{Body, Problem};
use crate::identity::me::PersonView;
use crate::identity::signed_in::bearer;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::identity::profile::Newcomer;
use domain::refusal::Refusal;
use infra::identity::session::{self, Standing};
use infra::identity::{person, sign_in};
use infra::wechat::SignInError;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// When WeChat lets nobody in for a while, in seconds.
const WECHAT_RETRY_SECONDS: u32 = 60;

/// What `wx.login` gave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WechatRequest {
    /// Good once, for five minutes. In the sandbox: `sandbox:<who>:<anything new>`.
    code: String,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshRequest {
    /// The newest one.
    refresh_token: String,
}

/// A pair of tokens and whose they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// Seconds for which it is good.
    expires_in: i64,
    /// Trade it for the next pair before that.
    refresh_token: String,
    /// Who signed in.
    person: PersonView,
}

/// Sign in with WeChat
///
/// The first time makes an account.
#[utoipa::path(post, path = "/api/v1/auth/wechat", operation_id = "signInWithWechat", tag = "identity",
    request_body = WechatRequest, responses((status = 200, body = SignedInView)))]
pub async fn wechat(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<WechatRequest>,
) -> Answer<Json<SignedInView>> {
    let now = app.now();
    app.rates.sign_in(caller, now)?;
    let who = app.wechat.sign_in(&request.code).await.map_err(problem)?;
    let newcomer = if app.sandboxed { Newcomer::FilledIn } else { Newcomer::Empty };
    let who = sign_in::Who { openid: &who.openid, unionid: who.unionid.as_deref() };
    let standing = sign_in::sign_in(&app.database, &app.random, who, newcomer, now).await?;
    granted(&app, standing).await.map(Json)
}

fn problem(error: SignInError) -> Problem {
    match error {
        SignInError::CodeInvalid => Refusal::CodeInvalid.into(),
        SignInError::Blocked => Refusal::AccountBlocked.into(),
        SignInError::RateLimited => Refusal::RateLimited { retry_after_seconds: WECHAT_RETRY_SECONDS }.into(),
        SignInError::Unavailable(_) | SignInError::Misconfigured { .. } => {
            Problem::Unavailable(Arc::new(error))
        }
    }
}

async fn granted(app: &App, standing: Standing) -> Answer<SignedInView> {
    let tokens = app.tokens.grant(&standing, app.now())?;
    let person = person::read(app.database.reader(), standing.person).await?;
    Ok(SignedInView {
        access_token: tokens.access_token,
        expires_in: tokens.expires_in,
        refresh_token: tokens.refresh_token,
        person: person.into(),
    })
}

/// Go on with a session
///
/// Refresh tokens rotate. Repeating the last refresh gives an equivalent pair, so that a lost answer signs nobody out;
/// showing an older token ends the session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", operation_id = "refreshSession", tag = "identity",
    request_body = RefreshRequest, responses((status = 200, body = SignedInView)))]
pub async fn refresh(
    State(app): State<App>,
    Body(request): Body<RefreshRequest>,
) -> Answer<Json<SignedInView>> {
    let standing = session::refresh(&app.database, &app.tokens, &request.refresh_token, app.now()).await?;
    granted(&app, standing).await.map(Json)
}

/// Sign out
///
/// Ends the session on this device; its tokens are worth nothing from now on. Once more answers the same.
#[utoipa::path(post, path = "/api/v1/auth/logout", operation_id = "signOut", tag = "identity",
    security(("bearer" = [])), responses((status = 204)))]
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Answer<StatusCode> {
    // Not `SignedIn`: the answer may have been lost, and the session has ended by now.
    let of = app.tokens.read_access(bearer(&headers)?, app.now())?;
    session::end(&app.database, &app.tokens, of.session, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
