// The style of the dashboard's page before the dashboard is there, and of what stands around it.

export const ADMIN_STYLE = `:root {
  color-scheme: light dark;
  background: light-dark(#f4f5f8, #0d0f12);
}
body {
  margin: 0;
}
noscript {
  display: block;
  padding: 24px;
  font: 15px / 1.5 system-ui, sans-serif;
  color: light-dark(#15181d, #eceef1);
}
`;
