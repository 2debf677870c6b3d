import { decodeHost, decodeState, encodeHost, encodeState, uint64Of } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import { z } from "zod";
import type { Traffic, TrafficRecord } from "#features/traffic";
import type { FeedMessage, LoadNews, ServerNews } from "./model.ts";

/** A newer version may add members; one that changes the meaning of any has another number. */
const VERSION = 1;
const LENGTH_BYTES = 4;

const id = z.int().positive();
const session = z.int().nonnegative();
const length = z.int().nonnegative();
const uint64 = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform((digits) => uint64Of(BigInt(digits)));
const traffic = z.object({ boot: z.number(), seen: z.tuple([uint64, uint64]).optional(), unbooked: z.tuple([uint64, uint64]) });
const standing = z.tuple([z.enum(["cpu", "mem", "disk"]), z.enum(["warn", "critical"]), z.boolean(), z.number().nonnegative().nullable()]);
const server = z.object({
  id,
  task: session,
  online: z.literal(1).optional(),
  states: session,
  reporting: z.literal(1).optional(),
  age: z.number().nonnegative().optional(),
  host: length.optional(),
  state: length.optional(),
  unsound: z.array(z.enum(["cpu", "load1", "load5", "load15", "gpu"])).optional(),
  load: z.array(standing).max(6).optional(),
  geo: z.tuple([z.string(), z.string(), z.string()]).optional(),
  traffic: traffic.optional(),
});
const head = z.object({
  v: z.literal(VERSION),
  number: z.int().nonnegative(),
  streams: z.int().nonnegative(),
  users: z.array(z.tuple([id, id])),
  viewers: z.int().nonnegative().default(0),
  servers: z.array(server),
});
type Told = z.input<typeof server>;

/** Four bytes with the length of a head in JSON, the head, then hosts and states as agents send them, in the order of the head. */
export function encodeFeed({ number, streams, servers }: FeedMessage): Uint8Array {
  const bodies: Uint8Array[] = [];
  const add = (body: Uint8Array): number => {
    bodies.push(body);
    return body.length;
  };
  const told = servers.map((news) => tell(news, add));
  const said: z.input<typeof head> = {
    v: VERSION,
    number,
    streams: streams.total,
    users: [...streams.users],
    viewers: streams.viewers,
    servers: told,
  };
  const text = Buffer.from(JSON.stringify(said));
  const size = Buffer.alloc(LENGTH_BYTES);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, text, ...bodies]);
}

function tell(news: ServerNews, add: (body: Uint8Array) => number): Told {
  const { host, state, load, address, traffic: record } = news;
  return {
    id: news.id,
    task: news.taskSession,
    ...(news.isOnline ? { online: 1 } : {}),
    states: news.stateSession,
    ...(news.isReporting ? { reporting: 1 } : {}),
    ...(news.age === undefined ? {} : { age: news.age }),
    ...(host === undefined ? {} : { host: add(encodeHost({ ...host, rights: host.rights.map((right) => ({ ...right })) })) }),
    ...(state === undefined ? {} : { state: add(encodeState(state)) }),
    ...(state?.unsound === undefined ? {} : { unsound: [...state.unsound] }),
    ...(load === undefined ? {} : { load: load.map(({ figure, level, isOver, lasted }) => [figure, level, isOver, lasted ?? null]) }),
    ...(address === undefined ? {} : { geo: [address.ipv4, address.ipv6, address.countryCode] }),
    ...(record === undefined ? {} : { traffic: tellTraffic(record) }),
  };
}

function tellTraffic({ bootTime, seen, unbooked }: TrafficRecord): z.input<typeof traffic> {
  const digits = (both: Traffic): [string, string] => [String(both.in), String(both.out)];
  return { boot: bootTime, ...(seen === undefined ? {} : { seen: digits(seen) }), unbooked: digits(unbooked) };
}

/** `undefined` for what is no message of the feed, or of a version that this one does not know. */
export function decodeFeed(bytes: Uint8Array): FeedMessage | undefined {
  try {
    return readFeed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    return undefined;
  }
}

/** @throws for what is no message */
function readFeed(bytes: Buffer): FeedMessage {
  const headEnd = LENGTH_BYTES + bytes.readUInt32BE(0);
  const { number, streams, users, viewers, servers } = head.parse(JSON.parse(bytes.toString("utf8", LENGTH_BYTES, headEnd)));
  let at = headEnd;
  const next = (size: number): Uint8Array => {
    at += size;
    if (at > bytes.length) throw new RangeError("the message is cut");
    return bytes.subarray(at - size, at);
  };
  return { number, streams: { total: streams, users: new Map(users), viewers }, servers: servers.map((each) => hear(each, next)) };
}

function hear(told: z.output<typeof server>, next: (size: number) => Uint8Array): ServerNews {
  const { unsound, traffic: record } = told;
  return {
    id: told.id,
    taskSession: told.task,
    isOnline: told.online === 1,
    stateSession: told.states,
    isReporting: told.reporting === 1,
    ...(told.age === undefined ? {} : { age: told.age }),
    ...(told.host === undefined ? {} : { host: decodeHost(next(told.host)) }),
    ...(told.state === undefined ? {} : { state: { ...decodeState(next(told.state)), ...(unsound === undefined ? {} : { unsound }) } }),
    ...(told.load === undefined ? {} : { load: told.load.map(hearStanding) }),
    ...(told.geo === undefined ? {} : { address: { ipv4: told.geo[0], ipv6: told.geo[1], countryCode: told.geo[2] } }),
    ...(record === undefined ? {} : { traffic: hearTraffic(record) }),
  };
}

function hearStanding([figure, level, isOver, lasted]: z.output<typeof standing>): LoadNews {
  return { figure, level, isOver, lasted: lasted ?? undefined };
}

function hearTraffic({ boot, seen, unbooked }: z.output<typeof traffic>): TrafficRecord {
  const both = ([inbound, outbound]: readonly [Uint64, Uint64]): Traffic => ({ in: inbound, out: outbound });
  return { bootTime: boot, seen: seen === undefined ? undefined : both(seen), unbooked: both(unbooked) };
}
