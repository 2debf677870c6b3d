import type { ErrorInfo, ReactNode } from "react";
import { Component } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

/** Messages of browsers about a lazy file that is not there any more, because a new version was installed. */
const GONE = /dynamically imported module|importing a module script failed|module script|preload css/i;

export function isChunkGone(error: unknown): boolean {
  return error instanceof Error && GONE.test(error.message);
}

/** Said instead of the page: what happened and the way out. */
export function PageError({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const reload = <Button onClick={() => location.reload()}>{t("action.reload")}</Button>;
  if (isChunkGone(error)) return <EmptyState first title={t("error.newVersion")} action={reload} />;
  return (
    <EmptyState first title={t("error.page")} action={reload}>
      {error instanceof Error ? error.message : String(error)}
    </EmptyState>
  );
}

/** The last resort: a page that cannot be drawn says so. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <PageError error={this.state.error} />;
  }
}
