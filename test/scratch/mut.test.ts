import { test } from "vitest";
import { appendFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { compileFile, NFT, TOKEN, DAO, DESK, ACCOUNTS } from "../helpers/suites.ts";
import { moduleText, loadAll } from "../helpers/chains.ts";
import { mutantsOf } from "../helpers/mutants.ts";
import { compareEngines, createTally, contractNamed, functionsOf } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { loadModule } from "../../runtime/load.ts";
const suites = { nft: NFT, token: TOKEN, dao: DAO, desk: DESK } as const;
test("x", async () => { 
 const s = suites[process.env.S as "nft"];
 const compiled = compileFile(s.path); const name = s.deployments[0].contract;
 const mutants = mutantsOf(moduleText(compiled, name));
 const contracts = s.deployments.map(({contract}) => ({functions: functionsOf(compiled, contractNamed(compiled, contract))}));
 const arb = arbitraryBlocks({...s.habits, accounts: ACCOUNTS.length, contracts, blocks: {min: 10, max: 40}});
 const out = `/tmp/w/mut-${s.name}.txt`; writeFileSync(out, "");
 const samples = fc.sample(arb, {seed: 7, numRuns: 12});
 let alive = 0;
 for (const m of mutants) {
   let caught = ""; let n = 0;
   const modules = new Map([[name, await loadModule(m.text)]]);
   for (const blocks of samples) { n++;
     try { await compareEngines({suite: s, compiled, modules, blocks, entrants: [{name:"1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true}]}, createTally()); } catch (e: any) { caught = String(e.message).slice(0, 150); break; }
   }
   if (!caught) alive++;
   appendFileSync(out, `${caught ? "caught" : "ALIVE "} ${n} ${m.name}  =>  ${caught}\n`);
 }
 console.log(s.name, mutants.length, "alive", alive);
}, 3600000);
