//! What happened and what to do, for people: warm, plain, in both languages.

use super::Problem;
use domain::booking::eligibility::Missing;
use domain::booking::limit::{LimitHit, Per, Window};
use domain::booking::slot::Clash;
use domain::language::Language;
use domain::refusal::Refusal;
use domain::time::{Instant, local};
use std::borrow::Cow;

/// This occurrence, for the reader.
pub fn detail(problem: &Problem, language: Language) -> Cow<'static, str> {
    let said = |chinese, english| Cow::Borrowed(language.choose(chinese, english));
    match problem {
        Problem::Refused(refusal) => refused(refusal, language),
        Problem::Malformed(what) => {
            Cow::Owned(language.choose(
                format!("发来的内容无法读取：{what}"),
                format!("What was sent cannot be read: {what}"),
            ))
        }
        Problem::TooLarge { bytes_max: Some(bytes) } => {
            let kibibytes = bytes / 1024;
            Cow::Owned(language.choose(
                format!("内容不能超过 {kibibytes} KB，请减少后再发送。"),
                format!("At most {kibibytes} KiB are taken; please send less."),
            ))
        }
        Problem::TooLarge { bytes_max: None } => {
            said("内容太大，请减少后再发送。", "More was sent than is taken; please send less.")
        }
        Problem::UnsupportedMediaType => said(
            "这里不接受这种格式；JSON 请以 application/json 发送。",
            "This format is not taken here; send JSON as application/json.",
        ),
        Problem::MethodNotAllowed => {
            said("这个地址不支持这种操作。", "This address does not know that method.")
        }
        Problem::Overloaded { retry_after_seconds: seconds } => Cow::Owned(language.choose(
            format!("现在人太多，您的请求没有执行，请 {seconds} 秒后再试。"),
            format!("Too many people at once: nothing was done. Please try again in {seconds} s."),
        )),
        Problem::Unavailable(_) => said(
            "服务暂时出了问题，我们已经记下，请稍后再试。",
            "Something of ours does not work right now; it is on record. Please try again later.",
        ),
        Problem::OutcomeUnknown(_) => said(
            "没能确认是否已经办好，请再试一次：不会重复办理。",
            "We could not confirm whether it was done. Please ask again: it will not be done twice.",
        ),
    }
}

fn refused(refusal: &Refusal, language: Language) -> Cow<'static, str> {
    match refusal {
        Refusal::ProfileIncomplete(missing) | Refusal::NotEligible(missing) => {
            Cow::Owned(all_missing(missing, language))
        }
        Refusal::NotOpenYet { opens_at } => Cow::Owned(language.choose(
            format!("{} 开放，请届时再来。", moment(*opens_at, language)),
            format!("It opens on {}. Please come back then.", moment(*opens_at, language)),
        )),
        Refusal::Drawing { retry_after_seconds: seconds } => Cow::Owned(language.choose(
            format!("正在抽签，请 {seconds} 秒后再看。"),
            format!("The draw is under way; please look again in {seconds} s."),
        )),
        Refusal::RateLimited { retry_after_seconds: seconds } => Cow::Owned(language.choose(
            format!("操作太频繁了，请 {seconds} 秒后再试。"),
            format!("That was a lot at once; please try again in {seconds} s."),
        )),
        Refusal::LimitReached(hit) => Cow::Owned(limit(hit, language)),
        Refusal::ScheduleConflict(clash) => Cow::Owned(conflict(clash, language)),
        Refusal::DeadlinePassed { deadline } => Cow::Owned(language.choose(
            format!("这项操作要在 {} 之前完成。", moment(*deadline, language)),
            format!("This had to be done by {}.", moment(*deadline, language)),
        )),
        Refusal::TooSmall { minimum } => Cow::Owned(language.choose(
            format!("已经给出 {minimum} 个名额，不能少于这个数。"),
            format!("{minimum} seats are given out already; it cannot be fewer."),
        )),
        plain => Cow::Borrowed(sentence(plain, language)),
    }
}

