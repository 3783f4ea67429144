export const openChain: any = undefined;
