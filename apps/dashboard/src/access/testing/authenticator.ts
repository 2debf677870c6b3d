import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A passkey in software, as browsers and authenticators make and use them (WebAuthn level 3, ES256, attestation "none"). */
export interface SoftKey {
  readonly id: string;
  /** What `navigator.credentials.create` gives for these options. */
  create(options: unknown, origin: string): object;
  /** What `navigator.credentials.get` gives. */
  get(options: unknown, origin: string): object;
}

const PRESENT_AND_VERIFIED = 0x05;
const HAS_KEY = 0x40;

const base64url = (bytes: Buffer | string): string => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Buffer | string): Buffer => createHash("sha256").update(bytes).digest();

/** Byte string of 24 bytes to 64 KiB in CBOR. */
function cborBytes(bytes: Buffer): Buffer {
  const { length } = bytes;
  return Buffer.concat([Buffer.from(length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff]), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

/** `flags`: what the authenticator says of its user; present and verified unless said otherwise. */
export function createSoftKey({ flags = PRESENT_AND_VERIFIED }: { readonly flags?: number } = {}): SoftKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const rawId = randomBytes(16);
  const id = base64url(rawId);
  let counter = 0;
  // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
  const point = [Buffer.from([0x21]), cborBytes(Buffer.from(x, "base64url")), Buffer.from([0x22]), cborBytes(Buffer.from(y, "base64url"))];
  const cose = Buffer.concat([Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]), ...point]);
  const authenticatorData = (rpId: string, more: number, rest: Buffer): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | more]), count, rest]);
  };
  const clientData = (type: string, options: unknown, origin: string): string =>
    JSON.stringify({ type, challenge: (options as { challenge: string }).challenge, origin, crossOrigin: false });
  const shell = { id, rawId: id, type: "public-key", clientExtensionResults: {} };
  return {
    id,
    create(options, origin) {
      const { rp } = options as { rp: { id: string } };
      const rest = Buffer.concat([Buffer.alloc(16), Buffer.from([0, rawId.length]), rawId, cose]);
      const data = authenticatorData(rp.id, HAS_KEY, rest);
      const parts = [cborText("fmt"), cborText("none"), cborText("attStmt"), Buffer.from([0xa0]), cborText("authData"), cborBytes(data)];
      const attestationObject = base64url(Buffer.concat([Buffer.from([0xa3]), ...parts]));
      return {
        ...shell,
        response: {
          clientDataJSON: base64url(clientData("webauthn.create", options, origin)),
          attestationObject,
          transports: ["internal"],
        },
      };
    },
    get(options, origin) {
      const data = authenticatorData((options as { rpId: string }).rpId, 0, Buffer.alloc(0));
      const clientDataJSON = clientData("webauthn.get", options, origin);
      const signature = sign("sha256", Buffer.concat([data, sha256(clientDataJSON)]), privateKey);
      return {
        ...shell,
        response: { clientDataJSON: base64url(clientDataJSON), authenticatorData: base64url(data), signature: base64url(signature) },
      };
    },
  };
}
