import type { ErrorInfo, ReactNode } from "react";
import { Component, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { isFileMissing } from "#wire/missing-part.ts";
import { useApp } from "./app-context.tsx";
import type { MissingProps } from "./late-part.tsx";

/** Said instead of the page: what happened and the way out. */
export function PageError({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  if (isFileMissing(error)) return <OtherVersion />;
  return (
    <EmptyState first title={t("error.page")} action={<Reload />}>
      {error instanceof Error ? error.message : String(error)}
    </EmptyState>
  );
}

/** In the place of a page that did not come. */
export function MissingPage({ missing, onRetry, trying }: MissingProps) {
  const { t } = useTranslation();
  if (missing === "changed") return <OtherVersion />;
  const again = (
    <Button onClick={onRetry} disabled={trying}>
      {t("action.retry")}
    </Button>
  );
  return <EmptyState first title={t("error.unreachable")} action={again} />;
}

function OtherVersion() {
  const { t } = useTranslation();
  return <EmptyState first title={t("error.newVersion")} action={<Reload />} />;
}

function Reload() {
  const { t } = useTranslation();
  return <Button onClick={() => location.reload()}>{t("action.reload")}</Button>;
}

/** In the place of a dialog that did not come: says so, and leaves. */
export function MissingDialog({ missing, onClose }: MissingProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { toasts } = useApp();
  const text = t(missing === "away" ? "error.unreachable" : "error.newVersion");
  useEffect(() => {
    toasts.show({ text });
    onClose();
  }, [toasts, text, onClose]);
  return null;
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
