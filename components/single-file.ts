// The whole element in one file (dist/p2p-live.cdn.js): on a page it is the element, in the worker that the element makes of it the engine.

const { name } = globalThis as { name?: unknown }; // of a worker too, which the DOM library doesn't know

if (typeof document !== 'undefined') void import('./define.ts');
else if (name === 'p2p-live') void import('./engine/worker.ts');

export {};
