import type { Transfer } from "@windfire/api";
import { expect, test } from "vitest";
import { withTransfer } from "./transfer-feed.ts";

const transfer = (id: number, status = 0): Transfer => ({
  id,
  created_at: "",
  updated_at: "",
  server_id: 1,
  from_user_id: 1,
  to_user_id: 2,
  initiator_id: 1,
  status,
});

test("a changed transfer replaces itself, a new one comes first", () => {
  const rows = [transfer(3), transfer(2)];
  expect(withTransfer(rows, transfer(2, 1))).toEqual([transfer(3), transfer(2, 1)]);
  expect(withTransfer(rows, transfer(4))).toEqual([transfer(4), transfer(3), transfer(2)]);
  expect(withTransfer(null, transfer(1))).toEqual([transfer(1)]);
});
