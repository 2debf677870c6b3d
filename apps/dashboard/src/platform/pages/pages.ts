import { readFile } from "node:fs/promises";
import send from "@fastify/send";
import type { FastifyReply, FastifyRequest } from "fastify";
import { chosenCoding, CODINGS, gzipPieces } from "#platform/compression";
import type { Coding, Compressor, Piece } from "#platform/compression";
import { encoded, header, isText, refusalJson, vary } from "#platform/http";
import { createDocuments } from "./document.ts";
import { fileName } from "./file-name.ts";
import type { FirstScreen } from "./first-screen.ts";
import { isEmbedPage, isKnownPage } from "./known-pages.ts";
import { MANIFEST_PATH, manifestText } from "./manifest.ts";
import { findFile } from "./template-file.ts";
import type { TemplateFile } from "./template-file.ts";
import { templateRoots } from "./template.ts";
import type { TemplateFolders } from "./template.ts";

const TWINS: Readonly<Record<Coding, string>> = { br: ".br", gzip: ".gz" };
/** Longer files of themes are sent from the disk as they are. */
const MOST_COMPRESSED_BYTES = 2 * 2 ** 20;

type Half = "public" | "console";
/** Its address holds a secret, behind `#`. */
const SHARE_PAGE = "/share";

export interface PagesDeps {
  readonly compressor: Compressor;
  readonly folders: TemplateFolders;
  /** Chosen theme folder of a half, and whether that half has custom code. Read at every request. */
  readonly appearance: (half: Half) => { template: string; customCode: boolean };
  /** What the site calls itself. */
  readonly siteName: () => string;
  /** JSON text that our own start page embeds for this visitor, or `undefined`. */
  readonly embed: (half: Half, request: FastifyRequest) => Promise<string | undefined>;
  /** What a page says that was reached below a path of another site. */
  readonly elsewhere: () => string;
  /** HTML that our own start page shows before its script takes it over, and what the page embeds then. */
  readonly firstScreen: (data: string) => Promise<FirstScreen>;
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
    // What a share link opens is ours, whatever theme is chosen.
    const roots = templateRoots(deps.folders, half, path === SHARE_PAGE ? "" : look.template);
    const name = fileName(path.slice(half === "console" ? "/dashboard/".length : 1));
    const file = name === undefined || name === "index.html" ? undefined : await findFile(roots, name);
    if (file) return isOwn(file, deps.folders) ? sendOwnFile(request, reply, file) : sendThemeFile(request, reply, file);
    const index = await findFile(roots, "index.html");
    if (!index) return notFound(reply);
    if (path === MANIFEST_PATH && isOwn(index, deps.folders)) return sendManifest(reply, deps.siteName());
    const known = name === "index.html" || isKnownPage(path);
    void reply.code(known ? 200 : 404);
    if (!isOwn(index, deps.folders)) return sendDocument(reply, Buffer.from(await documents.load(index)));
    const data = await deps.embed(half, request);
    // Custom code and a query both change what the script draws.
    const plain = half === "public" && request.raw.url === "/" && !look.customCode;
    const screen = data === undefined || !plain ? undefined : await deps.firstScreen(data);
    const document = await documents.render(index, {
      data: screen?.data ?? data,
      firstScreen: screen?.html ?? "",
      customCode: look.customCode,
      place: { path, known, text: deps.elsewhere() },
      anyFrame: half === "public" && isEmbedPage(path),
    });
    void reply
      .header("content-security-policy", document.policy)
      .header("referrer-policy", path === SHARE_PAGE ? "no-referrer" : "same-origin");
    return sendPieces(request, reply, document.pieces, deps.compressor);
  };
}

function isOwn(file: TemplateFile, folders: TemplateFolders): boolean {
  return file.root === folders.publicHalf || file.root === folders.consoleHalf;
}

