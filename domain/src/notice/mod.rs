//! What people are told who did not ask: the words of it, in their language.

use crate::booking::command::Tell;
use crate::language::Language;
use crate::time::{Instant, local};
use chrono::Datelike;

/// What a stored notice says: `word` is that of [`Tell::word`], `until` what goes with an offered seat.
pub fn tell(word: &str, until: Option<Instant>) -> Option<Tell> {
    let plain = [
        Tell::SeatGiven,
        Tell::OfferExpired,
        Tell::PassedOver,
        Tell::Queued,
        Tell::Rejected,
        Tell::Removed,
        Tell::SubjectCancelled,
    ];
    let offered = until.map(Tell::SeatOffered);
    plain.into_iter().chain(offered).find(|tell| tell.word() == word)
}

/// The sentence for people. `subject` is the title of the class, event or offer; `reason` the words of the host, or
/// the problem code for which the line went past.
pub fn text(tell: Tell, subject: &str, reason: Option<&str>, language: Language) -> String {
    let said = match tell {
        Tell::SeatGiven => {
            language.choose(format!("您有名额了：{subject}"), format!("You have a seat: {subject}"))
        }
        Tell::SeatOffered(until) => {
            let until = moment(until, language);
            language.choose(
                format!("有空位留给您：{subject}。请在 {until} 前确认，过时让给下一位"),
                format!("A seat is kept for you: {subject}. Accept it by {until}, or it goes to the next"),
            )
        }
        Tell::OfferExpired => language.choose(
            format!("未在时限内确认，名额已让给下一位：{subject}"),
            format!("Not accepted in time, the seat went to the next: {subject}"),
        ),
        Tell::PassedOver => language.choose(
            format!("轮到您时暂时不能入座，候补位置为您保留：{subject}"),
            format!("It was your turn, but you cannot take the seat now; you keep your place: {subject}"),
        ),
        Tell::Queued => language.choose(
            format!("申请已通过，正在候补：{subject}"),
            format!("Approved, and waiting for a seat: {subject}"),
        ),
        Tell::Rejected => {
            language.choose(format!("申请未通过：{subject}"), format!("Not approved: {subject}"))
        }
        Tell::Removed => language.choose(
            format!("主办方取消了您的名额：{subject}"),
            format!("The host took your seat back: {subject}"),
        ),
        Tell::SubjectCancelled => {
            language.choose(format!("已取消：{subject}"), format!("Called off: {subject}"))
        }
    };
    match reason.map(|reason| because(reason, language)) {
        Some(reason) => language.choose(format!("{said}（{reason}）"), format!("{said} ({reason})")),
        None => said,
    }
}

/// The codes for which the line goes past somebody, in words; a host's own words as they are.
fn because(reason: &str, language: Language) -> &str {
    match reason {
        "limit_reached" => language.choose("已达报名数量上限", "you have reached your limit"),
        "schedule_conflict" => {
            language.choose("与您已有的安排时间冲突", "you have something else at that hour")
        }
        words => words,
    }
}

fn moment(at: Instant, language: Language) -> String {
    let at = local(at);
    let time = at.format("%H:%M");
    language.choose(
        format!("{}月{}日 {time}", at.month(), at.day()),
        format!("{} {} {time}", at.day(), at.format("%B")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Tell; 8] = [
        Tell::SeatGiven,
        Tell::SeatOffered(Instant::UNIX_EPOCH),
        Tell::OfferExpired,
        Tell::PassedOver,
        Tell::Queued,
        Tell::Rejected,
        Tell::Removed,
        Tell::SubjectCancelled,
    ];

    #[test]
    fn every_kind_reads_back_and_names_its_subject_in_both_languages() {
        for kind in KINDS {
            assert_eq!(tell(kind.word(), Some(Instant::UNIX_EPOCH)), Some(kind));
            for language in [Language::Chinese, Language::English] {
                assert!(text(kind, "剪纸入门", None, language).contains("剪纸入门"));
                let reasoned = text(kind, "剪纸入门", Some("老师生病"), language);
                assert!(reasoned.contains("老师生病"), "{reasoned}");
            }
        }
        assert_eq!(tell("seat_offered", None), None);
        assert_eq!(tell("nonsense", None), None);
    }

    #[test]
    fn instants_and_codes_are_said_in_the_readers_words() {
        let until = "2026-11-24T02:05:00Z".parse().unwrap();
        assert_eq!(
            text(Tell::SeatOffered(until), "剪纸", None, Language::Chinese),
            "有空位留给您：剪纸。请在 11月24日 10:05 前确认，过时让给下一位"
        );
        assert_eq!(
            text(Tell::SeatOffered(until), "Paper cutting", None, Language::English),
            "A seat is kept for you: Paper cutting. Accept it by 24 November 10:05, or it goes to the next"
        );
        assert_eq!(
            text(Tell::PassedOver, "剪纸", Some("limit_reached"), Language::Chinese),
            "轮到您时暂时不能入座，候补位置为您保留：剪纸（已达报名数量上限）"
        );
    }
}
