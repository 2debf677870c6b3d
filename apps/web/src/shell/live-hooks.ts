import { startTransition, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { LiveRecord } from "#wire/live-record.ts";
import type { LiveStatus } from "#wire/live-store.ts";
import type { Ring } from "#wire/ring.ts";
import { useApp } from "./app-context.tsx";

/** One part of one server. The component draws again only when that part changes (compared by `Object.is`). */
export function useServer<T>(id: number, select: (record: LiveRecord | undefined) => T): T {
  const { store } = useApp().live;
  const subscribe = useCallback((listener: () => void) => store.subscribeServer(id, listener), [store, id]);
  const snapshot = () => select(store.server(id));
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

const whole = (record: LiveRecord | undefined) => record;

/** The whole record: draws again with every report of this server. */
export function useServerRecord(id: number): LiveRecord | undefined {
  return useServer(id, whole);
}

/**
 * All servers, new with every frame, without haste: what a thousand of them come to is drawn in slices, and a key or a tap in between is
 * answered first. For sums and orders, not for rows.
 */
export function useFleet(): readonly LiveRecord[] {
  const { store } = useApp().live;
  const [servers, setServers] = useState(store.servers);
  useEffect(() => {
    const take = () => startTransition(() => setServers(store.servers));
    take();
    return store.subscribeFrame(take);
  }, [store]);
  return servers;
}

/** All servers as {@link useFleet} gives them, but with the frame itself. */
export function useServers(): readonly LiveRecord[] {
  const { store } = useApp().live;
  return useSyncExternalStore(store.subscribeFrame, store.servers, store.servers);
}

/** Ids in the dashboard's order: other ones only when servers come, go or move. */
export function useServerIds(): readonly number[] {
  const { store } = useApp().live;
  return useSyncExternalStore(store.subscribeFrame, store.ids, store.ids);
}

/** Whether something holds for any server. */
export function useSomeServer(holds: (record: LiveRecord) => boolean): boolean {
  const { store } = useApp().live;
  const snapshot = () => store.servers().some(holds);
  return useSyncExternalStore(store.subscribeFrame, snapshot, snapshot);
}

/** Whether the country of any server is known. */
export function useHasPlaces(): boolean {
  return useSomeServer(({ country }) => country !== "");
}

export function useLiveStatus(): LiveStatus {
  return useStatus(same);
}

const same = (status: LiveStatus) => status;

/** A part of the status that changes less often than with every frame. */
export function useStatus<T>(select: (status: LiveStatus) => T): T {
  const { store } = useApp().live;
  const snapshot = () => select(store.status());
  return useSyncExternalStore(store.subscribeStatus, snapshot, snapshot);
}

const hasFrame = ({ frameNow }: LiveStatus) => frameNow !== 0;

/** Whether anything is known of the servers yet. */
export function useHasFrame(): boolean {
  return useStatus(hasFrame);
}

/** The recent readings of a server; the number changes with every frame, so that what shows them draws again. */
export function useRing(id: number): { readonly ring: Ring | undefined; readonly frame: number } {
  const { store } = useApp().live;
  const snapshot = () => store.status().frameNow;
  const frame = useSyncExternalStore(store.subscribeFrame, snapshot, snapshot);
  return { ring: store.ring(id), frame };
}
