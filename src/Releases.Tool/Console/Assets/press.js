// What a press does before it reaches the server.
(() => {
  // A press may travel for a while. While nothing answers, it would lead to the browser's own page, and what was typed would be lost.
  document.addEventListener('submit', event => {
    if (document.body.dataset.lost !== undefined && event.target.method === 'post') event.preventDefault();
    else event.submitter?.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => document.querySelectorAll('[aria-busy]').forEach(button => button.removeAttribute('aria-busy')));

  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-copy]');
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
})();
