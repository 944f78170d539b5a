// Saves what a page looks like, for people.

import { mkdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';

const FOLDER = 'test/artifacts';

/** To `test/artifacts/<name>.png`; the folder is made where it isn't there. */
export async function saveScreenshot(page: Pick<Page, 'screenshot'>, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}
