/**
 * A token written by hand in the shape of emitted modules: transfers, minting up to a cap, balances. For tests of the runtime that must not
 * depend on the compiler, and as a sample of what exec and plan look like. This text is loaded as it stands.
 */
const MAX256 = (1n << 256n) - 1n;
/** Largest double not above 2^256 - 1. */
const CEILING256 = 2 ** 256 - 2 ** 203;

// Leaves: 1 owner, 2 cap, 3 totalSupply, 4 balances. Tables: 1 balances.
const OWNER = 1;
const CAP = 2;
const SUPPLY = 3;
const BALANCES = 4;
const T_BALANCES = 1;

const NOT_OWNER = 0x245aecd3; // NotOwner(address)
const CAP_EXCEEDED = 0x47d35efe; // CapExceeded(uint256)
const INSUFFICIENT = 0xdb42144d; // InsufficientBalance(address,address,uint256), by its place here only

const word = (type) => ({ kind: "word", type, variants: 0 });

const init = {
  name: "init",
  signature: "init(uint256)",
  selector: 0,
  mutability: "nonpayable",
  params: [word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 30,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(3);
    p.write(r, OWNER, p.instance);
    p.write(r + 1, CAP, p.instance);
  },
  exec(x) {
    const r = x.base;
    x.store32(OWNER, r, x.caller);
    x.store256(CAP, r + 1, x.argBig(0, "u256"));
  },
};

// Words: 0 `to`, 1 debit, 2 credit.
const transfer = {
  name: "transfer",
  signature: "transfer(address,uint256)",
  selector: 0xa9059cbb,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [word("bool")],
  returns: "(bool)",
  tickets: "none",
  draws: [],
  bound: () => 20,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(3);
    const to = p.argAddress(0, r);
    const amount = p.argUp(1);
    p.delta(r + 1, BALANCES, p.entry1(T_BALANCES, p.caller), amount, 0, 0, CEILING256);
    p.delta(r + 2, BALANCES, p.entry1(T_BALANCES, to), 0, amount, 0, CEILING256);
  },
  exec(x) {
    const r = x.base;
    const to = x.word(r);
    const value = x.argBig(1, "u256");
    if (!x.sub256(BALANCES, r + 1, value)) {
      x.error(INSUFFICIENT, 3);
      x.putAddress(x.caller);
      x.putAddress(to);
      x.putBig(value);
      throw x.revert();
    }
    if (!x.add256(BALANCES, r + 2, value)) throw x.panic(0x11);
    x.event(0, 1);
    x.topicAddress(x.caller);
    x.topicAddress(to);
    x.putBig(value);
    x.emit();
    if (x.nested) return [true];
    x.result(1);
    x.putBool(true);
  },
};

// Words: 0 `to`, 1 owner, 2 supply, 3 cap in the error (no access: it is immutable), 4 credit.
const mint = {
  name: "mint",
  signature: "mint(address,uint256)",
  selector: 0x40c10f19,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 25,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(5);
    const to = p.argAddress(0, r);
    const amount = p.argUp(1);
    p.read(r + 1, OWNER, p.instance);
    if (p.equal(p.stage32(OWNER, p.instance), p.caller) === false) return;
    // An immutable is no access; staging it is how a plan gets at its value.
    p.delta(r + 2, SUPPLY, p.instance, 0, amount, 0, p.down(p.stageBig(CAP, p.instance), 0));
    p.delta(r + 4, BALANCES, p.entry1(T_BALANCES, to), 0, amount, 0, CEILING256);
  },
  exec(x) {
    const r = x.base;
    const to = x.word(r);
    const value = x.argBig(1, "u256");
    if (x.load32(OWNER, r + 1) !== x.caller) {
      x.error(NOT_OWNER, 1);
      x.putAddress(x.caller);
      throw x.revert();
    }
    if (!x.add256(SUPPLY, r + 2, value)) throw x.panic(0x11);
    if (!x.cleared(r + 2) && x.loadU256(SUPPLY, r + 2) > x.immutableBig(CAP)) {
      x.error(CAP_EXCEEDED, 1);
      x.putBig(x.immutableBig(CAP));
      throw x.revert();
    }
    if (!x.add256(BALANCES, r + 4, value)) throw x.panic(0x11);
    x.event(0, 1);
    x.topicAddress(1);
    x.topicAddress(to);
    x.putBig(value);
    x.emit();
  },
};

// Words: 0 `account`, 1 the balance.
const balanceOf = {
  name: "balanceOf",
  signature: "balanceOf(address)",
  selector: 0x70a08231,
  mutability: "view",
  params: [word("address")],
  results: [word("u256")],
  returns: "(uint256)",
  tickets: "none",
  draws: [],
  bound: () => 5,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(2);
    const account = p.argAddress(0, r);
    p.read(r + 1, BALANCES, p.entry1(T_BALANCES, account));
  },
  exec(x) {
    const value = x.loadU256(BALANCES, x.base + 1);
    if (x.nested) return [value];
    x.result(1);
    x.putBig(value);
  },
};

// `set(address,uint256)`: self.balances[account] = value; require value <= 1000. Words: 0 account, 1 the balance.
const set = {
  name: "set",
  signature: "set(address,uint256)",
  selector: 0x3d4197f0,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 10,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(2);
    const account = p.argAddress(0, r);
    p.write(r + 1, BALANCES, p.entry1(T_BALANCES, account));
  },
  exec(x) {
    const value = x.argBig(1, "u256");
    x.store256(BALANCES, x.base + 1, value);
    if (value > 1000n) throw x.revertEmpty();
  },
};

