import { createPrivateKey, sign } from "node:crypto";

/** A manifest as docs/formats/agent-release.md describes it. */
export function signManifest(release: object, privateKeyPem: string): string {
  const signed = Buffer.from(JSON.stringify(release));
  const signature = sign(null, signed, createPrivateKey(privateKeyPem));
  return JSON.stringify({ signed: signed.toString("base64"), signature: signature.toString("base64") });
}
