/** The `ContractModule` at the end of an emitted module: layouts, entries, and the tables that code names by index. */
import { abiSignature, selectorOf as selectorOfSignature } from "../core/selector.ts";
import type { CostBound } from "../cost/cost.ts";
import type { EntryPlan } from "../footprint/footprint.ts";
import { visitBlock } from "../typed/walk.ts";
import type { BuiltinName, ExternalMethod, Func } from "../typed/tree.ts";
import { abiOf, mutabilityOf, selectorOf, signatureOf, topicOf } from "./abi.ts";
import { fieldLayouts, resultTypes, shapeOf } from "./layout.ts";
import { newWriter } from "./lines.ts";
import { dataText, doubleText, stringText } from "./literals.ts";
import { doubleAbove } from "./representation.ts";
import { annotation, present, type ModuleScope } from "./scope.ts";

export interface Entry {
  readonly func: Func;
  readonly plan: EntryPlan;
  /** Name of the plan function for calls with unknown arguments. */
  readonly open: string;
  readonly cost: CostBound;
}

export interface TableInput {
  /** `init` first. */
  readonly entries: readonly Entry[];
  readonly natives: readonly string[];
  readonly hashOfCreated: (name: string) => string;
  /** Undefined: without that line. */
  readonly codeHash: string | undefined;
}

export const TABLE_START = "\nexport const module = {\n  format: 1,\n";

export function hashLine(codeHash: string): string {
  return `  codeHash: ${stringText(codeHash)},\n`;
}

export function moduleTable(scope: ModuleScope, { entries, natives, hashOfCreated, codeHash }: TableInput): string {
  const { contract, program } = scope;
  const writer = newWriter();
  const list = (name: string, items: readonly unknown[]): void => {
    if (items.length === 0) {
      writer.writeLine(`${name}: [],`);
      return;
    }
    writer.writeLine(`${name}: [`).indent(() => {
      for (const item of items) writer.writeLine(`${dataText(item)},`);
    });
    writer.writeLine("],");
  };
  const [init, ...functions] = entries;
  writer.write(`export const module${annotation(scope, ": ContractModule")} = `).inlineBlock(() => {
    writer.writeLine("format: 1,");
    if (codeHash !== undefined) writer.write(hashLine(codeHash).trimStart());
    writer.writeLine(`name: ${stringText(contract.name)},`);
    list("fields", fieldLayouts(scope.footprint));
    writer.writeLine(`init: ${entryText(scope, init)}`);
    writer.writeLine("functions: [").indent(() => {
      for (const entry of functions) writer.writeLine(entryText(scope, entry));
    });
    writer.writeLine("],");
    list(
      "events",
      scope.events.map((event) => ({ name: event.name, topic: topicOf(event) })),
    );
    writer.writeLine(`addresses: ${dataText(scope.used.addresses)},`);
    list("callees", [...scope.used.callees.values()].map(calleeData));
    list(
      "creates",
      scope.used.creates.map((name) => ({ name, codeHash: hashOfCreated(name) })),
    );
    list("shapes", [...scope.used.shapes.values()]);
    writer.writeLine(`natives: ${dataText(natives)},`);
    list("abi", abiOf(contract, program));
    if (scope.probes !== undefined) writer.writeLine(`probes: ${scope.probes},`);
  });
  return `${writer.toString()};`;
}

function entryText(scope: ModuleScope, { func, plan, open, cost }: Entry): string {
  const names = present(scope.entryNames.get(func.id), func.name);
  const results = resultTypes(func.result);
  const data = {
    name: func.name,
    signature: signatureOf(func),
    selector: func.role === "init" ? 0 : Number(selectorOf(func)),
    mutability: mutabilityOf(func),
    params: func.params.map((param) => shapeOf(param.type)),
    results: results.map(shapeOf),
    returns: abiSignature("", results),
    tickets: plan.tickets,
    draws: plan.draws,
  };
  const functions = `bound: ${boundText(cost, func, plan)}, plan: ${names.plan}, planOpen: ${open}, exec: ${names.exec}`;
  return `${dataText(data).slice(0, -2)}, ${functions} },`;
}

/** `(l) => 12 + 9 * l.argLength(0)` */
function boundText(cost: CostBound, func: Func, plan: EntryPlan): string {
  const headOf = (param: number): number =>
    present(
      plan.heads.find((head) => head.param === param && head.path.length === 0),
      func.params[param].name,
    ).head;
  const parts = cost.terms.map(({ coefficient, lengths }) =>
    [doubleText(doubleAbove(coefficient)), ...lengths.map((param) => `l.argLength(${String(headOf(param))})`)].join(" * "),
  );
  const sum = [doubleText(doubleAbove(cost.constant)), ...parts].join(" + ");
  return `(${parts.length === 0 ? "" : "l"}) => ${sum}`;
}

function calleeData({ name, params, result, view }: ExternalMethod): Readonly<Record<string, unknown>> {
  const types = params.map((param) => param.type);
  const results = resultTypes(result);
  const signature = abiSignature(name, types);
  const selector = Number(selectorOfSignature(signature));
  return { signature, selector, view, params: types.map(shapeOf), results: results.map(shapeOf), returns: abiSignature("", results) };
}

/** By builtin, the `Native` of the runtime that it needs. */
const NATIVES: ReadonlyMap<BuiltinName, string> = new Map<BuiltinName, string>([
  ["sha256", "sha256"],
  ["blake3", "blake3"],
  ["ecrecover", "ecrecover"],
  ["ed25519.verify", "ed25519"],
  ["mldsa65.verify", "mldsa65"],
]);

/** From the tree, not from the text: what only a key is made of stands in the plan alone. */
export function nativesOf(functions: readonly Func[]): readonly string[] {
  const found = new Set<string>();
  for (const { body } of functions) {
    visitBlock(body, {
      expr: (expr) => {
        const native = expr.kind === "builtin" ? NATIVES.get(expr.name) : undefined;
        if (native !== undefined) found.add(native);
      },
    });
  }
  return [...found].sort();
}
