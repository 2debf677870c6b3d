import { encodeState, TASK } from "@windfire/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { testCall, testServer } from "#features/fleet/testing";
import type { TestCall } from "#features/fleet/testing";
import { createReplicaSet, hostOf } from "./testing/index.ts";
import type { ReplicaSet, TestReplica } from "./testing/index.ts";

const ROWS = [testServer({ id: 1 }), testServer({ id: 2 })];
let set: ReplicaSet;
let a: TestReplica;
let b: TestReplica;
let c: TestReplica;

beforeEach(async () => {
  set = createReplicaSet(ROWS);
  [a, b, c] = [set.add(), set.add(), set.add()];
  await set.clock.advanceAsync(2_000);
});

const live = (replica: TestReplica, id = 1) => {
  const server = replica.servers.get(id);
  if (!server) throw new Error(`there is no server ${id}`);
  return server;
};
/** Opens the state stream of a server's agent. */
function reporting(replica: TestReplica, id = 1): TestCall {
  const call = testCall();
  replica.fleet.reportSystemState(live(replica, id), call.stream);
  return call;
}
const report = (call: TestCall, cpu: number): void => call.say(encodeState({ cpu }));
const cpuAt = (...replicas: readonly TestReplica[]) => replicas.map((replica) => live(replica).state?.cpu);
const beat = (): Promise<void> => set.clock.advanceAsync(1_000);

describe("the state of a server", () => {
  test("is everywhere after a beat, as old as it is", async () => {
    live(a).applyHost(hostOf(), "first");
    live(a).applyAddress({ ipv4: "192.0.2.1", ipv6: "", countryCode: "jp" });
    const call = reporting(a);
    report(call, 10);
    await beat();
    expect(cpuAt(a, b, c)).toEqual([10, 10, 10]);
    expect(live(b).lastReport).toBe(live(a).lastReport);
    expect([live(b).hostJson(false), live(b).geoJson]).toEqual([live(a).hostJson(false), live(a).geoJson]);
    expect([b.heard, c.heard, a.heard]).toEqual([[1], [1], []]);
    const revision = live(b).revision;
    await beat();
    expect(live(b).revision).toBe(revision);
    report(call, 20);
    await beat();
    expect(cpuAt(b, c)).toEqual([20, 20]);
  });

  test("comes with the host, whichever stream its agent opened first", async () => {
    live(a).applyHost(hostOf(), "first");
    const agent = a.connect(1);
    await set.settled();
    const call = reporting(a);
    report(call, 10);
    await beat();
    expect([live(b).hostJson(false), live(c).hostJson(false)]).toEqual([live(a).hostJson(false), live(a).hostJson(false)]);
    agent.call.leave();
    call.leave();
    await set.settled();
    live(a).applyHost({ ...hostOf(), version: "2.3.8" }, "updated");
    a.connect(1);
    await set.settled();
    expect(live(b).host?.version).toBe("2.3.8");
  });

  test("reaches who comes later, and whoever has missed something", async () => {
    report(reporting(a), 10);
    await beat();
    const d = set.add();
    await beat();
    expect(cpuAt(d)).toEqual([10]);
    b.wire.hold();
    report(reporting(a), 30);
    await beat();
    b.wire.release(() => []);
    expect(cpuAt(b)).toEqual([10]);
    await set.clock.advanceAsync(2_000);
    expect(cpuAt(b)).toEqual([30]);
  });

  test("ends everywhere with its stream", async () => {
    const call = reporting(a);
    report(call, 10);
    await beat();
    expect(live(b).lastActive).toBeGreaterThan(0);
    call.leave();
    await set.settled();
    expect([live(a).lastActive, live(b).lastActive]).toEqual([0, 0]);
    expect(live(b).lastReport).toBeGreaterThan(0);
  });

  describe("over a limit", () => {
    const loads = (...replicas: readonly TestReplica[]) => replicas.map((replica) => live(replica).load.worst);
    /** Three seconds apart, each with its beat. */
    async function reportFor(call: TestCall, seconds: number, cpu: number): Promise<void> {
      for (let past = 0; past < seconds; past += 3) {
        report(call, cpu);
        await set.clock.advanceAsync(3_000);
      }
    }

    test("is so at once at a replica that has just come, and ends everywhere at the same report", async () => {
      const call = reporting(a);
      await reportFor(call, 33, 99);
      const d = set.add();
      await beat();
      expect([loads(a, b, c, d), live(d).load.over]).toEqual([Array.from({ length: 4 }, () => "critical"), { cpu: "critical" }]);
      await reportFor(call, 30, 10);
      expect(loads(a, b, c, d)).toEqual(Array.from({ length: 4 }, () => "critical"));
      await reportFor(call, 3, 10);
      expect(loads(a, b, c, d)).toEqual(Array.from({ length: 4 }, () => undefined));
    });

    test("has been on the way there as long at one that came meanwhile and has the agent next, and at one whose clock is another", async () => {
      b.setClockAhead(4_000);
      await reportFor(reporting(a), 21, 99);
      const d = set.add();
      await beat();
      const next = reporting(d);
      await reportFor(next, 9, 99);
      expect(loads(b, d)).toEqual([undefined, undefined]);
      await reportFor(next, 3, 99);
      expect(loads(a, b, c, d)).toEqual(Array.from({ length: 4 }, () => "critical"));
    });
  });

  test("carries its counters, so that whoever has the agent next counts on from them", async () => {
    const call = reporting(a);
    call.say(encodeState({ netInTransfer: 1_000, netOutTransfer: 5 }));
    await beat();
    call.say(encodeState({ netInTransfer: 1_700, netOutTransfer: 5 }));
    await set.clock.advanceAsync(61_000);
    call.say(encodeState({ netInTransfer: 1_800, netOutTransfer: 5 }));
    await beat();
    expect(live(b).traffic.unbooked).toEqual({ in: 800, out: 0 });
    reporting(b).say(encodeState({ netInTransfer: 2_000, netOutTransfer: 6 }));
    expect(live(b).traffic.unbooked).toEqual({ in: 1_000, out: 1 });
  });
});

