/**
 * A registry written by hand in the shape of emitted modules: points are kept under a key that is itself read from state (`points[holder[id]]`), so
 * that plans have staged keys. For tests of the runtime that must not depend on the compiler. This text is loaded as it stands.
 */
const CEILING64 = 18446744073709549568;
const CEILING256 = 2 ** 256 - 2 ** 203;
const MAX64 = (1n << 64n) - 1n;

// Leaves: 0 coin, 1 holder, 2 points, 3 total, 4 notes (string), 5 ratings (i32). Tables: 0 coin, 1 holder, 2 points, 3 notes, 4 ratings.
const COIN = 0;
const HOLDER = 1;
const POINTS = 2;
const TOTAL = 3;
const NOTES = 4;
const RATINGS = 5;
const T_COIN = 0;
const T_HOLDER = 1;
const T_POINTS = 2;
const T_NOTES = 3;
const T_RATINGS = 4;

const word = (type) => ({ kind: "word", type, variants: 0 });

/** `result`: word kind and ABI types of what it returns, empty for nothing. */
function entry(name, types, mutability, result, bound, plan, exec, selector) {
  const returns = result.length === 0 ? "()" : result[1];
  const results = result.length === 0 ? [] : [word(result[0])];
  const signature = `${name}(${types.join(",")})`;
  return {
    name,
    signature,
    selector,
    mutability,
    params: types.map(word),
    results,
    returns,
    tickets: "none",
    draws: [],
    bound,
    plan,
    planOpen: plan,
    exec,
  };
}

function holderSlot(p, head) {
  p.key64(p.argBig(head, "u64"));
  return p.entry(T_HOLDER);
}

// Words: 0 who, 1 the entry.
const assign = entry(
  "assign",
  ["u64", "address"],
  "nonpayable",
  [],
  () => 10,
  (p) => {
    const r = p.region(2);
    p.argAddress(1, r);
    p.write(r + 1, HOLDER, holderSlot(p, 0));
  },
  (x) => {
    x.store32(HOLDER, x.base + 1, x.word(x.base));
    x.event(0, 1);
    x.topicAddress(x.word(x.base));
    x.putBig(x.argBig(0, "u64"));
    x.emit();
  },
  1,
);

// points[holder[id]] += n; total += n. Words: 0 holder, 1 points, 2 total.
const award = entry(
  "award",
  ["u64", "u64"],
  "nonpayable",
  ["address", "(address)"],
  () => 20,
  (p) => {
    const r = p.region(3);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    const who = p.stage32(HOLDER, h);
    const n = p.argUp(1);
    p.delta(r + 1, POINTS, p.entry1(T_POINTS, who), 0, n, 0, CEILING64);
    p.delta(r + 2, TOTAL, p.instance, 0, n, 0, CEILING64);
  },
  (x) => {
    const r = x.base;
    const n = x.argBig(1, "u64");
    const who = x.load32(HOLDER, r);
    if (!x.add64(POINTS, r + 1, n)) throw x.panic(0x11);
    if (!x.add64(TOTAL, r + 2, n)) throw x.panic(0x11);
    if (x.nested) return [who];
    x.result(1);
    x.putAddress(who);
  },
  2,
);

// points[holder[id]] = 0. Words: 0 holder, 1 points.
const zero = entry(
  "zero",
  ["u64"],
  "nonpayable",
  [],
  () => 15,
  (p) => {
    const r = p.region(2);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    p.write(r + 1, POINTS, p.entry1(T_POINTS, p.stage32(HOLDER, h)));
  },
  (x) => {
    x.store64(POINTS, x.base + 1, 0n);
  },
  3,
);

// points[who] -= n else TooFew(n). Words: 0 who, 1 points.
const spend = entry(
  "spend",
  ["address", "u64"],
  "nonpayable",
  [],
  () => 12,
  (p) => {
    const r = p.region(2);
    const who = p.argAddress(0, r);
    p.delta(r + 1, POINTS, p.entry1(T_POINTS, who), p.argUp(1), 0, 0, CEILING64);
  },
  (x) => {
    const n = x.argBig(1, "u64");
    if (!x.sub64(POINTS, x.base + 1, n)) {
      x.error(0x11111111, 1);
      x.putBig(n);
      throw x.revert();
    }
  },
  4,
);

