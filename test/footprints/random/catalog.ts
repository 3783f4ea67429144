/**
 * What random contracts are made of: the kinds of values, and the declarations that all of them share, state of every kind among them. Both big
 * contracts get the state from one mixin, so that every function can be written for either. `X` and `Z` are integers of a width that the seed chooses.
 */
export type Kind =
  | "u64"
  | "u8"
  | "X"
  | "Z"
  | "u256"
  | "address"
  | "bool"
  | "bytes32"
  | "string"
  | "bytes"
  | "Color"
  | "Shape"
  | "option"
  | "list"
  | "records"
  | "Rec"
  | "Pair"
  | "Crate"
  | "IPeer"
  | "Small";

export interface Widths {
  readonly X: string;
  readonly Z: string;
}

export const INTEGERS = ["u8", "u16", "u32", "u64", "u128", "u256", "i8", "i16", "i32", "i64", "i128", "i256"] as const;

export type Numeric = "u64" | "u8" | "X" | "Z" | "u256";

export function isNumeric(kind: Kind): kind is Numeric {
  return kind === "u64" || kind === "u8" || kind === "X" || kind === "Z" || kind === "u256";
}

/** Kinds that may cross from contract to contract and to the outside. */
export const OUTSIDE: readonly Kind[] = [
  "u64",
  "u64",
  "u64",
  "u8",
  "X",
  "Z",
  "u256",
  "address",
  "address",
  "bool",
  "bool",
  "bytes32",
  "string",
  "bytes",
  "Color",
  "list",
  "records",
  "Rec",
  "Pair",
  "IPeer",
];

/** Of locals, parameters and results inside a contract too. */
export const INSIDE: readonly Kind[] = [...OUTSIDE, "Shape", "option", "Crate", "Shape", "option"];

export function typeText(kind: Kind, widths: Widths): string {
  switch (kind) {
    case "X":
    case "Z":
      return widths[kind];
    case "string":
      return "string<8>";
    case "bytes":
      return "bytes<16>";
    case "option":
      return "u64?";
    case "list":
      return "list<u64, 4>";
    case "records":
      return "list<Rec, 2>";
    case "Pair":
      return "(k: u64, v: address)";
    default:
      return kind;
  }
}

export interface Method {
  readonly name: string;
  readonly params: readonly Kind[];
  readonly result: Kind;
  readonly mutability: "pub" | "view" | "payable";
  /** Numbers it draws: none, always the same count, or it depends. */
  readonly draws: "none" | "always" | "perhaps";
}

/** What contracts call of each other. */
export const METHODS: readonly Method[] = [
  { name: "bump", params: ["u64", "address"], result: "u64", mutability: "pub", draws: "none" },
  { name: "look", params: ["u64"], result: "u64", mutability: "view", draws: "none" },
  { name: "draw", params: ["u64"], result: "u64", mutability: "pub", draws: "always" },
  { name: "pick", params: ["bool"], result: "u64", mutability: "pub", draws: "perhaps" },
  { name: "keep", params: ["Rec", "Color"], result: "Rec", mutability: "pub", draws: "none" },
  { name: "many", params: ["list", "string"], result: "Pair", mutability: "pub", draws: "none" },
  { name: "hop", params: ["IPeer", "u64"], result: "u64", mutability: "pub", draws: "none" },
  { name: "fund", params: ["X"], result: "X", mutability: "payable", draws: "none" },
  { name: "tell", params: ["bytes", "bytes32"], result: "string", mutability: "view", draws: "none" },
  { name: "sift", params: ["records", "bool"], result: "records", mutability: "pub", draws: "none" },
];

export function signatureOf({ name, params, result, mutability }: Method, widths: Widths): string {
  const heads = params.map((kind, i) => `p${i}: ${typeText(kind, widths)}`);
  return `${mutability === "pub" ? "pub fn" : `${mutability} fn`} ${name}(${heads.join(", ")}) -> ${typeText(result, widths)}`;
}

