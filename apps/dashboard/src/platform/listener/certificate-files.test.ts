import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FIRST, SECOND } from "./certificates.fixture.ts";
import { serve } from "./fixture.ts";

/** Files that are renewed as the field's tools do it, on the real clock: the listener learns of it from the system. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-certificate-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(at: string, { cert, key }: typeof FIRST, names: readonly [string, string] = ["tls.crt", "tls.key"]): Promise<void> {
  await mkdir(at, { recursive: true });
  await writeFile(join(at, names[0]), cert);
  await writeFile(join(at, names[1]), key);
}

async function open(certPath: string, keyPath: string) {
  const load = async () => ({ cert: await readFile(certPath), key: await readFile(keyPath) });
  return serve({ clock: systemClock, tls: { port: 0, load, files: () => [certPath, keyPath] } });
}

function nameShown(port: number | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: port ?? 0, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

/** Less than the five seconds after which the files are looked at without a word from the system. */
const SOON = { timeout: 3_000, interval: 50 };

async function linked(): Promise<void> {
  // Kubernetes: tls.crt → ..data/tls.crt, ..data → a folder with the time in its name.
  await put(join(folder, "..first"), FIRST);
  await symlink("..first", join(folder, "..data"));
  await symlink("..data/tls.crt", join(folder, "tls.crt"));
  await symlink("..data/tls.key", join(folder, "tls.key"));
}

test.each<[string, () => Promise<void>, () => Promise<void>]>([
  ["written over", () => put(folder, FIRST), () => put(folder, SECOND)],
  [
    "put in place by a rename",
    () => put(folder, FIRST),
    async () => {
      await put(join(folder, "new"), SECOND);
      await rename(join(folder, "new", "tls.crt"), join(folder, "tls.crt"));
      await rename(join(folder, "new", "tls.key"), join(folder, "tls.key"));
    },
  ],
  [
    "swapped by the link of their folder, as Kubernetes does",
    linked,
    async () => {
      await put(join(folder, "..second"), SECOND);
      await symlink("..second", join(folder, "..data_tmp"));
      await rename(join(folder, "..data_tmp"), join(folder, "..data"));
      await rm(join(folder, "..first"), { recursive: true });
    },
  ],
  [
    "written over where a link leads",
    linked,
    async () => {
      await put(join(folder, "..first"), SECOND);
    },
  ],
  [
    "swapped by their own links, as certbot does",
    async () => {
      await put(join(folder, "archive"), FIRST, ["cert1.pem", "key1.pem"]);
      await symlink("archive/cert1.pem", join(folder, "tls.crt"));
      await symlink("archive/key1.pem", join(folder, "tls.key"));
    },
    async () => {
      await put(join(folder, "archive"), SECOND, ["cert2.pem", "key2.pem"]);
      for (const [link, target] of [
        ["tls.crt", "archive/cert2.pem"],
        ["tls.key", "archive/key2.pem"],
      ] as const) {
        await rm(join(folder, link));
        await symlink(target, join(folder, link));
      }
    },
  ],
])("a certificate whose files are %s is taken soon, and again the next time", async (_, begin, renew) => {
  await begin();
  await using server = await open(join(folder, "tls.crt"), join(folder, "tls.key"));
  expect(await nameShown(server.tlsPort)).toBe("first.test");
  await renew();
  await expect.poll(() => nameShown(server.tlsPort), SOON).toBe("second.test");
  // Through whatever the links lead to now.
  await writeFile(join(folder, "tls.crt"), FIRST.cert);
  await writeFile(join(folder, "tls.key"), FIRST.key);
  await expect.poll(() => nameShown(server.tlsPort), SOON).toBe("first.test");
  expect(server.errors).toEqual([]);
});

test("asked to, it looks at once, and says what is wrong", async () => {
  await put(folder, FIRST);
  await using server = await open(join(folder, "tls.crt"), join(folder, "tls.key"));
  expect(await server.listener.reloadCertificate()).toBe(false);
  await put(folder, { cert: SECOND.cert, key: FIRST.key });
  await expect(server.listener.reloadCertificate()).rejects.toThrow("key");
  expect(await nameShown(server.tlsPort)).toBe("first.test");
  await put(folder, SECOND);
  await server.listener.reloadCertificate();
  expect(await nameShown(server.tlsPort)).toBe("second.test");
});
