import { NotFound } from "#shell/not-found.tsx"; export const ServerDetailPage = NotFound;
