/**
 * Contracts that call each other, written by hand in the shape of emitted modules: one code, of which tests deploy several. For tests of frames, late
 * plans and calls that run alone that must not depend on the compiler. This text is loaded as it stands.
 */
// Leaves: 1 next (address), 2 total (u64), 3 points[address] (u64), 4 ids (sequence64), 5 made (address). Tables: 1 points.
const COIN = 0;
const NEXT = 1;
const TOTAL = 2;
const POINTS = 3;
const IDS = 4;
const MADE = 5;
const T_COIN = 0;
const T_POINTS = 1;
const CEILING64 = 18446744073709549568;

const word = (type) => ({ kind: "word", type, variants: 0 });
const PATH = { kind: "list", max: 40, element: word("address") };
const SHAPES = { address: word("address"), u64: word("u64"), "address[]": PATH, bytes: { kind: "bytes", max: 1024, utf8: false } };
const ABI = { address: "address", u64: "uint64", "address[]": "address[]", bytes: "bytes" };

const signature = (name, types) => `${name}(${types.map((type) => ABI[type]).join(",")})`;

/** All functions cost 10; `plan` and `exec` are those of the words of `r`. */
function entry(name, selector, types, result, mutability, plan, exec, more = {}) {
  return {
    name,
    signature: signature(name, types),
    selector,
    mutability,
    params: types.map((type) => SHAPES[type]),
    results: result.map((type) => SHAPES[type]),
    returns: `(${result.map((type) => ABI[type]).join(",")})`,
    tickets: "none",
    draws: [],
    bound: () => 10,
    plan: (p) => plan(p, false),
    planOpen: (p) => plan(p, true),
    exec,
    ...more,
  };
}

function callee(name, selector, types, result, view = false) {
  return {
    signature: signature(name, types),
    selector,
    view,
    params: types.map((type) => SHAPES[type]),
    results: result.map((type) => SHAPES[type]),
    returns: `(${result.map((type) => ABI[type]).join(",")})`,
  };
}

/** One number back, to whoever called. */
function give(x, value) {
  if (x.nested) return [value];
  x.result(1);
  x.putBig(value);
  return undefined;
}

const C_ADD = 0;
const C_NEXT = 1;
const C_ADD_NEXT = 2;
const C_HOP = 3;
const C_FAN = 4;
const C_PROPOSE = 5;
const C_POINTS = 6;
const C_WRONG = 7;
const C_VIEW_ADD = 8;
const C_RELAY_ADD = 9;
const C_RELAY_TOTAL = 10;

const callees = [
  callee("add", 1, ["address", "u64"], ["u64"]),
  callee("setNext", 2, ["address"], []),
  callee("addNext", 3, ["u64"], ["u64"]),
  callee("hop", 4, ["address[]", "u64"], ["u64"]),
  callee("fan", 5, ["address[]", "u64"], ["u64"]),
  callee("propose", 6, [], ["u64"]),
  callee("pointsOf", 7, ["address"], ["u64"], true),
  callee("add", 1, ["address", "u64"], ["address"]),
  callee("add", 1, ["address", "u64"], ["u64"], true),
  callee("relayAdd", 8, ["address", "address", "u64"], ["u64"]),
  callee("relayTotal", 9, ["address", "address"], ["u64"]),
];

// points[who] += n, at most 1000; total += n. Words: 0 who, 1 points, 2 total.
const add = entry(
  "add",
  1,
  ["address", "u64"],
  ["u64"],
  "nonpayable",
  (p, open) => {
    const r = p.region(3);
    const who = open ? p.openAddress(0, r) : p.argAddress(0, r);
    const n = open ? p.openUp(1) : p.argUp(1);
    p.delta(r + 1, POINTS, p.entry1(T_POINTS, who), 0, n, 0, CEILING64);
    p.delta(r + 2, TOTAL, p.instance, 0, n, 0, CEILING64);
  },
  (x) => {
    const n = x.argBig(1, "u64");
    if (n > 1000n) throw x.panic(0x11);
    if (!x.add64(POINTS, x.base + 1, n) || !x.add64(TOTAL, x.base + 2, n)) throw x.panic(0x11);
    x.event(0, 1);
    x.topicAddress(x.word(x.base));
    x.topicAddress(x.caller);
    x.putBig(n);
    x.emit();
    return give(x, n);
  },
);

