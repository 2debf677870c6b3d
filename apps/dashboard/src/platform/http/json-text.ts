/** JSON already rendered: goes into the envelope as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The same as UTF-8 bytes where there are any: pieces that follow each other. Nobody changes them any more. */
export class JsonBytes {
  readonly pieces: readonly (string | Uint8Array)[];

  constructor(pieces: readonly (string | Uint8Array)[]) {
    this.pieces = pieces;
  }

  /** In one piece, with what goes before and after. */
  between(head: string, tail: string): Buffer {
    return Buffer.concat([head, ...this.pieces, tail].map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
  }
}

/** JSON in pieces, for answers that are larger than memory should be: the next piece is asked for when the client has taken the last. */
export class JsonParts {
  readonly parts: AsyncIterable<string>;

  constructor(parts: AsyncIterable<string>) {
    this.parts = parts;
  }
}

interface FileAnswer {
  /** Any text: what has no place in a header is written as the browser reads it. */
  readonly name: string;
  readonly contentType: string;
  /** Bytes, where they are known beforehand. */
  readonly size?: number;
  readonly parts: AsyncIterable<string | Uint8Array>;
}

/** A file to be saved, in pieces like {@link JsonParts}, without the envelope. */
export class FileParts {
  readonly name: string;
  readonly contentType: string;
  readonly size: number | undefined;
  readonly parts: AsyncIterable<string | Uint8Array>;

  constructor({ name, contentType, size, parts }: FileAnswer) {
    this.name = name;
    this.contentType = contentType;
    this.size = size;
    this.parts = parts;
  }
}
