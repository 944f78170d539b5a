// The script that takes a viewer's token from the page's address: behind the #, which browsers send to nobody.

export const TOKEN_SCRIPT = `const shown = /[#&]token=([^&]+)/.exec(location.hash);
if (shown) {
  document.querySelector('p2p-live').token = decodeURIComponent(shown[1]);
  // Whoever copies the address must not hand the token on with it.
  history.replaceState(history.state, '', location.pathname + location.search);
}
`;