const setNext = entry(
  "setNext",
  2,
  ["address"],
  [],
  "nonpayable",
  (p, open) => {
    const r = p.region(2);
    if (open) p.openAddress(0, r);
    else p.argAddress(0, r);
    p.write(r + 1, NEXT, p.instance);
  },
  (x) => {
    x.store32(NEXT, x.base + 1, x.word(x.base));
    return x.nested ? [] : undefined;
  },
);

// points[next] += n. Words: 0 next, 1 points.
const addNext = entry(
  "addNext",
  3,
  ["u64"],
  ["u64"],
  "nonpayable",
  (p, open) => {
    const r = p.region(2);
    p.read(r, NEXT, p.instance);
    const who = p.stage32(NEXT, p.instance);
    p.delta(r + 1, POINTS, p.entry1(T_POINTS, who), 0, open ? p.openUp(0) : p.argUp(0), 0, CEILING64);
  },
  (x) => {
    x.load32(NEXT, x.base);
    if (!x.add64(POINTS, x.base + 1, x.argBig(0, "u64"))) throw x.panic(0x11);
    return give(x, x.argBig(0, "u64"));
  },
);

/** total += n; then the first of the path is asked to do the same with the rest of it, `times` times. Words: 0 ids, 1 total, 2.. calls. */
function along(name, selector, index, times) {
  return entry(
    name,
    selector,
    ["address[]", "u64"],
    ["u64"],
    "nonpayable",
    (p, open) => {
      const length = p.argLength(0);
      const r = p.region(2 + 2 * times);
      const ids = p.argAddresses(0, r);
      p.delta(r + 1, TOTAL, p.instance, 0, open ? p.openUp(1) : p.argUp(1), 0, CEILING64);
      if (length === 0) return;
      const rest = [];
      for (let i = 1; i < length; i++) rest.push(p.wordAt(ids + i));
      const n = open ? p.openBig(1, "u64") : p.argBig(1, "u64");
      for (let i = 0; i < times; i++) p.external(r + 2 + 2 * i, p.wordAt(ids), index, [rest, n], true);
    },
    (x) => {
      const [first, ...rest] = x.argAddresses(0, x.base);
      const n = x.argBig(1, "u64");
      if (!x.add64(TOTAL, x.base + 1, n)) throw x.panic(0x11);
      let sum = n;
      if (first !== undefined) for (let i = 0; i < times; i++) sum += x.external(x.base + 2 + 2 * i, first, index, [rest, n])[0];
      return give(x, sum);
    },
  );
}

const hop = along("hop", 4, C_HOP, 1);
const fan = along("fan", 5, C_FAN, 2);

const propose = entry(
  "propose",
  6,
  [],
  ["u64"],
  "nonpayable",
  (p) => {
    p.ticket64(p.region(3), IDS);
  },
  (x) => give(x, x.ticket64(x.base)),
  { tickets: "constant", draws: [IDS] },
);

const pointsOf = entry(
  "pointsOf",
  7,
  ["address"],
  ["u64"],
  "view",
  (p, open) => {
    const r = p.region(2);
    p.read(r + 1, POINTS, p.entry1(T_POINTS, open ? p.openAddress(0, r) : p.argAddress(0, r)));
  },
  (x) => give(x, x.loadU64(POINTS, x.base + 1)),
);

// target.add(who, n), under another expectation of its results, or as a view. Words: 0 target, 1 who, 2 call.
function relay(name, selector, index) {
  return entry(
    name,
    selector,
    ["address", "address", "u64"],
    ["u64"],
    "nonpayable",
    (p, open) => {
      const r = p.region(4);
      const target = open ? p.openAddress(0, r) : p.argAddress(0, r);
      const who = open ? p.openAddress(1, r + 1) : p.argAddress(1, r + 1);
      p.external(r + 2, target, index, [who, open ? p.openBig(2, "u64") : p.argBig(2, "u64")], true);
    },
    (x) => give(x, BigInt(x.external(x.base + 2, x.word(x.base), index, [x.word(x.base + 1), x.argBig(2, "u64")])[0])),
  );
}

const relayAdd = relay("relayAdd", 8, C_ADD);
const relayWrong = relay("relayWrong", 10, C_WRONG);
const relayView = relay("relayView", 11, C_VIEW_ADD);

