/**
 * Updates that commute with their own kind, keys that no plan can compute, hashed keys, packed cells and histories, written by hand in the shape of
 * emitted modules. For tests of the runtime that must not depend on the compiler. This text is loaded as it stands.
 */
// Leaves: 0 coin, 1 flags, 2 marks (i32), 3 peaks (i128), 4 pointer, 5 data, 6 points.x, 7 points.y, 8 names (packed), 9 weights (history), 10 total (history),
// 11 guests, 12 guests.len, 13 wallets. Tables in the same order, of those with keys.
const COIN = 0;
const FLAGS = 1;
const MARKS = 2;
const PEAKS = 3;
const POINTER = 4;
const DATA = 5;
const POINTS = 6;
const NAMES = 8;
const WEIGHTS = 9;
const TOTAL = 10;
const GUESTS = 11;
const LENGTH = 12;
const WALLETS = 13;
const T_COIN = 0;
const T_FLAGS = 1;
const T_MARKS = 2;
const T_PEAKS = 3;
const T_POINTER = 4;
const T_DATA = 5;
const T_POINTS = 6;
const T_NAMES = 7;
const T_WEIGHTS = 8;
const T_GUESTS = 9;
const T_WALLETS = 10;

const OR = 1;
const AND = 2;
const MIN = 3;
const MAX = 4;

const CEILING64 = 18446744073709549568;
const CEILING128 = 2 ** 128 - 2 ** 75;
const CEILING256 = 2 ** 256 - 2 ** 203;
const MAX64 = (1n << 64n) - 1n;

const word = (type) => ({ kind: "word", type, variants: 0 });

let selector = 0;

/** All return nothing or one number, so that tests need no decoding. */
function entry(name, types, plan, exec, mutability = "nonpayable", bound = 40) {
  selector++;
  const signature = `${name}(${types.join(",")})`;
  return {
    name,
    signature,
    selector,
    mutability,
    params: types.map(word),
    results: [],
    returns: "()",
    tickets: "none",
    draws: [],
    bound: () => bound,
    plan,
    planOpen: plan,
    exec,
  };
}

function slotOf(p, table, head) {
  p.key64(p.argBig(head, "u64"));
  return p.entry(table);
}

function give(x, value) {
  x.result(1);
  x.putBig(value);
}

// --- commutative updates ---

/** `flags[id] op= v`; reverts afterwards when v is 3 modulo 4. Words: 0 the update. */
const update = (name, op, apply) =>
  entry(
    name,
    ["u64", "u256"],
    (p) => {
      const r = p.region(1);
      p.commute(r, FLAGS, slotOf(p, T_FLAGS, 0), op);
    },
    (x) => {
      const r = x.base;
      const value = x.argBig(1, "u256");
      if (x.cleared(r)) x.commute(FLAGS, r, op, value);
      else x.store256(FLAGS, r, apply(x.loadU256(FLAGS, r), value));
      if (value % 4n === 3n) throw x.revertEmpty();
    },
  );

const bigMin = (a, b) => (a < b ? a : b);
const bigMax = (a, b) => (a > b ? a : b);

const orFlags = update("orFlags", OR, (a, b) => a | b);
const andFlags = update("andFlags", AND, (a, b) => a & b);
const minFlags = update("minFlags", MIN, bigMin);
const maxFlags = update("maxFlags", MAX, bigMax);

/** `flags[id] max= v; return flags[other]`. Words: 0 update, 1 load. */
const maxAndRead = entry(
  "maxAndRead",
  ["u64", "u256", "u64"],
  (p) => {
    const r = p.region(2);
    p.commute(r, FLAGS, slotOf(p, T_FLAGS, 0), MAX);
    p.read(r + 1, FLAGS, slotOf(p, T_FLAGS, 2));
  },
  (x) => {
    const r = x.base;
    const value = x.argBig(1, "u256");
    if (x.cleared(r)) x.commute(FLAGS, r, MAX, value);
    else x.store256(FLAGS, r, bigMax(x.loadU256(FLAGS, r), value));
    give(x, x.loadU256(FLAGS, r + 1));
  },
);