describe("an agent that comes to another replica", () => {
  test("is there at once: the old connection ends, and no server looks offline in between", async () => {
    const [oldTasks, oldStates] = [a.connect(1), reporting(a)];
    report(oldStates, 10);
    await beat();
    const [newTasks, newStates] = [b.connect(1), reporting(b)];
    report(newStates, 20);
    await set.settled();
    expect(await oldTasks.call.ended).toMatchObject({ text: "request task stream superseded" });
    expect(await oldStates.ended).toMatchObject({ text: "state stream superseded" });
    expect([live(a).lastActive, live(c).lastActive].every((at) => at > 0)).toBe(true);
    await beat();
    expect(cpuAt(a, b, c)).toEqual([20, 20, 20]);
    expect(await c.replicas.agents.dispatch(1, { id: 5, type: TASK.upgrade, data: "" })).toBe("sent");
    expect((await newTasks.task()).id).toBe(5);
    expect([a, b, c].map(({ replicas }) => replicas.isJudgedHere(1))).toEqual([false, true, false]);
    expect([a, b, c].map(({ replicas }) => replicas.isKeptElsewhere(1))).toEqual([true, false, true]);
    expect([a, b, c].map(({ replicas }) => replicas.isKeptElsewhere(2))).toEqual([false, false, false]);
  });

  test("stays there, however late the old replica hears of it, and whatever its clock says", async () => {
    a.connect(1);
    await set.settled();
    a.wire.hold();
    b.connect(1);
    await set.settled();
    // What the replica that is behind says of the old connection does not win.
    await beat();
    a.wire.release();
    await beat();
    const places = await Promise.all([a, b, c].map(({ replicas }) => replicas.agents.where(1)));
    expect(places).toEqual(["elsewhere", "here", "elsewhere"]);
    // And back again, at the same moment of a clock that stands still.
    a.connect(1);
    await set.settled();
    expect(await Promise.all([a, b, c].map(({ replicas }) => replicas.agents.where(1)))).toEqual(["here", "elsewhere", "elsewhere"]);
  });
});

test("an agent is asked by the replica that it takes its tasks from, also before it has reported anything, and by no other", async () => {
  const asked = () => [a, b, c].map(({ replicas }) => replicas.isAskedHere(1));
  expect(asked()).toEqual([false, false, false]);
  a.connect(1);
  await set.settled();
  expect(asked()).toEqual([true, false, false]);
  reporting(b);
  await set.settled();
  expect(asked()).toEqual([true, false, false]);
  c.connect(1).call.leave();
  await set.settled();
  expect(asked()).toEqual([false, false, false]);
});

