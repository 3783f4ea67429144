import { readFileSync } from "node:fs";
import { loadModules } from "/work/main/compiler/modules/load.ts";
import { checkProgram } from "/work/main/compiler/check/check.ts";
import { runTest } from "/work/main/test/interpreter/run-tests.ts";
import { COST_MODEL } from "/work/main/test/helpers/cost-model.ts";
import { test } from "vitest";
for (const f of ["/work/shared/acceptance/token.weft","/work/shared/acceptance/nft.weft","/work/shared/acceptance/dao.weft","/work/main/test/contracts/desk.weft"]) {
  const src = readFileSync(f,"utf8");
  const m = loadModules("main.weft", (p)=>p==="main.weft"?src:undefined);
  const c = checkProgram(m);
  for (const d of [...m.diagnostics, ...c.diagnostics]) console.log(f, d.code, d.message, src.slice(0,d.span.start).split("\n").length);
  test(f, ()=>{ if (!c.program) throw new Error("no program"); for (const t of c.program.tests) { runTest(c.program, t, COST_MODEL); console.log("ok", t.title);} });
}