/** `flags[a] |= v; flags[b] max= v; flags[c] |= v`. */
const twoKinds = entry(
  "twoKinds",
  ["u64", "u64", "u64", "u256"],
  (p) => {
    const r = p.region(3);
    p.commute(r, FLAGS, slotOf(p, T_FLAGS, 0), OR);
    p.commute(r + 1, FLAGS, slotOf(p, T_FLAGS, 1), MAX);
    p.commute(r + 2, FLAGS, slotOf(p, T_FLAGS, 2), OR);
  },
  (x) => {
    const r = x.base;
    const value = x.argBig(3, "u256");
    for (const [at, op] of [
      [r, OR],
      [r + 1, MAX],
      [r + 2, OR],
    ]) {
      if (x.cleared(at)) x.commute(FLAGS, at, op, value);
      else x.store256(FLAGS, at, op === OR ? x.loadU256(FLAGS, at) | value : bigMax(x.loadU256(FLAGS, at), value));
    }
  },
);

/** `flags[id] += v`. */
const addFlags = entry(
  "addFlags",
  ["u64", "u256"],
  (p) => {
    const r = p.region(1);
    p.delta(r, FLAGS, slotOf(p, T_FLAGS, 0), 0, p.argUp(1), 0, CEILING256);
  },
  (x) => {
    if (!x.add256(FLAGS, x.base, x.argBig(1, "u256"))) throw x.panic(0x11);
  },
);

/** `flags[id] -= v`. */
const subFlags = entry(
  "subFlags",
  ["u64", "u256"],
  (p) => {
    const r = p.region(1);
    p.delta(r, FLAGS, slotOf(p, T_FLAGS, 0), p.argUp(1), 0, 0, CEILING256);
  },
  (x) => {
    if (!x.sub256(FLAGS, x.base, x.argBig(1, "u256"))) throw x.panic(0x11);
  },
);

const setFlags = entry(
  "setFlags",
  ["u64", "u256"],
  (p) => {
    const r = p.region(1);
    p.write(r, FLAGS, slotOf(p, T_FLAGS, 0));
  },
  (x) => {
    x.store256(FLAGS, x.base, x.argBig(1, "u256"));
  },
);

/** `flags[pointer[id]] = 0`: a staged key. Words: 0 pointer, 1 the write. */
const zeroStaged = entry(
  "zeroStaged",
  ["u64"],
  (p) => {
    const r = p.region(2);
    const at = slotOf(p, T_POINTER, 0);
    p.read(r, POINTER, at);
    p.key64(p.stageBig(POINTER, at));
    p.write(r + 1, FLAGS, p.entry(T_FLAGS));
  },
  (x) => {
    x.clear(FLAGS, x.base + 1);
  },
);

const flagsOf = entry(
  "flagsOf",
  ["u64"],
  (p) => {
    const r = p.region(1);
    p.read(r, FLAGS, slotOf(p, T_FLAGS, 0));
  },
  (x) => {
    give(x, x.loadU256(FLAGS, x.base));
  },
  "view",
);

/** The same four on a signed 32-bit cell. */
const mark = (name, op, apply) =>
  entry(
    name,
    ["u64", "i32"],
    (p) => {
      const r = p.region(1);
      p.commute(r, MARKS, slotOf(p, T_MARKS, 0), op);
    },
    (x) => {
      const r = x.base;
      if (x.cleared(r)) x.commute(MARKS, r, op, x.argNumber(1));
      else x.store32(MARKS, r, apply(x.load32(MARKS, r), x.argNumber(1)));
    },
  );

const orMarks = mark("orMarks", OR, (a, b) => a | b);
const andMarks = mark("andMarks", AND, (a, b) => a & b);
const minMarks = mark("minMarks", MIN, Math.min);
const maxMarks = mark("maxMarks", MAX, Math.max);

/** `require marks[id] >= v; marks[id] -= v`: a debit with the lower bound 0. */
const takeMarks = entry(
  "takeMarks",
  ["u64", "i32"],
  (p) => {
    const r = p.region(1);
    const v = p.argNumber(1);
    p.delta(r, MARKS, slotOf(p, T_MARKS, 0), v < 0 ? 0 : v, v < 0 ? -v : 0, 0, 2147483647);
  },
  (x) => {
    const v = x.argNumber(1);
    if (!x.cleared(x.base) && x.load32(MARKS, x.base) < v) throw x.revertEmpty();
    if (!x.sub32(MARKS, x.base, v)) throw x.panic(0x11);
  },
);

