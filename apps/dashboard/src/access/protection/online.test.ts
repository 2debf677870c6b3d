import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createOnlineUsers, onlineEverywhere } from "./online.ts";
import type { OnlineList } from "./online.ts";

const user = (userId: number, connectedAt: number) => ({ userId, ip: "", connectedAt });

test("pages go through those of all dashboards, whoever came first first, and nobody twice", async () => {
  const clock = createFakeClock();
  const here = createOnlineUsers({ clock });
  for (const userId of [1, 4]) {
    here.add({ userId, ip: "" });
    clock.advance(10);
  }
  const [first] = here.list({ offset: 0, limit: 1 });
  const began = first?.connectedAt ?? 0;
  const elsewhere = [[user(2, began + 1), user(5, began + 20)], [user(3, began + 2)]];
  const asked: number[] = [];
  const ask = async (most: number): Promise<OnlineList[]> => {
    asked.push(most);
    return elsewhere.map((users) => ({ total: users.length, users: users.slice(0, most) }));
  };
  const pages = await Promise.all([0, 2, 4, 6].map((offset) => onlineEverywhere(here, ask, { offset, limit: 2 })));
  expect(pages.map(({ users }) => users.map(({ userId }) => userId))).toEqual([[1, 2], [3, 4], [5], []]);
  expect([pages.map(({ total }) => total), asked]).toEqual([
    [5, 5, 5, 5],
    [2, 4, 6, 8],
  ]);
  expect((await onlineEverywhere(here, async () => [], { offset: 1, limit: 5 })).users).toMatchObject([{ userId: 4 }]);
});
