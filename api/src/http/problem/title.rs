//! The headline of every problem code, in both languages.

use domain::language::Language;

/// What `code` is called; the same for every occurrence (RFC 9457, 3.1.3).
pub fn title(code: &str, language: Language) -> &'static str {
    let (chinese, english) = match code {
        "malformed" => ("请求读不懂", "The request cannot be read"),
        "too_large" => ("内容太大", "Too large"),
        "unsupported_media_type" => ("不支持这种格式", "This format is not taken"),
        "invalid" => ("有内容需要修改", "Something needs correcting"),
        "idempotency_key_reused" => ("请求标识已用过", "This key was used before"),
        "profile_incomplete" => ("资料还没填全", "Your profile is incomplete"),
        "unauthenticated" => ("请先登录", "Please sign in"),
        "token_expired" => ("登录已过期", "Your sign-in has run out"),
        "code_invalid" => ("登录码无效", "The sign-in code is not valid"),
        "refresh_invalid" => ("请重新登录", "Please sign in again"),
        "forbidden" => ("没有这项权限", "You do not have this right"),
        "consent_required" => ("需要您的同意", "Your consent is needed"),
        "not_eligible" => ("暂不符合条件", "The conditions are not met"),
        "account_blocked" => ("账号已停用", "The account is blocked"),
        "not_found" => ("没有找到", "Not found"),
        "sold_out" => ("名额已满", "Full"),
        "not_open_yet" => ("还没开放", "Not open yet"),
        "closed" => ("已经截止", "Closed"),
        "drawing" => ("正在抽签", "The draw is under way"),
        "limit_reached" => ("已达上限", "The limit is reached"),
        "schedule_conflict" => ("时间有冲突", "The hours overlap"),
        "offer_expired" => ("保留的名额已过期", "The offered seat has lapsed"),
        "deadline_passed" => ("已过截止时间", "The deadline has passed"),
        "wrong_state" => ("现在不能这样操作", "Not possible in this state"),
        "too_small" => ("名额太少", "Too few seats"),
        "last_owner" => ("须保留一位负责人", "One owner must remain"),
        "version_conflict" => ("有人刚刚修改过", "Somebody else has just edited it"),
        "version_required" => ("缺少版本号", "The version is missing"),
        "rate_limited" => ("操作太频繁", "Too many requests"),
        "overloaded" => ("现在人太多", "Too busy right now"),
        "outcome_unknown" => ("结果还不确定", "The outcome is not known"),
        _ => ("暂时无法服务", "The service is not available"),
    };
    language.choose(chinese, english)
}
