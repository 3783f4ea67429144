/** The mixins of a contract in the order in which their members are copied: used ones first, each once. */
import type { ContractDecl, MixinDecl } from "../../grammar/ast.ts";
import { siteOf } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";
import { unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";

export interface MixinUse {
  readonly decl: MixinDecl;
  readonly file: FileScope;
  readonly uses: readonly MixinDecl[];
}

/** Mixins that use mixins that use mixins. */
const MAX_NESTING = 32;
/** Text of mixins copied into contracts, in a whole program: each copy is checked and compiled. */
const MAX_COPIED = 1_024 * 1_024;

export function linearize(program: ProgramContext, file: FileScope, decl: ContractDecl | MixinDecl): readonly MixinUse[] {
  const order: MixinUse[] = [];
  const done = new Set<MixinDecl>();
  const stack: (ContractDecl | MixinDecl)[] = [];
  visit(file, decl);
  return order;

  function visit(scope: FileScope, node: ContractDecl | MixinDecl): readonly MixinDecl[] {
    stack.push(node);
    const uses = node.uses.flatMap((name): MixinDecl[] => {
      const known = scope.names.get(name.text);
      if (known?.kind === "poison") return [];
      if (known?.kind !== "mixin") {
        const mixins = [...scope.names].flatMap(([key, other]) => (other.kind === "mixin" ? [key] : []));
        if (known === undefined) unknownName({ program, file: scope }, "mixin", name, mixins);
        else program.reporter.report("E0210", siteOf(scope, name), { name: name.text, found: showDecl(known), expected: "a mixin" });
        return [];
      }
      if (done.has(known.node)) return [known.node];
      const start = stack.indexOf(known.node);
      if (start !== -1) {
        const chain = [...stack.slice(start), known.node].map((one) => one.name.text).join(" -> ");
        program.reporter.report("E0207", siteOf(known.file, known.node.name), { what: "mixin", name: known.node.name.text, chain });
        return [];
      }
      if (stack.length > MAX_NESTING) {
        program.reporter.report("E0391", siteOf(scope, name), { what: "the nesting of mixins", limit: MAX_NESTING });
        return [];
      }
      const inner = visit(known.file, known.node);
      done.add(known.node);
      if (withinBudget(known.node, scope, name)) order.push({ decl: known.node, file: known.file, uses: inner });
      return [known.node];
    });
    stack.pop();
    return uses;
  }

  function withinBudget(node: MixinDecl, scope: FileScope, name: MixinDecl["name"]): boolean {
    program.budget.copied += node.span.end - node.span.start;
    if (program.budget.copied <= MAX_COPIED) return true;
    program.reporter.report("E0391", siteOf(scope, name), {
      what: "the text of mixins copied into contracts",
      limit: `${MAX_COPIED} characters`,
    });
    return false;
  }
}
