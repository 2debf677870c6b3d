/** Scalar types that the codec knows. */
export const SCALARS = ["string", "bytes", "bool", "uint64", "double", "float"] as const;
export type Scalar = (typeof SCALARS)[number];

export interface ProtoField {
  readonly number: number;
  /** Name in the .proto file, snake_case. */
  readonly name: string;
  /** A scalar, or the name of another message of the file. */
  readonly type: string;
  readonly repeated: boolean;
  /** `[jstype = JS_NUMBER]`: a uint64 that is read as a plain number, because no value of it is beyond 2^53. */
  readonly plain: boolean;
}

export interface ProtoMessage {
  readonly name: string;
  readonly comment: string | undefined;
  readonly fields: readonly ProtoField[];
}

const FIELD = /^(repeated )?(\w+) (\w+) = (\d+)( \[jstype = JS_NUMBER\])?;$/;
const IGNORED = /^(syntax|package) |^$/;

/**
 * Reads the messages of a .proto file written in the plain style of `nezha.proto`: one declaration a line, no nesting,
 * no options but `jstype`, no enums.
 * @throws Error naming the line that it does not understand
 */
export function parseProto(text: string): ProtoMessage[] {
  const messages: ProtoMessage[] = [];
  let fields: ProtoField[] | undefined;
  let comment: string[] = [];
  let inService = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const message = /^message (\w+) \{$/.exec(line)?.[1];
    if (line.startsWith("//")) {
      comment.push(line.slice(2).trim());
      continue;
    }
    if (message !== undefined) {
      fields = [];
      messages.push({ name: message, comment: comment.length > 0 ? comment.join(" ") : undefined, fields });
    } else if (/^service \w+ \{$/.test(line)) inService = true;
    else if (line === "}") {
      fields = undefined;
      inService = false;
    } else if (fields !== undefined) fields.push(parseField(line, index + 1));
    else if (!inService && !IGNORED.test(line)) throw new Error(`line ${index + 1} is not understood: ${line}`);
    comment = [];
  }
  return checked(messages);
}

function parseField(line: string, lineNumber: number): ProtoField {
  const match = FIELD.exec(line);
  if (match === null) throw new Error(`line ${lineNumber} is not understood: ${line}`);
  const [, repeated, type = "", name = "", number = "", plain] = match;
  return { number: Number(number), name, type, repeated: repeated !== undefined, plain: plain !== undefined };
}

function checked(messages: ProtoMessage[]): ProtoMessage[] {
  const known = new Set<string>([...SCALARS, ...messages.map((message) => message.name)]);
  for (const message of messages) {
    const numbers = new Set(message.fields.map((field) => field.number));
    if (numbers.size !== message.fields.length) throw new Error(`${message.name} uses a field number twice`);
    for (const field of message.fields) {
      if (!known.has(field.type)) throw new Error(`${message.name}.${field.name} has the unknown type ${field.type}`);
      if (field.repeated && !["string", "double"].includes(field.type) && isScalar(field.type)) {
        throw new Error(`${message.name}.${field.name}: repeated ${field.type} is not supported`);
      }
      if (field.plain && field.type !== "uint64") throw new Error(`${message.name}.${field.name}: jstype is for uint64`);
    }
  }
  return messages;
}

export function isScalar(type: string): type is Scalar {
  return (SCALARS as readonly string[]).includes(type);
}
