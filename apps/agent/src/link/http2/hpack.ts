import { ERROR_CODE, Http2Error } from "./errors.ts";
import { decodeHuffman } from "./huffman.ts";
import { STATIC_FIELDS } from "./static-fields.ts";

export type HeaderField = readonly [name: string, value: string];

/** What the other side may keep in its table of repeated fields; the protocol's default, which is never changed. */
const TABLE_BYTES = 4096;
const ENTRY_OVERHEAD_BYTES = 32;
const MAX_LIST_BYTES = 64 * 1024;
/** Integers of this protocol fit into three bytes after the prefix. */
const MAX_INTEGER_BITS = 21;

const LITERAL_NEVER_INDEXED = 0x10;
const LITERAL_PLAIN = 0x00;

/**
 * Fields as plain literals: neither side has to remember anything. A secret is marked never to be kept by a proxy either.
 */
export function encodeHeaders(fields: readonly HeaderField[], isSecret: (name: string) => boolean): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) {
    parts.push(Buffer.from([isSecret(name) ? LITERAL_NEVER_INDEXED : LITERAL_PLAIN]), encodeText(name), encodeText(value));
  }
  return Buffer.concat(parts);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([encodeInteger(bytes.length, 7), bytes]);
}

function encodeInteger(value: number, prefixBits: number): Buffer {
  const most = (1 << prefixBits) - 1;
  if (value < most) return Buffer.from([value]);
  const bytes = [most];
  let rest = value - most;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Reads the header blocks of one connection; they must come in order, for each changes the table of repeated fields. */
export interface HeaderDecoder {
  /** @throws Http2Error; the connection is lost then */
  decode(block: Uint8Array): HeaderField[];
}

export function createHeaderDecoder(): HeaderDecoder {
  const table: HeaderField[] = [];
  let size = 0;
  let limit = TABLE_BYTES;

  const evict = (): void => {
    while (size > limit) {
      const field = table.pop();
      size -= field === undefined ? size : sizeOf(field);
    }
  };
  const resize = (bytes: number): void => {
    if (bytes > TABLE_BYTES) throw new Http2Error(ERROR_CODE.compression, "table size above the limit");
    limit = bytes;
    evict();
  };
  const remember = (field: HeaderField): void => {
    table.unshift(field);
    size += sizeOf(field);
    evict();
  };
  const fieldAt = (index: number): HeaderField => {
    const field = index <= STATIC_FIELDS.length ? STATIC_FIELDS[index - 1] : table[index - STATIC_FIELDS.length - 1];
    if (field === undefined) throw new Http2Error(ERROR_CODE.compression, "unknown field number");
    return field;
  };
  const literal = (reader: BlockReader, nameIndex: number): HeaderField => [
    nameIndex === 0 ? reader.text() : fieldAt(nameIndex)[0],
    reader.text(),
  ];

  const next = (reader: BlockReader): HeaderField | undefined => {
    const first = reader.peek();
    if (first >= 0x80) return fieldAt(reader.integer(7));
    if (first >= 0x40) {
      const field = literal(reader, reader.integer(6));
      remember(field);
      return field;
    }
    if (first >= 0x20) {
      resize(reader.integer(5));
      return undefined;
    }
    return literal(reader, reader.integer(4));
  };

  return {
    decode: (block) => {
      const reader = createBlockReader(block);
      const fields: HeaderField[] = [];
      let listBytes = 0;
      while (!reader.done()) {
        const field = next(reader);
        if (field === undefined) continue;
        listBytes += sizeOf(field);
        if (listBytes > MAX_LIST_BYTES) throw new Http2Error(ERROR_CODE.enhanceYourCalm, "header list too large");
        fields.push(field);
      }
      return fields;
    },
  };
}

interface BlockReader {
  done(): boolean;
  peek(): number;
  integer(prefixBits: number): number;
  text(): string;
}

function createBlockReader(block: Uint8Array): BlockReader {
  let at = 0;
  const byte = (): number => {
    const value = block[at];
    if (value === undefined) throw new Http2Error(ERROR_CODE.compression, "header block is cut short");
    at++;
    return value;
  };
  const integer = (prefixBits: number): number => {
    const most = (1 << prefixBits) - 1;
    let value = byte() & most;
    if (value < most) return value;
    for (let shift = 0; ; shift += 7) {
      if (shift > MAX_INTEGER_BITS) throw new Http2Error(ERROR_CODE.compression, "integer too large");
      const part = byte();
      value += (part & 0x7f) << shift;
      if (part < 0x80) return value;
    }
  };
  return {
    done: () => at >= block.length,
    peek: () => block[at] ?? 0,
    integer,
    text: () => {
      const isHuffman = (block[at] ?? 0) >= 0x80;
      const length = integer(7);
      if (at + length > block.length) throw new Http2Error(ERROR_CODE.compression, "text is cut short");
      const bytes = block.subarray(at, at + length);
      at += length;
      return isHuffman ? decodeHuffman(bytes) : Buffer.from(bytes).toString("latin1");
    },
  };
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD_BYTES;
}
