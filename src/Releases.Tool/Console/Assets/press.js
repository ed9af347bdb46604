// What a click on a button does before the request reaches the server.
(() => {
  // While the server doesn't answer, submitting would lead to the browser's own error page and lose what was typed.
  // A form that is on its way isn't sent once more by a double click, until the time is over in which a person may have stopped it.
  const patience = 10000;
  let sent = new WeakSet();
  const isLost = () => document.body.dataset.lost !== undefined;
  document.addEventListener('submit', event => {
    const form = event.target;
    const isChange = form.method === 'post';
    const fields = form.method === 'get' && isOfPage(form.action) ? beside(form) : [];
    if (((isChange || fields.length) && isLost()) || sent.has(form)) return event.preventDefault();
    event.submitter?.setAttribute('aria-busy', 'true');
    if (fields.length) {
      event.preventDefault();
      openWith(`${location.pathname}?${new URLSearchParams(new FormData(form))}`, fields);
    }
    if (!isChange) return;
    sent.add(form);
    setTimeout(() => sent.delete(form), patience);
  });
  addEventListener('pageshow', () => {
    sent = new WeakSet();
    document.querySelectorAll('[aria-busy]').forEach(button => button.removeAttribute('aria-busy'));
  });

  // On the environment page, what is typed in other forms is sent along with each button, and with each link of the page, which shows it
  // again.
  const isOfPage = address => new URL(address, location.href).pathname === location.pathname;
  const beside = form => [...document.querySelectorAll('[data-beside]')].filter(field => field.form !== form && field.value.trim());
  document.addEventListener('formdata', event => {
    const form = event.target;
    if (form.method !== 'post' || form.dataset.carries !== undefined) return;
    for (const field of beside(form)) event.formData.append(field.dataset.beside, field.value);
  });

  function openWith(address, fields) {
    const form = document.createElement('form');
    [form.method, form.action, form.dataset.carries] = ['post', address, ''];
    const guard = document.querySelector('[name=guard]').value;
    for (const [name, value] of [['guard', guard], ['do', 'keep'], ...fields.map(field => [field.dataset.beside, field.value])]) {
      const input = document.createElement('input');
      [input.type, input.name, input.value] = ['hidden', name, value];
      form.append(input);
    }
    document.body.append(form);
    form.requestSubmit();
    form.remove();
  }

  document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    const isElsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link?.target;
    if (!link || isElsewhere || !isOfPage(link.href) || (link.hash && link.search === location.search)) return;
    // A link of a row opens or closes what is edited in rows.
    const fields = beside(null).filter(field => !(link.closest('tr') && field.closest('tr')));
    if (!fields.length) return;
    event.preventDefault();
    if (!isLost()) openWith(link.href, fields);
  });

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
