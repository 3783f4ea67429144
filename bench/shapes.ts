/**
 * Programs that are one construct many times over: where the compiler does more than linear work, doubling one of these takes more than twice as long.
 * `parts` is how many repetitions make a text of about 100 KB or the most that the language allows.
 */

export interface Shape {
  readonly name: string;
  readonly parts: number;
  readonly text: (parts: number) => string;
}

function repeat(parts: number, part: (i: number) => string, separator = "\n"): string {
  return Array.from({ length: parts }, (_, i) => part(i)).join(separator);
}

function contract(members: string): string {
  return `contract C {\n  state n: u64;\n  state m: map<u64, u64>;\n${members}\n}\n`;
}

function body(statements: string): string {
  return contract(`  pub fn f(a: u64, b: u64) {\n${statements}\n  }`);
}

export const SHAPES: readonly Shape[] = [
  {
    name: "locals of one function",
    parts: 2000,
    text: (parts) => body(repeat(parts, (i) => `    let v${i} = ${i === 0 ? "a" : `v${i - 1}`} + 1;`)),
  },
  { name: "updates of one field", parts: 4000, text: (parts) => body(repeat(parts, () => "    self.n += a;")) },
  { name: "updates of one key", parts: 4000, text: (parts) => body(repeat(parts, () => "    self.m[a] += b;")) },
  { name: "updates of different keys", parts: 3000, text: (parts) => body(repeat(parts, (i) => `    self.m[${i}] += b;`)) },
  { name: "requirements", parts: 3000, text: (parts) => body(repeat(parts, (i) => `    require a != ${i};`)) },
  {
    name: "branches one after the other",
    parts: 2000,
    text: (parts) => body(repeat(parts, (i) => `    if a == ${i} {\n      self.n += b;\n    }`)),
  },
  {
    name: "branches that change a local",
    parts: 1000,
    text: (parts) => body(`    var x: u64 = 0;\n${repeat(parts, (i) => `    if a == ${i} {\n      x += b;\n    }`)}\n    self.m[x] = b;`),
  },
  {
    name: "an else-if chain",
    parts: 60,
    text: (parts) => body(repeat(parts, (i) => `    ${i === 0 ? "" : "else "}if a == ${i} {\n      self.n += ${i};\n    }`)),
  },
  { name: "loops", parts: 2000, text: (parts) => body(repeat(parts, (i) => `    for i${i} in 0..4 {\n      self.m[i${i}] += b;\n    }`)) },
  {
    name: "small functions",
    parts: 1000,
    text: (parts) => contract(repeat(parts, (i) => `  pub fn f${i}(a: u64) {\n    self.m[a] += ${i};\n  }`)),
  },
  {
    name: "internal functions in a chain",
    parts: 200,
    text: (parts) =>
      contract(
        `${repeat(parts, (i) => `  fn f${i}(a: u64) {\n    ${i === 0 ? "self.n += a" : `f${i - 1}(a + 1)`};\n  }`)}\n  pub fn g(a: u64) {\n    f${parts - 1}(a);\n  }`,
      )
        .replaceAll(/(?<=\s)f(\d+)\(a \+ 1\)/g, "self.f$1(a + 1)")
        .replaceAll(/(?<=\s)f(\d+)\(a\);/g, "self.f$1(a);"),
  },
  {
    name: "calls of one internal function",
    parts: 2000,
    text: (parts) =>
      contract(`  fn p(a: u64) {\n    self.m[a] += 1;\n  }\n  pub fn g(a: u64) {\n${repeat(parts, () => "    self.p(a);")}\n  }`),
  },
  {
    name: "fields",
    parts: 2000,
    text: (parts) => contract(`${repeat(parts, (i) => `  state s${i}: u64;`)}\n  pub fn f() {\n    self.s0 += 1;\n  }`),
  },
  {
    name: "structs",
    parts: 1500,
    text: (parts) => `${repeat(parts, (i) => `struct S${i} {\n  a: u64;\n  b: address;\n}`)}\n${contract("")}`,
  },
  {
    name: "constants, each of the one before",
    parts: 200,
    text: (parts) => `${repeat(parts, (i) => `const K${i}: u64 = ${i === 0 ? "1" : `K${i - 1} + 1`};`)}\n${contract("")}`,
  },
  { name: "events", parts: 1500, text: (parts) => `${repeat(parts, (i) => `event E${i}(indexed a: address, b: u64);`)}\n${contract("")}` },
  {
    name: "variants of an enum",
    parts: 128,
    text: (parts) => `enum E {\n${repeat(parts, (i) => `  V${i},`)}\n}\n${contract("  state e: E;")}`,
  },
  {
    name: "arms of a match",
    parts: 128,
    text: (parts) =>
      `enum E {\n${repeat(parts, (i) => `  V${i}(u64),`)}\n}\n${contract(`  state e: map<u64, E>;\n  pub fn f(a: u64) {\n    match self.e[a] {\n${repeat(parts, (i) => `      E.V${i}(x) => { self.m[x] += ${i}; }`)}\n    }\n  }`)}`,
  },
  {
    name: "matches, one after the other",
    parts: 500,
    text: (parts) =>
      `enum E {\n  A,\n  B(u64),\n}\n${contract(`  state e: map<u64, E>;\n  pub fn f(a: u64) {\n${repeat(parts, (i) => `    match self.e[a + ${i}] {\n      E.A => { self.n += 1; }\n      E.B(x) => { self.m[x] += ${i}; }\n    }`)}\n  }`)}`,
  },
  {
    name: "matches inside each other",
    parts: 20,
    text: (parts) =>
      body(
        `${repeat(parts, (i) => `    if let some(x${i}) = self.o[a + ${i}] {`)}\n      self.n += 1;\n${repeat(parts, () => "    }")}`,
      ).replace("  state m:", "  state o: map<u64, u64?>;\n  state m:"),
  },
  {
    name: "pushes to a list",
    parts: 1500,
    text: (parts) =>
      body(repeat(parts, (i) => `    self.q.push(a + ${i});`)).replace("  state m:", "  state q: list<u64, 100>;\n  state m:"),
  },
  {
    name: "elements of a local list",
    parts: 1500,
    text: (parts) =>
      body(`    var q: list<u64, 8> = [a, b];\n${repeat(parts, (i) => `    q[${i % 2}] = q[${(i + 1) % 2}] + 1;`)}\n    self.n = q[0];`),
  },
  {
    name: "fields of a struct",
    parts: 200,
    text: (parts) =>
      `struct S {\n${repeat(parts, (i) => `  f${i}: u64;`)}\n}\n${contract("  state s: map<u64, S>;\n  pub fn f(a: u64, b: u64) {\n    self.s[a] = self.s[b];\n    self.s[b] = self.s[a];\n  }")}`,
  },
  {
    name: "calls of another contract",
    parts: 500,
    text: (parts) =>
      `interface Other {\n  pub fn put(a: u64);\n  view fn get(a: u64) -> u64;\n}\n${contract(`  pub fn f(o: Other, a: u64) {\n${repeat(parts, (i) => `    o.put(o.get(a + ${i}));`)}\n  }`)}`,
  },
  { name: "a sum", parts: 200, text: (parts) => body(`    self.n = ${repeat(parts, () => "a", " + ")};`) },
  { name: "a condition", parts: 200, text: (parts) => body(`    require ${repeat(parts, (i) => `a != ${i}`, " && ")};`) },
  { name: "a comment", parts: 4000, text: (parts) => `${repeat(parts, () => "// what this line says doesn't matter")}\n${contract("")}` },
  {
    name: "independence assertions",
    parts: 60,
    text: (parts) =>
      contract(
        `${repeat(parts, (i) => `  pub fn f${i}(a: u64, to: address) {\n    self.m[a] += ${i};\n  }`)}\n${repeat(parts, (i) => `  parallel (a: f${i}, b: f${(i + 1) % parts});`)}`,
      ),
  },
  { name: "unknown names", parts: 2000, text: (parts) => body(repeat(parts, (i) => `    self.nope${i} += a;`)) },
  {
    name: "tests",
    parts: 1000,
    text: (parts) =>
      `${contract("")}${repeat(parts, (i) => `test "number ${i}" {\n  let c = deploy C() as @alice;\n  assert c.n() == 0;\n}`)}`,
  },
];