/** `marks[id] += v`. */
const addMarks = entry(
  "addMarks",
  ["u64", "i32"],
  (p) => {
    const r = p.region(1);
    const v = p.argNumber(1);
    p.delta(r, MARKS, slotOf(p, T_MARKS, 0), v < 0 ? -v : 0, v < 0 ? 0 : v, -2147483648, 2147483647);
  },
  (x) => {
    if (!x.add32(MARKS, x.base, x.argNumber(1))) throw x.panic(0x11);
  },
);

/** `peaks[id] min= v; peaks[id + 1] max= v`, signed and wide. */
const peak = entry(
  "peak",
  ["u64", "i128"],
  (p) => {
    const r = p.region(2);
    const id = p.argBig(0, "u64");
    p.key64(id);
    p.commute(r, PEAKS, p.entry(T_PEAKS), MIN);
    p.key64(p.arithBig("+", id, 1n, 0n, MAX64));
    p.commute(r + 1, PEAKS, p.entry(T_PEAKS), MAX);
  },
  (x) => {
    const r = x.base;
    x.fitU64(x.argBig(0, "u64") + 1n);
    const value = x.argBig(1, "i128");
    if (x.cleared(r)) x.commute(PEAKS, r, MIN, value);
    else x.store128(PEAKS, r, bigMin(x.loadI128(PEAKS, r), value));
    if (x.cleared(r + 1)) x.commute(PEAKS, r + 1, MAX, value);
    else x.store128(PEAKS, r + 1, bigMax(x.loadI128(PEAKS, r + 1), value));
  },
);

// --- keys of exec ---

const point = entry(
  "point",
  ["u64", "u64"],
  (p) => {
    const r = p.region(1);
    p.write(r, POINTER, slotOf(p, T_POINTER, 0));
  },
  (x) => {
    x.store64(POINTER, x.base, x.argBig(1, "u64"));
  },
);

/** `data[pointer[id] % 7] += n`, with a key that the plan can't compute; reverts afterwards when n is 3 modulo 4. Words: 0 pointer, 1 data. */
const bump = entry(
  "bump",
  ["u64", "u64"],
  (p) => {
    const r = p.region(2);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.key64(undefined);
    p.delta(r + 1, DATA, p.entry(T_DATA), 0, p.argUp(1), 0, CEILING64);
  },
  (x) => {
    const n = x.argBig(1, "u64");
    x.key64(x.loadU64(POINTER, x.base) % 7n);
    const at = x.locate(x.base + 1, T_DATA, DATA, 1, true);
    if (!x.add64(DATA, at, n)) throw x.panic(0x11);
    if (n % 4n === 3n) throw x.revertEmpty();
    give(x, x.loadU64(DATA, at));
  },
);

/** `flags[pointer[id] % 7] &= v`, likewise. */
const andWide = entry(
  "andWide",
  ["u64", "u256"],
  (p) => {
    const r = p.region(2);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.key64(undefined);
    p.commute(r + 1, FLAGS, p.entry(T_FLAGS), AND);
  },
  (x) => {
    const value = x.argBig(1, "u256");
    x.key64(x.loadU64(POINTER, x.base) % 7n);
    const at = x.locate(x.base + 1, T_FLAGS, FLAGS, 1, true);
    if (x.cleared(at)) x.commute(FLAGS, at, AND, value);
    else x.store256(FLAGS, at, x.loadU256(FLAGS, at) & value);
  },
);

/** `return data[pointer[id] % 7]`, likewise. */
const peek = entry(
  "peek",
  ["u64"],
  (p) => {
    const r = p.region(2);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.key64(undefined);
    p.read(r + 1, DATA, p.entry(T_DATA));
  },
  (x) => {
    x.key64(x.loadU64(POINTER, x.base) % 7n);
    give(x, x.loadU64(DATA, x.locate(x.base + 1, T_DATA, DATA, 1, false)));
  },
  "view",
);

/** `for i in 0..n { data[i * i % 7] = data[i % 7] + 1 }`: all rounds share one round's words. Words: 0 load, 1 store. */
const walk = entry(
  "walk",
  ["u32"],
  (p) => {
    const r = p.region(2);
    p.key64(undefined);
    p.read(r, DATA, p.entry(T_DATA));
    p.key64(undefined);
    p.write(r + 1, DATA, p.entry(T_DATA));
  },
  (x) => {
    const r = x.base;
    for (let i = 0; i < x.argNumber(0); i++) {
      x.key64(BigInt(i % 7));
      const value = x.loadU64(DATA, x.locate(r, T_DATA, DATA, 1, false));
      x.key64(BigInt((i * i) % 7));
      x.store64(DATA, x.locate(r + 1, T_DATA, DATA, 1, true), x.fitU64(value + 1n));
    }
  },
);

