/** What the author chose. Anything else than expected counts as not said. */

export interface Settings {
  readonly inlayHints: { readonly types: boolean; readonly modes: boolean };
  readonly codeLens: { readonly footprints: boolean; readonly conflicts: boolean; readonly tests: boolean };
  readonly diagnostics: { readonly parallelism: boolean };
}

export function readSettings(given: unknown): Settings {
  const flag = (section: string, name: string): boolean => {
    const found = property(property(given, section), name);
    return typeof found === "boolean" ? found : true;
  };
  return {
    inlayHints: { types: flag("inlayHints", "types"), modes: flag("inlayHints", "modes") },
    codeLens: { footprints: flag("codeLens", "footprints"), conflicts: flag("codeLens", "conflicts"), tests: flag("codeLens", "tests") },
    diagnostics: { parallelism: flag("diagnostics", "parallelism") },
  };
}

export function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
