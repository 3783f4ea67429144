/** Plan functions: from the plan tree of an entry to code that reserves the record, computes keys once and declares every access. */
import { Bug, unreachable } from "../core/bug.ts";
import { isPacked } from "../core/types.ts";
import { BOOL, isStatic, operation, sameTerm } from "../footprint/algebra.ts";
import type { Access, CommuteOp, EntryPlan, PlanStep, Term } from "../footprint/footprint.ts";
import type { Func, Site } from "../typed/tree.ts";
import { binaryCode, callCode, primary, unaryCode, within, type Code } from "./code.ts";
import { block, definition, line, newWriter, oneLine, printLines, withoutUnused, type Line } from "./lines.ts";
import { representationOf, widthSuffix } from "./representation.ts";
import { functionNames, lowerFirst } from "./names.ts";
import { deltaTexts } from "./plan-amount.ts";
import { argLines, argNames, hasLength } from "./plan-args.ts";
import {
  inner,
  known,
  once,
  spreadOf,
  textOf,
  uncertain,
  UNKNOWN,
  wordRefText,
  type LoopNames,
  type PlanCode,
  type PlanScope,
} from "./plan-scope.ts";
import { listLength, neutralCode, neutralOf } from "./plan-neutral.ts";
import { slotCode, termCode } from "./plan-term.ts";
import { annotation, calleeIndex, helper, leafName, limit, packedIndex, present, sourceText, typeText, type ModuleScope } from "./scope.ts";

type LoopStep = Extract<PlanStep, { kind: "loop" }>;

export interface PlanFunctions {
  readonly texts: readonly string[];
  /** Name of the one for calls with unknown arguments; the same where that makes no difference. */
  readonly open: string;
}

export function planFunctions(module: ModuleScope, func: Func, entry: EntryPlan): PlanFunctions {
  const { plan } = present(module.entryNames.get(func.id), func.name);
  const text = planFunction(module, func, entry, { name: plan, open: false });
  // Only a callee can have unknown arguments, and `init` is called by nobody but who creates, with all of them.
  if (func.role === "init" || entry.heads.length === 0) return { texts: [text], open: plan };
  const like = planFunction(module, func, entry, { name: plan, open: true });
  if (like === text) return { texts: [text], open: plan };
  const open = module.names.take(`${plan}Open`);
  return { texts: [text, like.replace(`function ${plan}(`, `function ${open}(`)], open };
}

function planFunction(
  module: ModuleScope,
  func: Func,
  entry: EntryPlan,
  { name, open }: { readonly name: string; readonly open: boolean },
): string {
  const names = functionNames(module.names, ["p", "b"]);
  const args = entry.heads.map((head) => argNames(names, func, head));
  const top: Line[] = [];
  const out: Line[] = [];
  const reads: PlanScope["reads"] = new Map();
  const scope: PlanScope = {
    module,
    entry,
    names,
    args,
    loops: new Map(),
    reads,
    tickets: new Map(),
    packed: (read) => primary(present(reads.get(read), "a read that isn't planned yet").value),
    spread: spreadOf(entry.steps),
    known: [new Map()],
    given: [],
    open,
    term: termCode,
    out,
    top,
  };
  stepLines(scope, entry.steps);
  const lengths = args
    .filter(({ head }) => hasLength(head))
    .map(({ head, length }) => definition([length], `const ${length} = p.argLength(${String(head.head)});`, undefined));
  const region = `p.region(${String(entry.frame.size)});`;
  const lines = [
    ...lengths,
    definition(["b"], `const b = ${region}`, region),
    ...args.flatMap((arg) => argLines(arg, entry, open)),
    ...top,
    ...out,
  ];
  const writer = newWriter();
  writer.write(`function ${name}(p${annotation(module, ": Planner")})${annotation(module, ": void")} `).inlineBlock(() => {
    printLines(writer, withoutUnused(lines, new Set()));
  });
  return writer.toString();
}

// --- steps ---------------------------------------------------------------------------------------------------------

