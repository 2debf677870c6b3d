import type { ApiClient } from "#wire/api-client.ts";

/** Ends the session at the dashboard, forgets everything this page knew, and shows the sign-in. */
export async function signOut(api: ApiClient): Promise<void> {
  await api.post("/logout");
  location.assign(`${import.meta.env.BASE_URL}login`);
}
