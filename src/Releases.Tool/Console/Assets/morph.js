// Turns one tree into another and keeps its nodes, so that focus, text being typed and scroll positions survive.
'use strict';
const morph = (() => {
  const keyOf = node => node.nodeType === Node.ELEMENT_NODE
    ? node.id || node.dataset.key || node.getAttribute('formaction') || (node.localName === 'form' ? node.getAttribute('action') : '') : '';
  const ownerOf = node => node.closest('[data-of]')?.dataset.of;
  const stays = node => node.nodeType === Node.ELEMENT_NODE && node.dataset.keep !== undefined;
  // What stays, in a node, by its key.
  const staysIn = node => [...node.querySelectorAll('[data-keep]')].map(keyOf).filter(key => key);
  // A form's own methods can be hidden by its fields: a button named "remove" is its "remove".
  const remove = node => Node.prototype.removeChild.call(node.parentNode, node);

  function morph(old, now) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== now.data) old.data = now.data;
      return;
    }
    if (stays(old) && ownerOf(old) === ownerOf(now)) return;
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }

    const isKeyed = [...old.children, ...now.children].some(keyOf);
    const [ours, theirs] = isKeyed ? [[...old.children], [...now.children]] : [[...old.childNodes], [...now.childNodes]];
    // A node without a key is known by what stays in it on both sides, so that it isn't matched with another one.
    const kept = new Set(staysIn(now));
    const both = kept.size ? new Set(staysIn(old).filter(key => kept.has(key))) : kept;
    const nameOf = node => keyOf(node) || (both.size && node.querySelectorAll && staysIn(node).find(key => both.has(key))) || '';
    const isSame = (a, b) => a.nodeName === b.nodeName && nameOf(a) === nameOf(b);
    const wanted = new Set(theirs.map(nameOf));
    const left = ours.filter(node => !nameOf(node) || wanted.has(nameOf(node)) || stays(node) || (remove(node), false));
    for (const fresh of theirs) {
      // A node that stays is skipped rather than moved: moving it would lose the focus.
      while (left.length && stays(left[0]) && !wanted.has(nameOf(left[0]))) left.shift();
      const at = left.findIndex(node => isSame(node, fresh));
      if (at < 0 || (at > 0 && !nameOf(fresh))) {
        old.insertBefore(fresh, left[0] ?? null);
        continue;
      }
      const [match] = left.splice(at, 1);
      if (at > 0) old.insertBefore(match, left[0]);
      morph(match, fresh);
    }
    for (const node of left) if (!stays(node)) remove(node);
  }

  return morph;
})();
