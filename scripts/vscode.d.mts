export function buildExtension(): Promise<void>;
/** The path of the package. */
export function packExtension(target?: string): Promise<string>;
