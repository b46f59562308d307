/**
 * Stands in the bundles for ajv and ajv-formats, which conf (and electron-store, which stands on it) needs only for a
 * store with a schema. Ours have none: settings are checked by their own table. It spares 120 KB at every start.
 */
function refuse(): never {
  throw new Error('Stores have no schema here.')
}

export { refuse as Ajv2020 }
// oxlint-disable-next-line import/no-default-export -- as the package that it stands for
export default refuse
