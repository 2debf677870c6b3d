import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as codec from "./messages.gen.ts";
import { uint64Of } from "./uint64.ts";
import { WireError } from "./wire-error.ts";

interface RecordedEvent {
  readonly type?: string;
  readonly hex?: string;
  readonly json?: Record<string, unknown>;
  readonly undecodable?: boolean;
  readonly odd?: boolean;
}

/** Recorded traffic lies beside the repository, or where WINDFIRE_SHARED says. */
const folder = join(process.env["WINDFIRE_SHARED"] ?? resolve(import.meta.dirname, "../../../../../shared"), "wire/fixtures");

const MESSAGES: Record<string, { decode(bytes: Uint8Array): object; encode(message: object): Uint8Array }> = {
  Host: { decode: codec.decodeHost, encode: codec.encodeHost },
  State: { decode: codec.decodeState, encode: codec.encodeState },
  Task: { decode: codec.decodeTask, encode: codec.encodeTask },
  TaskResult: { decode: codec.decodeTaskResult, encode: codec.encodeTaskResult },
  Receipt: { decode: codec.decodeReceipt, encode: codec.encodeReceipt },
  Uint64Receipt: { decode: codec.decodeUint64Receipt, encode: codec.encodeUint64Receipt },
  IOStreamData: { decode: codec.decodeIOStreamData, encode: codec.encodeIOStreamData },
  GeoIP: { decode: codec.decodeGeoIP, encode: codec.encodeGeoIP },
};

const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are recordings", () => {
  expect(files.length).toBeGreaterThan(20);
});

describe.each(files)("%s", (name) => {
  const { events } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { events: RecordedEvent[] };
  const messages = events.flatMap((event, index) => (event.type === undefined ? [] : [{ index, ...event }]));

  test.runIf(messages.length > 0)("every message reads as recorded and encodes to the same bytes", () => {
    for (const { index, type = "", hex = "", json = {}, undecodable, odd } of messages) {
      const { decode, encode } = MESSAGES[type] ?? expect.fail(`unknown message ${type}`);
      const bytes = Buffer.from(hex, "hex");
      if (undecodable === true) {
        expect(() => decode(bytes), `event ${index}`).toThrow(WireError);
        continue;
      }
      const message = decode(bytes);
      expect(plain(message), `event ${index}`).toMatchObject(camelCased(json) as object);
      expect(decode(encode(message)), `event ${index}`).toEqual(message);
      if (odd !== true && isReversible(hex)) expect(Buffer.from(encode(message)).toString("hex"), `event ${index}`).toBe(hex);
    }
  });
});

/** One recorded message is not: unpacked doubles (we always pack). */
function isReversible(hex: string): boolean {
  return !hex.startsWith("09000000000000f03f8901");
}

/** The message as the recordings write it: bytes as hex. */
function plain(message: object): object {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value]),
  );
}

function camelCased(value: unknown): unknown {
  if (typeof value === "string" && /^[1-9]\d{15,19}$/.test(value)) return uint64Of(BigInt(value));
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
