/** W1007: which checks are told to move up, which are left where they are, and that moving them changes no call that succeeds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import type { Compiled } from "../../../compiler/pipeline.ts";
import { smallBlocks } from "../../footprints/blocks.ts";
import { RANDOM_SUITE, randomProgram } from "../../footprints/programs.ts";
import { resolveBlock } from "../../helpers/call-spec.ts";
import { cellTable } from "../../helpers/compare.ts";
import { contractNamed, functionsOf } from "../../helpers/differential.ts";
import { populate } from "../../helpers/populate.ts";
import { runSettings } from "../../helpers/runs.ts";

const STATE =
  "error Odd(); error Late(x: u64); state x: u64; state y: u64; state open: bool; state ids: sequence<u64>; state m: map<address, u64>; ";

/** The checks that are warned of or noted, and the text after the fix. */
function moved(text: string): { readonly checks: readonly string[]; readonly fixed: string } {
  const { diagnostics } = compile("c.weft", (path) => (path === "c.weft" ? text : undefined));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const found = diagnostics.filter(({ code }) => code === "W1007");
  const edits = found.flatMap(({ fixes }) => fixes.flatMap((fix) => fix.edits)).sort((a, b) => b.span.start - a.span.start);
  let fixed = text;
  for (const { span, text: by } of edits) fixed = fixed.slice(0, span.start) + by + fixed.slice(span.end);
  const spans = found.flatMap(({ span, notes }) => [span, ...notes.slice(1).map((note) => note.span)]);
  return { checks: spans.map(({ start, end }) => text.slice(start, end)), fixed };
}

function checks(members: string): readonly string[] {
  return moved(`contract C { ${STATE}${members} }`).checks;
}

function body(statements: string): readonly string[] {
  return checks(`pub fn f(a: u64, b: u64) { ${statements} }`);
}

describe("a check is told to move up", () => {
  test("that stands behind a store which it doesn't read", () => {
    expect(body("self.x = a; require a < b;")).toEqual(["require a < b;"]);
    expect(body("self.x = a; require self.y < b else Late(b);")).toEqual(["require self.y < b else Late(b);"]);
    expect(body("delete self.m[caller]; require self.open;")).toEqual(["require self.open;"]);
  });

  test("with others of its block, in their order", () => {
    expect(body("self.x = a; require self.open; self.y = b; require a < b;")).toEqual(["require self.open;", "require a < b;"]);
  });

  test("when what is left are adds", () => {
    expect(body("self.x -= a; self.m[caller] += a; require self.open;")).toEqual(["require self.open;"]);
  });

  test("behind a call that writes, inside of a branch, and in a function that others call", () => {
    expect(checks("fn put() { self.x = 1; } pub fn f() { self.put(); require self.open; }")).toEqual(["require self.open;"]);
    expect(body("if a > 1 { self.x = a; require self.open; }")).toEqual(["require self.open;"]);
    expect(checks("fn put() { self.x = 1; require self.open; } pub fn f() { self.put(); }")).toEqual(["require self.open;"]);
  });
});

describe("a check stays", () => {
  test("that reads what was written, or a local that was set since", () => {
    expect(body("self.x = a; require self.x < b;")).toEqual([]);
    expect(body("self.m[caller] = a; require self.m[@0x00000000000000000000000000000000000000aa] < b;")).toEqual([]);
    expect(body("self.x = a; let c = a % 7; require c < b;")).toEqual([]);
    expect(body("var c = a; self.x = a; c = b; require c < 3;")).toEqual([]);
    expect(body("self.x = a; require a < b else Late(self.x);")).toEqual([]);
    expect(checks("fn put() { self.x = 1; } pub fn f() { self.put(); require self.x < 3; }")).toEqual([]);
  });

  test("that not every call gets to", () => {
    expect(body("self.x = a; if a > 3 { return; } require a < b;")).toEqual([]);
  });

  test("behind a number that is drawn, or code of another contract", () => {
    expect(body("self.x = self.ids.next(); require a < b;")).toEqual([]);
    const source = `interface Bank { pub fn put(); } contract C { ${STATE} pub fn f(to: Bank, a: u64) { self.x = 1; to.put(); require a < 3; } }`;
    expect(moved(source).checks).toEqual([]);
  });

  test("that belongs to an add", () => {
    expect(body("self.y = b; require self.x >= a; self.x -= a;")).toEqual([]);
    expect(body("self.x += a; require self.x <= 100;")).toEqual([]);
    // The error belongs to the assignment of a local.
    expect(body("var c = a; self.y = b; c -= b else Odd();")).toEqual([]);
  });

  test("where moving it leaves something to undo anyway", () => {
    expect(body("self.x = a; require a < b; require self.x > 2;")).toEqual([]);
    expect(checks("fn put(a: u64) { self.x = 1; require a < 3; } pub fn f(a: u64) { self.y = 2; self.put(a); }")).toEqual([]);
  });

  test("where it has its place already, and in constructors", () => {
    expect(body("require a < b; self.x = a;")).toEqual([]);
    expect(checks("init(a: u64) { self.x = a; require a < 3; }")).toEqual([]);
  });
});

