// Which cameras and microphones there are.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A device to choose. */
export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

/** Keeps up with what is plugged in, and updates the host; before a permission browsers tell neither ids nor names, and the lists are empty. */
export class DeviceList implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #devices: readonly MediaDeviceInfo[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get cameras(): readonly DeviceChoice[] {
    return this.#of('videoinput');
  }
  get microphones(): readonly DeviceChoice[] {
    return this.#of('audioinput');
  }

  hostConnected(): void {
    navigator.mediaDevices?.addEventListener('devicechange', this.renew);
  }

  hostDisconnected(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.renew);
  }

  /** Looks again; to be called once devices may be used. */
  readonly renew = async (): Promise<void> => {
    this.#devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => null)) ?? [];
    this.#host.requestUpdate();
  };

  #of(kind: MediaDeviceKind): readonly DeviceChoice[] {
    return this.#devices
      .filter(device => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label: label || deviceId.slice(0, 8) }));
  }
}
