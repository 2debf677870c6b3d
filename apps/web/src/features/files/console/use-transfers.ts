import { useCallback, useEffect, useRef, useState } from "react";
import type { ApiClient } from "#wire/api-client.ts";
import { pause } from "#wire/browser.ts";
import { handOver } from "./browser-download.ts";
import type { FileSession } from "./file-session.ts";
import { within } from "./paths.ts";

/** `handed`: the browser saves it, and shows how far it is. */
export type TransferState = "waiting" | "running" | "handed" | "done" | "failed" | "cancelled";

/** One file on its way. */
export interface FileTransfer {
  readonly key: number;
  readonly kind: "upload" | "download";
  readonly path: string;
  readonly name: string;
  readonly file: File | undefined;
  readonly state: TransferState;
  readonly done: number;
  readonly size: number | undefined;
  readonly startedAt: number;
  readonly reason: string;
}

export interface Transfers {
  readonly list: readonly FileTransfer[];
  upload(folder: string, files: readonly File[]): void;
  download(folder: string, names: readonly string[]): void;
  cancel(transfer: FileTransfer): void;
  retry(transfer: FileTransfer): void;
  clear(): void;
}

interface Deps {
  readonly api: ApiClient;
  readonly serverId: number;
  readonly session: () => Promise<FileSession>;
  readonly drop: () => void;
  /** A file has arrived on the server. */
  readonly onUploaded: () => void;
}

/** Files on their way, one after the other. */
export function useTransfers({ api, serverId, session, drop, onUploaded }: Deps): Transfers {
  const [list, setList] = useState<readonly FileTransfer[]>([]);
  const next = useRef(1);
  const cancelled = useRef(new Set<number>());
  const uploads = useRef<Promise<void>>(Promise.resolve());
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);
  const change = useCallback(
    (key: number, part: Partial<FileTransfer>) =>
      setList((before) => before.map((transfer) => (transfer.key === key ? { ...transfer, ...part } : transfer))),
    [],
  );
  const run = async (transfer: FileTransfer): Promise<void> => {
    const { key } = transfer;
    const isCancelled = () => left.current || cancelled.current.has(key);
    if (isCancelled()) return;
    const onRefused = (reason: string) => change(key, { state: "failed", reason });
    try {
      if (transfer.file === undefined) {
        await handOver({ api, serverId, path: transfer.path, pause, isCancelled, onRefused });
        if (!isCancelled()) change(key, { state: "handed" });
        return;
      }
      const files = await session();
      if (isCancelled()) return;
      change(key, { state: "running", startedAt: Date.now() });
      await files.upload(transfer.path, transfer.file, (done, size) => {
        if (!isCancelled()) change(key, { state: "running", done, size });
      });
      onUploaded();
      change(key, { state: "done" });
    } catch (failure) {
      if (!isCancelled()) change(key, { state: "failed", reason: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  const add = (parts: readonly Pick<FileTransfer, "kind" | "path" | "name" | "file" | "size">[]) => {
    const added = parts.map((part): FileTransfer => ({
      ...part,
      key: next.current++,
      state: "waiting",
      done: 0,
      startedAt: 0,
      reason: "",
    }));
    setList((before) => [...before, ...added]);
    for (const transfer of added) {
      // An upload asks for its session when it is its turn: the one before it may have ended that by being cancelled.
      if (transfer.kind === "upload") uploads.current = uploads.current.then(() => run(transfer));
      else void run(transfer);
    }
  };
  return {
    list,
    upload: (folder, files) =>
      add(files.map((file) => ({ kind: "upload", path: within(folder, file.name), name: file.name, file, size: file.size }))),
    download: (folder, names) =>
      add(names.map((name) => ({ kind: "download", path: within(folder, name), name, file: undefined, size: undefined }))),
    cancel(transfer) {
      cancelled.current.add(transfer.key);
      change(transfer.key, { state: "cancelled" });
      // An agent cannot be told to stop: the session ends, and the next file opens a new one.
      if (transfer.state === "running") drop();
    },
    retry(transfer) {
      setList((before) => before.filter((other) => other.key !== transfer.key));
      add([transfer]);
    },
    clear: () => setList((before) => before.filter(({ state }) => state === "waiting" || state === "running")),
  };
}