// `move(address,uint256)`: let a = bal[caller]; let b = bal[to]; bal[caller] = a - v; bal[to] = b + v. Words: 0 to, 1 and 2 loads, 3 and 4 stores.
const move = {
  name: "move",
  signature: "move(address,uint256)",
  selector: 0xb7c763b5,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 20,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(5);
    const to = p.argAddress(0, r);
    const from = p.entry1(T_BALANCES, p.caller);
    const target = p.entry1(T_BALANCES, to);
    p.read(r + 1, BALANCES, from);
    p.read(r + 2, BALANCES, target);
    p.write(r + 3, BALANCES, from);
    p.write(r + 4, BALANCES, target);
  },
  exec(x) {
    const r = x.base;
    const value = x.argBig(1, "u256");
    const a = x.loadU256(BALANCES, r + 1);
    const b = x.loadU256(BALANCES, r + 2);
    x.store256(BALANCES, r + 3, x.fitBig(a - value, 0n, MAX256));
    x.store256(BALANCES, r + 4, x.fitBig(b + value, 0n, MAX256));
  },
};

// `spend(address,uint256)`: bal[caller] -= v; require bal[other] > 0. Words: 0 other, 1 debit, 2 load.
const spend = {
  name: "spend",
  signature: "spend(address,uint256)",
  selector: 0x00000007,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 15,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(3);
    const other = p.argAddress(0, r);
    p.delta(r + 1, BALANCES, p.entry1(T_BALANCES, p.caller), p.argUp(1), 0, 0, CEILING256);
    p.read(r + 2, BALANCES, p.entry1(T_BALANCES, other));
  },
  exec(x) {
    const r = x.base;
    if (!x.sub256(BALANCES, r + 1, x.argBig(1, "u256"))) throw x.panic(0x11);
    if (x.loadU256(BALANCES, r + 2) === 0n) throw x.revertEmpty();
  },
};

// `creditThenFail(address,uint256)`: bal[to] += v; require false when v is odd. Words: 0 to, 1 credit.
const creditThenFail = {
  name: "creditThenFail",
  signature: "creditThenFail(address,uint256)",
  selector: 0x00000008,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 12,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(2);
    const to = p.argAddress(0, r);
    p.delta(r + 1, BALANCES, p.entry1(T_BALANCES, to), 0, p.argUp(1), 0, CEILING256);
  },
  exec(x) {
    const value = x.argBig(1, "u256");
    if (!x.add256(BALANCES, x.base + 1, value)) throw x.panic(0x11);
    if (value % 2n === 1n) throw x.revertEmpty();
  },
};

// `sweep(address)`: bal[to] += bal[caller], bal[other] untouched: an amount read from a cell. Words: 0 to, 1 load, 2 credit.
const sweep = {
  name: "sweep",
  signature: "sweep(address)",
  selector: 0x00000009,
  mutability: "nonpayable",
  params: [word("address")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 12,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(3);
    const to = p.argAddress(0, r);
    const own = p.entry1(T_BALANCES, p.caller);
    p.read(r + 1, BALANCES, own);
    p.delta(r + 2, BALANCES, p.entry1(T_BALANCES, to), 0, p.highOf(BALANCES, own), 0, CEILING256);
  },
  exec(x) {
    const r = x.base;
    const value = x.loadU256(BALANCES, r + 1);
    if (!x.add256(BALANCES, r + 2, value)) throw x.panic(0x11);
  },
};

// `spendTelling(address,uint256)`: bal[caller] -= v else Has(bal[other]). Words: 0 other, 1 debit, 2 the read in the error.
const spendTelling = {
  name: "spendTelling",
  signature: "spendTelling(address,uint256)",
  selector: 0x0000000a,
  mutability: "nonpayable",
  params: [word("address"), word("u256")],
  results: [],
  returns: "()",
  tickets: "none",
  draws: [],
  bound: () => 15,
  planOpen(p) {
    this.plan(p);
  },
  plan(p) {
    const r = p.region(3);
    const other = p.argAddress(0, r);
    p.delta(r + 1, BALANCES, p.entry1(T_BALANCES, p.caller), p.argUp(1), 0, 0, CEILING256);
    p.readElse(r + 2, BALANCES, p.entry1(T_BALANCES, other), r + 1);
  },
  exec(x) {
    const r = x.base;
    if (x.sub256(BALANCES, r + 1, x.argBig(1, "u256"))) return;
    const has = x.loadU256(BALANCES, r + 2);
    x.error(0x0000000b, 1);
    x.putBig(has);
    throw x.revert();
  },
};

const leaf = (kind) => ({ path: [], kind, max: 0, variants: [], history: false });

export const module = {
  format: 1,
  name: "Token",
  codeHash: "0x746f6b656e000000000000000000000000000000000000000000000000000000",
  fields: [
    { name: "owner", kind: "state", keys: [], leaves: [leaf("address")], staged: false },
    { name: "cap", kind: "immutable", keys: [], leaves: [leaf("u256")], staged: false },
    { name: "totalSupply", kind: "state", keys: [], leaves: [leaf("u256")], staged: false },
    { name: "balances", kind: "state", keys: ["address"], leaves: [leaf("u256")], staged: false },
  ],
  init,
  functions: [transfer, mint, balanceOf, set, move, spend, creditThenFail, sweep, spendTelling],
  events: [{ name: "Transfer", topic: "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef" }],
  addresses: [],
  callees: [],
  creates: [],
  shapes: [],
  natives: [],
  abi: [],
};