/** All that stands outside of the two big contracts. */
export function declarations(widths: Widths): string {
  const methods = METHODS.map((method) => `  ${signatureOf(method, widths)};`).join("\n");
  return `const LIMIT: u64 = 2 + 2;
const HOME: address = @0x00000000000000000000000000000000000000aa;
enum Color { Red, Green, Blue }
enum Shape { Dot, Circle(u8), Box { w: u64, who: address } }
struct Rec { n: u64; who: address; open: bool; tag: Color; }
struct Crate { shape: Shape; items: list<u64, 4>; maybe: u64?; pair: (k: u64, v: address); x: ${widths.X}; }
error Bad(n: u64, w: address);
error Worse(s: string<8>, r: Rec, xs: list<u64, 4>);
event Seen(n: u64, indexed w: address);
event Named(indexed s: string<8>, indexed c: Color, x: ${widths.X}, data: bytes<16>, r: Rec);
interface IPeer {
${methods}
}
mixin Base {
  state a: u64;
  state b: u64 = 3;
  state big: u256;
  state x: ${widths.X};
  state z: ${widths.Z};
  state flag: bool;
  state chief: address;
  state tone: Color;
  state shape: Shape;
  state maybe: u64?;
  state queue: list<u64, 4>;
  state recs: list<Rec, 2>;
  state label: string<8>;
  state blob: bytes<16>;
  state mark: bytes32;
  state only: Rec;
  state crate: Crate;
  state pair: (k: u64, v: address);
  state m: map<u64, u64>;
  state ptr: map<u64, u64>;
  state own: map<u64, address>;
  state bal: map<address, u64>;
  state tiny: map<u8, u8>;
  state deep: map<u64, map<address, u64>>;
  state rec: map<u64, Rec>;
  state crates: map<u64, Crate>;
  state pairs: map<u64, (k: u64, v: address)>;
  state shapes: map<address, Shape>;
  state opts: map<u64, u64?>;
  state lists: map<u64, list<u64, 4>>;
  state byLabel: map<string<8>, u64>;
  state byBlob: map<bytes<16>, u8>;
  state byMark: map<bytes32, u64>;
  state byColor: map<Color, u64>;
  state byFlag: map<bool, address>;
  state byPair: map<(u64, address), u64>;
  state byX: map<${widths.X}, ${widths.X}>;
  state byZ: map<${widths.Z}, map<u8, ${widths.Z}>>;
  state wide: map<u256, u256>;
  state guests: set<address>;
  state rooms: map<u64, set<u64>>;
  state seats: set<(u64, u8)>;
  state votes: history<u64>;
  state power: map<address, history<${widths.X}>>;
  state peers: map<u64, IPeer>;
  state smalls: map<u64, Small>;
  state ids: sequence<u64>;
  state small: sequence<u32>;
  immutable root: address;
  immutable peer: IPeer;
  immutable cap: u64;
  guard modest(n: u64) { require n < 30 else Bad(n, caller); }
  guard opened(who: address) { require !self.flag || who == self.chief; }
}
contract Small {
  immutable maker: address;
  state n: u64;
  state seen: map<address, u64>;
  state ids: sequence<u32>;
  init(n: u64) { require n != 3 else Bad(n, caller); self.maker = caller; self.n = n; }
  pub fn touch(k: u64) -> u64 { self.n += k; self.seen[caller] += 1; require self.n < 100; return self.n; }
  view fn sum() -> u64 { return self.n + self.seen[self.maker]; }
}`;
}

export const INIT = `init(peer: IPeer, cap: u64) {
    self.root = caller;
    self.peer = peer;
    self.cap = cap;
    self.chief = caller;
    self.ptr[1] = 2;
    self.ptr[2] = 1;
    self.own[0] = caller;
    self.peers[1] = peer;
    self.queue = [1, 2];
    self.votes = 1;
  }`;
