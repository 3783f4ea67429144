/**
 * Programs of any length for measuring the compiler: contracts as people write them (mappings, structs, guards, loops, events, errors, assertions of
 * independence), a hundred lines each, five to a file, and a root that imports all. The same number of lines gives the same text.
 */

export interface GeneratedProgram {
  readonly root: string;
  readonly files: ReadonlyMap<string, string>;
  readonly lines: number;
}

const CONTRACTS_PER_FILE = 5;

/** About `lines` lines, in files of five hundred. */
export function generateProgram(lines: number): GeneratedProgram {
  const perContract = contractText(0).split("\n").length;
  const contracts = Math.max(1, Math.round(lines / perContract));
  const files = new Map<string, string>();
  const imports: string[] = [];
  for (let first = 0; first < contracts; first += CONTRACTS_PER_FILE) {
    const path = `part${first / CONTRACTS_PER_FILE}.weft`;
    const count = Math.min(CONTRACTS_PER_FILE, contracts - first);
    files.set(path, Array.from({ length: count }, (_, i) => contractText(first + i)).join("\n"));
    imports.push(`import { Receipt${first} } from "./${path}";`);
  }
  const root = "root.weft";
  files.set(root, `${imports.join("\n")}\n\ncontract Root {\n  state n: u64;\n\n  pub fn step() {\n    self.n += 1;\n  }\n}\n`);
  const total = [...files.values()].reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  return { root, files, lines: total };
}

function contractText(number: number): string {
  const n = String(number);
  return `/// Receipt ${n} of a deposit.
struct Receipt${n} {
  owner: address;
  amount: u128;
  since: u64;
}

enum Stage${n} {
  Open,
  Paused,
  Closed,
}

event Moved${n}(indexed from: address, indexed to: address, value: u256);
event Stored${n}(indexed owner: address, amount: u128);

const FEE_BASIS${n}: u256 = 10_000;

mixin Owned${n} {
  state owner: address;

  error NotOwner${n}(account: address);

  guard onlyOwner${n} {
    require caller == self.owner else NotOwner${n}(caller);
  }

  pub fn handOver${n}(next: address) with onlyOwner${n} {
    self.owner = next;
  }
}

contract Vault${n} uses Owned${n} {
  immutable fee: u256;

  state total: u256;
  state stage: Stage${n};
  state shares: map<address, u256>;
  state allowed: map<address, map<address, u256>>;
  state receipts: map<u64, Receipt${n}>;
  state next: u64;

  error TooMuch(account: address, value: u256);
  error NotOpen();
  error Nothing();

  init(fee: u256) {
    require fee < FEE_BASIS${n} else Nothing();
    self.fee = fee;
    self.owner = caller;
    self.stage = Stage${n}.Open;
  }

  guard open {
    require self.stage == Stage${n}.Open else NotOpen();
  }

  pub fn issue(to: address, value: u256) with onlyOwner${n} {
    self.total += value;
    self.shares[to] += value;
    emit Moved${n}(self.owner, to, value);
  }

  pub fn move(to: address, value: u256) -> bool {
    self.pay(caller, to, value);
    return true;
  }

  pub fn allow(spender: address, value: u256) {
    self.allowed[caller][spender] = value;
  }

  pub fn moveFrom(from: address, to: address, value: u256) -> bool {
    self.allowed[from][caller] -= value else TooMuch(caller, value);
    let fee = value * self.fee / FEE_BASIS${n};
    if fee > 0 {
      self.pay(from, self.owner, fee);
    }
    self.pay(from, to, value - fee);
    return true;
  }

  pub fn spread(to: list<address, 64>, value: u256) with open {
    require to.len() > 0 else Nothing();
    for who in to {
      self.pay(caller, who, value);
    }
  }

  pub fn store(id: u64, amount: u128) with open {
    require amount > 0 && id < 1_000_000 else Nothing();
    self.receipts[id] = Receipt${n} { owner: caller, amount: amount, since: block.height };
    emit Stored${n}(caller, amount);
  }

  pub fn stop(closed: bool) with onlyOwner${n} {
    if closed {
      self.stage = Stage${n}.Closed;
    } else {
      self.stage = Stage${n}.Paused;
    }
  }

  view fn sharesOf(account: address) -> u256 {
    return self.shares[account];
  }

  fn pay(from: address, to: address, value: u256) {
    self.shares[from] -= value else TooMuch(from, value);
    self.shares[to] += value;
    emit Moved${n}(from, to, value);
  }

  parallel (a: move, b: move);
  parallel (a: allow, b: allow) when a.caller != b.caller;
}
`;
}

