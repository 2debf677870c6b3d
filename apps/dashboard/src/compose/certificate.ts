import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { reasonOf } from "@windfire/kit";
import type { Config } from "#platform/config";

type Https = Config["https"];

/** Reads certificate and key where the configuration says they are. @throws a sentence that names key and file */
export async function readCertificate({ tlsCertPath, tlsKeyPath }: Https): Promise<{ cert: Buffer; key: Buffer }> {
  return { cert: await read("https.tls_cert_path", tlsCertPath), key: await read("https.tls_key_path", tlsKeyPath) };
}

async function read(key: string, path: string): Promise<Buffer> {
  if (path === "") throw new Error(`https.listen_port is set, so ${key} must name a file`);
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`cannot read ${key} ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Fails before anything is begun when certificate and key cannot be used. */
export async function tryCertificate(https: Https): Promise<void> {
  const { cert, key } = await readCertificate(https);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const files = `${https.tlsCertPath} (https.tls_cert_path) and ${https.tlsKeyPath} (https.tls_key_path)`;
    throw new Error(`${files} are no certificate and key that fit together, in PEM: ${reasonOf(error)}`, { cause: error });
  }
}