describe("the fix", () => {
  test("takes lines as they are, with the comments above them", () => {
    const text = `contract C {
  state x: u64;
  state open: bool;

  pub fn f(a: u64) {
    // What there is.
    self.x = a;

    // Nobody comes in
    // at night.
    require self.open; // not now
    require a > 2;
  }
}
`;
    expect(moved(text).fixed).toBe(`contract C {
  state x: u64;
  state open: bool;

  pub fn f(a: u64) {
    // What there is.
    // Nobody comes in
    // at night.
    require self.open; // not now
    require a > 2;
    self.x = a;

  }
}
`);
  });

  test("moves within a line where statements share one", () => {
    const text = `contract C { ${STATE} pub fn f(a: u64) { self.x = a; require self.open; require a > 2; } }`;
    expect(moved(text).fixed).toContain("{ require self.open; require a > 2; self.x = a; }");
  });

  test("leaves a check beside the add that it belongs to", () => {
    const { fixed } = moved(`contract C { ${STATE} pub fn f(a: u64) { require self.x >= a; self.x -= a; require self.open; } }`);
    expect(fixed).toContain("{ require self.open; require self.x >= a; self.x -= a; }");
    expect(moved(fixed).checks).toEqual([]);
  });

  test("isn't offered where the first effect is within a statement", () => {
    const source = `contract C { ${STATE} state q: list<u64, 4>; pub fn f(a: u64) { let last = self.q.pop(); require a > 3; self.x += last; } }`;
    expect(moved(source).fixed).toBe(source);
    const onItsOwnLine = source.replace("= self.q", "= // the last one\n    self.q");
    expect(moved(onItsOwnLine).fixed).toBe(onItsOwnLine);
  });

  test("changes no call that succeeds, in contracts put together at random", { timeout: 600_000 }, () => {
    let fixes = 0;
    fc.assert(
      fc.property(fc.noShrink(fc.nat()), fc.nat(), (seed, blockSeed) => {
        const { source, compiled } = randomProgram(seed);
        const { checks: found, fixed } = moved(source);
        if (found.length === 0) return;
        fixes += found.length;
        const again = compile("random.weft", (path) => (path === "random.weft" ? fixed : undefined)).compiled;
        if (again === undefined) throw new Error(`the fix doesn't compile:\n${fixed}`);
        expect(outcomes(again, blockSeed), fixed).toEqual(outcomes(compiled, blockSeed));
      }),
      runSettings("checks moved up", 16),
    );
    console.log(`${fixes} checks moved`);
  });
});

/** Of every call whether it succeeds and what it gives, and all cells in the end. No fees: the bound of the cost may become less. */
function outcomes(compiled: Compiled, seed: number): unknown {
  const functions = RANDOM_SUITE.deployments.map(({ contract }) => functionsOf(compiled, contractNamed(compiled, contract)));
  const [blocks] = fc.sample(smallBlocks(functions, { blocks: { min: 1, max: 6 }, calls: 16 }), { seed, numRuns: 1 });
  const { world, setting } = populate(RANDOM_SUITE, compiled);
  const free = blocks.map(({ advance, calls }) => ({ advance, calls: calls.map((call) => ({ ...call, gasPrice: 0n })) }));
  const results = free.flatMap((block) =>
    world
      .runBlock(resolveBlock(setting, world, block), world.time() + block.advance)
      .map(({ receipt: { status, data } }) => ({ status, data: status === "success" ? data : undefined })),
  );
  return { results, cells: cellTable(world.cells()) };
}