// points[who] = points[who] * 2; returns it. Words: 0 who, 1 load, 2 store.
const double = entry(
  "double",
  ["address"],
  "nonpayable",
  ["u64", "(uint64)"],
  () => 12,
  (p) => {
    const r = p.region(3);
    const slot = p.entry1(T_POINTS, p.argAddress(0, r));
    p.read(r + 1, POINTS, slot);
    p.write(r + 2, POINTS, slot);
  },
  (x) => {
    const r = x.base;
    const value = x.fitBig(x.loadU64(POINTS, r + 1) * 2n, 0n, MAX64);
    x.store64(POINTS, r + 2, value);
    if (x.nested) return [value];
    x.result(1);
    x.putBig(value);
  },
  5,
);

// returns points[holder[id]]. Words: 0 holder, 1 points.
const audit = entry(
  "audit",
  ["u64"],
  "view",
  ["u64", "(uint64)"],
  () => 9,
  (p) => {
    const r = p.region(2);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    p.read(r + 1, POINTS, p.entry1(T_POINTS, p.stage32(HOLDER, h)));
  },
  (x) => {
    const value = x.loadU64(POINTS, x.base + 1);
    if (x.nested) return [value];
    x.result(1);
    x.putBig(value);
  },
  6,
);

const pointsOf = entry(
  "pointsOf",
  ["address"],
  "view",
  ["u64", "(uint64)"],
  () => 5,
  (p) => {
    const r = p.region(2);
    p.read(r + 1, POINTS, p.entry1(T_POINTS, p.argAddress(0, r)));
  },
  (x) => {
    const value = x.loadU64(POINTS, x.base + 1);
    if (x.nested) return [value];
    x.result(1);
    x.putBig(value);
  },
  7,
);

// holder[a] = who; points[holder[b]] += 1 (rule S4). Words: 0 who, 1 holder[a], 2 holder[b], 3 points.
const link = entry(
  "link",
  ["u64", "address", "u64"],
  "nonpayable",
  [],
  () => 25,
  (p) => {
    const r = p.region(4);
    const who = p.argAddress(1, r);
    const a = holderSlot(p, 0);
    const b = holderSlot(p, 2);
    p.write(r + 1, HOLDER, a);
    p.read(r + 2, HOLDER, b);
    const owner = p.argBig(0, "u64") === p.argBig(2, "u64") ? who : p.stage32(HOLDER, b);
    p.delta(r + 3, POINTS, p.entry1(T_POINTS, owner), 0, 1, 0, CEILING64);
  },
  (x) => {
    const r = x.base;
    x.store32(HOLDER, r + 1, x.word(r));
    x.load32(HOLDER, r + 2);
    if (!x.add64(POINTS, r + 3, 1n)) throw x.panic(0x11);
  },
  8,
);

// points[holder[id]] -= n; require holder[id] == caller; points[caller] += 1 (rule S3). Words: 0 holder, 1 staged debit, 2 static credit.
const settle = entry(
  "settle",
  ["u64", "u64"],
  "nonpayable",
  [],
  () => 25,
  (p) => {
    const r = p.region(3);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    const who = p.stage32(HOLDER, h);
    p.delta(r + 1, POINTS, p.entry1(T_POINTS, who), p.argUp(1), 0, 0, CEILING64);
    if (p.equal(who, p.caller) === false) return;
    p.delta(r + 2, POINTS, p.entry1(T_POINTS, p.caller), 0, 1, 0, CEILING64);
  },
  (x) => {
    const r = x.base;
    if (!x.sub64(POINTS, r + 1, x.argBig(1, "u64"))) throw x.panic(0x11);
    if (x.load32(HOLDER, r) !== x.caller) throw x.revertEmpty();
    if (!x.add64(POINTS, r + 2, 1n)) throw x.panic(0x11);
  },
  9,
);

