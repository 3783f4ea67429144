/**
 * In which role a plan runs. PLAN notes accesses for the ordering pass, SERIAL gives every access its cell at once, RESOLVE runs a plan again right
 * before its call and fills in only what was missing, LATE does so for a call of another contract at the moment exec has reached it.
 */
export const ROLE_PLAN = 0;
export const ROLE_SERIAL = 1;
export const ROLE_RESOLVE = 2;
export const ROLE_LATE = 3;

/**
 * What became of a plan: made; its cost bound is above the gas limit; it can't be made before the call runs, so that the call must run alone; it can't
 * be made ahead, but only when all earlier calls are ordered.
 */
export const PLAN_MADE = 0;
export const PLAN_OUT_OF_GAS = 1;
export const PLAN_ALONE = 2;
export const PLAN_LATER = 3;

/** Thrown inside a plan that is larger than a call may be (rule N3). */
export const OVERSIZE: { readonly kind: "oversize" } = Object.freeze({ kind: "oversize" });

/** Thrown inside a plan that can't be made before its call runs. */
export const ALONE: { readonly kind: "alone" } = Object.freeze({ kind: "alone" });

/** Thrown inside a plan that is made ahead and asks for what the order of earlier calls decides. */
export const LATER: { readonly kind: "later" } = Object.freeze({ kind: "later" });

/** Thrown inside a plan that is made ahead and finds no room: it is made again when its turn has come. */
export const FULL: { readonly kind: "full" } = Object.freeze({ kind: "full" });
