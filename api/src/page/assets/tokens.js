// The tokens of whoever is signed in, in this tab only: closing it signs out.

const KEY = 'cq.tokens';

/** `{accessToken, refreshToken}` or null. */
export function tokens() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function keepTokens({ accessToken, refreshToken }) {
  sessionStorage.setItem(KEY, JSON.stringify({ accessToken, refreshToken }));
}

export function dropTokens() {
  sessionStorage.removeItem(KEY);
}