// let k = n - 10 (checked); holder[k] = caller (rule P1). Words: 0 holder.
const reserve = entry(
  "reserve",
  ["u64"],
  "nonpayable",
  [],
  () => 10,
  (p) => {
    const r = p.region(1);
    const k = p.arithBig("-", p.argBig(0, "u64"), 10n, 0n, MAX64);
    if (k === undefined) return;
    p.key64(k);
    p.write(r, HOLDER, p.entry(T_HOLDER));
  },
  (x) => {
    x.fitU64(x.argBig(0, "u64") - 10n);
    x.store32(HOLDER, x.base, x.caller);
  },
  10,
);

// payable: credits the contract; notes who paid last. Words: 0 coin, 1 total.
const fund = entry(
  "fund",
  ["u64"],
  "payable",
  [],
  () => 20,
  (p) => {
    const r = p.region(2);
    p.receive(r);
    p.delta(r + 1, TOTAL, p.instance, 0, p.argUp(0), 0, CEILING64);
  },
  (x) => {
    x.receive(x.base);
    if (!x.add64(TOTAL, x.base + 1, x.argBig(0, "u64"))) throw x.panic(0x11);
    if (x.value() % 7n === 3n) throw x.revertEmpty();
  },
  11,
);

// pay(holder[id], amount). Words: 0 holder, 1 from, 2 to.
const payout = entry(
  "payout",
  ["u64", "u256"],
  "nonpayable",
  [],
  () => 30,
  (p) => {
    const r = p.region(3);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    const n = p.argUp(1);
    p.delta(r + 1, COIN, p.entry1(T_COIN, p.self), n, 0, 0, CEILING256);
    p.delta(r + 2, COIN, p.entry1(T_COIN, p.stage32(HOLDER, h)), 0, n, 0, CEILING256);
  },
  (x) => {
    x.pay(x.base + 1, x.base + 2, x.argBig(1, "u256"));
  },
  12,
);

// notes[holder[id]] = text of n letters, by the number's bytes. Words: 0 holder, 1 note.
const annotate = entry(
  "annotate",
  ["u64", "u64"],
  "nonpayable",
  [],
  () => 30,
  (p) => {
    const r = p.region(2);
    const h = holderSlot(p, 0);
    p.read(r, HOLDER, h);
    p.write(r + 1, NOTES, p.entry1(T_NOTES, p.stage32(HOLDER, h)));
  },
  (x) => {
    const n = Number(x.argBig(1, "u64") % 60n);
    x.storeBytes(NOTES, x.base + 1, new Uint8Array(n).fill(65 + (n % 26)));
    if (n === 7) throw x.revertEmpty();
  },
  13,
);

// ratings[id] += d, a signed 32-bit sum: down, and up in the end. Words: 0 rating.
const rate = entry(
  "rate",
  ["u64", "i32"],
  "nonpayable",
  [],
  () => 10,
  (p) => {
    const r = p.region(1);
    p.key64(p.argBig(0, "u64"));
    const slot = p.entry(T_RATINGS);
    const d = p.argNumber(1);
    p.delta(r, RATINGS, slot, d < 0 ? -d : 0, d < 0 ? 0 : d, -2147483648, 2147483647);
  },
  (x) => {
    if (!x.add32(RATINGS, x.base, x.argNumber(1))) throw x.panic(0x11);
  },
  14,
);

// let h = holder[id]; require points[h] != 0; x -= n with floor n, as `require x >= n; x -= n` on a signed cell has. Words: 0 rating.
const lower = entry(
  "lower",
  ["u64", "i32"],
  "nonpayable",
  [],
  () => 10,
  (p) => {
    const r = p.region(1);
    p.key64(p.argBig(0, "u64"));
    const d = p.argNumber(1);
    p.delta(r, RATINGS, p.entry(T_RATINGS), d < 0 ? 0 : d, d < 0 ? -d : 0, 0, 2147483647);
  },
  (x) => {
    const d = x.argNumber(1);
    if (!x.cleared(x.base) && x.load32(RATINGS, x.base) < d) throw x.revertEmpty();
    if (!x.add32(RATINGS, x.base, -d)) throw x.panic(0x11);
  },
  15,
);

