/** Languages the dashboard itself speaks in messages and notifications (spec 10 section 16). */
export const SITE_LANGUAGES = [
  "en-US",
  "zh-CN",
  "zh-TW",
  "de-DE",
  "es-ES",
  "fr-FR",
  "gl-ES",
  "id-ID",
  "ja-JP",
  "pt-BR",
  "ro-RO",
  "ru-RU",
  "ta-IN",
  "uk-UA",
  "vi-VN",
] as const;
