// The built elements' workers: takes the place of engine/create-worker.ts and publish/engine/create-worker.ts in the build.

/** The part of a page's Trusted Types (https://w3c.github.io/trusted-types/) that is used here. */
interface TrustedTypePolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The engine's file, seen from the built element; the build writes it here. Empty: the element's own file, which is the engine in a worker. */
declare const ENGINE_FILE: string;
/** The worker's name, and that of the policy under Trusted Types; the build writes it here. */
declare const WORKER_NAME: string;

const file = new URL(ENGINE_FILE, import.meta.url);
let policy: ReturnType<TrustedTypePolicies['createPolicy']> | undefined;

/** A worker that runs the engine. Throws where the page may not load it. */
export function createWorker(): Worker {
  if (file.origin === location.origin) return start(file.href);
  // Of another origin, no worker can be made of it, but one of this page's own may import it.
  const source = URL.createObjectURL(new Blob([`import ${JSON.stringify(file.href)};`], { type: 'text/javascript' }));
  const worker = start(source);
  for (const type of ['message', 'error']) {
    worker.addEventListener(type, () => URL.revokeObjectURL(source), { once: true });
  }
  return worker;
}

function start(url: string): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicies }; // the DOM library doesn't know it
  policy ??= trustedTypes?.createPolicy(WORKER_NAME, { createScriptURL: own => own });
  // To the DOM library an address is a string, trusted or not.
  return new Worker(policy ? policy.createScriptURL(url) : url, { type: 'module', name: WORKER_NAME });
}