// points[who] += points[from]; require points[who] <= 1000: the amount is a plain read. Words: 0 who, 1 from, 2 load, 3 credit.
const copy = entry(
  "copy",
  ["address", "address"],
  "nonpayable",
  [],
  () => 14,
  (p) => {
    const r = p.region(4);
    const who = p.argAddress(0, r);
    const from = p.argAddress(1, r + 1);
    const slot = p.entry1(T_POINTS, from);
    p.read(r + 2, POINTS, slot);
    p.delta(r + 3, POINTS, p.entry1(T_POINTS, who), 0, p.highOf(POINTS, slot), 0, 1000);
  },
  (x) => {
    const r = x.base;
    const n = x.loadU64(POINTS, r + 2);
    if (!x.add64(POINTS, r + 3, n)) throw x.panic(0x11);
    if (!x.cleared(r + 3) && x.loadU64(POINTS, r + 3) > 1000n) throw x.revertEmpty();
  },
  16,
);

// points[from] += n; points[who] += points[from]; require points[who] <= 1000. Words: 0 who, 1 from, 2 credit, 3 load, 4 credit.
const grow = entry(
  "grow",
  ["address", "address", "u64"],
  "nonpayable",
  [],
  () => 18,
  (p) => {
    const r = p.region(5);
    const who = p.argAddress(0, r);
    const from = p.argAddress(1, r + 1);
    const slot = p.entry1(T_POINTS, from);
    p.delta(r + 2, POINTS, slot, 0, p.argUp(2), 0, CEILING64);
    p.read(r + 3, POINTS, slot);
    // What the call itself has added belongs to the term: cells are asked for what they held before the call.
    const grown = p.arithBig("+", p.stageBig(POINTS, slot), p.argBig(2, "u64"), 0n, 2n ** 64n - 1n);
    p.delta(r + 4, POINTS, p.entry1(T_POINTS, who), 0, p.up(grown, Infinity), 0, 1000);
  },
  (x) => {
    const r = x.base;
    if (!x.add64(POINTS, r + 2, x.argBig(2, "u64"))) throw x.panic(0x11);
    const n = x.loadU64(POINTS, r + 3);
    if (!x.add64(POINTS, r + 4, n)) throw x.panic(0x11);
    if (!x.cleared(r + 4) && x.loadU64(POINTS, r + 4) > 1000n) throw x.revertEmpty();
  },
  17,
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

const leaf = (kind, max = 0) => ({ path: [], kind, max, variants: [], history: false });

export const module = {
  format: 1,
  name: "Registry",
  codeHash: "0x7265676973747279000000000000000000000000000000000000000000000001",
  fields: [
    { name: "holder", kind: "state", keys: ["u64"], leaves: [leaf("address")], staged: false },
    { name: "points", kind: "state", keys: ["address"], leaves: [leaf("u64")], staged: true },
    { name: "total", kind: "state", keys: [], leaves: [leaf("u64")], staged: false },
    { name: "notes", kind: "state", keys: ["address"], leaves: [leaf("string", 64)], staged: true },
    { name: "ratings", kind: "state", keys: ["u64"], leaves: [leaf("i32")], staged: false },
  ],
  init,
  functions: [assign, award, zero, spend, double, audit, pointsOf, link, settle, reserve, fund, payout, annotate, rate, lower, copy, grow],
  events: [{ name: "Assigned", topic: "0x0000000000000000000000000000000000000000000000000000000000000abc" }],
  addresses: [],
  callees: [],
  creates: [],
  shapes: [],
  natives: [],
  abi: [],
};
