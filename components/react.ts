// <P2pLive> for React 18 and later: the element with its attributes as props, its events as `onStats` and so on, and the element itself as its ref.

import {
  createElement,
  type ForwardedRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type HTMLAttributes,
  type PropsWithoutRef,
  type RefAttributes,
  useCallback,
  useEffect,
  useRef,
} from 'react';
import { attributes } from './attributes.ts';
import './define.ts';
import type { P2pLiveElements } from './jsx.ts';
import type { P2pLive as P2pLiveElement } from './p2p-live.ts';
import { mediaEvents, type P2pLiveEventMap } from './p2p-live-events.ts';

const events = {
  onStateChange: 'statechange',
  onStats: 'stats',
  onMetadata: 'metadata',
  onWarning: 'warning',
  onMessage: 'message',
  onP2pConsent: 'p2pconsent',
  ...mediaEvents,
} as const;

type Events = typeof events;
type EventOf<Type> = Type extends keyof P2pLiveEventMap ? P2pLiveEventMap[Type] : Event;
type Listeners = { [Prop in keyof Events]?: (event: EventOf<Events[Prop]>) => void };
type Wishes = Partial<
  Pick<
    P2pLiveElement,
    | 'relay'
    | 'name'
    | 'recording'
    | 'token'
    | 'poster'
    | 'autoplay'
    | 'controls'
    | 'loop'
    | 'muted'
    | 'volume'
    | 'playbackRate'
    | 'rewind'
    | 'targetLatency'
    | 'p2p'
    | 'maxUploadKbps'
    | 'maxUploadMb'
    | 'p2pCellular'
    | 'p2pPrivacy'
    | 'preload'
    | 'crossOrigin'
    | 'disablePictureInPicture'
  >
>;

/** The element's properties and events, and what any HTML element takes. Listeners get the element's own events. */
export type P2pLiveProps = Wishes & Listeners & Omit<HTMLAttributes<P2pLiveElement>, keyof Events | keyof Wishes>;

type AnyProps = Readonly<Record<string, unknown>>;

/** Plays one live channel. */
export const P2pLive: ForwardRefExoticComponent<PropsWithoutRef<P2pLiveProps> & RefAttributes<P2pLiveElement>> =
  forwardRef(function P2pLive(props: P2pLiveProps, forwarded: ForwardedRef<P2pLiveElement>) {
    const latest = useRef<AnyProps>(props);
    const element = useRef<P2pLiveElement | null>(null);
    const attach = useCallback(
      (made: P2pLiveElement | null) => {
        if (made && made !== element.current) {
          for (const [prop, type] of Object.entries(events))
            made.addEventListener(type, event => call(latest.current[prop], event));
          setProperties(made, latest.current, {});
        }
        element.current = made ?? element.current;
        if (typeof forwarded === 'function') forwarded(made);
        else if (forwarded) forwarded.current = made;
      },
      [forwarded],
    );
    useEffect(() => {
      const before = latest.current;
      latest.current = props as AnyProps; // looked up by name
      if (element.current) setProperties(element.current, latest.current, before);
    });
    return createElement('p2p-live', { ...attributesOf(props as AnyProps), ref: attach });
  });

function call(listener: unknown, event: Event): void {
  if (typeof listener === 'function') listener(event);
}

/** What stands in the markup, also in that of a server. A `false` would be an attribute to React 18. */
function attributesOf(props: AnyProps): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [prop, value] of Object.entries(props)) {
    if (prop in events) continue;
    const own = attributes[prop];
    if (prop === 'className') found.class = value;
    else if (!own) found[prop] = value;
    else if (own.attribute !== false || prop === 'muted')
      found[typeof own.attribute === 'string' ? own.attribute : prop.toLowerCase()] =
        value === false || value === null ? undefined : value;
  }
  return found;
}

/** What is a property only, or differs from its attribute once the element lives. */
function setProperties(element: P2pLiveElement, props: AnyProps, before: AnyProps): void {
  for (const [prop, { attribute }] of Object.entries(attributes)) {
    const value = props[prop];
    if ((attribute === false || prop === 'volume') && value !== undefined && value !== before[prop])
      Reflect.set(element, prop, value);
  }
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends P2pLiveElements {}
  }
}
