/** JSON as the generator makes it. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const REFERENCE = "#/components/schemas/";

/**
 * The generated document without what the generator adds for itself: it makes two components of every schema, `X` for answers and
 * `XInput` for requests, whether both are used or not, and calls every answer JSON.
 */
export function tidyDocument(document: JsonObject): JsonObject {
  const components = objectOf(document["components"]);
  const schemas = objectOf(components["schemas"]);
  const paths = mapValues(objectOf(document["paths"]), (path) => mapValues(objectOf(path), plainAnswers));
  const used = usedSchemas(paths, schemas);
  const nameOf = (name: string): string => {
    const short = name.replace(/Input$/, "");
    return used.has(short) ? name : short;
  };
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const renamed = Object.fromEntries(kept.map(([name, schema]) => [nameOf(name), rename(schema, nameOf)]));
  return { ...document, paths: rename(paths, nameOf), components: { ...components, schemas: renamed } };
}

/** What is told as a bare text or a file is no JSON on the wire. */
function plainAnswers(operation: Json): Json {
  const answers = objectOf(operation)["responses"];
  if (answers === undefined) return operation;
  return { ...objectOf(operation), responses: mapValues(objectOf(answers), plainAnswer) };
}

function plainAnswer(answer: Json): Json {
  const { content, ...rest } = objectOf(answer);
  const json = objectOf(objectOf(content)["application/json"]);
  const schema = objectOf(json["schema"]);
  const { anyOf } = schema;
  const [text, failure] = Array.isArray(anyOf) ? anyOf : [schema];
  const { type, contentMediaType: types = "text/plain" } = objectOf(text);
  if (type !== "string" || typeof types !== "string") return answer;
  const plain = Object.fromEntries(types.split(" ").map((name) => [name, { schema: text ?? null }]));
  return { ...rest, content: failure === undefined ? plain : { ...plain, "application/json": { schema: failure } } };
}

/** Names of the components that paths lead to. */
function usedSchemas(paths: Json, schemas: JsonObject): ReadonlySet<string> {
  const used = new Set<string>();
  const follow = (value: Json): void => {
    for (const name of referencesIn(value)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? null);
    }
  };
  follow(paths);
  return used;
}

function referencesIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = !Array.isArray(value) && typeof value["$ref"] === "string" ? [value["$ref"]] : [];
  return [
    ...own.filter((ref) => ref.startsWith(REFERENCE)).map((ref) => ref.slice(REFERENCE.length)),
    ...Object.values(value).flatMap(referencesIn),
  ];
}

function rename(value: Json, nameOf: (name: string) => string): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => rename(entry, nameOf));
  return mapValues(value, (entry, key) =>
    key === "$ref" && typeof entry === "string" && entry.startsWith(REFERENCE)
      ? REFERENCE + nameOf(entry.slice(REFERENCE.length))
      : rename(entry, nameOf),
  );
}

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
