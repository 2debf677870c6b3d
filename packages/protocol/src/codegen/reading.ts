import { elementType, emptyList, fieldType, isExact, propertyName, tagOf, typeName, zero } from "./names.ts";
import { isScalar, type ProtoField, type ProtoMessage } from "./proto-file.ts";

/** The function that reads a message. @param merged it goes on from an earlier occurrence */
export function renderRead(message: ProtoMessage, merged: boolean): string {
  const name = typeName(message.name);
  const parameters = merged ? `reader: WireReader, earlier: ${name} | undefined` : "reader: WireReader";
  const declarations = message.fields.map((field) => {
    const start = merged ? `earlier?.${propertyName(field)} ?? ${zero(field)}` : zero(field);
    const type = field.repeated
      ? `: ${elementType(field)}[] | undefined`
      : field.type === "bytes" || !isScalar(field.type) || isExact(field)
        ? `: ${fieldType(field)}`
        : "";
    return `  let ${propertyName(field)}${type} = ${field.repeated ? "undefined" : start};`;
  });
  const cases = message.fields.flatMap((field) => renderCases(field));
  const result = message.fields.map((field) => {
    const property = propertyName(field);
    return field.repeated ? `    ${property}: ${property} ?? ${emptyList(field)},` : `    ${property},`;
  });
  return [
    `function read${name}(${parameters}): ${name} {`,
    ...declarations,
    "  while (reader.more()) {",
    "    const tag = reader.tag();",
    "    switch (tag) {",
    ...cases,
    "      default:",
    "        reader.skip(tag);",
    "    }",
    "  }",
    "  return {",
    ...result,
    "  };",
    "}",
  ].join("\n");
}

function renderCases(field: ProtoField): string[] {
  const property = propertyName(field);
  if (!isScalar(field.type)) return renderMessageCase(field, property);
  const method = field.plain ? "integer" : field.type;
  if (!field.repeated) return block(tagOf(field), [`${property} = reader.${method}();`]);
  const item = [
    `const item = reader.${field.type}();`,
    `${property} ??= [];`,
    `if (${property}.length < MAX_REPEATED) ${property}.push(item);`,
  ];
  const single = block(tagOf(field), item, true);
  if (field.type === "string") return single;
  const packed = [
    "const outer = reader.enter();",
    `${property} ??= [];`,
    "while (reader.more()) {",
    `  const item = reader.${field.type}();`,
    `  if (${property}.length < MAX_REPEATED) ${property}.push(item);`,
    "}",
    "reader.leave(outer);",
  ];
  return [...single, ...block(field.number * 8 + 2, packed, true)];
}

function renderMessageCase(field: ProtoField, property: string): string[] {
  const read = `read${typeName(field.type)}`;
  const keep = field.repeated
    ? [`const item = ${read}(reader);`, `${property} ??= [];`, `if (${property}.length < MAX_REPEATED) ${property}.push(item);`]
    : [`${property} = ${read}(reader, ${property});`];
  return block(tagOf(field), ["const outer = reader.enter();", ...keep, "reader.leave(outer);"], true);
}

function block(tag: number, lines: readonly string[], braces = false): string[] {
  const body = lines.map((line) => `        ${line}`);
  return [`      case ${tag}:${braces ? " {" : ""}`, ...body, "        break;", ...(braces ? ["      }"] : [])];
}