function stepLines(scope: PlanScope, steps: readonly PlanStep[]): void {
  for (const step of steps) {
    switch (step.kind) {
      case "access":
        accessLines(scope, step);
        break;
      case "receive":
        scope.out.push(line(`p.receive(${wordRefText(scope, step.word)});`, "the attached coin"));
        break;
      case "ticket":
        ticketLine(scope, step);
        break;
      case "branch":
        branchLines(scope, step);
        break;
      case "loop":
        loopLines(scope, step);
        break;
      case "external":
        externalLine(scope, step);
        break;
      case "create":
        scope.out.push(line(`p.create(${wordRefText(scope, step.word)});`, noteOf(scope, step.site)));
        break;
      case "stop": {
        // A callee draws on entry, whatever its checks say; and where an argument is unknown, nobody knows whether the term fails.
        if (scope.open) break;
        const code = termCode(scope, step.unless);
        if (code.maybe)
          scope.out.push(line(`if (${within(code, 10)} === undefined) return;`, oneLine(sourceText(scope.module, step.site))));
        break;
      }
      case "sure":
        sureLine(scope, step);
        break;
      default:
        unreachable(step, "plan step");
    }
  }
}

/** Rule E6. A call from another contract is part of another one: whether that succeeds nobody asks. */
function sureLine(scope: PlanScope, { needs }: Extract<PlanStep, { kind: "sure" }>): void {
  if (scope.open) return;
  const conditions: Code[] = [];
  for (const { term, holds } of needs) {
    const code = termCode(scope, term);
    // Not known to any plan.
    if (code.text === UNKNOWN.text) return;
    const given = holds && !scope.given.some((known) => sameTerm(known, term));
    if (code.maybe) conditions.push(binaryCode(given ? "===" : "!==", code, primary(given ? "true" : "undefined")));
    else if (given) conditions.push(code);
  }
  const [first, ...rest] = conditions;
  if (first === undefined) scope.out.push(line("p.sure();"));
  else scope.out.push(line(`if (${rest.reduce((all, each) => binaryCode("&&", all, each), first).text}) p.sure();`));
}

const MAX_NOTE = 80;

function accessLines(scope: PlanScope, access: Access): void {
  const { module } = scope;
  const leaf = module.footprint.leaves[access.leaf];
  const { slot, mayFail } = slotText(scope, access);
  // A key that the call alone decides and that can't be computed: exec reverts before it gets here (rule P1).
  const when = mayFail ? `if (${slot} > 0) ` : "";
  const cell = `${wordRefText(scope, access.word)}, ${leafName(module, leaf)}, ${slot}`;
  const note = noteOf(scope, access.site);
  const { mode } = access;
  switch (mode.kind) {
    case "read":
      scope.out.push(line(`${when}p.read(${cell});`, note));
      break;
    case "write":
      scope.out.push(line(`${when}p.write(${cell});`, note));
      break;
    case "delta":
      scope.out.push(line(`${when}p.delta(${[cell, ...deltaTexts(scope, mode, leaf.type)].join(", ")});`, note));
      break;
    case "readElse":
      scope.out.push(line(`${when}p.readElse(${cell}, ${wordRefText(scope, mode.of)});`, note));
      break;
    case "commute":
      scope.out.push(line(`${when}p.commute(${cell}, ${String(COMMUTE[mode.op])});`, note));
      break;
    case "past":
      scope.out.push(line(`${when}p.past(${cell});`, note));
      break;
    default:
      unreachable(mode, "access mode");
  }
  if (access.read === undefined) return;
  const name = scope.names.temporary(lowerFirst([leaf.field?.name ?? "coin", ...leaf.pathNames.map((part) => `_${part}`)].join("")));
  const packed = isPacked(leaf.type);
  const value = packed
    ? `p.stagePacked(${leafName(module, leaf)}, ${slot}, ${String(packedIndex(module, leaf.type))})`
    : `p.stage${widthSuffix(leaf.type)}(${leafName(module, leaf)}, ${slot})`;
  // Elsewhere the slot may not be in reach.
  const bounded = !scope.spread.reads.has(access.read);
  scope.reads.set(access.read, { value: name, slot: bounded ? slot : undefined });
  declare(scope, name, packed ? "Neutral" : typeText(module, leaf.type), value, undefined, scope.spread.reads.has(access.read));
}

/** What the planner and exec call the updates that commute. */
const COMMUTE: Readonly<Record<CommuteOp, number>> = { "|": 1, "&": 2, min: 3, max: 4 };

function noteOf(scope: PlanScope, site: Site): string {
  const source = oneLine(sourceText(scope.module, site));
  return source.length > MAX_NOTE ? `${source.slice(0, MAX_NOTE)}…` : source;
}

