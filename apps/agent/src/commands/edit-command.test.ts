import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../config/index.ts";
import type { AgentConfig } from "../config/index.ts";
import { runEditCommand } from "./edit-command.ts";
import { askConfig } from "./edit-questions.ts";

const UUID = "3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90";
const CONFIG: AgentConfig = {
  ...DEFAULT_CONFIG,
  server: "a:1",
  uuid: UUID,
  nic_allowlist: { eth0: true, eth1: false },
  dns: ["1.1.1.1:53"],
  gpu: true,
};

async function answers(...given: string[]): Promise<{ config: AgentConfig; told: string[] }> {
  const told: string[] = [];
  const left = [...given];
  const config = await askConfig(CONFIG, {
    ask: () => Promise.resolve(left.shift() ?? expect.unreachable()),
    tell: (text) => told.push(text),
    interfaces: ["eth0", "eth1", "wlan0"],
    partitions: ["/", "/srv"],
    newUuid: () => UUID.replace("3", "4"),
  });
  expect(left).toEqual([]);
  return { config, told };
}

test("empty answers keep everything", async () => {
  expect((await answers("", "", "", "", "", "", "")).config).toEqual(CONFIG);
});

test("answers are taken", async () => {
  const { config } = await answers("2, 3", "2", "9.9.9.9:53,[2620:fe::fe]:53", "new", "n", "yes", "Y");
  expect(config).toEqual({
    ...CONFIG,
    nic_allowlist: { eth1: true, wlan0: true },
    hard_drive_partition_allowlist: ["/srv"],
    dns: ["9.9.9.9:53", "[2620:fe::fe]:53"],
    uuid: UUID.replace("3", "4"),
    gpu: false,
    temperature: true,
    debug: true,
  });
});

test("wrong answers are said and asked again; a dash empties", async () => {
  const { config, told } = await answers("4", "x", "-", "-", "dns.example:53", "1.1.1.1", "-", "x", "", "perhaps", "n", "n", "n");
  expect(config).toMatchObject({ nic_allowlist: {}, hard_drive_partition_allowlist: [], dns: [], uuid: UUID, gpu: false });
  expect(told.filter((line) => !line.startsWith("  "))).toEqual([
    "numbers from 1 to 3, please",
    "numbers from 1 to 3, please",
    '"dns.example:53" is no ip:port',
    '"1.1.1.1" is no ip:port',
    "uuid string is wrong length",
    "y or n, please",
  ]);
});

test("an input that ends changes nothing", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  input.end("\n\n");
  const outcome = await runEditCommand({
    store: { load: () => Promise.resolve({ ok: true, value: CONFIG }), save: () => expect.unreachable() },
    input,
    output,
  });
  expect(outcome).toEqual({ ok: false, error: "the input ended; nothing was changed" });
});

test("what was answered is saved", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  const saved: AgentConfig[] = [];
  input.end("\n\n-\n\n\n\ny\n");
  const outcome = await runEditCommand({
    store: {
      load: () => Promise.resolve({ ok: true, value: CONFIG }),
      save: (config) => {
        saved.push(config);
        return { ok: true, value: undefined };
      },
    },
    input,
    output,
  });
  expect(outcome.ok).toBe(true);
  expect(saved).toEqual([{ ...CONFIG, dns: [], debug: true }]);
});
