// The icons: one stroke path each, in the colour of the text around them.

import { s } from './dom.js';

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  home: 'M4 11.2 12 4.5l8 6.7V19a1.2 1.2 0 0 1-1.2 1.2H5.2A1.2 1.2 0 0 1 4 19zM9.5 20v-6h5v6',
  classes: 'M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M16 16l4.5 4.5',
  bookings: 'M6.5 5.5h11A2.5 2.5 0 0 1 20 8v9.5a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5V8a2.5 2.5 0 0 1 2.5-2.5zM4 10.200h16M8.5 3.5v4M15.5 3.5v4M9 15l2.200 2 4-3.800',
  passes: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20M20 14v.5M14 20v-.5',
  notices: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10.200 20.5h3.600',
  staff: 'M5.5 8.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M2.800 19.5c.4-3.600 3-5.5 6.200-5.5s5.800 1.900 6.200 5.5M15.5 5.400a3.5 3.5 0 0 1 0 6.200M18 14.600c1.900.8 3 2.5 3.200 4.900',
};

export function icon(name) {
  return s('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, s('path', { d: PATHS[name] }));
}
