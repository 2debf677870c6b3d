import type { LiveServer } from "#features/servers";
import type { Caller } from "#kernel";
import { createDeltaStream } from "./delta-stream.ts";
import type { Look } from "./delta-stream.ts";
import { shareFrame } from "./frame.ts";
import type { SharedFrame } from "./frame.ts";
import type { MembersOf, ShownServer } from "./shown-server.ts";
import { inSlices } from "./slices.ts";
import { frameText } from "./viewer-class.ts";
import type { Viewer } from "./viewers.ts";

/** Viewers who arrive together share their first frame for so long. */
const FIRST_FRAME_MS = 500;
/** A write to a connection takes 10 µs: of thousands of viewers a report would wait for a tenth of a second. */
const SENT_AT_ONCE = 50;

/** Viewers who see exactly the same and are told it in the same way. */
export interface Audience {
  readonly caller: Caller;
  /** Gives a newcomer its first frame; it gets those of the beats from then on. */
  welcome(viewer: Viewer, position: string): Promise<void>;
  leave(viewer: Viewer): void;
  /** Looks at the servers and tells everybody. */
  beat(): Promise<void>;
  /** What a newcomer would get, as text. */
  snapshot(): string;
}

export interface AudienceDeps {
  readonly servers: () => readonly LiveServer[];
  readonly condition: MembersOf;
  readonly shownTo: (caller: Caller, servers: readonly LiveServer[]) => readonly ShownServer[];
  readonly online: () => number;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Grows when somebody must no longer see what an earlier look saw: newcomers wait for no beat then. */
  readonly revision: () => number;
  /** Name of a new stream of deltas. */
  readonly newName: () => string;
}

/** Whole frames, as the reference sends them (spec 11 section 3.1). */
export function createFullAudience(caller: Caller, deps: AudienceDeps): Audience {
  const [viewers, arriving] = [new Set<Viewer>(), new Set<Viewer>()];
  let first: { readonly at: number; readonly revision: number; readonly frame: Promise<SharedFrame> } | undefined;
  const text = (isFirst: boolean): string =>
    frameText(caller, deps.servers(), { first: isFirst, condition: deps.condition, online: deps.online(), now: deps.now() });
  const firstFrame = (): Promise<SharedFrame> => {
    const [now, revision] = [deps.monotonic(), deps.revision()];
    if (first?.revision !== revision || now - first.at >= FIRST_FRAME_MS) first = { at: now, revision, frame: shareFrame(text(true)) };
    return first.frame;
  };
  return {
    caller,
    async welcome(viewer) {
      arriving.add(viewer);
      const frame = await firstFrame();
      if (!arriving.delete(viewer)) return;
      viewer.send(frame, deps.monotonic());
      viewers.add(viewer);
    },
    leave(viewer) {
      arriving.delete(viewer);
      viewers.delete(viewer);
    },
    async beat() {
      if (viewers.size === 0) return;
      const shared = await shareFrame(text(false));
      await inSlices(viewers, SENT_AT_ONCE, (slice) => {
        for (const viewer of slice) if (viewers.has(viewer)) viewer.send(shared, deps.monotonic());
      });
    },
    snapshot: () => text(true),
  };
}

/** A snapshot and then what changed. Whoever reads slowly misses frames, and what it misses is made good as soon as it reads again. */
export function createDeltaAudience(caller: Caller, deps: AudienceDeps): Audience {
  /** With the number of the frame that each has had, `undefined` before its first. */
  const viewers = new Map<Viewer, number | undefined>();
  /** Those whose frame is being packed: a second one would not follow the first. */
  const served = new Set<Viewer>();
  const look = (): Look => ({ servers: deps.shownTo(caller, deps.servers()), now: deps.now(), online: deps.online() });
  let revision = deps.revision();
  const stream = createDeltaStream(deps.newName(), look());
  const step = (): void => {
    revision = deps.revision();
    stream.step(look());
  };
  const stepIfHidden = (): void => {
    if (deps.revision() !== revision) step();
  };
  const bring = async (viewer: Viewer): Promise<void> => {
    const { seq } = stream;
    const frame = served.has(viewer) ? undefined : stream.frameAfter(viewers.get(viewer));
    if (frame === undefined) return;
    served.add(viewer);
    try {
      const packed = await frame;
      // It may have left meanwhile.
      if (viewers.has(viewer) && viewer.send(packed, deps.monotonic()) === "sent") viewers.set(viewer, seq);
    } finally {
      served.delete(viewer);
    }
  };
  return {
    caller,
    async welcome(viewer, position) {
      stepIfHidden();
      viewers.set(viewer, stream.numberIn(position));
      await bring(viewer);
    },
    leave: (viewer) => void viewers.delete(viewer),
    async beat() {
      step();
      await inSlices(viewers.keys(), SENT_AT_ONCE, async (slice) => void (await Promise.all(slice.map(bring))));
    },
    snapshot() {
      stepIfHidden();
      return stream.snapshot();
    },
  };
}
