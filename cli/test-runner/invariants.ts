/**
 * Invariants of deployed contracts. The modules that tests deploy have a view for each of their contract's invariants, which nobody else can name; a view that
 * reverts is an invariant that doesn't hold. What it reverts with tells which claim of it, and the values of its two sides.
 */
import { CLAIM_ERROR } from "../../compiler/check/invariant-claims.ts";
import { abiSignature, selectorOf } from "../../compiler/core/selector.ts";
import { boundCosts } from "../../compiler/cost/cost.ts";
import { analyseFootprints } from "../../compiler/footprint/analyse.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract, ErrorCall, Expr, Func, FuncId, Program, Site } from "../../compiler/typed/tree.ts";
import { errorOf, visitBlock } from "../../compiler/typed/walk.ts";
import type { Chain, Hex, LoadedModule } from "../../runtime/types.ts";
import type { ErrorReader } from "./calls.ts";
import { TestFailure } from "./failure.ts";
import type { TestNote } from "./failure.ts";
import { abiParam, decodeTestValues, showValue, toHex } from "./values.ts";
import type { Names } from "./values.ts";

/** One invariant of one contract. */
export interface Invariant {
  readonly contract: string;
  readonly name: string;
  readonly site: Site;
  readonly data: Uint8Array;
}

export interface Invariants {
  readonly byContract: ReadonlyMap<string, readonly Invariant[]>;
  /** What the errors of claims stand for, by selector. */
  readonly claims: ReadonlyMap<string, ErrorCall>;
}

/** The program with a view for each invariant. The same one when there are none. */
export function openInvariants(compiled: Compiled): Compiled {
  const { program } = compiled;
  if (program.contracts.every(({ invariants }) => invariants.length === 0)) return compiled;
  const functions = new Map(program.functions);
  const contracts = program.contracts.map((contract): Contract => {
    for (const id of contract.invariants) {
      const func = functions.get(id);
      if (func !== undefined) functions.set(id, { ...func, role: "external", mutability: "view", name: viewName(func) });
    }
    return { ...contract, external: [...contract.external, ...contract.invariants] };
  });
  const opened: Program = { ...program, contracts, functions };
  return { ...compiled, program: opened, footprints: analyseFootprints(opened), costs: boundCosts(opened) };
}

/** `$` can't stand in a name of the language. */
function viewName({ name }: Func): string {
  return `invariant$${name}`;
}

export function findInvariants(program: Program): Invariants {
  const byContract = new Map<string, readonly Invariant[]>();
  const claims = new Map<string, ErrorCall>();
  for (const contract of program.contracts) {
    byContract.set(
      contract.name,
      contract.invariants.flatMap((id) => invariantOf(program, contract, id, claims)),
    );
  }
  return { byContract, claims };
}

function invariantOf({ functions }: Program, contract: Contract, id: FuncId, claims: Map<string, ErrorCall>): readonly Invariant[] {
  const func = functions.get(id);
  if (func === undefined) return [];
  visitBlock(func.body, {
    stmt: (stmt) => {
      const error = errorOf(stmt);
      if (error?.error.key.startsWith(`#${CLAIM_ERROR}`) === true) claims.set(selectorOfError(error), error);
    },
  });
  const data = Buffer.from(selectorOf(abiSignature(viewName(func), [])).slice(2), "hex");
  return [{ contract: contract.name, name: func.name, site: func.nameSite, data: Uint8Array.from(data) }];
}

function selectorOfError({ error }: ErrorCall): string {
  return selectorOf(
    abiSignature(
      error.name,
      error.params.map(({ type }) => type),
    ),
  );
}

/** What a view that reverted says. */
export function brokenInvariant(
  invariant: Invariant,
  data: Uint8Array,
  of: { readonly invariants: Invariants; readonly reader: ErrorReader; readonly names: Names },
  after: TestNote | undefined,
): TestFailure {
  const claim = of.invariants.claims.get(toHex(data.subarray(0, 4)));
  const values = { name: invariant.name, contract: invariant.contract };
  const notes = after === undefined ? [] : [after];
  if (claim === undefined)
    return new TestFailure("E0618", invariant.site, { ...values, problem: `it reverts with ${of.reader.show(data)}` }, notes);
  const sides = decodeTestValues(
    claim.error.params.map(({ name, type }) => abiParam(name, type)),
    data.subarray(4),
  );
  const shown = claim.args.map((arg: Expr, i): TestNote => {
    return { site: arg.site, text: sides === undefined ? "" : `is ${showValue(sides[i], arg.type, of.names)}` };
  });
  return new TestFailure("E0618", claim.site, { ...values, problem: "this is false" }, [...shown, ...notes]);
}

/** The instances of one run of a test, and the look at their invariants. */
export interface Watch {
  readonly deployed: (module: LoadedModule, address: Hex) => void;
  readonly changed: () => void;
  /** Throws when one doesn't hold. Looks only when something happened since it last looked. */
  readonly look: (site: Site) => void;
  /** What to call to find out, and what each call asks. */
  readonly questions: () => readonly { readonly to: Hex; readonly invariant: Invariant }[];
}

export function createWatch(
  chain: Chain,
  from: Hex,
  of: { readonly invariants: Invariants; readonly reader: ErrorReader; readonly names: Names },
): Watch {
  const questions: { readonly to: Hex; readonly invariant: Invariant }[] = [];
  let fresh = false;
  return {
    deployed(module, to) {
      for (const invariant of of.invariants.byContract.get(module.module.name) ?? []) questions.push({ to, invariant });
      fresh = true;
    },
    changed() {
      fresh = true;
    },
    look(site) {
      if (!fresh) return;
      fresh = false;
      for (const { to, invariant } of questions) {
        const { status, data } = chain.view({ from, to, data: invariant.data, value: 0n });
        if (status === "reverted") throw brokenInvariant(invariant, data, of, { site, text: "after this" });
      }
    },
    questions: () => questions,
  };
}
