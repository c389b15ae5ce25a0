/* Opens the page of an activation once its parts are there; `explorer` is for who looks at it from a console. */
globalThis.explorer = globalThis.actgen.openPage();
