// The pass's changing code: TOTP (RFC 6238) over WebCrypto. Needs no network once the secret is here.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HASHES = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' };

/** Whether this browser lets the page compute at all (secure contexts only: https or this machine). */
export function canCompute() {
  return Boolean(globalThis.crypto?.subtle);
}

/** The digits for the step that `nowMs` falls into. */
export async function totp({ secret, algorithm = 'SHA256', digits = 8, periodSeconds = 30 }, nowMs) {
  const hash = HASHES[algorithm.replace('-', '').toUpperCase()];
  const key = await crypto.subtle.importKey('raw', base32(secret), { name: 'HMAC', hash }, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step(nowMs, periodSeconds)));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 0x0f;
  const number = mac.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** Which step `nowMs` falls into. */
export function step(nowMs, periodSeconds = 30) {
  return Math.floor(nowMs / 1000 / periodSeconds);
}

/** Seconds until the code changes. */
export function secondsLeft(nowMs, periodSeconds = 30) {
  return periodSeconds - (Math.floor(nowMs / 1000) % periodSeconds);
}

/** RFC 4648 base32, padding optional, spaces ignored. */
export function base32(text) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.toUpperCase().replace(/[\s=]/g, '')) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) throw new RangeError('not base32');
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return new Uint8Array(bytes);
}