describe("a replica that is not heard any more", () => {
  test("is gone after five seconds; its agents are offline, and their last states stay", async () => {
    a.connect(1);
    report(reporting(a), 10);
    await beat();
    a.wire.set("lost");
    await set.clock.advanceAsync(5_000);
    expect(await b.replicas.agents.where(1)).toBe("elsewhere");
    await set.clock.advanceAsync(2_000);
    expect(await b.replicas.agents.where(1)).toBe("offline");
    expect(b.replicas.peers()).toEqual([c.bus.replica]);
    expect(b.connections.filter((id) => id === 1)).toHaveLength(2);
    expect(cpuAt(b)).toEqual([10]);
  });

  test("that stops says so, and is gone at once", async () => {
    a.connect(1);
    await set.settled();
    const call = reporting(a);
    report(call, 10);
    await beat();
    a.replicas.leave();
    call.leave();
    a.replicas.stop();
    await set.settled();
    expect(await b.replicas.agents.where(1)).toBe("offline");
    // Its agents are on their way to the others.
    expect(live(b).lastActive).toBeGreaterThan(0);
    report(reporting(c), 20);
    await beat();
    expect([b.replicas.peers(), cpuAt(b, c)]).toEqual([[c.bus.replica], [20, 20]]);
  });

  test("is not taken to be there by what it answers after it has left", async () => {
    a.wire.hold();
    const d = set.add();
    await beat();
    expect(d.replicas.peers()).toContain(a.bus.replica);
    a.replicas.leave();
    a.wire.release();
    await set.settled();
    expect(d.replicas.peers()).toEqual([b.bus.replica, c.bus.replica]);
  });

  test("leaves its servers to the judge, once that has heard all that are there", async () => {
    const judges = (): boolean[] => [a, b, c].map(({ replicas }) => replicas.isJudgedHere(1));
    a.judge(true);
    expect(judges()).toEqual([false, false, false]);
    await set.clock.advanceAsync(10_000);
    expect(judges()).toEqual([true, false, false]);
    report(reporting(c), 10);
    await beat();
    expect(judges()).toEqual([false, false, true]);
    c.wire.set("lost");
    await set.clock.advanceAsync(7_000);
    expect(judges()).toEqual([true, false, true]);
    a.wire.set("lost");
    expect(judges()[0]).toBe(false);
  });

  test("judges what is connected to it; what has left it may be elsewhere until all are heard again", async () => {
    const call = reporting(a);
    const judges = (): boolean[] => [a, b].map(({ replicas }) => replicas.isJudgedHere(1));
    await set.clock.advanceAsync(10_000);
    a.wire.set("lost");
    await set.clock.advanceAsync(7_000);
    expect(judges()).toEqual([true, false]);
    call.leave();
    expect(judges()).toEqual([false, false]);
    report(reporting(b), 10);
    expect(judges()).toEqual([false, true]);
    a.wire.set("connected");
    expect(judges()).toEqual([false, true]);
    await set.clock.advanceAsync(12_000);
    expect(judges()).toEqual([false, true]);
  });

  test("judges what has left it when nobody else has it", async () => {
    const call = reporting(a);
    await set.clock.advanceAsync(10_000);
    a.wire.set("lost");
    call.leave();
    a.wire.set("connected");
    await set.clock.advanceAsync(10_000);
    expect([a, b].map(({ replicas }) => replicas.isJudgedHere(1))).toEqual([true, false]);
  });

  test("and that comes back is heard as before", async () => {
    const call = reporting(a);
    report(call, 10);
    await beat();
    a.wire.set("lost");
    await set.clock.advanceAsync(7_000);
    expect([a.replicas.isUnheard(2), a.replicas.isUnheard(1), b.replicas.isUnheard(1)]).toEqual([true, false, false]);
    report(call, 40);
    a.wire.set("connected");
    await set.clock.advanceAsync(2_000);
    expect(cpuAt(a, b, c)).toEqual([40, 40, 40]);
    expect(a.replicas.isUnheard(2)).toBe(false);
  });
});

