import { readFileSync } from "node:fs";
import { test } from "vitest";
import fc from "fast-check";
import { programOf } from "../helpers/program.ts";
import { TOKEN, NFT, DAO, DESK, ACCOUNTS } from "../helpers/suites.ts";
import { newWorld, constructorArgs, functionsOf, contractNamed, settingOf } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import { toHex } from "../interpreter/values.ts";
import { selectorOf } from "../interpreter/abi.ts";
for (const s of [TOKEN,NFT,DAO,DESK]) test(s.name, () => {
  const path = s.name==="desk" ? "/work/main/test/contracts/desk.weft" : `/work/shared/acceptance/${s.name}.weft`;
  const program = programOf(readFileSync(path,"utf8"));
  const compiled: any = { program };
  const contracts0 = s.deployments.map(d => ({functions: functionsOf(compiled, contractNamed(compiled, d.contract))}));
  const blocks = arbitraryBlocks({...s.habits, accounts: ACCOUNTS.length, contracts: contracts0, blocks: {min: 20, max: 20}});
  const statuses: Record<string, number> = {};
  const names: Record<string,string> = {"": "empty"};
  for (const e of program.contracts.flatMap(c=>c.errors)) names[selectorOf(e.name, e.params.map(p=>p.type))]=e.name;
  const t0 = performance.now(); let n=0, calls=0;
  fc.assert(fc.property(blocks, (bs) => {
    const world = newWorld();
    const cs = s.deployments.map((d,i) => { const c = contractNamed(compiled, d.contract); const r = world.deploy({program, contract: c, args: constructorArgs(compiled, c, d.args), from: ACCOUNTS[0].address, value: 0n, time: 1700000000n}); if (r.outcome.receipt.status!=="success") throw new Error("deploy"); return {address: r.address, functions: contracts0[i].functions}; });
    const setting = settingOf(s, compiled, cs);
    let time = 1700000000n;
    for (const [k,b] of [...s.setup, ...bs].entries()) { time += b.advance;
      const reqs = resolveBlock(setting, world, b);
      const out = world.runBlock(reqs, time); n++; calls+=out.length;
      out.forEach((o,i)=>{ const r=o.receipt; const f = cs.flatMap(c=>c.functions).find(f=>selectorOf(f.name,f.params.map(p=>p.type))===toHex(reqs[i].data.slice(0,4)))?.name ?? "?";
        const st = r.status==="reverted" ? (names[toHex(r.data.slice(0,4))] ?? toHex(r.data.slice(0,4))) + (r.data.length===36&&toHex(r.data.slice(0,4))==="0x4e487b71"? r.data[35].toString(16):"") : r.rejection ?? r.status;
        const key=`${f}: ${st}`; statuses[key]=(statuses[key]??0)+1;
        if (k < s.setup.length && r.status!=="success") throw new Error("setup "+key);
      }); }
  }), {numRuns: 20});
  console.log(s.name, n, calls, (performance.now()-t0).toFixed(0)+"ms", JSON.stringify(Object.fromEntries(Object.entries(statuses).sort()),null,0));
});
