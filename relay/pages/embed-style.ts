// The style of the page that fills a frame.

export const EMBED_STYLE = `:root {
  color-scheme: dark;
  background: #000;
}
html,
body {
  block-size: 100%;
  margin: 0;
  overflow: hidden;
}
p2p-live {
  display: block;
  block-size: 100%;
  aspect-ratio: auto;
}
`;
