/** Keys in `localStorage` that the official front ends use too (spec 50 section 2.2); `wf-` ones are ours. */
export const STORAGE_KEYS = {
  theme: "vite-ui-theme",
  language: "language",
  view: "wf-view",
  density: "wf-density",
  zone: "wf-zone",
  bytes: "wf-bytes",
  temperature: "wf-temperature",
  singleKeys: "wf-single-keys",
  serverViews: "wf-server-views",
  serverColumns: "wf-server-columns",
  recentPlaces: "wf-recent-places",
  recentPublicPlaces: "wf-recent-public",
} as const;

/** A key-value store that may refuse: private windows and full disks do. */
export interface Preferences {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
}

export function createPreferences(storage: () => Storage): Preferences {
  return {
    read(key) {
      try {
        return storage().getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      try {
        storage().setItem(key, value);
      } catch {
        // The choice then lasts as long as the page.
      }
    },
  };
}
