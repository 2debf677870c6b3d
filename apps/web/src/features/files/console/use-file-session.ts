import type { FileSession as FileSessionAnswer } from "@windfire/api";
import { useCallback, useEffect, useRef } from "react";
import { useApp } from "#shell/app-context.tsx";
import type { ApiClient } from "#wire/api-client.ts";
import { pause } from "#wire/browser.ts";
import { createFileSession } from "./file-session.ts";
import type { FileSession } from "./file-session.ts";

const LOOK_AGAIN_MS = 40;

/** The connection to the files of a server: opened when it is needed, and again when it has ended. `drop` ends it with what is under way. */
export function useFileSession(serverId: number): { readonly session: () => Promise<FileSession>; readonly drop: () => void } {
  const { api } = useApp();
  const current = useRef<Promise<FileSession> | undefined>(undefined);
  const drop = useCallback(() => {
    const ending = current.current;
    current.current = undefined;
    void ending?.then((session) => session.close()).catch(() => undefined);
  }, []);
  const session = useCallback(() => {
    if (current.current !== undefined) return current.current;
    const opened = openSession(api, serverId, () => {
      // One that was dropped may end after the next one has begun.
      if (current.current === opened) current.current = undefined;
    });
    current.current = opened;
    return opened;
  }, [api, serverId]);
  useEffect(() => drop, [drop, session]);
  return { session, drop };
}

async function openSession(api: ApiClient, serverId: number, onEnd: () => void): Promise<FileSession> {
  try {
    const { session_id: id } = await api.post<FileSessionAnswer>(`/file?id=${serverId}`);
    return await attach(`${location.origin.replace("http", "ws")}/api/v1/ws/file/${id}`, onEnd);
  } catch (error) {
    onEnd();
    throw error;
  }
}

function attach(address: string, onEnd: () => void): Promise<FileSession> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    const session = createFileSession({
      socket: { send: (data) => socket.send(data), buffered: () => socket.bufferedAmount, close: () => socket.close() },
      pause: () => pause(LOOK_AGAIN_MS),
    });
    socket.onopen = () => resolve(session);
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => session.frame(new Uint8Array(data));
    socket.onclose = ({ reason }) => {
      onEnd();
      session.ended(reason === "" ? "The connection to the agent has ended" : reason);
      reject(new Error(reason === "" ? "The connection to the agent has ended" : reason));
    };
  });
}