// target.add(who, total): the amount is read from state. Words: 0 target, 1 who, 2 total, 3 call.
const relayTotal = entry(
  "relayTotal",
  9,
  ["address", "address"],
  ["u64"],
  "nonpayable",
  (p, open) => {
    const r = p.region(5);
    const target = open ? p.openAddress(0, r) : p.argAddress(0, r);
    const who = open ? p.openAddress(1, r + 1) : p.argAddress(1, r + 1);
    p.read(r + 2, TOTAL, p.instance);
    p.external(r + 3, target, C_ADD, [who, p.stageBig(TOTAL, p.instance)], true);
  },
  (x) => {
    const total = x.loadU64(TOTAL, x.base + 2);
    return give(x, x.external(x.base + 3, x.word(x.base), C_ADD, [x.word(x.base + 1), total])[0]);
  },
);

// target.add(next, n): the key is read from state. Words: 0 target, 1 next, 2 call.
const relayWho = entry(
  "relayWho",
  12,
  ["address", "u64"],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(4);
    const target = p.argAddress(0, r);
    p.read(r + 1, NEXT, p.instance);
    p.external(r + 2, target, C_ADD, [p.stage32(NEXT, p.instance), p.argBig(1, "u64")], true);
  },
  (x) => give(x, x.external(x.base + 2, x.word(x.base), C_ADD, [x.load32(NEXT, x.base + 1), x.argBig(1, "u64")])[0]),
);

// next.add(who, n): the target is read from state. Words: 0 who, 1 next, 2 call.
const relayNext = entry(
  "relayNext",
  13,
  ["address", "u64"],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(4);
    const who = p.argAddress(0, r);
    p.read(r + 1, NEXT, p.instance);
    p.external(r + 2, p.stage32(NEXT, p.instance), C_ADD, [who, p.argBig(1, "u64")], false);
  },
  (x) => give(x, x.external(x.base + 2, x.load32(NEXT, x.base + 1), C_ADD, [x.word(x.base), x.argBig(1, "u64")])[0]),
);

// b.relayAdd(d, who, 3); c.relayTotal(d, who); returns d.pointsOf(who). Words: 0 b, 1 c, 2 d, 3 who, 4, 6, 8 calls.
const diamond = entry(
  "diamond",
  14,
  ["address", "address", "address", "address"],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(10);
    const [b, c, d, who] = [0, 1, 2, 3].map((i) => p.argAddress(i, r + i));
    p.external(r + 4, b, C_RELAY_ADD, [d, who, 3n], true);
    p.external(r + 6, c, C_RELAY_TOTAL, [d, who], true);
    p.external(r + 8, d, C_POINTS, [who], true);
  },
  (x) => {
    const r = x.base;
    const [b, c, d, who] = [0, 1, 2, 3].map((i) => x.word(r + i));
    x.external(r + 4, b, C_RELAY_ADD, [d, who, 3n]);
    x.external(r + 6, c, C_RELAY_TOTAL, [d, who]);
    return give(x, x.external(r + 8, d, C_POINTS, [who])[0]);
  },
);

// d.setNext(who); d.addNext(n); fails when n is 13. Words: 0 d, 1 who, 2, 4 calls.
const steer = entry(
  "steer",
  15,
  ["address", "address", "u64"],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(6);
    const d = p.argAddress(0, r);
    p.external(r + 2, d, C_NEXT, [p.argAddress(1, r + 1)], true);
    p.external(r + 4, d, C_ADD_NEXT, [p.argBig(2, "u64")], true);
  },
  (x) => {
    const n = x.argBig(2, "u64");
    x.external(x.base + 2, x.word(x.base), C_NEXT, [x.word(x.base + 1)]);
    const result = x.external(x.base + 4, x.word(x.base), C_ADD_NEXT, [n])[0];
    if (n === 13n) throw x.revertEmpty();
    return give(x, result);
  },
);

// The number that target draws twice, by two calls; `late` by a target read from state. Words: 0 target, 1, 3 calls.
const relayPropose = entry(
  "relayPropose",
  16,
  ["address", "u64"],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(5);
    const target = p.argAddress(0, r);
    p.external(r + 1, target, C_PROPOSE, [], true);
    p.external(r + 3, target, C_PROPOSE, [], true);
  },
  (x) => {
    if (x.argBig(1, "u64") === 13n) throw x.revertEmpty();
    const first = x.external(x.base + 1, x.word(x.base), C_PROPOSE, [])[0];
    return give(x, first * 1000n + x.external(x.base + 3, x.word(x.base), C_PROPOSE, [])[0]);
  },
);

