/** The share link that a page is seen by, if any. The link's proof is a cookie that scripts cannot read; here is only which one is meant. */
export interface ShareView {
  readonly id: number;
  readonly name: string;
}

/** Which link requests name. Kept for the tab, so that it outlives a reload and ends with the tab. */
export interface ShareSelection {
  current(): ShareView | undefined;
  choose(view: ShareView): void;
  leave(): void;
}

const KEY = "windfire:share-link";
/** What the dashboard answers to a link that is not good (any more). */
export const SHARE_ENDED = "share link not found";
export const SHARE_ASKS_PASSWORD = "share link needs its password";
export const SHARE_HEADER = "X-Share-Link";

/** `storage` may refuse (private windows): the link then holds until the page is left. */
export function createShareSelection(storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">): ShareSelection {
  let view = read(storage);
  const quietly = (run: () => void): void => {
    try {
      run();
    } catch {
      // Nothing is kept then.
    }
  };
  return {
    current: () => view,
    choose(next) {
      view = next;
      quietly(() => storage().setItem(KEY, JSON.stringify(next)));
    },
    leave() {
      view = undefined;
      quietly(() => storage().removeItem(KEY));
    },
  };
}

function read(storage: () => Pick<Storage, "getItem">): ShareView | undefined {
  try {
    const value: unknown = JSON.parse(storage().getItem(KEY) ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    const id: unknown = Reflect.get(value, "id");
    const name: unknown = Reflect.get(value, "name");
    return typeof id === "number" && typeof name === "string" ? { id, name } : undefined;
  } catch {
    return undefined;
  }
}
