import type { StreamRegistry } from "#features/relay";
import type { LocalAgents } from "#features/fleet";
import type { Bus } from "#platform/bus";
import { decodeFrame, encodeFrame } from "./channel-frame.ts";
import type { HomeEnds } from "./home-ends.ts";
import {
  closedMessage,
  closeMessage,
  cutMessage,
  dispatchMessage,
  findMessage,
  foundMessage,
  openedMessage,
  openMessage,
  outcomeMessage,
  resultMessage,
} from "./messages.ts";
import type { NearEnds } from "./near-ends.ts";
import type { ResultRoutes } from "./result-routes.ts";
import type { TaskResult } from "@windfire/protocol";

export interface OrderDeps {
  readonly bus: Pick<Bus, "answer" | "take" | "send">;
  readonly local: LocalAgents;
  readonly streams: StreamRegistry;
  readonly routes: ResultRoutes;
  readonly home: HomeEnds;
  readonly near: NearEnds;
  /** Ends the streams of these servers' agents here. */
  readonly cut: (serverIds: readonly number[]) => void;
  /** A result of a task that this replica gave. */
  readonly deliver: (serverId: number, result: TaskResult) => void;
}

/** Does what other replicas ask of the agents and streams that are here. What is not understood is refused as if it were not there. */
export function takeOrders({ bus, local, streams, routes, home, near, deliver, cut }: OrderDeps): void {
  bus.answer("dispatch", async (from, question) => {
    const asked = dispatchMessage.decode(question);
    const outcome = asked ? await local.dispatch(asked.serverId, routes.note(from, asked.serverId, asked.task)) : "offline";
    return outcomeMessage.encode({ outcome });
  });
  bus.answer("open", async (_, question) => {
    const asked = openMessage.decode(question);
    if (!asked) return openedMessage.encode({ refused: "offline" });
    const { id, ...request } = asked.stream;
    const opened = await local.openStream(request, () => asked.task, id);
    return openedMessage.encode("refused" in opened ? { refused: opened.refused } : {});
  });
  bus.answer("find", (_, question) => {
    const asked = findMessage.decode(question);
    const stream = asked && streams.find(asked.id);
    return foundMessage.encode(stream ? { stream } : {});
  });
  bus.answer("close", async (_, question) => {
    const asked = closeMessage.decode(question);
    if (!asked) return closedMessage.encode({ count: 0 });
    return closedMessage.encode({ count: await local.closeStreams(asked, asked.reason) });
  });
  bus.answer("join", (from, question) => home.join(from, question));
  bus.take("result", (_, body) => {
    const told = resultMessage.decode(body);
    if (told) deliver(told.serverId, told.result);
  });
  bus.take("cut", (_, body) => {
    const told = cutMessage.decode(body);
    if (told) cut(told.serverIds);
  });
  bus.take("stream", (from, body) => {
    const frame = decodeFrame(body);
    if (!frame) return;
    const isKnown = frame.to === "near" ? near.take(from, frame) : home.take(from, frame);
    // Whoever goes on with what is over is to know that.
    if (isKnown || frame.kind === "close") return;
    bus.send(from, "stream", encodeFrame({ to: frame.to === "near" ? "home" : "near", kind: "close", channel: frame.channel }));
  });
}
