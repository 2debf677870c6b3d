import { createCipheriv, createDecipheriv } from "node:crypto";

const VERSION = 1;
const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Bytes of a replica's name. */
export const NAME_BYTES = 6;
/** Sealed: kind, number, part, parts, moment of sending, patience, length of the topic. */
const HEAD_BYTES = 1 + 4 + 2 + 2 + 6 + 4 + 1;
const SENT_AT = 9;
const PATIENCE_AT = 15;
const TOPIC_LENGTH_AT = 19;
/** Most parts of a message. */
export const MOST_PARTS = 0xff_ff;

const KINDS = ["message", "request", "answer", "failure"] as const;
export type Kind = (typeof KINDS)[number];

/** One part of a message from one replica to others. */
export interface Part {
  /** Name of the sender: 12 hexadecimal digits. */
  readonly from: string;
  readonly kind: Kind;
  /** Of the message; an answer has that of its request. */
  readonly number: number;
  readonly part: number;
  readonly parts: number;
  /** By a clock of the sender that nobody sets, whole milliseconds. */
  readonly sentAt: number;
  /** How long whoever asks waits for an answer, milliseconds; 0 where nobody does. */
  readonly patience: number;
  readonly topic: string;
  readonly body: Uint8Array;
}

/** Bytes that an envelope adds to the body of a part. */
export const envelopeBytes = (topic: string): number => 1 + NONCE_BYTES + HEAD_BYTES + topic.length + TAG_BYTES;

/**
 * Seals parts and opens those of others: what travels over the bus gives orders to hosts, so nobody without the key can read or make it
 * (AES-256-GCM). The nonce is the sender's name, which is new with each start, and a counter.
 */
export function createEnvelopes(key: Uint8Array, name: string) {
  const from = Buffer.from(name, "hex");
  if (from.length !== NAME_BYTES) throw new RangeError("a replica's name has 12 hexadecimal digits");
  let count = 0;
  return {
    seal({ topic, body, ...part }: Omit<Part, "from">): Uint8Array {
      const nonce = Buffer.alloc(NONCE_BYTES);
      from.copy(nonce);
      nonce.writeUIntBE(++count, NAME_BYTES, NONCE_BYTES - NAME_BYTES);
      const head = Buffer.alloc(HEAD_BYTES + topic.length);
      head.writeUInt8(KINDS.indexOf(part.kind), 0);
      head.writeUInt32BE(part.number, 1);
      head.writeUInt16BE(part.part, 5);
      head.writeUInt16BE(part.parts, 7);
      head.writeUIntBE(part.sentAt, SENT_AT, 6);
      head.writeUInt32BE(part.patience, PATIENCE_AT);
      head.writeUInt8(topic.length, TOPIC_LENGTH_AT);
      head.write(topic, HEAD_BYTES, "latin1");
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(head), cipher.update(body), cipher.final(), cipher.getAuthTag()]);
    },
    /** `undefined` for what was sealed with another key or in another way. */
    open(bytes: Uint8Array): Part | undefined {
      if (bytes[0] !== VERSION || bytes.length < envelopeBytes("")) return undefined;
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return readPart(Buffer.from(nonce.subarray(0, NAME_BYTES)).toString("hex"), opened);
    },
  };
}

export type Envelopes = ReturnType<typeof createEnvelopes>;

function readPart(from: string, opened: Buffer): Part | undefined {
  const kind = KINDS[opened.readUInt8(0)];
  const topicEnd = HEAD_BYTES + opened.readUInt8(TOPIC_LENGTH_AT);
  if (kind === undefined || topicEnd > opened.length) return undefined;
  return {
    from,
    kind,
    number: opened.readUInt32BE(1),
    part: opened.readUInt16BE(5),
    parts: opened.readUInt16BE(7),
    sentAt: opened.readUIntBE(SENT_AT, 6),
    patience: opened.readUInt32BE(PATIENCE_AT),
    topic: opened.toString("latin1", HEAD_BYTES, topicEnd),
    body: opened.subarray(topicEnd),
  };
}
