// The server's time on this device: what opens at ten opens at the server's ten. Never trusts the device's own clock.

import { read } from './api.js';

let offsetMs = 0;
let asked = null;

/** Milliseconds since 1970, as the server would say. */
export function now() {
  return Date.now() + offsetMs;
}

/** Learns the difference from a `serverNow` that arrived just now, half a round trip old. */
export function learn(serverNow, roundTripMs = 0) {
  const server = Date.parse(serverNow);
  if (!Number.isNaN(server)) offsetMs = server + roundTripMs / 2 - Date.now();
}

/** Asks the server once per page. */
export function synchronise() {
  asked ??= (async () => {
    const sent = performance.now();
    const { serverNow, now: plain } = await read('/time');
    learn(serverNow ?? plain, performance.now() - sent);
  })().catch(() => {
    asked = null;
  });
  return asked;
}

/** Calls `tick` now and every second until `signal` ends it. */
export function everySecond(tick, signal) {
  const timer = setInterval(tick, 1000);
  signal?.addEventListener('abort', () => clearInterval(timer));
  tick();
}

/** Calls `action` once after `seconds`, unless the view has gone. */
export function after(seconds, action, signal) {
  const timer = setTimeout(action, seconds * 1000);
  signal?.addEventListener('abort', () => clearTimeout(timer));
}
