import { MOST_TAGS } from "@windfire/api";
import { refuseText } from "#kernel";
import type { Server } from "./model.ts";

/** What several servers get at once. */
export interface ServerBatchChange {
  /** Left out it stays what it is. */
  readonly hideForGuest?: boolean | undefined;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
}

/** The server after the change; `undefined` when it is so already. @throws {AppError} naming the field, when it would have too many tags */
export function changedByBatch(server: Server, { hideForGuest, addTags, removeTags }: ServerBatchChange): Server | undefined {
  const kept = server.tags.filter((tag) => !removeTags.includes(tag));
  const tags = [...new Set([...kept, ...addTags.filter((tag) => !removeTags.includes(tag))])];
  if (tags.length > MOST_TAGS) throw refuseText(`add_tags: server ${server.name} would have more than ${MOST_TAGS} tags`);
  const to = { ...server, tags, hideForGuest: hideForGuest ?? server.hideForGuest };
  const isSame = to.hideForGuest === server.hideForGuest && tags.join(" ") === server.tags.join(" ");
  return isSame ? undefined : to;
}
