import { Check, Languages, Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useFormats } from "#lib/formats.ts";
import type { Theme } from "#lib/theme.ts";
import { IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import { useApp } from "./app-context.tsx";

const THEMES = [
  { theme: "light", Icon: Sun },
  { theme: "dark", Icon: Moon },
  { theme: "system", Icon: Monitor },
] as const satisfies { theme: Theme; Icon: unknown }[];

/** As the dashboard draws it, which knows no visitor's choice. */
const unknownTheme = (): Theme => "system";
const unknownDark = () => false;

export function ThemeMenu() {
  const { t } = useFormats();
  const { theme } = useApp();
  const current = useSyncExternalStore(theme.subscribe, theme.current, unknownTheme);
  const dark = useSyncExternalStore(theme.subscribe, theme.isDark, unknownDark);
  return (
    <Menu
      label={t("theme.label")}
      button={(trigger) => (
        <IconButton size="normal" label={t("theme.label")} {...trigger}>
          {dark ? <Moon className="size-4" aria-hidden="true" /> : <Sun className="size-4" aria-hidden="true" />}
        </IconButton>
      )}
    >
      {THEMES.map(({ theme: choice, Icon }) => (
        <button key={choice} type="button" aria-pressed={choice === current} onClick={() => theme.choose(choice)}>
          <Icon className="size-4" aria-hidden="true" />
          <span className="flex-1">{t(`theme.${choice}`)}</span>
          {choice === current ? <Check className="size-4" aria-hidden="true" /> : null}
        </button>
      ))}
    </Menu>
  );
}

export function LanguageMenu() {
  const { t, language: spoken } = useFormats();
  const { language } = useApp();
  return (
    <Menu
      label={t("language.label")}
      button={(trigger) => (
        <IconButton size="normal" label={t("language.label")} {...trigger}>
          <Languages className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    >
      {language.offered.map((choice) => (
        <button
          key={choice.tag}
          type="button"
          lang={choice.tag}
          aria-pressed={choice.tag === spoken}
          onClick={() => void language.choose(choice.tag)}
        >
          <span className="flex-1">{choice.name}</span>
          {choice.tag === spoken ? <Check className="size-4" aria-hidden="true" /> : null}
        </button>
      ))}
    </Menu>
  );
}
