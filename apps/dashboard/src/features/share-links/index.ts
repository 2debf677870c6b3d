export type { ShareSubject, ShareSubjects } from "./commands.ts";
export { createShareLinks } from "./room.ts";
export type { ShareLinksDeps, ShareLinksRoom } from "./room.ts";
