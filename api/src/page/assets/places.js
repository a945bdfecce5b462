// Points to look for classes from. A point always says its datum: the server must not guess.

/** Metro stations that everybody in the city knows, in GCJ-02 as the map of the mini-app has them. */
export const stations = {
  palace: { lat: 31.774928, lng: 119.964156 },
  railway: { lat: 31.786905, lng: 119.974251 },
  citizen: { lat: 31.802834, lng: 119.975097 },
  xintiandi: { lat: 31.712375, lng: 119.94874 },
  north: { lat: 31.854906, lng: 119.9558 },
};

/** The query of a point. */
export function nearQuery({ lat, lng }, datum) {
  return { near: `${Number(lat.toFixed(6))},${Number(lng.toFixed(6))}`, datum };
}

/** Reads "31.77, 119.96" as people paste it (a full-width comma too); null where it is no point. */
export function parsePoint(text) {
  const match = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!match) return null;
  const lat = Number(match[1]);
  const lng = Number(match[2]);
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

/** Where the device is, in WGS-84 as browsers give it. */
export function whereAmI() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error('no geolocation'));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude }),
      reject,
      { timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
