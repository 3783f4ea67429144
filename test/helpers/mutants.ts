/**
 * Mistakes an analysis or a planner could make, put into emitted modules: one access of one plan is lost, weakened, taken for another mode,
 * given a wrong amount or freed from its limits. The property tests are worth what they catch of these.
 */
export interface Mutant {
  /** What was changed, and the line it was changed in. */
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

interface Mistake {
  readonly kind: string;
  /** Undefined: this mistake can't be made in this line. */
  readonly change: (line: string) => string | undefined;
}

const CALL = /^(\s*)(.*)p\.(read|write|delta|commute|past|readElse|receive|ticket32|ticket64)\((.*?)\);(.*)$/;

function callOf(
  line: string,
): { readonly method: string; readonly args: readonly string[]; readonly rest: string; readonly before: string } | undefined {
  const match = CALL.exec(line);
  if (match === null) return undefined;
  return { before: `${match[1]}${match[2]}`, method: match[3], args: splitArgs(match[4]), rest: match[5] };
}

/** Arguments at the outermost level of parentheses. */
function splitArgs(text: string): string[] {
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if ((char === "," && depth === 0) || i === text.length) {
      args.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return args;
}

function rewrite(method: string, to: (args: readonly string[]) => string): (line: string) => string | undefined {
  return (line) => {
    const call = callOf(line);
    return call?.method === method ? `${call.before}${to(call.args)};${call.rest}` : undefined;
  };
}

const MISTAKES: readonly Mistake[] = [
  {
    kind: "access lost",
    change: (line) => (/p\.(read|write|delta|commute|past|receive|external|rawCall|create)\(/.test(line) ? `// ${line}` : undefined),
  },
  { kind: "Δ weakened to R", change: rewrite("delta", (args) => `p.read(${args.slice(0, 3).join(", ")})`) },
  {
    kind: "Δ of no amount",
    change: rewrite("delta", ([word, leaf, slot, , , floor, ceiling]) => `p.delta(${word}, ${leaf}, ${slot}, 0, 0, ${floor}, ${ceiling})`),
  },
  { kind: "Δ always cleared", change: rewrite("delta", (args) => `p.delta(${args.slice(0, 5).join(", ")}, -Infinity, Infinity)`) },
  { kind: "read in an error lost", change: rewrite("readElse", () => "void 0") },
  {
    kind: "ticket not drawn",
    change: (line) => (/= p\.ticket(32|64)\(/.test(line) ? line.replace(/p\.ticket(32|64)\(.*?\)/, "undefined") : undefined),
  },
  {
    kind: "ticket drawn twice",
    change: (line) =>
      /= p\.ticket(32|64)\(/.test(line) ? line.replace(/p\.ticket(?:32|64)\(.*?\)/, (call) => `(${call}, ${call})`) : undefined,
  },
  {
    kind: "key of another",
    change: (line) => (/p\.(entry|key)\w*\(.*p\.caller/.test(line) ? line.replace("p.caller", "p.self") : undefined),
  },
  {
    kind: "condition turned round",
    change: (line) => (/^\s*if \(/.test(line) ? line.replace(/if \((.*)\) \{/, "if (!($1)) {") : undefined),
  },
];

/** Every mistake that can be made in a plan function of the module, in order of the text. */
export function mutantsOf(text: string): Mutant[] {
  const lines = text.split("\n");
  const mutants: Mutant[] = [];
  for (const { name, from, to } of plansIn(lines)) {
    for (let index = from; index < to; index++) {
      for (const { kind, change } of MISTAKES) {
        const changed = change(lines[index]);
        if (changed === undefined || changed === lines[index] || endsPlan(lines, index)) continue;
        mutants.push({ kind, name: `${kind} in ${name}: ${lines[index].trim()}`, text: lines.with(index, changed).join("\n") });
      }
    }
    for (const cell of cellsIn(lines, from, to)) mutants.push(...cellMutants(lines, name, cell));
  }
  return mutants;
}

/** A condition that ends the plan where it ends anyway: no change of it means anything. */
function endsPlan(lines: readonly string[], index: number): boolean {
  const [, exit, close, end] = lines.slice(index, index + 4).map((line) => line.trim());
  return /\breturn;/.test(exit ?? "") && close === "}" && end === "}";
}

/** Plans for calls with unknown arguments are left out: only a callee in another contract is planned by them. */
function plansIn(lines: readonly string[]): { readonly name: string; readonly from: number; readonly to: number }[] {
  return lines.flatMap((line, from) => {
    const name = /^function (plan\w+)/.exec(line)?.[1];
    if (name === undefined || name === "planInit") return [];
    if (name.endsWith("Open") && lines.some((each) => each.startsWith(`function ${name.slice(0, -4)}(`))) return [];
    return [{ name, from, to: lines.findIndex((each, i) => i > from && each === "}") }];
  });
}

/** Accesses of one plan to one cell: modes of one call are joined by cell, so a mistake in one of several may mean nothing. */
interface CellUse {
  readonly leaf: string;
  readonly slot: string;
  readonly lines: readonly number[];
  readonly written: boolean;
  readonly added: boolean;
}

function cellsIn(lines: readonly string[], from: number, to: number): CellUse[] {
  const cells = new Map<string, CellUse>();
  for (let index = from; index < to; index++) {
    const call = callOf(lines[index]);
    if (call === undefined || !["read", "write", "delta"].includes(call.method)) continue;
    const [, leaf, slot] = call.args;
    const known = cells.get(`${leaf} ${slot}`) ?? { leaf, slot, lines: [], written: false, added: false };
    const { method } = call;
    const use = {
      ...known,
      lines: [...known.lines, index],
      written: known.written || method === "write",
      added: known.added || method === "delta",
    };
    cells.set(`${leaf} ${slot}`, use);
  }
  return [...cells.values()];
}

function cellMutants(lines: readonly string[], plan: string, cell: CellUse): Mutant[] {
  const all = (change: (line: string) => string | undefined): string => {
    const copy = [...lines];
    for (const index of cell.lines) copy[index] = change(lines[index]) ?? lines[index];
    return copy.join("\n");
  };
  const name = (kind: string): string => `${kind} in ${plan}: ${cell.leaf} at ${cell.slot}`;
  const toDelta = (line: string): string | undefined => rewrite("read", asDelta)(line) ?? rewrite("write", asDelta)(line);
  const mutants: Mutant[] = [];
  if (cell.added) return mutants;
  if (cell.written) {
    mutants.push({
      kind: "W weakened to R",
      name: name("W weakened to R"),
      text: all(rewrite("write", (args) => `p.read(${args.join(", ")})`)),
    });
    mutants.push({ kind: "W taken for a Δ", name: name("W taken for a Δ"), text: all(toDelta) });
  } else {
    mutants.push({ kind: "R taken for a Δ", name: name("R taken for a Δ"), text: all(toDelta) });
  }
  return mutants;
}

function asDelta([word, leaf, slot]: readonly string[]): string {
  return `p.delta(${word}, ${leaf}, ${slot}, 0, 0, 0, 1e77)`;
}
