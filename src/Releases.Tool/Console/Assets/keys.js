// Shortcuts: / searches, ? lists them, g and a letter go to a page.
(() => {
  const keys = document.getElementById('keys');
  const isTyping = target => target.closest('input, textarea, select, [contenteditable]');
  const patience = 1500;
  let isGoing = false, waiting;
  if (document.body.dataset.keys === 'off') return;

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (isGoing) {
      isGoing = false;
      const goal = event.key === 'a' ? document.querySelector('.brand') : document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (goal) location.assign(goal.href);
      return;
    }
    const search = event.key === '/' && document.querySelector('input[type=search]');
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === '?') {
      keys?.showModal();
    } else if (event.key === 'g') {
      isGoing = true;
      clearTimeout(waiting);
      waiting = setTimeout(() => { isGoing = false; }, patience);
    }
  });
})();
