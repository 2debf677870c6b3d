import type { FileSession } from "@windfire/api";
import type { ApiClient } from "#wire/api-client.ts";

/** What the dashboard says when all places for streams are taken: one becomes free when another file has arrived. */
const NO_PLACE = "too many concurrent streams";
const TRY_AGAIN_MS = 2_000;
const UNREADABLE = "The connection to the dashboard has ended";

interface Wish {
  readonly api: ApiClient;
  readonly serverId: number;
  readonly path: string;
  readonly pause: (ms: number) => Promise<void>;
  readonly isCancelled: () => boolean;
  /** Called when the dashboard or the agent refuses, perhaps after the file was handed over. */
  readonly onRefused: (reason: string) => void;
}

/**
 * Hands a file over to the browser, which saves it while it comes: nothing of it passes through the page. A session that is good once is
 * the ticket. What the browser shows in the hidden frame instead of saving it is a refusal.
 */
export async function handOver({ api, serverId, path, pause, isCancelled, onRefused }: Wish): Promise<void> {
  const id = await sessionFor(api, serverId, pause, isCancelled);
  if (id === undefined) return;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = `/api/v1/download/file/${id}?path=${encodeURIComponent(path)}`;
  frame.onload = () => {
    onRefused(refusalIn(frame.contentDocument?.body.textContent ?? ""));
    frame.remove();
  };
  document.body.append(frame);
}

async function sessionFor(
  api: ApiClient,
  serverId: number,
  pause: Wish["pause"],
  isCancelled: Wish["isCancelled"],
): Promise<string | undefined> {
  while (!isCancelled()) {
    try {
      return (await api.post<FileSession>(`/file?id=${serverId}`)).session_id;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith(NO_PLACE)) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
  return undefined;
}

/** The dashboard's own words, where what came is an answer of its. */
export function refusalIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    const error: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "error") : undefined;
    return typeof error === "string" && error !== "" ? error : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}
