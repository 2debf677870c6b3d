import { TASK } from "@windfire/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import type { Agents, Stream, StreamClose, StreamConnection, StreamEnd, StreamRequest } from "#kernel";
import { order, wish } from "./agents-under-test.ts";
import type { AgentsUnderTest } from "./agents-under-test.ts";

const UNREAD_BYTES = 2 * 1024 * 1024;

/** An end that writes down what happens to it. */
function testEnd(unread = 0) {
  const said: string[] = [];
  const end: StreamEnd = {
    send(bytes) {
      said.push(Buffer.from(bytes).toString());
      return "sent";
    },
    unread: () => unread,
    pause: () => void said.push("pause"),
    resume: () => void said.push("resume"),
    close: (reason: StreamClose) => void said.push(`end: ${reason}`),
  };
  return { end, said };
}

/** The part of {@link agentsContract} about byte streams between an agent and whoever asked for it. Declares tests. */
export function streamContract(open: () => AgentsUnderTest): void {
  let world: AgentsUnderTest;
  let agents: Agents;
  beforeEach(() => {
    world = open();
    agents = world.agents;
  });

  const opened = async (over: Partial<StreamRequest> = {}): Promise<Stream> => {
    const stream = await agents.openStream(wish(over), order);
    if ("refused" in stream) throw new Error(stream.refused);
    return stream;
  };
  const joined = async (id: string, end: StreamEnd): Promise<StreamConnection> => {
    const outcome = await agents.joinStream(id, end);
    if (typeof outcome === "string") throw new Error(outcome);
    return outcome;
  };
  /** A stream with both ends there. */
  const paired = async (end: StreamEnd, over: Partial<StreamRequest> = {}) => {
    const agent = world.connect(1);
    const stream = await opened(over);
    const connection = await joined(stream.id, end);
    return { stream, connection, agent, io: await agent.attach() };
  };

  describe("a stream", () => {
    test("is named in the order and found by its name, with what it is for", async () => {
      const agent = world.connect(1);
      const stream = await opened({ purpose: "files" });
      expect((await agent.task()).data).toContain(stream.id);
      expect(await agents.findStream(stream.id)).toEqual({ ...wish({ purpose: "files" }), id: stream.id });
      expect(await agents.findStream("another")).toBeUndefined();
    });

    test("carries bytes both ways in their order; what comes early waits for the other end", async () => {
      const agent = world.connect(1);
      const stream = await opened();
      const io = world.openIo(1, stream.id);
      io.write("prompt ");
      io.write("one");
      await world.settled();
      const { end, said } = testEnd();
      const connection = await joined(stream.id, end);
      for (const text of ["a", "b", "c"]) connection.send(Buffer.from(text));
      expect(String([await io.next(), await io.next(), await io.next()])).toBe("a,b,c");
      io.write("two");
      await world.settled();
      expect(said.filter((entry) => entry !== "resume")).toEqual(["prompt ", "one", "two"]);
      expect((await agent.task()).type).toBe(TASK.terminal);
    });

    test("waits for its agent with what was sent before", async () => {
      const agent = world.connect(1);
      const stream = await opened();
      const connection = await joined(stream.id, testEnd().end);
      connection.send(Buffer.from("resize"));
      expect(String(await (await agent.attach()).next())).toBe("resize");
    });

    test("has one end of each side; who is refused disturbs nobody", async () => {
      const { end, said } = testEnd();
      const { stream, io } = await paired(end);
      const second = testEnd();
      expect(await agents.joinStream(stream.id, second.end)).toBe("taken");
      expect(await agents.joinStream("another", second.end)).toBe("unknown");
      for (const stranger of [world.openIo(2, stream.id), world.openIo(1, stream.id)]) expect((await stranger.call.ended).code).not.toBe(0);
      io.write("still here");
      await world.settled();
      expect([said, second.said]).toEqual([["still here"], []]);
    });

    test("ends with either side, for both", async () => {
      const first = testEnd();
      const one = await paired(first.end);
      one.io.call.leave();
      await world.settled();
      expect(first.said).toEqual(["end: peer-ended"]);
      expect(await agents.findStream(one.stream.id)).toBeUndefined();
      const second = testEnd();
      const two = await paired(second.end);
      two.connection.close("revoked");
      expect(await two.io.call.ended).toMatchObject({ code: 0 });
      expect(second.said).toEqual(["end: revoked"]);
      two.connection.send(Buffer.from("too late"));
      expect(await agents.joinStream(two.stream.id, testEnd().end)).toBe("unknown");
    });

    test("slows the agent down while the other end is slower", async () => {
      const { connection, io } = await paired(testEnd(UNREAD_BYTES).end);
      io.write("x");
      await world.settled();
      expect(io.call.paused()).toBe(true);
      connection.drained();
      await world.settled();
      expect(io.call.paused()).toBe(false);
    });

    test("slows the other end down while the agent is slower", async () => {
      const { end, said } = testEnd();
      const { connection, io } = await paired(end);
      io.call.behave({ unread: UNREAD_BYTES });
      connection.send(Buffer.from("x"));
      await world.settled();
      expect(said).toEqual(["pause"]);
      io.call.drain();
      await world.settled();
      expect(said).toEqual(["pause", "resume"]);
    });

    test("is given up only while its agent has not come", async () => {
      const { end, said } = testEnd();
      const { connection } = await paired(end);
      connection.giveUp();
      await world.settled();
      expect(said).toEqual([]);
      const lonely = testEnd();
      const stream = await opened();
      (await joined(stream.id, lonely.end)).giveUp();
      await world.settled();
      expect(lonely.said).toEqual(["end: peer-ended"]);
    });

    test("that nobody comes to is gone after 30 s, half a one after the time its agent was given", async () => {
      world.connect(1);
      const [nobody, half, patient] = [await opened(), await opened({ creatorId: 8 }), await opened({ creatorId: 0, attachMs: 40_000 })];
      const [usual, longer] = [testEnd(), testEnd()];
      await joined(half.id, usual.end);
      await joined(patient.id, longer.end);
      await world.clock.advanceAsync(10_000);
      expect([usual.said, longer.said]).toEqual([["end: timeout"], []]);
      expect(await agents.findStream(nobody.id)).toBeDefined();
      await world.clock.advanceAsync(20_000);
      expect(await agents.findStream(nobody.id)).toBeUndefined();
      await world.clock.advanceAsync(10_000);
      expect(longer.said).toEqual(["end: timeout"]);
    });
  });

  describe("an opening that is refused", () => {
    test("says why: the agent first, then quotas", async () => {
      expect(await agents.openStream(wish(), order)).toEqual({ refused: "offline" });
      const agent = world.connect(1);
      const streams = [await opened(), await opened()];
      expect(await agents.openStream(wish(), order)).toEqual({ refused: "too many concurrent streams for this user" });
      await opened({ creatorId: 8 });
      expect(await agents.openStream(wish({ creatorId: 0 }), order)).toEqual({ refused: "too many concurrent streams for this server" });
      agent.call.leave();
      await world.settled();
      expect(await agents.openStream(wish(), order)).toEqual({ refused: "offline" });
      expect(new Set(streams.map(({ id }) => id)).size).toBe(2);
    });

    test("leaves nothing behind", async () => {
      const agent = world.connect(1);
      agent.call.behave({ outcome: "full" });
      for (let count = 0; count < 5; count++) expect(await agents.openStream(wish(), order)).toEqual({ refused: "queue-full" });
      agent.call.behave({ outcome: "sent" });
      await opened();
      expect(await agents.closeStreams({}, "shutdown")).toBe(1);
    });
  });

  test("streams are closed by what they are for and by server, and counted", async () => {
    for (const serverId of [1, 2]) world.connect(serverId);
    const [terminal, transfer] = [await opened(), await opened({ purpose: "mcp-transfer", creatorId: 0 })];
    const elsewhere = await opened({ purpose: "mcp-transfer", creatorId: 0, serverId: 2 });
    const { end, said } = testEnd();
    await joined(transfer.id, end);
    expect(await agents.closeStreams({ purpose: "mcp-transfer", serverId: 1 }, "revoked")).toBe(1);
    expect(said).toEqual(["end: revoked"]);
    expect(await agents.closeStreams({ purpose: "mcp-transfer" }, "revoked")).toBe(1);
    expect(await agents.findStream(elsewhere.id)).toBeUndefined();
    expect(await agents.findStream(terminal.id)).toBeDefined();
    expect(await agents.closeStreams({ serverId: 1 }, "revoked")).toBe(1);
    expect(await agents.closeStreams({}, "revoked")).toBe(0);
  });
}
