import { expect, test } from "vitest";
import { joined, PIECE } from "./file-frames.ts";
import { createFileSession } from "./file-session.ts";

const text = (value: string) => new TextEncoder().encode(value);
const size = (bytes: number) => Uint8Array.of(0, 0, 0, 0, (bytes >>> 24) & 255, (bytes >>> 16) & 255, (bytes >>> 8) & 255, bytes & 255);
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

function scene() {
  const sent: Uint8Array[] = [];
  let buffered = 0;
  let pauses = 0;
  let closed = false;
  const session = createFileSession({
    socket: {
      send: (data) => void sent.push(data),
      buffered: () => buffered,
      close: () => {
        closed = true;
      },
    },
    pause: async () => {
      pauses += 1;
      buffered = 0;
    },
  });
  return { session, sent, pauses: () => pauses, closed: () => closed, fill: (bytes: number) => void (buffered = bytes) };
}

const listing = (path: string, names: readonly string[]) =>
  joined([
    text("NZFN"),
    size(text(path).length).slice(4),
    text(path),
    ...names.flatMap((name) => [Uint8Array.of(0, name.length), text(name)]),
  ]);

test("questions are asked one after the other", async () => {
  const { session, sent } = scene();
  const first = session.list("/a");
  const second = session.list("/b");
  await settle();
  expect(sent).toHaveLength(1);
  session.frame(listing("/a/", ["x"]));
  expect(await first).toEqual({ path: "/a/", entries: [{ folder: false, name: "x" }] });
  await settle();
  expect(sent).toHaveLength(2);
  session.frame(text("NERRdenied"));
  await expect(second).rejects.toThrow("denied");
});

test("a listing of more than one piece is put together", async () => {
  const { session } = scene();
  const names = Array.from({ length: 6000 }, (_, i) => `${i}`.padEnd(200, "n"));
  const whole = listing("/big/", names);
  expect(whole.length).toBeGreaterThan(PIECE);
  const asked = session.list("/big/");
  await settle();
  session.frame(whole.slice(0, PIECE));
  session.frame(whole.slice(PIECE));
  expect((await asked).entries).toHaveLength(6000);
});

test("an upload goes in pieces and waits while too much is on its way", async () => {
  const { session, sent, pauses, fill } = scene();
  fill(5 * PIECE);
  const asked = session.upload("/a", new Blob([new Uint8Array(PIECE + 1)]), () => {});
  while (sent.length < 3) await settle();
  expect(sent.map((part) => part.length)).toEqual([11, PIECE, 1]);
  expect(pauses()).toBe(1);
  session.frame(text("NZUP"));
  await asked;
});

test("a refused upload stops sending", async () => {
  const { session, sent } = scene();
  const asked = session.upload("/a", new Blob([new Uint8Array(3 * PIECE)]), () => {});
  await Promise.resolve();
  session.frame(text("NERRdisk full"));
  await expect(asked).rejects.toThrow("disk full");
  const then = sent.length;
  await settle();
  expect(sent.length).toBe(then);
});

test("an end fails what runs and what waits", async () => {
  const { session, sent } = scene();
  const asked = [session.list("/a"), session.list("/b")];
  await settle();
  session.ended("gone");
  for (const question of asked) await expect(question).rejects.toThrow("gone");
  expect(sent).toHaveLength(1);
});

test("a closed session gives nothing more to a socket that is still emptying", async () => {
  const { session, sent, closed } = scene();
  const told: number[] = [];
  const asked = session.upload("/a", new Blob([new Uint8Array(3 * PIECE)]), (done) => void told.push(done));
  while (sent.length < 2) await settle();
  session.close();
  const then = [sent.length, told.length];
  await expect(asked).rejects.toThrow("closed");
  for (let rounds = 0; rounds < 20; rounds += 1) await settle();
  expect([sent.length, told.length]).toEqual(then);
  expect(closed()).toBe(true);
});
