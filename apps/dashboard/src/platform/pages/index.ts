import send from "@fastify/send";
import type { FastifyReply, FastifyRequest } from "fastify";
import { header, refusalJson } from "#platform/http";
import { createDocuments } from "./document.ts";
import { fileName } from "./file-name.ts";
import { isKnownPage } from "./known-pages.ts";
import { findFile } from "./template-file.ts";
import type { TemplateFile } from "./template-file.ts";
import { templateRoots } from "./template.ts";
import type { TemplateFolders } from "./template.ts";

export { listTemplates } from "./template.ts";
export type { Template, TemplateFolders } from "./template.ts";

type Half = "public" | "console";

export interface PagesDeps {
  readonly folders: TemplateFolders;
  /** Chosen theme folder of a half, and whether that half has custom code. Read at every request. */
  readonly appearance: (half: Half) => { template: string; customCode: boolean };
  /** JSON text that our own start page embeds for this visitor, or `undefined`. */
  readonly embed: (half: Half, request: FastifyRequest) => Promise<string | undefined>;
}

/** Answers what matched no route: files of the chosen front end, its start page, JSON under `/api` (spec 10 section 17). */
export function createPages(deps: PagesDeps): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const documents = createDocuments();
  return async (request, reply) => {
    const { path } = request.visit;
    if (path.startsWith("/api")) return notFound(reply);
    if (path === "/dashboard") return reply.redirect("/dashboard/", 301);
    const half: Half = path.startsWith("/dashboard/") ? "console" : "public";
    const look = deps.appearance(half);
    const roots = templateRoots(deps.folders, half, look.template);
    const name = fileName(path.slice(half === "console" ? "/dashboard/".length : 1));
    const file = name === undefined || name === "index.html" ? undefined : await findFile(roots, name);
    if (file) return sendFile(request, reply, file, isOwn(file, deps.folders));
    const index = await findFile(roots, "index.html");
    if (!index) return notFound(reply);
    void reply.code(name === "index.html" || isKnownPage(path) ? 200 : 404);
    if (!isOwn(index, deps.folders)) return sendDocument(request, reply, await documents.load(index));
    const document = await documents.render(index, { data: await deps.embed(half, request), customCode: look.customCode });
    void reply.header("content-security-policy", document.policy).header("referrer-policy", "same-origin");
    return sendDocument(request, reply, document.html);
  };
}

function isOwn(file: TemplateFile, folders: TemplateFolders): boolean {
  return file.root === folders.publicHalf || file.root === folders.consoleHalf;
}

function notFound(reply: FastifyReply): FastifyReply {
  const refusal = refusalJson(404, "404 Not Found");
  return reply.code(404).type(refusal.contentType).send(refusal.body);
}

function sendDocument(request: FastifyRequest, reply: FastifyReply, html: string): FastifyReply {
  const bytes = Buffer.from(html);
  void reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").header("content-length", bytes.length);
  return reply.send(request.method === "HEAD" ? "" : bytes);
}

/**
 * A file with its type, validators and ranges. Our own build has compressed twins beside its files; names under `assets/` there carry a
 * hash, so they never change.
 */
async function sendFile(request: FastifyRequest, reply: FastifyReply, file: TemplateFile, own: boolean): Promise<unknown> {
  const immutable = own && file.name.startsWith("assets/");
  const encoding = own ? await compressedTwin(request, file) : undefined;
  const name = encoding ? file.name + encoding.suffix : file.name;
  const result = await send(request.raw, `/${name.split("/").map(encodeURIComponent).join("/")}`, {
    root: file.root,
    index: false,
    dotfiles: "ignore",
    ...(immutable ? { immutable: true, maxAge: "365d" } : { cacheControl: false }),
  });
  const headers: Record<string, string> = { ...result.headers };
  if (encoding) headers["content-encoding"] = encoding.name;
  if (own) headers["vary"] = "Accept-Encoding";
  if (!immutable) headers["cache-control"] = "no-cache";
  headers["content-type"] = typeOf(file.name);
  return reply.code(result.statusCode).headers(headers).send(result.stream);
}

function typeOf(name: string): string {
  const known = send.mime.getType(name) ?? "application/octet-stream";
  // The name that RFC 9239 gives scripts, which is not yet in the table.
  const type = known === "application/javascript" ? "text/javascript" : known;
  return /^(text\/|application\/json)/.test(type) ? `${type}; charset=utf-8` : type;
}

async function compressedTwin(request: FastifyRequest, file: TemplateFile): Promise<{ name: string; suffix: string } | undefined> {
  if (request.headers.range) return undefined;
  const accepted = header(request.visit, "accept-encoding");
  for (const [name, suffix] of [
    ["br", ".br"],
    ["gzip", ".gz"],
  ] as const) {
    if (accepts(accepted, name) && (await findFile([file.root], file.name + suffix))) return { name, suffix };
  }
  return undefined;
}

/** Whether an `Accept-Encoding` names a coding without refusing it (`br;q=0`). */
function accepts(accepted: string, coding: string): boolean {
  const item = accepted.split(",").find((part) => part.split(";", 1)[0]?.trim().toLowerCase() === coding);
  return item !== undefined && !/;\s*q=0(\.0*)?\s*$/i.test(item);
}
