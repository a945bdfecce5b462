// The shell: which screen the address asks for, the tabs, who is signed in, and the language.

import { mine, Problem } from './api.js';
import { bookingsView } from './bookings.js';
import { classView } from './class.js';
import { classesView } from './classes.js';
import { synchronise } from './clock.js';
import { button, h, put } from './dom.js';
import { editView, newView } from './editor.js';
import { homeView } from './home.js';
import { icon } from './icons.js';
import { locale, t, toggleLanguage } from './i18n.js';
import { noticesView } from './notices.js';
import { loading, problemBox } from './parts.js';
import { passesView } from './passes.js';
import { rosterView } from './roster.js';
import { myself, signedIn, signOut, who } from './session.js';
import { staffView } from './staff.js';

/** Path, screen, the tab it belongs to, and whether it needs somebody signed in. */
const ROUTES = [
  [/^\/$/, homeView, '/', false],
  [/^\/classes$/, classesView, '/classes', false],
  [/^\/classes\/(\w+)$/, classView, '/classes', false],
  [/^\/bookings$/, bookingsView, '/bookings', true],
  [/^\/passes(?:\/(\w+))?$/, passesView, '/passes', true],
  [/^\/notices$/, noticesView, '/notices', true],
  [/^\/staff(?:\/(\w+))?$/, staffView, '/staff', true],
  [/^\/roster\/(\w+)$/, rosterView, '/staff', true],
  [/^\/edit\/(\w+)$/, editView, '/staff', true],
  [/^\/new\/(\w+)$/, newView, '/staff', true],
];

/** No answer, too many at once, or the server's own trouble: asking again may help. */
const worthRepeating = (status) => status === 0 || status === 429 || status >= 500;

const view = document.getElementById('view');
let current = new AbortController();

async function show(message) {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const [path, tail] = (location.hash.slice(1) || '/').split('?');
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  if (route?.[3] && !signedIn()) {
    sessionStorage.setItem('cq.return', location.hash);
    location.replace('#/');
    return;
  }
  dress(route?.[2]);
  const waiting = setTimeout(() => put(view, loading(6)), 150);
  const node = await screen(route, path, tail, signal);
  clearTimeout(waiting);
  if (signal.aborted) return;
  put(view, message && h('p', { class: 'strip', role: 'status', testid: 'message' }, message), node);
  scrollTo(0, 0);
  // A token that turned out dead on the way leaves nobody signed in: say so in the header too.
  dress(route?.[2]);
}

async function screen(route, path, tail, signal) {
  if (!route) return problemBox({ title: t('problem.lost'), code: 'not_found' });
  const context = {
    params: path.match(route[0]).slice(1),
    query: new URLSearchParams(tail),
    signal,
    rerender: (message) => show(typeof message === 'string' ? message : undefined),
    changed,
    refreshUnread,
  };
  try {
    return await route[1](context);
  } catch (problem) {
    if (!(problem instanceof Problem)) return problemBox({ title: t('problem.page'), detail: problem.message, code: 'page' }, () => show());
    return problemBox(problem, worthRepeating(problem.status) ? () => show() : undefined);
  }
}

/** After signing in or out: somewhere else, as somebody else. */
function changed(target) {
  if (location.hash === target || (target === '#/' && !location.hash)) show();
  else location.hash = target;
  refreshUnread();
}

let dressed = '';

// Only when something changed: a button replaced under a finger is a press that does nothing.
function dress(tab) {
  const wanted = JSON.stringify([tab, locale(), signedIn(), who(), staff, unread]);
  if (wanted === dressed) return;
  dressed = wanted;
  document.documentElement.lang = locale();
  document.title = `${t('brand')} · ${t('tagline')}`;
  put(document.getElementById('brand'), h('strong', {}, t('brand')), h('span', {}, t('tagline')));
  put(document.getElementById('account'), language(), signedIn() ? account() : null);
  put(document.getElementById('tabs'), tabs(tab));
  put(document.getElementById('foot'), h('p', {}, t('footer')), h('p', {}, h('a', { href: '/docs' }, t('docs')), ' · ', h('a', { href: '/openapi.json' }, 'OpenAPI')));
}

function language() {
  const flip = () => {
    toggleLanguage();
    show();
  };
  return h('button', { type: 'button', class: 'pill', testid: 'lang-toggle', 'aria-label': t('other.languageLabel'), onclick: flip }, t('other.language'));
}

function account() {
  const leave = button(t('sign.out'), async () => (await signOut(), changed('#/')), { class: 'pill', testid: 'sign-out' });
  return [h('span', { class: 'face small', 'data-who': who(), testid: 'signed-in-as', 'data-as': who(), title: t(`who.${who()}`) }, t(`face.${who()}`)), leave];
}

const TABS = [
  ['/', 'home'],
  ['/classes', 'classes'],
  ['/bookings', 'bookings'],
  ['/passes', 'passes'],
  ['/notices', 'notices'],
  ['/staff', 'staff'],
];
let staff = false;
let unread = 0;

function tabs(tab) {
  const shown = TABS.filter(([path]) => (signedIn() ? path !== '/staff' || staff : ['/', '/classes'].includes(path)));
  return shown.map(([path, name]) =>
    h(
      'a',
      { href: `#${path}`, testid: `tab-${name}`, 'aria-current': path === tab ? 'page' : null },
      icon(name),
      h('span', {}, t(`tab.${name}`)),
      name === 'notices' && unread > 0 && h('span', { class: 'dot', 'aria-label': t('home.unread', { unread }) }),
    ),
  );
}

/** What the tabs depend on: whether one is staff anywhere, and whether something is unread. */
async function refreshUnread() {
  try {
    const person = await myself();
    staff = Boolean(person && (person.operator || person.memberships.length > 0));
    const notices = person ? await mine('/me/notices', { limit: 1 }) : {};
    unread = notices.unread ?? notices.unreadCount ?? 0;
  } catch {
    // The screens themselves say what is wrong.
  }
  const [path] = (location.hash.slice(1) || '/').split('?');
  dress(ROUTES.find(([pattern]) => pattern.test(path))?.[2]);
}

addEventListener('hashchange', () => show());
synchronise();
show();
refreshUnread();
