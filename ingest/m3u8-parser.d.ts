// The part of m3u8-parser that is used; the package has no types of its own.

declare module 'm3u8-parser' {
  export interface ParsedKey {
    readonly method: string;
    readonly uri: string;
    readonly iv?: Uint32Array;
  }
  export interface ParsedSegment {
    readonly uri?: string;
    readonly duration?: number;
    readonly discontinuity?: boolean;
    readonly byterange?: { readonly length?: number; readonly offset?: number };
    readonly key?: ParsedKey;
    readonly map?: object;
    readonly custom?: Readonly<Record<string, unknown>>;
  }
  export interface ParsedVariant {
    readonly uri?: string;
    readonly attributes?: { readonly BANDWIDTH?: number; readonly CODECS?: string };
  }
  export interface ParsedManifest {
    readonly mediaSequence?: number;
    readonly targetDuration?: number;
    readonly endList?: boolean;
    readonly segments: readonly ParsedSegment[];
    readonly playlists?: readonly ParsedVariant[];
    readonly contentProtection?: Readonly<Record<string, unknown>>;
  }
  export class Parser {
    readonly manifest: ParsedManifest;
    push(text: string): void;
    end(): void;
    addParser(options: { expression: RegExp; customType: string; segment: boolean }): void;
  }
}
