// Builds DOM nodes. Text only ever enters as text nodes and attributes, never as markup,
// so nothing a person typed can become part of the page.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. `testid` becomes `data-testid`; `on…` functions become listeners; null, false and undefined are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element, same rules. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(node, name, value);
  node.append(...children.flat(Infinity).filter(present));
  return node;
}

function set(node, name, value) {
  if (!present(value)) return;
  if (name === 'testid') node.dataset.testid = value;
  else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name === 'value' || name === 'checked') node[name] = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

function present(value) {
  return value !== null && value !== undefined && value !== false;
}

/** Puts `children` in the place of what `node` holds. */
export function put(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(present));
  return node;
}

/** A button that cannot be pressed twice while what it started is under way. */
export function button(label, action, props = {}) {
  const node = h('button', { type: 'button', ...props }, label);
  node.addEventListener('click', async () => {
    if (node.getAttribute('aria-disabled') === 'true') return;
    node.setAttribute('aria-disabled', 'true');
    try {
      await action(node);
    } finally {
      node.removeAttribute('aria-disabled');
    }
  });
  return node;
}

/** A labelled group of buttons of which one is pressed. `options` are `[value, label, testid?]`. */
export function choice(label, options, chosen, pick, kind = 'chips') {
  const group = h('div', { class: kind, role: 'group', 'aria-label': label });
  for (const [value, text, testid] of options) {
    group.append(
      h(
        'button',
        {
          type: 'button',
          class: 'chip',
          testid,
          'aria-pressed': String(value === chosen),
          onclick: (event) => {
            for (const other of group.children) other.setAttribute('aria-pressed', String(other === event.currentTarget));
            pick(value);
          },
        },
        text,
      ),
    );
  }
  return group;
}
