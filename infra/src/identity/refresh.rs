//! Refresh tokens: the session, the number of the token within it, and an authentication code over both.
//!
//! Nothing of a token is stored, so a copy of the database signs nobody in, and a lost answer can be given again word
//! for word. A text that we did not make is recognised without asking the database.

use crate::secrets::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::SessionId;
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Sets this key apart from all others that derive from the same secret (RFC 5869, 3.2).
const PURPOSE: &[u8] = b"changqing refresh token 1";
const SESSION_BYTES: usize = 16;
const GENERATION_BYTES: usize = 4;
const TOKEN_BYTES: usize = SESSION_BYTES + GENERATION_BYTES + 32;

/// Makes and reads refresh tokens.
pub struct RefreshTokens {
    /// Keyed, and cloned for each token.
    code: Hmac<Sha256>,
}

impl RefreshTokens {
    /// With a key derived from `secret`.
    pub fn new(secret: &Secret) -> Self {
        // One block of SHA-256, which HMAC uses as it is.
        let mut key = [0; 64];
        // It refuses only more than 8,160 bytes.
        let expanded = Hkdf::<Sha256>::new(None, secret.bytes()).expand(PURPOSE, &mut key);
        debug_assert!(expanded.is_ok());
        Self { code: <Hmac<Sha256> as KeyInit>::new(&key.into()) }
    }

    fn code(&self, named: &[u8]) -> Hmac<Sha256> {
        let mut code = self.code.clone();
        code.update(named);
        code
    }

    /// Token number `generation` of `session`.
    pub fn make(&self, session: SessionId, generation: u32) -> String {
        let mut token = Vec::with_capacity(TOKEN_BYTES);
        token.extend_from_slice(session.0.as_bytes());
        token.extend_from_slice(&generation.to_be_bytes());
        let code = self.code(&token).finalize().into_bytes();
        token.extend_from_slice(&code);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Which token `text` is; none if we did not make it.
    pub fn read(&self, text: &str) -> Option<(SessionId, u32)> {
        let token = URL_SAFE_NO_PAD.decode(text).ok().filter(|token| token.len() == TOKEN_BYTES)?;
        let (named, code) = token.split_at_checked(SESSION_BYTES + GENERATION_BYTES)?;
        self.code(named).verify_slice(code).ok()?;
        let (session, generation) = named.split_at_checked(SESSION_BYTES)?;
        let session = Uuid::from_slice(session).ok()?;
        Some((SessionId(session), u32::from_be_bytes(generation.try_into().ok()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_tokens_are_read() {
        let tokens = RefreshTokens::new(&Secret::from([1; 32]));
        let session = SessionId(Uuid::from_u128(0x0192_3f00_0000_7000_8000_0000_0000_0001));
        let token = tokens.make(session, 7);
        assert_eq!(tokens.read(&token), Some((session, 7)));
        assert_eq!(token, tokens.make(session, 7));
        assert_ne!(token, tokens.make(session, 8));
        assert_eq!(token.len(), 70);
        assert_eq!(RefreshTokens::new(&Secret::from([2; 32])).read(&token), None);
        for place in 0..token.len() - 1 {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(tokens.read(std::str::from_utf8(&forged).unwrap()), None, "{place}");
        }
        for text in ["", "a", &token[1..], &format!("{token}A"), &format!("{token}="), "令牌"] {
            assert_eq!(tokens.read(text), None, "{text}");
        }
    }
}
