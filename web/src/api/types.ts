// The contract's types, made of api/openapi.yaml by `npm run types`.
export type * from './schema';
