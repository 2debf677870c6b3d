import { expect, test } from "vitest";
import { joined, listRequest, readAnswer, readListing, uploadRequest } from "./file-frames.ts";

const text = (value: string) => new TextEncoder().encode(value);
const entry = (folder: boolean, name: string) => joined([Uint8Array.of(folder ? 1 : 0, text(name).length), text(name)]);
const listing = (path: string, ...entries: Uint8Array[]) => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text(path).length);
  return joined([text("NZFN"), length, text(path), ...entries]);
};

test("requests", () => {
  expect([...listRequest("/é")]).toEqual([0, 47, 195, 169]);
  expect([...uploadRequest("/a", 258)]).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 2, 47, 97]);
});

test("a listing has folders first, then names as people count", () => {
  const frame = listing("/home/", entry(false, "b10"), entry(false, "b9"), entry(true, "ünder"));
  expect(readAnswer(frame)).toEqual({ kind: "list" });
  expect(readListing(frame)).toEqual({
    path: "/home/",
    entries: [
      { folder: true, name: "ünder" },
      { folder: false, name: "b9" },
      { folder: false, name: "b10" },
    ],
  });
});

test.each([1, 6, 9, 12, 16])("a listing cut at %s bytes is none", (bytes) => {
  expect(readListing(listing("/home/", entry(false, "abc")).slice(0, bytes))).toBeUndefined();
});

test("an empty folder is an ordinary answer", () => {
  expect(readListing(listing("/empty/"))).toEqual({ path: "/empty/", entries: [] });
});

test("answers", () => {
  expect(readAnswer(text("NZUP"))).toEqual({ kind: "uploaded" });
  expect(readAnswer(text("NERRno such file"))).toEqual({ kind: "failed", reason: "no such file" });
  expect(readAnswer(text("NZTD"))).toEqual({ kind: "unknown" });
  expect(readAnswer(text("x"))).toEqual({ kind: "unknown" });
});
