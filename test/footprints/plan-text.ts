/** Plan trees as lines of text, indented by branch and loop: what a reader of a test wants to see of a plan. */
import { childrenOf } from "../../compiler/footprint/terms.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { ContractFootprint, LoopId, PlanStep, ReadId, Term } from "../../compiler/footprint/footprint.ts";
import { indexName, showCell, showTerm } from "../../compiler/footprint/show.ts";
import type { TermScope } from "../../compiler/footprint/show.ts";

/** The plan of an external function of the first contract. */
export function planText(compiled: Compiled, name: string): string[] {
  const [footprint] = compiled.footprints.contracts;
  for (const [id, entry] of footprint.entries) {
    const func = compiled.program.functions.get(id);
    if (func?.name === name) return linesOf(entry.steps, footprint, scopeOf(footprint, func.params), "");
  }
  throw new Error(`no function ${name}`);
}

function scopeOf(footprint: ContractFootprint, params: TermScope["params"]): TermScope {
  return { leaves: footprint.leaves, params, call: "", state: "self.", loopName: (loop: LoopId) => indexName(loop) };
}

function linesOf(steps: readonly PlanStep[], footprint: ContractFootprint, scope: TermScope, pad: string): string[] {
  const term = (of: Term): string => showTerm(of, scope);
  const inside = (of: readonly PlanStep[]): string[] => linesOf(of, footprint, scope, `${pad}  `);
  return steps.flatMap((step) => {
    switch (step.kind) {
      case "access": {
        const cell = showCell(footprint.leaves, step.leaf, step.keys, scope);
        const staged = readIdsOf(step.keys).length > 0 ? " staged" : "";
        return [`${pad}${modeText(step.mode, cell, term)}${staged}`];
      }
      case "receive":
        return [`${pad}Δ self.balance += value`];
      case "ticket":
        return [`${pad}T ${showCell(footprint.leaves, step.leaf, [], scope)}`];
      case "stop":
        return [`${pad}stop unless ${term(step.unless)}`];
      case "branch": {
        const otherwise = step.otherwise.length === 0 ? [] : [`${pad}else`, ...inside(step.otherwise)];
        return [`${pad}if ${term(step.cond)}`, ...inside(step.then), ...otherwise];
      }
      case "external": {
        const { callee } = step;
        const tickets = step.tickets ? "" : " without tickets";
        return [
          `${pad}call ${callee.kind === "raw" ? "raw" : `${callee.method.owner}.${callee.method.name}`} at ${term(step.target)}${tickets}`,
        ];
      }
      case "sure":
        return [];
      case "create":
        return [`${pad}create ${step.contract}`];
      case "loop": {
        const { over: rounds } = step;
        const over =
          rounds.kind === "unknown"
            ? "unknown rounds"
            : rounds.kind === "list"
              ? term(rounds.list)
              : `${term(rounds.from)}..${term(rounds.to)} max ${rounds.max}`;
        return [`${pad}for ${indexName(step.loop)} in ${over}`, ...inside(step.body)];
      }
    }
  });
}

function modeText(mode: Extract<PlanStep, { kind: "access" }>["mode"], cell: string, term: (of: Term) => string): string {
  switch (mode.kind) {
    case "read":
      return `R ${cell}`;
    case "write":
      return `W ${cell}`;
    case "readElse":
      return `R ${cell} if not cleared`;
    case "commute":
      return `${mode.op}= ${cell}`;
    case "past":
      return `past ${cell}`;
    case "delta": {
      const floor = mode.floor === undefined ? "" : ` floor ${term(mode.floor)}`;
      const ceiling = mode.ceiling === undefined ? "" : ` ceiling ${term(mode.ceiling)}`;
      return `Δ ${cell} ${mode.sign}= ${term(mode.amount)}${floor}${ceiling}`;
    }
  }
}

function readIdsOf(terms: readonly Term[]): ReadId[] {
  return terms.flatMap((of) => [...(of.kind === "read" ? [of.read] : []), ...readIdsOf(childrenOf(of))]);
}