/** One contract of about `lines` lines: pools of nine functions each that have nothing to do with each other but the owner and the fee. */
export function generateContract(lines: number): string {
  const pools = Math.max(1, Math.round(lines / LINES_PER_POOL));
  const parts = Array.from({ length: pools }, (_, i) => poolText(i));
  return `/// A position of an account.
struct Position {
  owner: address;
  amount: u128;
  since: u64;
}

event Moved(indexed from: address, indexed to: address, value: u256);

contract Exchange {
  immutable fee: u256;
  state owner: address;
${parts.map(({ state }) => state).join("")}
  error TooMuch(account: address, value: u256);
  error NotOpen();
  error Nothing();
  error NotOwner(account: address);

  init(fee: u256) {
    require fee < 10_000 else Nothing();
    self.fee = fee;
    self.owner = caller;
  }

  guard onlyOwner {
    require caller == self.owner else NotOwner(caller);
  }

${parts.map(({ functions }) => functions).join("\n")}}
`;
}
const LINES_PER_POOL = 71;

function poolText(i: number): { readonly state: string; readonly functions: string } {
  return {
    state: `
  /// Pool ${i}.
  state total${i}: u256;
  state open${i}: bool;
  state shares${i}: map<address, u256>;
  state allowed${i}: map<address, map<address, u256>>;
  state positions${i}: map<u64, Position>;
`,
    functions: `  guard isOpen${i} {
    require self.open${i} else NotOpen();
  }

  /// Gives out shares of pool ${i}.
  pub fn issue${i}(to: address, value: u256) with onlyOwner {
    self.total${i} += value;
    self.shares${i}[to] += value;
    emit Moved(self.owner, to, value);
  }

  pub fn move${i}(to: address, value: u256) -> bool {
    self.pay${i}(caller, to, value);
    return true;
  }

  pub fn allow${i}(spender: address, value: u256) {
    self.allowed${i}[caller][spender] = value;
  }

  pub fn moveFrom${i}(from: address, to: address, value: u256) -> bool {
    self.allowed${i}[from][caller] -= value else TooMuch(caller, value);
    let fee = value * self.fee / 10_000;
    if fee > 0 {
      self.pay${i}(from, self.owner, fee);
    }
    self.pay${i}(from, to, value - fee);
    return true;
  }

  pub fn spread${i}(to: list<address, 64>, value: u256) with isOpen${i} {
    require to.len() > 0 else Nothing();
    for who in to {
      self.pay${i}(caller, who, value);
    }
  }

  pub fn store${i}(id: u64, amount: u128) with isOpen${i} {
    require amount > 0 && id < 1_000_000 else Nothing();
    self.positions${i}[id] = Position { owner: caller, amount: amount, since: block.height };
  }

  pub fn stop${i}(closed: bool) with onlyOwner {
    if closed {
      self.open${i} = false;
    } else {
      self.open${i} = true;
    }
  }

  view fn sharesOf${i}(account: address) -> u256 {
    return self.shares${i}[account];
  }

  fn pay${i}(from: address, to: address, value: u256) {
    self.shares${i}[from] -= value else TooMuch(from, value);
    self.shares${i}[to] += value;
    emit Moved(from, to, value);
  }

  parallel (a: move${i}, b: move${i}) when a.caller != b.caller && a.to != b.to && a.caller != b.to && b.caller != a.to;
  parallel (a: allow${i}, b: allow${i}) when a.caller != b.caller;
`,
  };
}
