// What all pages of the dashboard have in common: the relay they ask, and what is done there with a failure to be told.

import { LitElement } from 'lit';
import type { AdminApi } from './admin-api.ts';
import { AdminFailure } from './admin-api.ts';
import { adminStyles } from './admin-styles.ts';

/** A page, or a part of one. Event: `fault` (its `detail` is a sentence), when something that was asked for was not done. */
export class AdminView extends LitElement {
  static override styles = [adminStyles];
  static override properties = { api: { attribute: false } };

  /** Is there before the first update. */
  declare api: AdminApi;

  /** Does what a person asked for; resolves with whether it was done, and tells why it wasn't. */
  protected async attempt(deed: () => Promise<unknown>): Promise<boolean> {
    try {
      await deed();
      return true;
    } catch (error) {
      const isTold = error instanceof AdminFailure && error.code !== 'refused'; // by the page's frame
      const detail = error instanceof Error ? error.message : String(error);
      if (!isTold) this.dispatchEvent(new CustomEvent('fault', { detail, bubbles: true, composed: true }));
      return false;
    }
  }
}