/** Asks the plan of the code at the target, with the arguments as far as they are known. */
function externalLine(scope: PlanScope, step: Extract<PlanStep, { kind: "external" }>): void {
  const { callee } = step;
  const word = wordRefText(scope, step.word);
  const target = textOf(termCode(scope, step.target));
  const text =
    callee.kind === "raw"
      ? `p.rawCall(${[word, target, textOf(termCode(scope, callee.value)), textOf(termCode(scope, callee.data)), String(step.tickets)].join(", ")});`
      : `p.external(${[
          word,
          target,
          String(calleeIndex(scope.module, callee.method)),
          `[${callee.args.map((arg, i) => neutralCode(scope, callee.method.params[i].type, arg)).join(", ")}]`,
          String(step.tickets),
        ].join(", ")});`;
  scope.out.push(line(text, noteOf(scope, step.site)));
}

/** A value of which the block that finds it may not be the only user. */
function declare(scope: PlanScope, name: string, type: string, value: string, otherwise: string | undefined, spread: boolean): void {
  if (!spread) {
    scope.out.push(definition([name], `const ${name} = ${value};`, otherwise));
    return;
  }
  scope.top.push(definition([name], `let ${name}${annotation(scope.module, `: Maybe<${type}>`)};`, undefined));
  scope.out.push(definition([name], `${name} = ${value};`, otherwise));
}

function ticketLine(scope: PlanScope, step: Extract<PlanStep, { kind: "ticket" }>): void {
  const leaf = scope.module.footprint.leaves[step.leaf];
  const width = representationOf(leaf.type) === "number" ? "32" : "64";
  const draw = `p.ticket${width}(${wordRefText(scope, step.word)}, ${leafName(scope.module, leaf)})`;
  const name = scope.names.temporary(leaf.field?.name ?? "ticket");
  scope.tickets.set(step.ticket, name);
  declare(scope, name, typeText(scope.module, leaf.type), draw, `${draw};`, scope.spread.tickets.has(step.ticket));
}

/** The slot of the access: one per table and key, however often the code names it. */
function slotText(scope: PlanScope, access: Access): { readonly slot: string; readonly mayFail: boolean } {
  const { text, maybe } = slotCode(scope, scope.module.footprint.leaves[access.leaf], access.keys);
  // Of a call with unknown arguments nobody knows whether the key fails.
  return { slot: text, mayFail: !scope.open && maybe && access.keys.every(isStatic) };
}

function branchLines(scope: PlanScope, step: Extract<PlanStep, { kind: "branch" }>): void {
  const cond = termCode(scope, step.cond);
  const lines = (steps: readonly PlanStep[]): readonly Line[] => {
    const given = steps === step.then ? step.cond : operation("!", [step.cond], BOOL);
    const inside = { ...inner(scope), given: [...scope.given, given] };
    stepLines(inside, steps);
    return inside.out;
  };
  const note = oneLine(sourceText(scope.module, step.site));
  if (cond.text === UNKNOWN.text) {
    // Not known to any plan: both sides, one after the other.
    scope.out.push({ kind: "group", lines: [...lines(step.then), ...lines(step.otherwise)] });
  } else if (!cond.maybe) {
    const negative = step.then.length === 0;
    const head = `if (${negative ? unaryCode("!", cond).text : cond.text})`;
    const otherwise = negative || step.otherwise.length === 0 ? undefined : block("else", lines(step.otherwise));
    scope.out.push({ kind: "block", head, body: lines(negative ? step.otherwise : step.then), next: otherwise, optional: true });
  } else {
    const name = scope.names.temporary("cond");
    scope.out.push(definition([name], `const ${name} = ${cond.text};`, undefined, note.length > MAX_NOTE ? "" : note));
    const side = (excluded: string, steps: readonly PlanStep[]): void => {
      if (steps.length > 0)
        scope.out.push({ kind: "block", head: `if (${name} !== ${excluded})`, body: lines(steps), next: undefined, optional: true });
    };
    side("false", step.then);
    side("true", step.otherwise);
  }
}

// --- loops ---------------------------------------------------------------------------------------------------------

