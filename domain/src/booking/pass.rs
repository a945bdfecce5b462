//! The pass: a rotating code that proves a booking, shown by a phone without a network.
//!
//! `CQ1.<booking>.<8 digits>`: TOTP (RFC 6238) with SHA-256, 30 s steps. The secret is derived (HKDF, RFC 5869)
//! from the master key, then the quota, then the booking: nothing is stored, and a door can be trusted with
//! one quota's key alone.

use crate::id::{BookingId, QuotaId};
use crate::time::Instant;
use hkdf::Hkdf;
use sha2::Sha256;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// What every pass code begins with.
pub const SCHEME: &str = "CQ1";
/// Digits of the code.
pub const DIGITS: u8 = 8;
/// Length of a step, in seconds.
pub const PERIOD_SECONDS: u64 = 30;
/// Steps by which a phone's clock may be off, either way.
pub const SKEW_STEPS: u16 = 1;
const KEY_BYTES: usize = 32;

/// The key of one quota: all that a door needs to check its passes.
#[derive(Clone)]
pub struct QuotaKey([u8; KEY_BYTES]);

/// The secret of one booking's pass: all that a phone needs to show it.
#[derive(Clone)]
pub struct PassSecret([u8; KEY_BYTES]);

fn derive(key: &[u8], label: &[u8], id: uuid::Uuid) -> [u8; KEY_BYTES] {
    let mut derived = [0; KEY_BYTES];
    // Expanding to 32 bytes cannot fail: RFC 5869 allows 255 × 32.
    let _ = Hkdf::<Sha256>::new(Some(label), key).expand(id.as_bytes(), &mut derived);
    derived
}

impl QuotaKey {
    /// The key of `quota` under the master key.
    pub fn derive(master: &[u8], quota: QuotaId) -> Self {
        Self(derive(master, b"changqing pass v1 quota", quota.0))
    }

    /// The secret of `booking` under this key.
    pub fn secret(&self, booking: BookingId) -> PassSecret {
        PassSecret(derive(&self.0, b"changqing pass v1 booking", booking.0))
    }
}

impl PassSecret {
    /// The secret in base 32, as authenticator programs take it.
    pub fn base32(&self) -> String {
        self.secret().to_base32()
    }

    /// The digits at `at`.
    pub fn digits(&self, at: Instant) -> String {
        let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
        self.totp().generate(seconds).to_string()
    }

    /// The step of which `digits` are the code, if they are one that is valid at `at`.
    pub fn verify(&self, digits: &str, at: Instant) -> Option<u64> {
        let well_formed =
            digits.len() == usize::from(DIGITS) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
        well_formed.then(|| self.totp().check(digits, seconds)).flatten()
    }

    fn secret(&self) -> Secret {
        Secret::from(self.0.to_vec())
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA256)
            .with_digits(DIGITS)
            .with_secret(self.secret())
            .with_skew(SKEW_STEPS)
            .with_step_duration(PERIOD_SECONDS)
            .build_noncompliant()
    }
}

/// What the code of `booking` begins with; the digits follow.
pub fn prefix(booking: BookingId) -> String {
    format!("{SCHEME}.{booking}.")
}

/// The booking and digits of a code; nothing if it is no code of ours.
pub fn parse(code: &str) -> Option<(BookingId, &str)> {
    let (scheme, rest) = code.trim().split_once('.')?;
    let (booking, digits) = rest.split_once('.')?;
    (scheme == SCHEME).then_some(())?;
    Some((booking.parse().ok()?, digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn secret() -> PassSecret {
        QuotaKey::derive(&[7; 32], QuotaId(Uuid::from_u128(1))).secret(BookingId(Uuid::from_u128(2)))
    }

    /// RFC 6238, appendix B, SHA-256: the 32-byte ASCII secret, 8 digits.
    #[test]
    fn vectors_of_rfc_6238() {
        let secret = PassSecret(*b"12345678901234567890123456789012");
        for (seconds, digits) in [
            (59, "46119246"),
            (1_111_111_109, "68084774"),
            (1_111_111_111, "67062674"),
            (1_234_567_890, "91819424"),
            (2_000_000_000, "90698825"),
            (20_000_000_000, "77737706"),
        ] {
            let at = Instant::from_timestamp(seconds, 0).unwrap();
            assert_eq!(secret.digits(at), digits);
            assert_eq!(secret.verify(digits, at), Some(u64::try_from(seconds).unwrap() / 30));
        }
    }

    #[test]
    fn a_screenshot_dies_within_a_minute() {
        let shown = Instant::from_timestamp(1_790_000_010, 0).unwrap();
        let digits = secret().digits(shown);
        let after = |seconds| shown + TimeDelta::seconds(seconds);
        assert!(secret().verify(&digits, after(0)).is_some());
        assert!(secret().verify(&digits, after(30)).is_some());
        assert!(secret().verify(&digits, after(60)).is_none());
        assert!(secret().verify(&digits, after(-60)).is_none());
    }

    #[test]
    fn secrets_differ_by_quota_booking_and_master_key() {
        let at = Instant::from_timestamp(1_790_000_000, 0).unwrap();
        let of = |master: u8, quota, booking| {
            QuotaKey::derive(&[master; 32], QuotaId(Uuid::from_u128(quota)))
                .secret(BookingId(Uuid::from_u128(booking)))
        };
        let digits = of(7, 1, 2).digits(at);
        for other in [of(8, 1, 2), of(7, 3, 2), of(7, 1, 3)] {
            assert_ne!(other.base32(), secret().base32());
            assert_eq!(other.verify(&digits, at), None);
        }
    }

    #[test]
    fn what_is_no_code_is_no_code() {
        let booking = BookingId(Uuid::from_u128(2));
        let code = format!("{}12345678", prefix(booking));
        assert_eq!(parse(&code), Some((booking, "12345678")));
        for code in
            ["", "CQ1", "CQ1..", "CQ2.bkg_00000000000000000000000002.12345678", "https://example.com/"]
        {
            assert_eq!(parse(code), None, "{code}");
        }
        for digits in ["", "1234567", "123456789", "1234567a", "１２３４５６７８"] {
            assert_eq!(secret().verify(digits, Instant::from_timestamp(0, 0).unwrap()), None);
        }
    }
}
