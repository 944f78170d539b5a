// The page of <p2p-live>, with ?relay= and ?name=: no controls, as the others have none.

import { query, watchVideo } from './first-frame.ts';

const element = document.createElement('p2p-live');
for (const name of ['relay', 'name']) element.setAttribute(name, query.get(name) ?? '');
for (const name of ['autoplay', 'muted']) element.setAttribute(name, '');
document.body.append(element);
await customElements.whenDefined('p2p-live');
// Lit's promise of the first drawing.
await (element as HTMLElement & { updateComplete: Promise<boolean> }).updateComplete;
const video = element.shadowRoot?.querySelector('video');
if (!video) throw new Error('the element has no video');
watchVideo(video);