function notFound(reply: FastifyReply): FastifyReply {
  const refusal = refusalJson(404, "404 Not Found");
  return reply.code(404).type(refusal.contentType).send(refusal.body);
}

function sendManifest(reply: FastifyReply, siteName: string): FastifyReply {
  return reply.type("application/manifest+json; charset=utf-8").header("cache-control", "no-cache").send(manifestText(siteName));
}

function sendDocument(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(bytes);
}

/** Our own page: only what is different for each visit is not compressed once for all. */
async function sendPieces(
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: readonly Piece[],
  compressor: Compressor,
): Promise<FastifyReply> {
  const wantsGzip = chosenCoding(header(request.visit, "accept-encoding"), ["gzip"]) !== undefined;
  const compressed = wantsGzip ? await gzipPieces(pieces, compressor) : undefined;
  if (compressed === undefined) return sendDocument(reply, Buffer.from(pieces.map(({ text }) => text).join("")));
  vary(reply);
  return sendDocument(reply, encoded(reply, compressed, "gzip"));
}

/** A file of our own build. It has compressed twins beside it; names under `assets/` carry a hash, so they never change. */
async function sendOwnFile(request: FastifyRequest, reply: FastifyReply, file: TemplateFile): Promise<unknown> {
  const immutable = file.name.startsWith("assets/");
  const twin = await compressedTwin(request, file);
  const result = await lookUp(request, file.root, file.name + (twin?.suffix ?? ""), immutable ? { immutable, maxAge: "365d" } : undefined);
  vary(reply);
  if (twin) void reply.header("content-encoding", twin.name);
  return sendFound(reply, file, result, immutable ? {} : { "cache-control": "no-cache" });
}

/** A file of a theme folder. Compressed when it is text that is not too long to be held, and asked for as a whole. */
async function sendThemeFile(request: FastifyRequest, reply: FastifyReply, file: TemplateFile): Promise<unknown> {
  const result = await lookUp(request, file.root, file.name);
  const text = isText(typeOf(file.name));
  if (text) vary(reply);
  const whole = text && result.statusCode === 200;
  if (!whole || file.bytes > MOST_COMPRESSED_BYTES) return sendFound(reply, file, result, { "cache-control": "no-cache" });
  result.stream.destroy();
  const { "content-length": _length, ...headers } = result.headers;
  return reply.headers({ ...headers, "cache-control": "no-cache", "content-type": typeOf(file.name) }).send(await readFile(file.path));
}

type Found = Awaited<ReturnType<typeof send>>;

function lookUp(
  request: FastifyRequest,
  root: string,
  name: string,
  caching: { immutable: true; maxAge: string } | { cacheControl: false } = { cacheControl: false },
): Promise<Found> {
  return send(request.raw, `/${name.split("/").map(encodeURIComponent).join("/")}`, { root, index: false, dotfiles: "ignore", ...caching });
}

function sendFound(reply: FastifyReply, file: TemplateFile, result: Found, headers: Record<string, string>): FastifyReply {
  return reply
    .code(result.statusCode)
    .headers({ ...result.headers, ...headers, "content-type": typeOf(file.name) })
    .send(result.stream);
}

function typeOf(name: string): string {
  const known = send.mime.getType(name) ?? "application/octet-stream";
  // The name that RFC 9239 gives scripts, which is not yet in the table.
  const type = known === "application/javascript" ? "text/javascript" : known;
  return /^(text\/|application\/json)/.test(type) ? `${type}; charset=utf-8` : type;
}

async function compressedTwin(request: FastifyRequest, file: TemplateFile): Promise<{ name: string; suffix: string } | undefined> {
  if (request.headers.range) return undefined;
  const there: Coding[] = [];
  for (const coding of CODINGS) if (await findFile([file.root], file.name + TWINS[coding])) there.push(coding);
  const coding = chosenCoding(header(request.visit, "accept-encoding"), there);
  return coding && { name: coding, suffix: TWINS[coding] };
}