/// Refusals that say the same each time.
fn sentence(refusal: &Refusal, language: Language) -> &'static str {
    let (chinese, english) = match refusal {
        Refusal::Invalid(_) => {
            ("请改正标出的内容后再提交。", "Please correct what is marked and send it again.")
        }
        Refusal::IdempotencyKeyReused => (
            "这个 Idempotency-Key 已用于另一份内容，请换一个新的再提交。",
            "This Idempotency-Key was used with other content; please take a new one.",
        ),
        Refusal::Unauthenticated => ("登录后才能继续。", "Please sign in to go on."),
        Refusal::TokenExpired => {
            ("登录已过期，请刷新登录后重试。", "Please refresh your sign-in and try again.")
        }
        Refusal::CodeInvalid => (
            "登录码不对或已经用过，请重新获取后再登录。",
            "The sign-in code is wrong or was used before; please get a new one.",
        ),
        Refusal::RefreshInvalid => {
            ("这次登录已经失效，请重新登录。", "This sign-in has ended; please sign in again.")
        }
        Refusal::Forbidden => (
            "您的账号没有这项权限，需要时请联系负责人开通。",
            "Your account does not have this right; an owner can give it to you.",
        ),
        Refusal::ConsentRequired => (
            "请先阅读并同意最新的用户协议和隐私说明。",
            "Please read and agree to the current terms and privacy notice first.",
        ),
        Refusal::AccountBlocked => (
            "您的账号目前不能使用；如有疑问，可以提出申诉。",
            "Your account cannot be used at present; you can appeal if this is a mistake.",
        ),
        Refusal::NotFound => {
            ("您要找的内容不存在，或已经移除。", "It does not exist, or is no longer there.")
        }
        Refusal::SoldOut => (
            "名额和候补都满了；有人退出会再放出来，欢迎稍后再看。",
            "All seats and the waiting list are taken. Seats come back when people leave; do look again.",
        ),
        Refusal::Closed => ("开放时间已经过了。", "The time for this is over."),
        Refusal::OfferExpired => (
            "为您保留的名额已过期，您可以重新报名。",
            "The seat held for you was not taken in time; you can ask again.",
        ),
        Refusal::LastOwner => (
            "您是最后一位负责人，请先指定另一位再退出。",
            "You are the last owner; please appoint another one first.",
        ),
        Refusal::VersionConflict { .. } => (
            "您编辑期间有人修改过，请打开最新内容后再改。",
            "It was edited while you were working on it; please open the current version and edit that.",
        ),
        Refusal::VersionRequired => (
            "请带上您所编辑的版本号（If-Match 或 version）。",
            "Please say which version you edited (If-Match or version).",
        ),
        _ => ("它现在的状态不允许这样操作，请刷新后再看。", "Its state does not allow this; please refresh."),
    };
    language.choose(chinese, english)
}

fn all_missing(missing: &[Missing], language: Language) -> String {
    let (between, end) = language.choose(("；", "。"), ("; ", "."));
    let mut said = String::new();
    for one in missing {
        for part in [one.text(language).as_str(), one.fix(language)] {
            if !part.is_empty() {
                said.push_str(if said.is_empty() { "" } else { between });
                said.push_str(part);
            }
        }
    }
    said.push_str(end);
    said
}

fn limit(hit: &LimitHit, language: Language) -> String {
    let max = hit.max;
    let scope = match hit.per {
        Per::Person => language.choose("每人", ""),
        Per::Quota => language.choose("每人在这一项", " of this"),
        Per::Shop => language.choose("每人在这家店", " at this shop"),
        Per::School => language.choose("每人在这所学校", " at this school"),
    };
    let window = match hit.window {
        Window::Total => language.choose("最多", ""),
        Window::Day => language.choose("每天最多", " a day"),
        Window::Week => language.choose("每周最多", " a week"),
        Window::Month => language.choose("每月最多", " a month"),
        Window::Term => language.choose("每学期最多", " a term"),
    };
    let said = language.choose(
        format!("{scope}{window} {max} 个，您已经达到。"),
        format!("One person may have {max}{scope}{window}, and you have."),
    );
    match hit.until {
        Some(until) => language.choose(
            format!("{said}{} 起重新计算。", moment(until, language)),
            format!("{said} It counts anew from {}.", moment(until, language)),
        ),
        None => said,
    }
}

fn conflict(clash: &Clash, language: Language) -> String {
    let starts = moment(clash.slot.starts_at, language);
    let ends = local(clash.slot.ends_at).format("%H:%M");
    language.choose(
        format!("您在 {starts}–{ends} 已有安排，时间重叠。"),
        format!("You already have something on {starts}–{ends}, at the same time."),
    )
}

/// An instant as people read it, in Shanghai.
fn moment(at: Instant, language: Language) -> String {
    local(at).format(language.choose("%Y年%-m月%-d日 %H:%M", "%-d %B %Y, %H:%M")).to_string()
}