function loopLines(scope: PlanScope, step: LoopStep): void {
  const { names } = scope;
  if (step.over.kind === "unknown") {
    onceLines(scope, step);
    return;
  }
  const region = names.temporary("r");
  const count = names.temporary("i");
  const round = names.temporary("at");
  const inside: PlanScope = { ...inner(scope), top: [] };
  const rounds = roundsText(scope, step);
  const index = loopIndex(scope, step, count, inside);
  const loop: LoopNames = {
    count,
    region: round,
    index,
    list: step.over.kind === "list" && isStatic(step.over.list) ? step.over.list : undefined,
  };
  scope.loops.set(step.loop, loop);
  stepLines(inside, step.body);
  const size = String(step.size);
  const times = step.size === 1 ? "" : ` * ${size}`;
  const reserve = `${helper("loopRegion")}(p, ${wordRefText(scope, step.pointer)}, ${rounds}${times})`;
  scope.out.push(definition([region], `const ${region} = ${reserve};`, undefined));
  const start = definition([round], `const ${round} = ${region} + ${count}${times};`, undefined);
  scope.out.push({
    kind: "block",
    head: `for (let ${count} = 0; ${count} < ${rounds}; ${count} += 1)`,
    body: [start, ...inside.top, ...inside.out],
    next: undefined,
    optional: true,
  });
}

/** Nobody knows the rounds: one stands for all of them, in words that they share. */
function onceLines(scope: PlanScope, step: LoopStep): void {
  const { names } = scope;
  const region = names.temporary("r");
  const inside: PlanScope = { ...inner(scope), top: [] };
  scope.loops.set(step.loop, { count: "0", region, index: UNKNOWN, list: undefined });
  stepLines(inside, step.body);
  const reserve = `${helper("loopRegion")}(p, ${wordRefText(scope, step.pointer)}, ${String(step.size)})`;
  scope.out.push(definition([region], `const ${region} = ${reserve};`, `${reserve};`));
  scope.out.push({ kind: "group", lines: [...inside.top, ...inside.out] });
}

/** How often the loop runs, as a name or a number. */
function roundsText(scope: PlanScope, step: LoopStep): string {
  const { over } = step;
  if (over.kind === "unknown") throw new Bug("codegen: rounds of a loop that nobody knows");
  if (over.kind === "list") {
    if (isStatic(over.list)) return listLength(scope, over.list);
    const { type } = over.list;
    const most = String(type.kind === "list" ? type.max : 0);
    const call = callCode(helper("openRounds"), [neutralOf(scope, over.list), most]).text;
    return once(scope, call, "n", (name) => `const ${name} = ${call};`);
  }
  const constant = constantRounds(over);
  if (constant !== undefined) return String(constant);
  const from = termCode(scope, over.from);
  const to = termCode(scope, over.to);
  const otherwise = isStatic(over.from) && isStatic(over.to) ? "0" : String(over.max);
  const call = `${helper("rounds")}(${[textOf(from), textOf(to), String(over.max), otherwise].join(", ")})`;
  return once(scope, call, "n", (name) => `const ${name} = ${call};`);
}

function constantRounds(over: { readonly from: Term; readonly to: Term; readonly max: number }): bigint | undefined {
  const { from, to } = over;
  if (from.kind !== "constant" || to.kind !== "constant" || from.value.kind !== "int" || to.value.kind !== "int") return undefined;
  const count = to.value.value - from.value.value;
  return count > 0n && count <= BigInt(over.max) ? count : 0n;
}

/** The index that the author's code sees: of lists the count of rounds, of ranges the value itself. */
function loopIndex(scope: PlanScope, step: LoopStep, count: string, inside: PlanScope): PlanCode {
  const wide = known({ ...primary(`BigInt(${count})`), small: count });
  const { over } = step;
  if (over.kind !== "range") return wide;
  const { type } = over.from;
  const big = representationOf(type) === "big";
  const counted = big ? wide : known(primary(count));
  if (over.from.kind === "constant" && over.from.value.kind === "int" && over.from.value.value === 0n) return counted;
  const from = termCode(scope, over.from);
  const name = scope.names.temporary("index");
  if (!from.maybe) {
    inside.out.push(definition([name], `const ${name} = ${binaryCode("+", from, counted).text};`, undefined));
    return known(primary(name));
  }
  const range =
    big && type.kind === "int"
      ? [limit(scope.module, "MIN", type), limit(scope.module, "MAX", type)]
      : [String(-(2 ** 31)), String(2 ** 32)];
  inside.out.push(
    definition(
      [name],
      `const ${name} = p.arith${big ? "Big" : ""}("+", ${textOf(from)}, ${counted.text}, ${range.join(", ")});`,
      undefined,
    ),
  );
  return uncertain(primary(name));
}
