/**
 * Names in generated code. Weft names are kept wherever JavaScript allows it; a name that is taken gets a number.
 * Module-level names step aside for the author's parameters and locals, so that no local ever hides one.
 */

/** Words that can't be names in a strict module, and the globals that generated code uses. */
const RESERVED: readonly string[] = [
  ..."arguments await break case catch class const continue debugger default delete do else enum eval export extends false".split(" "),
  ..."finally for function if implements import in instanceof interface let new null package private protected public".split(" "),
  ..."return static super switch this throw true try typeof undefined var void while with yield".split(" "),
  ..."BigInt Infinity Map Math NaN Number Object Uint8Array module".split(" "),
];

/** Parameters that we add: the execution context, the start of the region, the planner. */
const OWN = ["x", "b", "p"] as const;

/** Names of the runtime's types, which the module imports, and names that no type may have. */
const TYPE_NAMES = "ContractModule Exec Maybe Neutral Planner Revert any bigint boolean never number object string symbol unknown".split(
  " ",
);

export interface Names {
  /** A name of its own for what would like to be called `wish`. */
  readonly take: (wish: string) => string;
}

export interface ModuleNames extends Names {
  /** Names that something at the top of the module has. */
  readonly defined: ReadonlySet<string>;
}

/** `locals`: all names that the author gave to parameters and locals; `helpers`: what the emitter may define by itself. */
export function moduleNames(locals: Iterable<string>, helpers: Iterable<string>): ModuleNames {
  const avoid = new Set<string>([...RESERVED, ...TYPE_NAMES, ...OWN, ...locals]);
  const defined = new Set<string>(helpers);
  return {
    defined,
    take: (wish) => {
      const name = freeName(wish, (candidate) => avoid.has(candidate) || defined.has(candidate));
      defined.add(name);
      return name;
    },
  };
}

export interface FunctionNames extends Names {
  /** `slot1`, `slot2` … */
  readonly temporary: (kind: string) => string;
}

/** Names of one function: parameters, locals, temporaries. `own`: the parameters that we add to it. */
export function functionNames(module: ModuleNames, own: readonly (typeof OWN)[number][]): FunctionNames {
  const taken = new Set<string>([...RESERVED, ...own, ...module.defined]);
  return {
    take: (wish) => {
      const name = freeName(wish, (candidate) => taken.has(candidate));
      taken.add(name);
      return name;
    },
    temporary: (kind) => {
      let count = 1;
      while (taken.has(kind + String(count))) count += 1;
      taken.add(kind + String(count));
      return kind + String(count);
    },
  };
}

function freeName(wish: string, refused: (name: string) => boolean): string {
  if (!refused(wish)) return wish;
  for (let count = 2; ; count += 1) {
    const name = `${wish}_${String(count)}`;
    if (!refused(name)) return name;
  }
}
/** `totalSupply` -> `TOTAL_SUPPLY` */
export function constantCase(parts: readonly string[]): string {
  return parts
    .map((part) =>
      part
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
        .toUpperCase(),
    )
    .join("_");
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A member of a struct as a property: an object literal with `__proto__` would set its prototype. */
export function propertyName(name: string): string {
  return name === "__proto__" ? "__proto__$" : name;
}
