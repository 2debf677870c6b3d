/** JSON already rendered: goes into the envelope as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What goes around the data of an answer (spec 10 section 4.1). */
export const ENVELOPE_HEAD = '{"success":true,"data":';
export const ENVELOPE_TAIL = "}";

/** The same as UTF-8 bytes where there are any: pieces that follow each other. Nobody changes them any more. */
export class JsonBytes {
  #pieces: readonly (string | Uint8Array)[];
  #sent: Buffer | undefined;

  constructor(pieces: readonly (string | Uint8Array)[]) {
    this.#pieces = pieces;
  }

  /** In the envelope. Made once: an answer that is kept and given again costs nothing. */
  enveloped(): Buffer {
    this.#sent ??= Buffer.concat(
      [ENVELOPE_HEAD, ...this.#pieces, ENVELOPE_TAIL].map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)),
    );
    this.#pieces = [];
    return this.#sent;
  }
}

/** Bytes whose maker uses their memory again. */
export interface LentBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Nobody reads them any more. To be left out where that is not certain: then they go as other garbage does. */
  giveBack(): void;
}

/** A whole answer, its envelope included ({@link ENVELOPE_HEAD}), in memory that is given back once the client has it. */
export class LentAnswer {
  readonly loan: LentBytes;

  constructor(loan: LentBytes) {
    this.loan = loan;
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
