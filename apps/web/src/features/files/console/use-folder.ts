import { useCallback, useEffect, useState } from "react";
import { samePlace } from "./paths.ts";
import type { Listing } from "./file-frames.ts";
import type { FileSession } from "./file-session.ts";

export interface Folder {
  readonly listing: Listing | undefined;
  readonly loading: boolean;
  readonly error: string | undefined;
  /** The asked path, when another folder was read in its place. */
  readonly missing: string | undefined;
  readonly read: () => void;
}

/** What lies in a folder. The last listing stays while another is read or refused. */
export function useFolder(path: string, session: () => Promise<FileSession>): Folder {
  const [state, setState] = useState<Omit<Folder, "read">>({ listing: undefined, loading: true, error: undefined, missing: undefined });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setState((before) => ({ ...before, loading: true, error: undefined }));
    session()
      .then((files) => files.list(path))
      .then(
        (listing) => {
          if (current) setState({ listing, loading: false, error: undefined, missing: samePlace(path, listing.path) ? undefined : path });
        },
        (failure: unknown) => {
          const error = failure instanceof Error ? failure.message : String(failure);
          if (current) setState((before) => ({ ...before, loading: false, error }));
        },
      );
    return () => {
      current = false;
    };
  }, [path, session, round]);
  return { ...state, read: useCallback(() => setRound((count) => count + 1), []) };
}