/** `data[from + i] = i` for n rounds, at most 1000: as many cells as rounds. */
const spread = entry(
  "spread",
  ["u64", "u32"],
  (p) => {
    const r = p.region(1);
    p.key64(undefined);
    p.write(r, DATA, p.entry(T_DATA));
  },
  (x) => {
    for (let i = 0; i < x.index(x.argNumber(1), 1001); i++) {
      x.key64(x.fitU64(x.argBig(0, "u64") + BigInt(i)));
      x.store64(DATA, x.locate(x.base, T_DATA, DATA, 1, true), BigInt(i));
    }
  },
  "nonpayable",
  8_000,
);

/** `data[k] = data[k] * 2; data[pointer[id] % 7] += 10; return data[k]`: a known key beside one of exec. Words: 0 pointer, 1 and 2 data[k], 3 wide. */
const both = entry(
  "both",
  ["u64", "u64"],
  (p) => {
    const r = p.region(4);
    p.read(r, POINTER, slotOf(p, T_POINTER, 1));
    const known = slotOf(p, T_DATA, 0);
    p.read(r + 1, DATA, known);
    p.write(r + 2, DATA, known);
    p.key64(undefined);
    p.delta(r + 3, DATA, p.entry(T_DATA), 0, 10, 0, CEILING64);
  },
  (x) => {
    const r = x.base;
    x.store64(DATA, r + 2, x.fitU64(x.loadU64(DATA, r + 1) * 2n));
    x.key64(x.loadU64(POINTER, r) % 7n);
    if (!x.add64(DATA, x.locate(r + 3, T_DATA, DATA, 1, true), 10n)) throw x.panic(0x11);
    give(x, x.loadU64(DATA, r + 1));
  },
);

/** `data[k] -= n`: a known key. */
const take = entry(
  "take",
  ["u64", "u64"],
  (p) => {
    const r = p.region(1);
    p.delta(r, DATA, slotOf(p, T_DATA, 0), p.argUp(1), 0, 0, CEILING64);
  },
  (x) => {
    if (!x.sub64(DATA, x.base, x.argBig(1, "u64"))) throw x.panic(0x11);
  },
);

const dataOf = entry(
  "dataOf",
  ["u64"],
  (p) => {
    const r = p.region(1);
    p.read(r, DATA, slotOf(p, T_DATA, 0));
  },
  (x) => {
    give(x, x.loadU64(DATA, x.base));
  },
  "view",
);

/** `points[pointer[id]] = { x, y }`: two leaves at a key of exec; reverts afterwards when x is 3 modulo 4. Words: 0 pointer, 1 and 2 the members. */
const place = entry(
  "place",
  ["u64", "u64", "i128"],
  (p) => {
    const r = p.region(3);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.key64(undefined);
    const slot = p.entry(T_POINTS);
    p.write(r + 1, POINTS, slot);
    p.write(r + 2, POINTS + 1, slot);
  },
  (x) => {
    const at = x.argBig(1, "u64");
    x.key64(x.loadU64(POINTER, x.base));
    const w = x.locate(x.base + 1, T_POINTS, POINTS, 2, true);
    x.store64(POINTS, w, at);
    x.store128(POINTS + 1, w + 1, x.argBig(2, "i128"));
    if (at % 4n === 3n) throw x.revertEmpty();
  },
);

/** `pay(wallets[id], amount)`, with a key of the coin that only exec knows. Words: 0 wallet, 1 from, 2 to. */
const payTo = entry(
  "payTo",
  ["u64", "u256"],
  (p) => {
    const r = p.region(3);
    const n = p.argUp(1);
    p.read(r, WALLETS, slotOf(p, T_WALLETS, 0));
    p.delta(r + 1, COIN, p.entry1(T_COIN, p.self), n, 0, 0, CEILING256);
    p.delta(r + 2, COIN, p.entry1(T_COIN, undefined), 0, n, 0, CEILING256);
  },
  (x) => {
    const r = x.base;
    x.key32(x.load32(WALLETS, r));
    x.pay(r + 1, x.locate(r + 2, T_COIN, COIN, 1, true), x.argBig(1, "u256"));
  },
);

