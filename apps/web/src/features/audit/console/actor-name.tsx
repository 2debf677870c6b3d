import type { AuditLine } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { Chip } from "#ui/chip.tsx";

/** Whoever did it, by name: a person, a token of theirs, the program itself, or somebody unknown. */
export function ActorName({ line }: { readonly line: AuditLine }) {
  const { t } = useFormats();
  if (line.actor === "system" || line.actor === "guest") return <span className="text-ink-2">{t(`audit.actors.${line.actor}`)}</span>;
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className="max-w-40 truncate font-medium">{line.username === "" ? `#${line.user_id}` : line.username}</span>
      {line.token_id === 0 ? null : (
        <Chip tone="line" title={t(`audit.actors.${line.actor}`)}>
          {line.token_name === "" ? t(`audit.actors.${line.actor}`) : line.token_name}
        </Chip>
      )}
    </span>
  );
}
