import { expect, test } from "vitest";
import { guestRevision } from "./guest-revision.ts";

type Change = Parameters<Parameters<Parameters<typeof guestRevision>[0]["servers"]["directory"]["subscribe"]>[0]>[0];
const row = { name: "tokyo", publicNote: "", hideForGuest: false, displayIndex: 0 };

test.each([
  ["hidden", row, { ...row, hideForGuest: true }, 1],
  ["deleted", row, undefined, 1],
  ["called otherwise", row, { ...row, name: "osaka" }, 1],
  ["described otherwise", row, { ...row, publicNote: "x" }, 1],
  ["new", undefined, row, 0],
  ["shown again", { ...row, hideForGuest: true }, row, 0],
  ["moved in the list", row, { ...row, displayIndex: 9 }, 0],
])("a server that is %s", (_what, before, after, grows) => {
  let tell: (change: Change) => void = () => {};
  const revision = guestRevision({
    servers: {
      directory: {
        subscribe(listener) {
          tell = listener;
          return () => {};
        },
      },
    },
  });
  tell({ id: 1, before, after } as unknown as Change);
  expect(revision()).toBe(grows);
});
