import { expect, test } from "vitest";
import { createSocket } from "node:dgram";
import { createZoneFinder } from "./zone.ts";

const { signal } = new AbortController();

/** Servers by what they call the top of a zone; those not named do not answer. */
function finder(setting: string, zones: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const find = createZoneFinder({
    servers: () => setting,
    isZone: async (server, name) => {
      asked.push(`${server} ${name}`);
      return zones[server]?.includes(name);
    },
  });
  return { asked, find: (domain: string) => find(domain, signal) };
}

test.each([
  ["a.b.example.com", ["example.com", "com"], { zone: "example.com", prefix: "a.b" }],
  ["example.com", ["example.com"], { zone: "example.com", prefix: "" }],
  ["a.sub.example.com", ["sub.example.com", "example.com"], { zone: "sub.example.com", prefix: "a" }],
  ["nowhere.test", ["com"], undefined],
])("%s with zones %j", async (domain, zones, found) => {
  expect(await finder("9.9.9.9", { "9.9.9.9": zones }).find(domain)).toEqual(found);
});

test("a server that does not answer is not asked again; one that knows nothing is not the last", async () => {
  const { find, asked } = finder(" 192.0.2.1 ,192.0.2.2:53,, 192.0.2.3", { "192.0.2.2:53": [], "192.0.2.3": ["b.test"] });
  expect(await find("a.b.test")).toEqual({ zone: "b.test", prefix: "a" });
  expect(asked).toEqual([
    "192.0.2.1 a.b.test",
    "192.0.2.2:53 a.b.test",
    "192.0.2.2:53 b.test",
    "192.0.2.2:53 test",
    "192.0.2.3 a.b.test",
    "192.0.2.3 b.test",
  ]);
});

test("without a setting public servers are asked", async () => {
  const { find, asked } = finder(" ", {});
  await find("test");
  expect(asked).toHaveLength(8);
});

/** Answers SOA for `zone.test`, and an alias with the SOA record it leads to for `alias.zone.test`. */
test("over the wire: an alias is not the top of a zone, and what cannot be asked is passed over", async () => {
  const socket = createSocket("udp4");
  const soa = Buffer.concat([Buffer.from([0, 0]), Buffer.alloc(20, 1)]);
  socket.on("message", (message, peer) => {
    let at = 12;
    const labels: string[] = [];
    for (let size = message[at] ?? 0; size > 0; size = message[at] ?? 0) {
      labels.push(message.subarray(at + 1, at + 1 + size).toString());
      at += size + 1;
    }
    const name = labels.join(".").toLowerCase();
    const type = message.readUInt16BE(at + 1);
    const answers: Buffer[] = [];
    const answer = (kind: number, data: Buffer): void => {
      const head = Buffer.from([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, data.length]);
      answers.push(Buffer.concat([head, data]));
    };
    if (name === "alias.zone.test") answer(5, Buffer.from("\u0005other\u0004test\u0000", "latin1"));
    if (type === 6 && name === "alias.zone.test") {
      const other = Buffer.from("\u0005other\u0004test\u0000", "latin1");
      answers.push(Buffer.concat([other, Buffer.from([0, 6, 0, 1, 0, 0, 0, 60, 0, soa.length]), soa]));
    }
    if (type === 6 && name === "zone.test") answer(6, soa);
    const head = Buffer.from([message[0] ?? 0, message[1] ?? 0, 0x81, 0x80, 0, 1, 0, answers.length, 0, 0, 0, 0]);
    socket.send(Buffer.concat([head, message.subarray(12, at + 5), ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  const { port } = socket.address();
  const find = createZoneFinder({ servers: () => `not-an-address,127.0.0.1:1,127.0.0.1:${port}` });
  try {
    expect(await find("alias.zone.test", signal)).toEqual({ zone: "zone.test", prefix: "alias" });
    expect(await find("other.example", signal)).toBeUndefined();
  } finally {
    socket.close();
  }
});