describe("the result of a task", () => {
  test("goes to the replica that gave it, and to that of the agent when it gave it itself", async () => {
    const results: string[] = [];
    for (const [name, { fleet }] of Object.entries({ a, b }))
      fleet.onResult(TASK.command, (serverId, { id, data }) => results.push(`${name}: ${serverId} ${id} ${data}`));
    const agent = b.connect(1);
    await set.settled();
    await a.replicas.agents.dispatch(1, { id: 7, type: TASK.command, data: "uptime" });
    agent.answer({ ...(await agent.task()), data: "first", delay: Number.NaN });
    await set.settled();
    await b.replicas.agents.dispatch(1, { id: 7, type: TASK.command, data: "uptime" });
    agent.answer({ ...(await agent.task()), data: "second" });
    await set.settled();
    expect(results).toEqual(["a: 1 7 first", "b: 1 7 second"]);
  });

  test("is never taken for that of another replica's task with the same number", async () => {
    const results: string[] = [];
    for (const [name, { fleet }] of Object.entries({ a, b, c }))
      fleet.onResult(TASK.mcpExec, (_, { id, data }) => results.push(`${name}: ${id} ${data}`));
    const agent = b.connect(1);
    await set.settled();
    const task = { id: 2 ** 32 + 1, type: TASK.mcpExec, data: "" };
    for (const { replicas } of [a, b, c]) await replicas.agents.dispatch(1, task);
    const given = [await agent.task(), await agent.task(), await agent.task()];
    for (const [place, { id, type }] of given.entries()) agent.answer({ id, type, data: `answer ${place}` });
    await set.settled();
    expect(results.toSorted()).toEqual([`a: ${task.id} answer 0`, `b: ${task.id} answer 1`, `c: ${task.id} answer 2`]);
  });
});

describe("a stream across replicas", () => {
  const order = (id: string) => ({ id: 0, type: TASK.terminal, data: JSON.stringify({ StreamID: id }) });
  const wish = { purpose: "terminal", creatorId: 7, serverId: 1 } as const;
  /** A stream that a asks for and b keeps. */
  async function opened() {
    const agent = b.connect(1);
    await set.settled();
    const stream = await a.replicas.agents.openStream(wish, order);
    if ("refused" in stream) throw new Error(stream.refused);
    const said: string[] = [];
    let unread = 0;
    const connection = await a.replicas.agents.joinStream(stream.id, {
      send(bytes) {
        said.push(Buffer.from(bytes).toString());
        return "sent";
      },
      unread: () => unread,
      pause: () => void said.push("pause"),
      resume: () => void said.push("resume"),
      close: (reason) => void said.push(`end: ${reason}`),
    });
    if (typeof connection === "string") throw new Error(connection);
    const io = await agent.attach();
    return { stream, connection, io, said, setUnread: (bytes: number) => void (unread = bytes) };
  }

  test("ends with the bus, and with the replica at its other side", async () => {
    const one = await opened();
    a.wire.set("lost");
    expect(one.said).toEqual(["end: peer-ended"]);
    await set.clock.advanceAsync(7_000);
    expect(await one.io.call.ended).toMatchObject({ code: 0 });
    expect(await b.replicas.agents.findStream(one.stream.id)).toBeUndefined();
  });

  test("of which something was lost on the way is ended, not read on from another place", async () => {
    const { io, said } = await opened();
    a.wire.hold();
    io.write("lost");
    await set.settled();
    a.wire.release(() => []);
    io.write("rm -rf build");
    await set.settled();
    expect(said).toEqual(["end: overflow"]);
    expect(await io.call.ended).toMatchObject({ code: 0 });
  });

  test("is not read faster than the other side takes it", async () => {
    const { connection, io, said } = await opened();
    const megabyte = Buffer.alloc(2 ** 20, "x");
    b.wire.hold();
    for (let sent = 0; sent < 2; sent++) connection.send(megabyte);
    expect(said).toEqual(["pause"]);
    b.wire.release();
    await set.settled();
    expect(said).toEqual(["pause", "resume"]);
    a.wire.hold();
    io.write(megabyte);
    io.write("more");
    expect(io.call.paused()).toBe(true);
    a.wire.release();
    await set.settled();
    expect(io.call.paused()).toBe(false);
  });

  test("counts for its user at every replica", async () => {
    await opened();
    await beat();
    expect([a, b, c].map(({ replicas }) => replicas.streamsElsewhere.ofUser(7))).toEqual([1, 0, 1]);
  });

  test("is carried on by a browser that comes back to a third replica", async () => {
    const { stream, connection, io, said } = await opened();
    connection.hold(60_000);
    io.write("into the void");
    await set.settled();
    io.write("while you were away");
    const heard: string[] = [];
    await set.settled();
    const again = await c.replicas.agents.joinStream(
      stream.id,
      {
        send: (bytes) => (heard.push(Buffer.from(bytes).toString()), "sent"),
        unread: () => 0,
        pause: () => undefined,
        resume: () => undefined,
        close: (reason) => void heard.push(`end: ${reason}`),
      },
      "instead",
    );
    expect([typeof again, heard, said]).toEqual(["object", ["while you were away"], ["end: revoked"]]);
    await a.replicas.agents.closeStreams({ serverId: 1 }, "revoked");
    await set.settled();
    expect(heard.at(-1)).toBe("end: revoked");
  });
});