const wallet = entry(
  "wallet",
  ["u64", "address"],
  (p) => {
    const r = p.region(2);
    p.argAddress(1, r);
    p.write(r + 1, WALLETS, slotOf(p, T_WALLETS, 0));
  },
  (x) => {
    x.store32(WALLETS, x.base + 1, x.word(x.base));
  },
);

const fund = entry(
  "fund",
  [],
  (p) => {
    p.receive(p.region(1));
  },
  (x) => {
    x.receive(x.base);
  },
  "payable",
);

// --- hashed keys, packed cells ---

const letters = (n) => new Uint8Array(Number(n % 20n)).fill(65 + Number(n % 26n));

/** `names[letters(id)] = bytes of n`. */
const rename = entry(
  "rename",
  ["u64", "u64"],
  (p) => {
    const r = p.region(1);
    p.keyBytes(letters(p.argBig(0, "u64")));
    p.write(r, NAMES, p.entry(T_NAMES));
  },
  (x) => {
    x.storeBytes(NAMES, x.base, letters(x.argBig(1, "u64")));
  },
);

/** The same at `names[letters(pointer[id])]`, found by exec. */
const renameAt = entry(
  "renameAt",
  ["u64", "u64"],
  (p) => {
    const r = p.region(2);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.keyBytes(undefined);
    p.write(r + 1, NAMES, p.entry(T_NAMES));
  },
  (x) => {
    x.keyBytes(letters(x.loadU64(POINTER, x.base)));
    x.storeBytes(NAMES, x.locate(x.base + 1, T_NAMES, NAMES, 1, true), letters(x.argBig(1, "u64")));
  },
);

// --- sets ---

/** `guests.add(id)`. Words: 0 entry, 1 length. */
const invite = entry(
  "invite",
  ["u64"],
  (p) => {
    const r = p.region(2);
    p.write(r, GUESTS, slotOf(p, T_GUESTS, 0));
    p.delta(r + 1, LENGTH, p.instance, 0, 1, 0, CEILING64);
  },
  (x) => {
    const r = x.base;
    if (x.loadBool(GUESTS, r)) return;
    x.storeBool(GUESTS, r, true);
    if (!x.add64(LENGTH, r + 1, 1n)) throw x.panic(0x11);
  },
);

// --- histories ---

/** `weights[id] = n; total += n - 5`, signed; reverts afterwards when n is 3 modulo 4. Words: 0 weight, 1 total. */
const weigh = entry(
  "weigh",
  ["u64", "u128"],
  (p) => {
    const r = p.region(2);
    p.write(r, WEIGHTS, slotOf(p, T_WEIGHTS, 0));
    p.delta(r + 1, TOTAL, p.instance, 5, p.argUp(1), -(2 ** 63), 2 ** 63 - 1024);
  },
  (x) => {
    const n = x.argBig(1, "u128");
    x.store128(WEIGHTS, x.base, n);
    if (n > 1n << 62n) throw x.panic(0x11);
    if (!x.add64(TOTAL, x.base + 1, n - 5n)) throw x.panic(0x11);
    if (n % 4n === 3n) throw x.revertEmpty();
  },
);

/** `weights[id] += n`. */
const gain = entry(
  "gain",
  ["u64", "u128"],
  (p) => {
    const r = p.region(1);
    p.delta(r, WEIGHTS, slotOf(p, T_WEIGHTS, 0), 0, p.argUp(1), 0, CEILING128);
  },
  (x) => {
    if (!x.add128(WEIGHTS, x.base, x.argBig(1, "u128"))) throw x.panic(0x11);
  },
);

/** `weights[pointer[id]] = n`: a staged key. Words: 0 pointer, 1 weight. */
const weighStaged = entry(
  "weighStaged",
  ["u64", "u128"],
  (p) => {
    const r = p.region(2);
    const at = slotOf(p, T_POINTER, 0);
    p.read(r, POINTER, at);
    p.key64(p.stageBig(POINTER, at));
    p.write(r + 1, WEIGHTS, p.entry(T_WEIGHTS));
  },
  (x) => {
    x.store128(WEIGHTS, x.base + 1, x.argBig(1, "u128"));
  },
);

