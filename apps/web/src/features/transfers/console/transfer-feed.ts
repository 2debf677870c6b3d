import type { Transfer } from "@windfire/api";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** A list with one transfer put in by id: newest first, as the dashboard lists them. */
export function withTransfer(rows: readonly Transfer[] | null | undefined, changed: Transfer): Transfer[] {
  const others = (rows ?? []).filter((row) => row.id !== changed.id);
  return [...others, changed].toSorted((a, b) => b.id - a.id);
}

/** Keeps the list of transfers live. The socket only tells what changes: the list is read anew on every connection (spec 11 section 12.5). */
export function useTransferFeed(): void {
  const client = useQueryClient();
  useEffect(() => {
    let socket: WebSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = FIRST_PAUSE_MS;
    const open = () => {
      socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/ws/transfer`);
      socket.onopen = () => {
        pause = FIRST_PAUSE_MS;
        void client.invalidateQueries({ queryKey: ["/transfer"] });
      };
      socket.onmessage = (event: MessageEvent<string>) => {
        const changed = JSON.parse(event.data) as Transfer;
        client.setQueryData<Transfer[] | null>(["/transfer"], (rows) => withTransfer(rows, changed));
        void client.invalidateQueries({ queryKey: ["/server"] });
      };
      socket.onclose = () => {
        timer = setTimeout(open, pause * (0.5 + Math.random() / 2));
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      if (socket !== undefined) socket.onclose = null;
      socket?.close();
    };
  }, [client]);
}
