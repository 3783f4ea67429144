/**
 * Proposals numbered by a sequence, written by hand in the shape of emitted modules. For tests of tickets and of records with loops that must not
 * depend on the compiler. This text is loaded as it stands.
 */
// Leaves: 1 ids (sequence64), 2 short (sequence32), 3 authors, 4 votes. Tables: 1 authors, 2 votes.
const IDS = 1;
const SHORT = 2;
const AUTHORS = 3;
const VOTES = 4;
const T_AUTHORS = 1;
const T_VOTES = 2;
const MAX32 = 4294967295;

const word = (type) => ({ kind: "word", type, variants: 0 });

/** `result`: word kind and ABI types of what it returns, empty for nothing. */
function entry(name, types, mutability, result, bound, plan, exec, selector) {
  const returns = result.length === 0 ? "()" : result[1];
  const results = result.length === 0 ? [] : [word(result[0])];
  const signature = `${name}(${types.join(",")})`;
  const draws = name === "propose" ? [IDS] : [];
  const tickets = name === "propose" ? "constant" : name === "many" ? "varies" : "none";
  return {
    name,
    signature,
    selector,
    mutability,
    params: types.map(word),
    results,
    returns,
    tickets,
    draws,
    bound,
    plan,
    planOpen: plan,
    exec,
  };
}

// let id = ids.next(); require ok; authors[id] = caller; returns id. Words: 0 to 2 ticket, 3 author.
const propose = entry(
  "propose",
  ["bool"],
  "nonpayable",
  ["u64", "(uint64)"],
  () => 20,
  (p) => {
    const r = p.region(4);
    p.key64(p.ticket64(r, IDS));
    p.write(r + 3, AUTHORS, p.entry(T_AUTHORS));
  },
  (x) => {
    const r = x.base;
    if (!x.argBool(0)) throw x.revertEmpty();
    const id = x.ticket64(r);
    x.store32(AUTHORS, r + 3, x.caller);
    if (x.nested) return [id];
    x.result(1);
    x.putBig(id);
  },
  1,
);

// require authors[id] != nobody; votes[id] += 1; returns nothing. Words: 0 author, 1 votes.
const vote = entry(
  "vote",
  ["u64"],
  "nonpayable",
  [],
  () => 10,
  (p) => {
    const r = p.region(2);
    const id = p.argBig(0, "u64");
    p.key64(id);
    p.read(r, AUTHORS, p.entry(T_AUTHORS));
    p.key64(id);
    p.delta(r + 1, VOTES, p.entry(T_VOTES), 0, 1, 0, MAX32);
  },
  (x) => {
    const r = x.base;
    if (x.load32(AUTHORS, r) === 1) throw x.revertEmpty();
    if (!x.add32(VOTES, r + 1, 1)) throw x.panic(0x11);
  },
  2,
);

const votesOf = entry(
  "votesOf",
  ["u64"],
  "view",
  ["u32", "(uint32)"],
  () => 5,
  (p) => {
    const r = p.region(1);
    p.key64(p.argBig(0, "u64"));
    p.read(r, VOTES, p.entry(T_VOTES));
  },
  (x) => {
    const votes = x.load32(VOTES, x.base);
    if (x.nested) return [votes];
    x.result(1);
    x.putNumber(votes);
  },
  3,
);

// for i in 0..n: votes[short.next()] += 1; at most 200 rounds. Words: 0 the loop's region; per round 0 to 2 ticket, 3 votes.
const many = entry(
  "many",
  ["u32"],
  "nonpayable",
  ["u32", "(uint32)"],
  () => 100,
  (p) => {
    const r = p.region(1);
    const n = Math.min(200, p.argNumber(0));
    let start = p.wordAt(r);
    if (start === 0) {
      start = p.region(4 * n);
      p.setWord(r, start);
    }
    for (let i = 0; i < n; i++) {
      const at = start + 4 * i;
      p.key64(p.toBig(p.ticket32(at, SHORT)));
      p.delta(at + 3, VOTES, p.entry(T_VOTES), 0, 1, 0, MAX32);
    }
  },
  (x) => {
    const n = Math.min(200, x.argNumber(0));
    const start = x.word(x.base);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += x.ticket32(start + 4 * i);
      if (!x.add32(VOTES, start + 4 * i + 3, 1)) throw x.panic(0x11);
    }
    if (x.nested) return [sum];
    x.result(1);
    x.putNumber(sum);
  },
  4,
);

const init = {
  name: "init",
  signature: "init()",
  selector: 0,
  mutability: "nonpayable",
  params: [],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 5,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    p.region(1);
  },
  exec() {},
};

const leaf = (kind) => ({ path: [], kind, max: 0, variants: [], history: false });

export const module = {
  format: 1,
  name: "Counter",
  codeHash: "0x636f756e74657200000000000000000000000000000000000000000000000001",
  fields: [
    { name: "ids", kind: "state", keys: [], leaves: [leaf("sequence64")], staged: false },
    { name: "short", kind: "state", keys: [], leaves: [leaf("sequence32")], staged: false },
    { name: "authors", kind: "state", keys: ["u64"], leaves: [leaf("address")], staged: false },
    { name: "votes", kind: "state", keys: ["u64"], leaves: [leaf("u32")], staged: false },
  ],
  init,
  functions: [propose, vote, votesOf, many],
  events: [],
  addresses: [],
  callees: [],
  creates: [],
  shapes: [],
  natives: [],
  abi: [],
};
