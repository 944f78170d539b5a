// @peculiar/x509 takes its parts from tsyringe, which wants the Reflect metadata API to exist; no metadata is ever read here.

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, {
    getMetadata: () => undefined,
    getOwnMetadata: () => undefined,
    hasOwnMetadata: () => false,
    defineMetadata: () => {},
  });
}
