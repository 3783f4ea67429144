/** Where random expressions end: names in scope, literals, words of the context. Each says of which type it is where a literal alone wouldn't. */
import type { Kind } from "./catalog.ts";
import type { Dice } from "./dice.ts";
import { namesOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

export function leafOf(dice: Dice, scope: Scope, kind: Kind): string {
  const names = namesOf(scope, kind);
  if (names.length > 0 && dice.chance(0.75)) return dice.of(names).name;
  switch (kind) {
    case "u64":
    case "u8":
    case "X":
    case "Z":
    case "u256":
      return kind === "u64" && scope.access !== "free" && dice.chance(0.1) ? "self.cap" : String(dice.below(5));
    case "address":
      return dice.of(scope.access === "free" ? ["HOME"] : ["caller", "caller", "caller", "self.root", "self.address", "HOME"]);
    case "bool":
      return dice.of(["true", "false"]);
    case "bytes32":
      return `bytes32(${dice.below(3)})`;
    case "string":
      return dice.of(['"a"', '"bc"', '""']);
    case "bytes":
      return dice.of(['bytes("x")', "concat(u8(1), u8(2))"]);
    case "Color":
      return dice.of(["Color.Red", "Color.Green", "Color.Blue"]);
    case "Shape":
      return dice.of(["Shape.Dot", "Shape.Circle(2)"]);
    case "option":
      return "some(u64(1))";
    case "list":
      return dice.of(["[u64(1), 2]", "[u64(3)]"]);
    case "records":
      return `[${leafOf(dice, scope, "Rec")}]`;
    case "Rec":
      return `Rec { n: ${dice.below(3)}, who: ${leafOf(dice, scope, "address")}, open: true, tag: Color.Red }`;
    case "Pair":
      return `(u64(${dice.below(3)}), ${leafOf(dice, scope, "address")})`;
    case "Crate":
      return `Crate { shape: Shape.Dot, items: [1], maybe: none, pair: (1, ${leafOf(dice, scope, "address")}), x: 1 }`;
    case "IPeer":
      return scope.access === "free" ? "IPeer(HOME)" : "self.peer";
    case "Small":
      return "Small(HOME)";
  }
}
