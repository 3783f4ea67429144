/**
 * The colours of a page, for light and for dark screens. Kept as data, so that a test can work out every contrast. A tone has an ink for letters and a
 * tint to lie under them.
 */
export type Tone = "grey" | "red" | "green" | "purple" | "teal" | "amber" | "blue";

export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly ink: string;
  readonly dim: string;
  readonly rule: string;
  readonly link: string;
  readonly tones: Readonly<Record<Tone, { readonly ink: string; readonly tint: string }>>;
}

export const LIGHT: Palette = {
  ground: "#ffffff",
  panel: "#f5f7fa",
  ink: "#1a1f26",
  dim: "#57606c",
  rule: "#d5dbe3",
  link: "#0b57d0",
  tones: {
    grey: { ink: "#48515d", tint: "#e6eaef" },
    red: { ink: "#a81c1c", tint: "#fde4e2" },
    green: { ink: "#14603a", tint: "#d9f2e2" },
    purple: { ink: "#6528ab", tint: "#efe5fb" },
    teal: { ink: "#0b5b64", tint: "#d6f0f2" },
    amber: { ink: "#7a4f00", tint: "#fdefc8" },
    blue: { ink: "#0b4aa8", tint: "#e0ebfd" },
  },
};

export const DARK: Palette = {
  ground: "#12161c",
  panel: "#1a2029",
  ink: "#e4e8ee",
  dim: "#9da8b6",
  rule: "#323b48",
  link: "#8ab4f8",
  tones: {
    grey: { ink: "#b9c3ce", tint: "#2b333e" },
    red: { ink: "#ffa39b", tint: "#4d2020" },
    green: { ink: "#86dfa5", tint: "#173a25" },
    purple: { ink: "#d2adff", tint: "#39265e" },
    teal: { ink: "#7bd9e1", tint: "#133b40" },
    amber: { ink: "#f3c552", tint: "#41320c" },
    blue: { ink: "#a3c6ff", tint: "#1d355b" },
  },
};

/** As custom properties of the style sheet. */
export function properties({ tones, ...plain }: Palette): string {
  const all = [
    ...Object.entries(plain),
    ...Object.entries(tones).flatMap(([name, { ink, tint }]) => [
      [`${name}-ink`, ink],
      [`${name}-tint`, tint],
    ]),
  ];
  return all.map(([name, colour]) => `--${name}:${colour};`).join("");
}

export const TONES: readonly Tone[] = ["grey", "red", "green", "purple", "teal", "amber", "blue"];