const weightAt = entry(
  "weightAt",
  ["u64", "u64"],
  (p) => {
    const r = p.region(1);
    p.past(r, WEIGHTS, slotOf(p, T_WEIGHTS, 0));
  },
  (x) => {
    give(x, x.past(WEIGHTS, x.base, x.argBig(1, "u64")));
  },
);

const totalAt = entry(
  "totalAt",
  ["u64"],
  (p) => {
    const r = p.region(1);
    p.past(r, TOTAL, p.instance);
  },
  (x) => {
    give(x, BigInt.asUintN(256, x.past(TOTAL, x.base, x.argBig(0, "u64"))));
  },
);

/** `weights[pointer[id]].at(h)`: a staged key. Words: 0 pointer, 1 past. */
const stagedAt = entry(
  "stagedAt",
  ["u64", "u64"],
  (p) => {
    const r = p.region(2);
    const at = slotOf(p, T_POINTER, 0);
    p.read(r, POINTER, at);
    p.key64(p.stageBig(POINTER, at));
    p.past(r + 1, WEIGHTS, p.entry(T_WEIGHTS));
  },
  (x) => {
    give(x, x.past(WEIGHTS, x.base + 1, x.argBig(1, "u64")));
  },
);

/** The same with a key that only exec computes. */
const wideAt = entry(
  "wideAt",
  ["u64", "u64"],
  (p) => {
    const r = p.region(2);
    p.read(r, POINTER, slotOf(p, T_POINTER, 0));
    p.key64(undefined);
    p.past(r + 1, WEIGHTS, p.entry(T_WEIGHTS));
  },
  (x) => {
    x.key64(x.loadU64(POINTER, x.base));
    give(x, x.past(WEIGHTS, x.locate(x.base + 1, T_WEIGHTS, WEIGHTS, 1, false), x.argBig(1, "u64")));
  },
);

/** Loads a history through the word of a past read: outside of its footprint. */
const cheat = entry(
  "cheat",
  ["u64"],
  (p) => {
    const r = p.region(1);
    p.past(r, WEIGHTS, slotOf(p, T_WEIGHTS, 0));
  },
  (x) => {
    give(x, x.loadU128(WEIGHTS, x.base));
  },
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
    p.write(p.region(1), TOTAL, p.instance);
  },
  exec(x) {
    x.store64(TOTAL, x.base, 100n);
  },
};

const leaf = (kind, history = false) => ({ path: [], kind, max: kind === "packed" ? 20 : 0, variants: [], history });
const field = (name, keys, leaves, staged = false) => ({ name, kind: "state", keys, leaves, staged });

export const module = {
  format: 1,
  name: "Ledger",
  codeHash: "0x6c65646765720000000000000000000000000000000000000000000000000001",
  fields: [
    field("flags", ["u64"], [leaf("u256")], true),
    field("marks", ["u64"], [leaf("i32")]),
    field("peaks", ["u64"], [leaf("i128")]),
    field("pointer", ["u64"], [leaf("u64")]),
    field("data", ["u64"], [leaf("u64")], true),
    field(
      "points",
      ["u64"],
      [
        { ...leaf("u64"), path: ["x"] },
        { ...leaf("i128"), path: ["y"] },
      ],
      true,
    ),
    field("names", ["hash"], [leaf("packed")], true),
    field("weights", ["u64"], [leaf("u128", true)], true),
    field("total", [], [leaf("i64", true)]),
    field("guests", ["u64"], [leaf("bool")]),
    field("guests.len", [], [leaf("u64")]),
    field("wallets", ["u64"], [leaf("address")]),
  ],
  init,
  functions: [
    orFlags,
    andFlags,
    minFlags,
    maxFlags,
    maxAndRead,
    twoKinds,
    addFlags,
    subFlags,
    setFlags,
    zeroStaged,
    flagsOf,
    orMarks,
    andMarks,
    minMarks,
    maxMarks,
    takeMarks,
    addMarks,
    peak,
    point,
    bump,
    andWide,
    peek,
    walk,
    spread,
    both,
    take,
    dataOf,
    place,
    payTo,
    wallet,
    fund,
    rename,
    renameAt,
    invite,
    weigh,
    gain,
    weighStaged,
    weightAt,
    totalAt,
    stagedAt,
    wideAt,
    cheat,
  ],
  events: [],
  addresses: [],
  callees: [],
  creates: [],
  shapes: [],
  natives: [],
  abi: [],
};
