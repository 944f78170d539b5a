// What web-test-runner's mocha puts into the page.

type TestBody = (this: { timeout(ms: number): void }) => void | Promise<void>;

declare const describe: (name: string, body: () => void) => void;
declare const it: (name: string, body: TestBody) => void;
declare const beforeEach: (body: TestBody) => void;
declare const afterEach: (body: TestBody) => void;
