//! Sign-in codes: their form, that each is good once, and how often one person may sign in.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::TimeDelta;
use domain::time::Instant;
use sha2::{Digest, Sha256};

use super::answer::Errcode;

/// How long a code of the platform lives. A spent one is remembered as long; later the same text is a new code.
const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Spent codes remembered at once, 16 bytes each. Beyond it the oldest are forgotten before their time, rather
/// than anybody turned away: no rehearsal is that fast.
pub const SPENT_CODES_MAX: usize = 200_000;
/// Sign-ins of one person in one minute of the clock.
pub const SIGN_INS_PER_MINUTE_MAX: u32 = 100;
const OPENID_BYTES_MAX: usize = 64;
const NONCE_BYTES_MAX: usize = 256;

/// A well-formed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code<'a> {
    text: &'a str,
    pub openid: &'a str,
}

impl<'a> Code<'a> {
    /// Reads `sandbox:<openid>:<nonce>`: the openid 1–64 of `A–Z a–z 0–9 _ -`, the nonce anything that can be seen.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (openid, nonce) = text.strip_prefix("sandbox:")?.split_once(':')?;
        let openid_fits = (1..=OPENID_BYTES_MAX).contains(&openid.len())
            && openid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        let nonce_fits = (1..=NONCE_BYTES_MAX).contains(&nonce.len()) && !nonce.chars().any(char::is_control);
        (openid_fits && nonce_fits).then_some(Self { text, openid })
    }
}

/// A text as 16 bytes: two texts that meet in them are not to be found.
type Mark = [u8; 16];

pub fn mark(text: &str) -> Mark {
    let mut mark = Mark::default();
    mark.iter_mut().zip(Sha256::digest(text)).for_each(|(to, from)| *to = from);
    mark
}

/// Which codes are spent, and who signed in how often in this minute.
#[derive(Debug)]
pub struct Codes {
    spent_max: usize,
    spent: HashSet<Mark>,
    /// The same marks with the instant of spending, oldest first.
    order: VecDeque<(Instant, Mark)>,
    minute: i64,
    sign_ins: HashMap<Mark, u32>,
}

impl Codes {
    pub fn new(spent_max: usize) -> Self {
        Self {
            spent_max,
            spent: HashSet::new(),
            order: VecDeque::new(),
            minute: i64::MIN,
            sign_ins: HashMap::new(),
        }
    }

    /// Spends the code, or says why not; then it is as good as before.
    pub fn spend(&mut self, code: &Code<'_>, now: Instant) -> Result<(), Errcode> {
        self.forget(now);
        let mark_of_code = mark(code.text);
        if self.spent.contains(&mark_of_code) {
            return Err(Errcode::CODE_USED);
        }
        let sign_ins = self.sign_ins.entry(mark(code.openid)).or_default();
        if *sign_ins >= SIGN_INS_PER_MINUTE_MAX {
            return Err(Errcode::MINUTE_LIMIT);
        }
        *sign_ins += 1;
        self.spent.insert(mark_of_code);
        self.order.push_back((now, mark_of_code));
        Ok(())
    }

    /// Drops what is over, and makes room for one more.
    fn forget(&mut self, now: Instant) {
        while let Some(&(at, mark)) = self.order.front() {
            let over = now - at >= CODE_LIFE || self.order.len() >= self.spent_max;
            if !over {
                break;
            }
            self.order.pop_front();
            self.spent.remove(&mark);
        }
        let minute = now.timestamp().div_euclid(60);
        if minute != self.minute || self.sign_ins.len() >= self.spent_max {
            self.minute = minute;
            self.sign_ins.clear();
        }
    }

    #[cfg(test)]
    pub fn remembered(&self) -> (usize, usize, usize) {
        (self.spent.len(), self.order.len(), self.sign_ins.len())
    }
}
