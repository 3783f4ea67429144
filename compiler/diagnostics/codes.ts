/**
 * The one table of diagnostic codes: what each says, how to act on it, and a short explanation for `weft explain`.
 * Placeholders in braces are filled by `report`. Passes name a code and its values; no pass writes a headline of its own.
 * E01 syntax, E02 names and modules, E03 types, E04 flow, E05 state and footprint, E06 tests, E08 project and files,
 * E09 our own faults; W codes are warnings of the same groups, W10 those about parallelism.
 */
import type { Severity } from "./diagnostic.ts";

export interface CodeInfo {
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | undefined;
  readonly explanation: string;
}

function error(message: string, help: string | undefined, explanation: string): CodeInfo {
  return { severity: "error", message, help, explanation };
}

function warning(message: string, help: string | undefined, explanation: string): CodeInfo {
  return { severity: "warning", message, help, explanation };
}

export const CODES = {
  // --- E01: syntax ---------------------------------------------------------------------------------------------------
  E0101: error(
    "unexpected character {char}",
    "remove it",
    "The character belongs to no token, or it is an invisible one that changes the order in which text is read.",
  ),
  E0102: error("expected {expected}, found {found}", undefined, "The grammar allows something else at this place."),
  E0103: error("{missing} is missing here", "insert it", "The grammar wants this token between its neighbours."),
  E0104: error("{open} is never closed", "add {close}", "Brackets come in pairs. The place is where the closing one was expected."),
  E0105: error("this {what} never ends", "close it", "A string ends with a quote on the same line, a block comment with `*/`."),
  E0106: error("{text} is not a number: {reason}", undefined, "Integers are written `1_000`, `0xff` or `1e18`."),
  E0107: error(
    "the nesting of {what} exceeds {limit} levels",
    "give parts a name of their own",
    "Nesting is bounded, so that every pass over the program is.",
  ),
  E0108: error("the file has more than {limit} bytes", "split it", "The size of a source file is bounded; nothing of this one was read."),
  E0109: error(
    "more than {limit} errors; the rest is not shown",
    undefined,
    "The parser stops there: what follows is rarely more than a consequence.",
  ),
  E0110: error("{text} is not valid: {reason}", undefined, "Escapes in strings and literals after `@` have a fixed form."),
  E0111: error("{char} is half a character", "remove it", "Half of a surrogate pair can't be written as UTF-8."),

  // --- E02: names and modules ---------------------------------------------------------------------------------------
  E0201: error(
    "`{name}` is declared twice",
    "rename one of the two",
    "A name means one thing in its scope: one declaration per file, per contract, per list of parameters and per block.",
  ),
  E0202: error(
    "unknown {what} `{name}`",
    undefined,
    "No declaration of this kind is in scope under this name. Names of other files come in with `import`.",
  ),
  E0203: error(
    "{owner} has no {what} `{name}`",
    undefined,
    "The member after the dot doesn't exist on the value, type or contract before it.",
  ),
  E0204: error(
    "`{path}` declares no `{name}`",
    undefined,
    "An import takes names that the other file itself declares at the top level; names it imported are not passed on.",
  ),
  E0205: error(
    "files import each other in a cycle: {chain}",
    "move what both need into a third file",
    "Imports must form a tree or a lattice, so that every declaration is complete before it is used.",
  ),
  E0206: error(
    "two contracts or interfaces of this program are named `{name}`",
    "rename one of the two",
    "A typed address shows the name of its contract or interface, so this name is unique among all files that take part.",
  ),
  E0207: error(
    "{what} `{name}` is defined through itself: {chain}",
    "break the cycle",
    "Constants, structs, enums and mixins can't depend on themselves: their value, size or members would have no end.",
  ),
  E0208: error(
    "`{name}` names different errors of {owners}",
    "write `Contract.{name}`",
    "A test sees the errors of all contracts in scope. Where two differ, say whose error is meant.",
  ),
  E0209: error("`{path}` is not a relative path", "start it with `./` or `../`", "Imports are relative to the file they stand in."),
  E0210: error("`{name}` is {found}, not {expected}", undefined, "The name exists but means something of another kind."),
  E0211: error(
    "`{name}` comes from both `{first}` and `{second}`",
    "rename one of the two",
    "Mixins are copied into the contract; all state, functions, guards, events and errors there need names of their own.",
  ),
  E0212: error(
    "state can't be named `{name}`",
    "choose another name",
    "`self.address` and `self.balance` are the contract's own address and native coin.",
  ),
  E0213: error("there is no `self` {where}", undefined, "State is reachable only from the functions of a contract or a mixin."),
  E0214: error(
    "functions `{first}` and `{second}` have the same selector {selector}",
    "rename one of them",
    "Calls from outside name a function by the first four bytes of the hash of its signature; two functions of a contract can't share them.",
  ),
  E0215: error(
    "`{name}` is a member of the contract",
    "write `self.{name}`",
    "State and functions of the contract are written with `self.`, so that state access is visible.",
  ),
  E0216: error(
    "`{name}` can't be declared: it {means}",
    "choose another name",
    "The words `caller`, `value`, `block` and `chain` and the names of built-in types mean the same in every file. A declaration or an import of such a name would silently change what all its uses say.",
  ),
  E0217: error(
    "`{path}` is not the path of a Weft file",
    "name a file that ends in `.weft`",
    "An import names a file of source by its whole name. Nothing of another file is read.",
  ),

  // --- E03: types ---------------------------------------------------------------------------------------------------
  E0301: error(
    "expected {expected}, found `{found}`",
    undefined,
    "There are no implicit conversions, except that a typed address can stand for an address. `u64(x)` converts and checks the range.",
  ),
  E0302: error(
    "`{op}` does not work on `{type}`",
    undefined,
    "Arithmetic needs integers, logic needs `bool`, comparison needs integers; `==` also works on other values that are one word, a string or bytes.",
  ),
  E0303: error(
    "`{op}` needs both sides of one type, found `{left}` and `{right}`",
    "convert one side: `{wider}(…)`",
    "Both sides of an operator have the same type; nothing is widened silently.",
  ),
  E0304: error("`{name}` takes {expected}, found {found}", undefined, "The number of arguments must match the declaration."),
  E0305: error(
    "`{type}` can't be used {where}",
    undefined,
    "Some types have their place: maps, sets, sequences and histories stand only in state, not in structs, parameters or locals.",
  ),
  E0306: error(
    "{problem}",
    undefined,
    "Types take arguments as the language describes them: `map<K, V>`, `set<K>`, `list<T, 8>`, `string<64>`, `bytes<32>`, `sequence<u64>`, `history<u128>`.",
  ),
  E0307: error("type `{name}` has more than {limit}", "split it", "The size of a type is bounded, so that every value and every call is."),
  E0308: error("{value} does not fit `{type}`", undefined, "The value is known at compile time and lies outside the range of its type."),
  E0309: error(
    "this is not a compile-time constant",
    undefined,
    "Constants, initial values of state, sizes and loop caps are computed by the compiler: literals, other constants and operators on them.",
  ),
  E0310: error("this always fails: {reason}", undefined, "The compiler computed the constant operands and the operation reverts for them."),
  E0311: error(
    "the type of {what} can't be inferred",
    "write the type: `let x: T = …`",
    "Nothing around the expression says what its type is.",
  ),
  E0312: error(
    "`{from}` can't be converted to `{to}`",
    undefined,
    "Integers convert to integers, enums without payload to integers and back, `u256` to `bytes32` and back, strings to bytes, typed addresses to `address` and back.",
  ),
  E0313: error(
    "`{name}` is not available {where}",
    undefined,
    "Functions outside contracts depend on their arguments only; the call's context is known inside contracts.",
  ),
  E0314: error("a list of {found} elements does not fit `{type}`", undefined, "A list type states the greatest number of its elements."),
  E0315: error("`{name}` also needs {fields}", undefined, "A struct literal gives every field exactly once."),
  E0316: error(
    "`self` is not a value",
    "write `self.address` for the contract's address",
    "`self` stands before a dot: `self.field`, `self.function(…)`, `self.address`, `self.balance`.",
  ),
  E0317: error(
    "`value` is not available in a function that isn't payable",
    "make it `payable fn`, or remove `value`",
    "Coin sent to a function that isn't payable is refused, so its `value` would always be 0.",
  ),
  E0318: error("`{type}` can't be indexed", undefined, "Maps in state take keys in brackets and lists take positions."),
  E0319: error(
    "{name} can't be called",
    undefined,
    "Calls name a function of the contract with `self.`, a function outside contracts, a built-in, or a type to convert to.",
  ),
  E0320: error("this call gives no value", undefined, "The function has no result, so its call can't stand where a value is needed."),
  E0321: error(
    "{what} can't be used as a value",
    undefined,
    "State maps are used by key, sets through `.has`, `.add`, `.remove` and `.len`, sequences through `.next()`; they can't be copied, compared or passed on.",
  ),
  E0322: error(
    "{found} can't be taken apart into {expected} names",
    undefined,
    "`let (a, b) = e` needs a tuple with as many elements as there are names.",
  ),
  E0323: error("field `{name}` is given twice", "remove one of the two", "A struct literal gives every field exactly once."),
  E0325: error(
    "more than three indexed parameters",
    "index at most three",
    "An Ethereum log has four topics, and the first is the event's own.",
  ),
  E0326: error(
    "`{type}` can't have an initial value",
    "set it in `init`",
    "An initial value is a constant; maps, sets and sequences start empty.",
  ),
  E0327: error(
    "this loop needs a constant bound or a cap",
    "add `max N`, or use constant bounds",
    "Every call has a bounded cost, so every loop has a bound that is known when the program is compiled.",
  ),
  E0328: error(
    "a loop may run at most {limit} rounds",
    undefined,
    "The cap of a loop counts in full towards the cost bound of its function.",
  ),
  E0329: error(
    "`else` does not belong here",
    "use a `require` before it",
    "`else Error(…)` after an assignment names the error of a debit (`-=`) below zero or a credit (`+=`) above the maximum.",
  ),
  E0330: error(
    "`{contract}` does not implement `{interface}`: {problem}",
    undefined,
    "A contract that says `implements I` has every function of I, with the same parameters and result, open to callers; and it has what its mixins ask for.",
  ),
  E0331: error(
    "this is not a condition on two calls",
    "compare parameters, `caller`, `value` and constants with `==` and `!=`, joined by `&&` and `||`",
    "The `when` of an independence assertion compares what is known of both calls before they run.",
  ),
  E0333: error(
    "`{type}` can't be a key of a map",
    undefined,
    "Keys of maps and members of sets are bool, integers, enums without payload, addresses, bytes32, strings, bytes, and tuples of these.",
  ),
  E0334: error(
    "`{type}` can't be looped over",
    "loop over a list or a range `0..n`",
    "`for` runs over the elements of a list or over a range of integers.",
  ),
  E0335: error(
    "this `match` doesn't cover {missing}",
    "add an arm for it, or `_ => …` for all others",
    "A `match` has an arm for every variant, so that a variant added later can't be forgotten.",
  ),
  E0336: error("this arm is never reached", "remove it", "Arms are tried in order; those before this one match everything it could."),
  E0337: error(
    "`{type}` can't be matched",
    "compare it in an `if`",
    "`match` and `if let` tell the variants of enums and options apart; other values have none.",
  ),
  E0338: error(
    "this pattern doesn't fit `{type}`",
    undefined,
    "The patterns of an option are `none` and `some(x)`, those of an enum are its variants, with a name for each value they carry.",
  ),
  E0339: error(
    "`{type}` can't cross the ABI {where}",
    undefined,
    "What is called from outside, and what logs and errors say, is encoded as Ethereum's ABI does, which has no options and no enums with payload.",
  ),
  E0340: error(
    "`{name}` is written {form}",
    undefined,
    "A variant is written as it is declared: alone, with its values in parentheses, or with their names in braces.",
  ),
  E0341: error("`{op}` doesn't work on {what}", undefined, "What an operation touches is one entry, so that its footprint is known."),
  E0342: error(
    "a block gives no value here",
    "write an expression, or end the block with `revert`",
    "The arms of a `match` that stands for a value are expressions. A block is one of them only when it reverts.",
  ),
  E0343: error(
    "this pattern always matches",
    "use `let`",
    "`if let` asks whether a value is of one variant; this pattern fits all values.",
  ),
  E0350: error(
    "{problem}",
    'write it as the ABI does, without spaces and names: `"transfer(address,uint256)"`',
    "A selector is made of a function's name and the ABI types of its parameters, `uint256` for `u256`, or names a function of a contract or interface.",
  ),
  E0391: error("{what} exceeds the limit of {limit}", "split it up", "Limits keep every program's compile time and memory bounded."),

  // --- E04: flow ----------------------------------------------------------------------------------------------------
  E0401: error(
    "`{name}` can end without returning a `{type}`",
    "add a `return` or `revert` at the end",
    "Every path through a function with a result ends in `return` or `revert`.",
  ),
  E0402: error(
    "functions call each other in a cycle: {chain}",
    "use a loop with a cap",
    "Recursion is not part of the language: every call ends, and its cost has a bound.",
  ),
  E0403: error(
    "{what} `{name}` {does}",
    "remove it; a view that writes is a `pub fn`",
    "A view writes no state, emits no event, pays nothing and draws no number, also not through the functions it calls.",
  ),
  E0404: error(
    "`init` can end without setting immutable `{name}`",
    "set `self.{name}` on every path",
    "Immutables are set once, when the contract is made; one that isn't set would keep its default for ever.",
  ),
  E0405: error(
    "immutable `{name}` can be set only in `init`",
    "make it `state` if it changes later",
    "Reading an immutable never conflicts because nothing writes it after `init`.",
  ),
  E0406: error("`{name}` can't be reassigned", "use a local declared with `var`", "`let`, parameters and loop variables keep their value."),
  E0407: error(
    "this can't be assigned to",
    undefined,
    "What is changed is a place in state (`self.…`) or a local declared with `var`, or a part of one of these.",
  ),
  E0408: error("this expression does nothing", "use its value or remove it", "A statement changes something or calls a function."),
  E0409: error("{problem}", undefined, "`return` gives a value exactly when the function declares a result."),
  E0410: error("{what} can't stand {where}", undefined, "Each kind of declaration has its place."),
  E0411: error(
    "immutable `{name}` is set as a whole",
    "write `self.{name} = …`",
    "An immutable gets its value at once: no compound assignment, no single members, no `delete`.",
  ),
  E0420: error(
    "this call would re-enter the contract, which is active",
    "call the function directly, with `self.`",
    "A call of a contract that is already running reverts with `Reentrancy()`. Here the target is the contract's own address, so it always would.",
  ),
  E0421: error(
    "contracts create each other in a cycle: {chain}",
    "give one of them the address of the other as an argument",
    "The code of a contract holds the code of those that it creates, so none of them can create the contract that creates it.",
  ),

  // --- E05: footprints ----------------------------------------------------------------------------------------------
  E0501: error(
    "`{left}` and `{right}` are not independent: both can touch {cells}",
    undefined,
    "An independence assertion (`parallel …`) holds when no two such calls can touch one cell, except that both read it or both add to it. The notes show the two accesses; the help names the condition that is missing, or says why none can help.",
  ),
  E0502: error(
    "the condition on `{left}` and `{right}` is too large to check",
    "split it into several assertions",
    "A condition is taken apart into its alternatives; their number is bounded, so that compile time is.",
  ),
  E0503: error(
    "the condition of this assertion can never hold",
    "compare other values, or remove the assertion",
    "The comparisons in `when` contradict each other, so the assertion would hold for any two functions and say nothing.",
  ),
  E0504: error(
    "calls of `{left}` and `{right}` may meet in another contract",
    "assert independence where no other contract is called",
    "Which code stands at an address is known only when the call is planned, so nothing can be proved of what it touches. Two calls that both call other contracts, or of which one does and the other moves or reads coin, may have to wait for each other.",
  ),
  E0505: error(
    "calls of `{left}` and `{right}` wait for each other: one of them makes a contract",
    "make contracts in functions of their own, and assert independence of the others",
    "A call that makes a contract runs alone in its place of the block: all earlier calls have ended, and all later ones wait.",
  ),
  E0510: error(
    "`{subject}.next()` stands under a condition that reads state",
    "draw the number first, and leave it unused where it isn't needed",
    "A call draws all its numbers when it enters, in block order, before anything of it runs. So how many it draws can only depend on its arguments (numbers drawn and not used are gaps).",
  ),
  E0513: error(
    "this function has more than {subject} state accesses and calls, those of the functions it calls included",
    "split it",
    "The work to plan a call is bounded before any of it is paid for.",
  ),

  // --- E06: tests in the language -----------------------------------------------------------------------------------
  E0601: error(
    "{construct} stands only in tests",
    undefined,
    "Test accounts, deployments, expectations and blocks are the words of `test` bodies.",
  ),
  E0602: error(
    "{construct} can't stand in a test",
    undefined,
    "A test acts from outside: it deploys contracts, calls their functions and checks what they return.",
  ),
  E0603: error(
    "a block holds calls and expectations only",
    "move it before or after the block",
    "The calls of `block { … }` go into one block; nothing can happen between them.",
  ),
  E0604: error(
    "{construct} belongs to a call",
    undefined,
    "`as @account` and `value n` say who makes a call and how much coin goes with it.",
  ),
  E0605: error(
    "`expect` needs a call of a contract",
    undefined,
    "`expect call revert Error(…)` checks that one call reverts with this error.",
  ),
  E0606: error(
    "nobody can make up a value of type `{type}`",
    "deploy the contract in the test",
    "The values of a test's parameters are made up; a contract has to be deployed before it can be called.",
  ),
  E0611: error("assertion failed", undefined, "The condition of an `assert` is false; the notes show the values of its two sides."),
  E0612: error(
    "the call reverted with {failure}",
    undefined,
    "Nothing said that this call may fail. `expect call revert Error(…)` states that it must.",
  ),
  E0613: error(
    "expected a revert with {expected}, found {found}",
    undefined,
    "The call behind `expect` must revert with exactly this error and these arguments.",
  ),
  E0614: error(
    "{problem}",
    "use `block { … }` where calls may wait",
    "`parallel block` asserts that no call waited for another and that every commutative update was cleared.",
  ),
  E0615: error(
    "serial and parallel execution differ: {problem}",
    "please report it: this is a bug in Weft",
    "Every test runs twice, serially and in parallel; state, receipts and cost must be equal.",
  ),
  E0616: error(
    "this can't be evaluated: {reason}",
    undefined,
    "Expressions of tests follow the rules of the language: overflow, division by zero and bad indexes fail.",
  ),
  E0617: error("the call was rejected: {reason}", undefined, "The sender's coin doesn't cover the value sent with the call."),

  E0618: error(
    "invariant `{name}` of `{contract}` doesn't hold: {problem}",
    undefined,
    "An invariant holds after each call; the notes show the values of the two sides of the comparison that failed, and what came before.",
  ),
  E0619: error(
    "{problem}",
    "let fewer cases fail their `require`: compute values that fit instead of waiting for them",
    "A test with parameters needs cases that get past its `require`s, and a contract whose invariants are tried needs arguments that its `init` accepts.",
  ),
  E0625: error(
    "expected {expected}, found {found}",
    undefined,
    "The call behind `expect` must log these events, with these arguments and in this order; others may stand between them.",
  ),

  // --- E08: project and files ---------------------------------------------------------------------------------------
  E0801: error("can't read `{path}`", "check the path", "The file doesn't exist or can't be read."),
  E0802: error(
    "can't find `{path}`",
    "check the path; it is relative to the importing file",
    "The file named in an import doesn't exist or can't be read.",
  ),
  E0803: error("more than {limit} files take part", "import less", "The number of files of a program is bounded."),
  E0804: error(
    "`{path}` is not a file of the standard library",
    "its files are listed in docs/std.md; a file of your own has a relative path: `./erc20.weft`",
    "Paths that start with `weft/` are kept for the library that comes with the compiler, and there is no such file in it.",
  ),
  E0810: error(
    "{problem}",
    undefined,
    "The command line can't be understood. `weft --help` lists the commands, `weft COMMAND --help` what each takes.",
  ),
  E0811: error("`{path}` is not UTF-8 text", "save it as UTF-8", "Weft files and scenarios are UTF-8 text."),
  E0812: error(
    "`{path}` is larger than {limit}",
    "split it up",
    "The size of a file is bounded, so that reading hostile input takes bounded time and memory.",
  ),
  E0813: error("`{path}` is not a file", "name a file", "A source or a scenario is a plain file: not a folder, a pipe or a device."),
  E0814: error("can't write `{path}`: {reason}", undefined, "The output folder must exist or be creatable, and be writable."),
  E0815: error(
    "`{path}` has no {what} `{name}`",
    undefined,
    "The name given on the command line or in a scenario isn't declared in this file.",
  ),
  E0820: error(
    "the scenario is not valid JSON: {problem}",
    undefined,
    "A scenario is one JSON document, as described by docs/schema/scenario.schema.json.",
  ),
  E0821: error(
    "{where}: expected {expected}, found {found}",
    undefined,
    "A value of a scenario, a mix or a project file has the wrong type or lies outside its range.",
  ),
  E0822: error(
    "{where} has no setting `{name}`",
    undefined,
    "A scenario, a mix or a project file has a setting nobody reads; most often it is misspelt.",
  ),
  E0823: error(
    "{where}: unknown {what} `{name}`",
    undefined,
    "A scenario or a mix of calls names an account, a contract, a function or a template that isn't declared.",
  ),
  E0824: error("{where}: {problem}", undefined, "The scenario can't be carried out as it is written."),
  E0825: error(
    "{where}: deploying `{label}` fails with {failure}",
    undefined,
    "The constructor reverted, or the deploying account can't pay the attached coin.",
  ),
  E0830: error(
    "{where}: {problem}",
    undefined,
    "The mix of calls that a contract is to be scored for can't be read or carried out as it is written.",
  ),
  E0831: error(
    "can't read `{path}` at `{revision}`: {reason}",
    "name a commit, a branch or a tag, and a file that it has",
    "`weft footprint --diff` asks git for the files of another version.",
  ),
  E0832: error(
    "`{path}` is no file of costs: {problem}",
    "`weft test --snapshot` writes it anew",
    "`weft test --check` compares what calls cost with a file that `weft test --snapshot` has written.",
  ),
  E0840: error(
    "the project file is not valid JSON: {problem}",
    undefined,
    "A project file, weft.json, is one JSON document, as described by docs/schema/project.schema.json.",
  ),
  E0841: error("{where}: {problem}", undefined, "What the project file says can't be carried out as it is written."),
  E0842: error(
    "`{path}` {problem}",
    undefined,
    "A folder stands for the `.weft` files below it. Hidden folders, `node_modules`, links to folders, and what the project excludes are left out.",
  ),
  E0843: error(
    "`{path}` is there already",
    "choose another folder, or write over it with `--force`",
    "`weft init` writes over no file of yours, unless it is told to.",
  ),

  // --- E09: our own faults ------------------------------------------------------------------------------------------
  E0901: error(
    "internal compiler error: {detail}",
    "please report it with the source that caused it",
    "The compiler broke one of its own rules. This is a bug in Weft, not in your program.",
  ),

  // --- W: warnings --------------------------------------------------------------------------------------------------
  W0101: warning(
    "this `weft-allow` silences nothing: {why}",
    "remove it",
    "A `// weft-allow CODE: reason` silences one warning on its own line, or on the next one when it has a line for itself. One that silences nothing hides what changed since.",
  ),
  W0102: warning(
    "this `weft-allow` gives no reason",
    "write `// weft-allow {code}: why it is right here`",
    "A warning is silenced for a reason, and the next reader needs to know it.",
  ),
  W0301: warning(
    "parameter `{name}` hides the coin sent with the call",
    "rename the parameter",
    "In this payable function `{name}` is the parameter; the attached coin can't be named.",
  ),
  W0302: warning("`{name}` hides an outer `{name}`", "rename one of the two", "Inside this block the name means the inner declaration."),
  W0401: warning("this is never reached", "remove it", "Every path before this statement returns or reverts."),
  W1001: warning(
    "all calls of `{name}` run one after another: each writes {cells}",
    undefined,
    "The function writes a cell whose key names nothing of the call (no parameter, `caller`, `value` or number of a sequence), so any two calls of it meet there and the later one waits.",
  ),
  W1002: warning(
    "`{name}` adds to {cells} in a way that doesn't commute",
    undefined,
    "Adds to one cell never wait for each other, but a call that also reads the value, or reads it and writes the sum, waits for all earlier adds, and later ones wait for it.",
  ),
  W1003: warning(
    "`{name}` takes {cells}: a key isn't known before the call runs",
    undefined,
    "A loop builds the key up, another contract returns it, or it is taken from a list that the call has changed. So nobody knows which cell it is until the call gets there, and until then the call takes the whole field.",
  ),
  W1004: warning(
    "`{name}` reads a key of {cells} from state that {writers} may change",
    undefined,
    "Where an earlier call of the block may change the cell that a key is read from, the access takes its whole field and waits for all earlier calls that touch the field; later ones wait for it.",
  ),
  W1005: warning(
    "`{name}` waits for every call of {writers}: it reads {cells}",
    undefined,
    "All calls share the cell, and another function changes it whenever it is called. A call that reads waits for all earlier ones that write or add, and later ones wait for it.",
  ),
  W1006: warning(
    "`{name}` never changes after `init`, but is `state`",
    "declare it as `immutable`",
    "Reading an immutable is no access, and a key made from one is known before the call runs. A field in `state` takes part in every footprint that reads it.",
  ),
  W1007: warning(
    "this check of `{name}` can come before its first effect",
    "move it up: a failing call then has nothing to undo, or only adds",
    "The check reads nothing that the statements before it have changed, yet when it fails they have to be undone. With all checks before all effects nothing has.",
  ),
} as const satisfies Readonly<Record<string, CodeInfo>>;

export type Code = keyof typeof CODES;

export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

export function codeInfo(code: Code): CodeInfo {
  return CODES[code];
}
