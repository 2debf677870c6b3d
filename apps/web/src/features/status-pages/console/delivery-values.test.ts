import { expect, test } from "vitest";
import { readDelivery, writeDelivery } from "./delivery-values.ts";

test("what is stored goes out as it came in, but for the secret, which is not known", () => {
  const target = { folder: "", endpoint: "https://s3.example.org", region: "eu", bucket: "status", prefix: "a/", access_key: "key" };
  const stored = {
    domain: "status.example.org",
    channel_id: 3,
    export: { kind: "s3" as const, ...target, has_secret_key: true },
    bounce_path: "/status/bounce/x",
  };
  expect(writeDelivery(readDelivery(stored))).toEqual({
    domain: "status.example.org",
    channel_id: 3,
    export: { kind: "s3", ...target, secret_key: "" },
  });
});