const nextPropose = entry(
  "nextPropose",
  17,
  [],
  ["u64"],
  "nonpayable",
  (p) => {
    const r = p.region(3);
    p.read(r, NEXT, p.instance);
    p.external(r + 1, p.stage32(NEXT, p.instance), C_PROPOSE, [], false);
  },
  (x) => give(x, x.external(x.base + 1, x.load32(NEXT, x.base), C_PROPOSE, [])[0]),
);

// Takes coin; total += n. Words: 0 coin, 1 total.
const fund = entry(
  "fund",
  18,
  ["u64"],
  [],
  "payable",
  (p, open) => {
    const r = p.region(2);
    p.receive(r);
    p.delta(r + 1, TOTAL, p.instance, 0, open ? p.openUp(0) : p.argUp(0), 0, CEILING64);
  },
  (x) => {
    x.receive(x.base);
    if (!x.add64(TOTAL, x.base + 1, x.argBig(0, "u64"))) throw x.panic(0x11);
    return x.nested ? [] : undefined;
  },
);

// call(target, amount, data): its return data. Words: 0 target, 1 call, 3 debit.
const forward = entry(
  "forward",
  19,
  ["address", "u64", "bytes"],
  ["bytes"],
  "nonpayable",
  (p) => {
    const r = p.region(4);
    const target = p.argAddress(0, r);
    const amount = p.argBig(1, "u64");
    p.delta(r + 3, COIN, p.entry1(T_COIN, p.self), p.argUp(1), 0, 0, 2 ** 256);
    p.rawCall(r + 1, target, amount, p.argBytes(2), true);
  },
  (x) => {
    const data = x.rawCall(x.base + 1, x.word(x.base), x.argBig(1, "u64"), x.argBytes(2), 64);
    if (x.nested) return [data];
    x.result(1);
    x.putBytes(data);
    return undefined;
  },
);

// made = create Relay(n); then made.add(made, 5); fails when n is 13. Words: 0 made, 1 create, 3 call.
const make = entry(
  "make",
  20,
  ["u64"],
  ["address"],
  "nonpayable",
  (p) => {
    const r = p.region(5);
    p.write(r, MADE, p.instance);
    p.create(r + 1);
    p.external(r + 3, undefined, C_ADD, [undefined, 5n], false);
  },
  (x) => {
    const n = x.argBig(0, "u64");
    const made = x.create(x.base + 1, 0, [n]);
    x.store32(MADE, x.base, made);
    x.external(x.base + 3, made, C_ADD, [made, 5n]);
    if (n === 13n) throw x.revertEmpty();
    if (x.nested) return [made];
    x.result(1);
    x.putAddress(made);
    return undefined;
  },
);

const totalOf = entry(
  "total",
  21,
  [],
  ["u64"],
  "view",
  (p) => p.read(p.region(1), TOTAL, p.instance),
  (x) => give(x, x.loadU64(TOTAL, x.base)),
);

const init = entry(
  "init",
  0,
  ["u64"],
  [],
  "nonpayable",
  (p) => p.write(p.region(1), TOTAL, p.instance),
  (x) => {
    x.store64(TOTAL, x.base, x.argBig(0, "u64"));
    return x.nested ? [] : undefined;
  },
);

const leaf = (kind) => ({ path: [], kind, max: 0, variants: [], history: false });
const HASH = "0x72656c6179000000000000000000000000000000000000000000000000000001";

export const module = {
  format: 1,
  name: "Relay",
  codeHash: HASH,
  fields: [
    { name: "next", kind: "state", keys: [], leaves: [leaf("address")], staged: false },
    { name: "total", kind: "state", keys: [], leaves: [leaf("u64")], staged: false },
    { name: "points", kind: "state", keys: ["address"], leaves: [leaf("u64")], staged: true },
    { name: "ids", kind: "state", keys: [], leaves: [leaf("sequence64")], staged: false },
    { name: "made", kind: "state", keys: [], leaves: [leaf("address")], staged: false },
  ],
  init,
  functions: [
    add, setNext, addNext, hop, fan, propose, pointsOf, relayAdd, relayTotal, relayWrong, relayView, relayWho, relayNext, diamond, steer,
    relayPropose, nextPropose, fund, forward, make, totalOf,
  ], // prettier-ignore
  events: [{ name: "Added", topic: "0x0000000000000000000000000000000000000000000000000000000000000add" }],
  addresses: [],
  callees,
  creates: [{ name: "Relay", codeHash: HASH }],
  shapes: [],
  natives: [],
  abi: [],
};
