import { test } from "vitest";
import fc from "fast-check";
import { compileFile, NFT, TOKEN, DAO, DESK, ACCOUNTS } from "../helpers/suites.ts";
import { contractNamed, functionsOf, populate } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import { toHex } from "../interpreter/values.ts";
import { selectorOf } from "../interpreter/abi.ts";
for (const s of [TOKEN, NFT, DAO, DESK]) test(s.name, () => {
 const compiled = compileFile(s.path);
 const contracts = s.deployments.map(({contract}) => ({functions: functionsOf(compiled, contractNamed(compiled, contract))}));
 const arb = arbitraryBlocks({...s.habits, accounts: ACCOUNTS.length, contracts, blocks: {min: 10, max: 40}});
 const names: any = {}; for (const e of compiled.program.contracts.flatMap(c=>c.errors)) names[selectorOf(e.name, e.params.map(p=>p.type))]=e.name;
 const st: any = {}; let n=0, calls=0;
 for (const bs of fc.sample(arb, {seed: 7, numRuns: 12})) { const {world, setting} = populate(s, compiled);
  for (const b of bs) { n++; const reqs = resolveBlock(setting, world, b); calls+=reqs.length; const out = world.runBlock(reqs, world.time()+b.advance);
   out.forEach((o,i)=>{ const r=o.receipt; const f=contracts[0].functions.find(f=>selectorOf(f.name,f.params.map(p=>p.type))===toHex(reqs[i].data.slice(0,4)))?.name ?? "?"; const x=toHex(r.data.slice(0,4)); const k=f+": "+(r.status==="reverted"?(names[x]??x):r.rejection??r.status); st[k]=(st[k]??0)+1; }); } }
 console.log(s.name, n, calls, JSON.stringify(Object.fromEntries(Object.entries(st).sort())));
});
