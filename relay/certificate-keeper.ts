// The relay's certificates while it runs: those of files are read anew when they change, its own is made anew before it ends.

import type { Millis } from '../core/time.ts';
import { type Certificate, makeCertificate, RENEW_BEFORE, readCertificate, type TlsFiles } from './certificate.ts';
import type { CertificateHash } from './http/channel-document.ts';
import type { Log } from './log.ts';
import type { HttpFace, WebTransportFace } from './runtime/runtime.ts';

/** A certificate from files that ends sooner than this is told of, once a day. */
const WARN_BEFORE: Millis = 7 * 86_400_000;
const WARN_EVERY: Millis = 86_400_000;

export interface CertificateKeeperOptions {
  /** Where the configuration says that they are, at this moment. */
  readonly files: () => TlsFiles | undefined;
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
}

/** Who is told of a new certificate. */
export interface CertificateFaces {
  readonly http: Pick<HttpFace, 'renew'>;
  readonly webTransport: Pick<WebTransportFace, 'renew'> | undefined;
}

export class CertificateKeeper {
  readonly #options: CertificateKeeperOptions;
  #ofFiles: Certificate | undefined;
  #made: Certificate | undefined;
  #faces: CertificateFaces | undefined;
  #warnedAt: Millis = Number.NEGATIVE_INFINITY;
  /** The fault that was told last: a file that stays wrong is told of once. */
  #told: string | undefined;
  #checking: Promise<void> | undefined;

  private constructor(options: CertificateKeeperOptions, ofFiles: Certificate | undefined) {
    this.#options = options;
    this.#ofFiles = ofFiles;
  }

  /** Reads the files, if there are any. Rejects with `ConfigError`. */
  static async open(options: CertificateKeeperOptions): Promise<CertificateKeeper> {
    const files = options.files();
    return new CertificateKeeper(options, files && (await readCertificate(files)));
  }

  /** That of the files: HTTPS is served with it. */
  get ofFiles(): Certificate | undefined {
    return this.#ofFiles;
  }

  /** What browsers are told of a certificate made here. */
  get hashes(): readonly CertificateHash[] {
    const value = this.#made?.hash;
    return value === undefined ? [] : [{ algorithm: 'sha-256', value }];
  }

  /** The certificate of WebTransport: that of the files, else one made here. */
  async forWebTransport(): Promise<Certificate> {
    return this.#ofFiles ?? (this.#made ??= await makeCertificate(this.#options.clock()));
  }

  /** From now on these are told. */
  serve(faces: CertificateFaces): void {
    this.#faces = faces;
  }

  /** Looks whether there is a new one, and puts it in force for whoever connects from then on; called every few seconds. Never rejects. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    try {
      if (this.#ofFiles) await this.#checkFiles(this.#ofFiles);
      else if (this.#made) await this.#checkMade(this.#made);
      this.#told = undefined;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#told) this.#options.log.error({ fault }, 'the certificate stays as it was');
      this.#told = fault;
    }
  }

  async #checkFiles(before: Certificate): Promise<void> {
    const { files, log, clock } = this.#options;
    const place = files();
    if (!place) return; // that HTTPS ends needs a restart
    const read = await readCertificate(place);
    if (read.certPem !== before.certPem || read.keyPem !== before.keyPem) {
      await this.#faces?.http.renew(read);
      this.#faces?.webTransport?.renew(read);
      this.#ofFiles = read;
      log.info({ endsAt: dateOf(read) }, 'the certificate was read anew: whoever connects from now on gets it');
    }
    const { endsAt } = read;
    if (endsAt === undefined || endsAt - clock() > WARN_BEFORE || clock() - this.#warnedAt < WARN_EVERY) return;
    this.#warnedAt = clock();
    log.warn({ endsAt: dateOf(read) }, endsAt > clock() ? 'the certificate ends soon' : 'the certificate has ended');
  }

  async #checkMade({ endsAt = 0 }: Certificate): Promise<void> {
    const { clock, log } = this.#options;
    if (clock() < endsAt - RENEW_BEFORE) return;
    const made = await makeCertificate(clock());
    this.#faces?.webTransport?.renew(made);
    this.#made = made;
    log.info('the WebTransport certificate was renewed');
  }
}

const dateOf = ({ endsAt }: Certificate) => (endsAt === undefined ? undefined : new Date(endsAt).toISOString());
