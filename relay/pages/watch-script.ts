// The script of the page to share: without it everything can be selected, with it copied.

export const WATCH_SCRIPT = `for (const snippet of document.querySelectorAll('.snippet')) {
  const code = snippet.querySelector('code');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-describedby', snippet.querySelector('h3').id);
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    button.textContent = (await copy(code)) ? 'Copied' : 'Selected';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  snippet.append(button);
}

// The clipboard is for secure pages only; elsewhere the text is selected and copied as by hand.
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return document.execCommand('copy');
  }
}
`;
