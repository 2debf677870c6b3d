/** JSON already rendered: goes into the envelope as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON in pieces, for answers that are larger than memory should be: the next piece is asked for when the client has taken the last. */
export class JsonParts {
  readonly parts: AsyncIterable<string>;

  constructor(parts: AsyncIterable<string>) {
    this.parts = parts;
  }
}

/** A file to be saved, in pieces like {@link JsonParts}, without the envelope. */
export class FileParts {
  readonly name: string;
  readonly contentType: string;
  readonly parts: AsyncIterable<string>;

  constructor({ name, contentType, parts }: Pick<FileParts, "name" | "contentType" | "parts">) {
    this.name = name;
    this.contentType = contentType;
    this.parts = parts;
  }
}
