// What a click on a button does before the request reaches the server.
(() => {
  // While the server doesn't answer, submitting would lead to the browser's own error page and lose what was typed.
  document.addEventListener('submit', event => {
    if (document.body.dataset.lost !== undefined && event.target.method === 'post') event.preventDefault();
    else event.submitter?.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => document.querySelectorAll('[aria-busy]').forEach(button => button.removeAttribute('aria-busy')));

  // The form behind Lock is closed by Escape and by a click elsewhere; what was typed in it stays.
  const opened = () => document.querySelector('.lock details[open]');
  document.addEventListener('toggle', event => {
    if (event.target.open && event.target.closest('.lock')) event.target.querySelector('input[name=reason]').focus();
  }, true);
  document.addEventListener('click', event => { if (!event.target.closest('.lock')) opened()?.removeAttribute('open'); });
  document.addEventListener('keydown', event => {
    const lock = event.key === 'Escape' && opened();
    if (!lock) return;
    lock.removeAttribute('open');
    lock.querySelector('summary').focus();
  });

  // Without TLS, browsers have the clipboard only for pages of this machine; anywhere, a person may refuse it.
  const copyWithoutTls = (button, text) => {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  };

  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-copy]');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      copyWithoutTls(button, button.dataset.copy);
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
})();
