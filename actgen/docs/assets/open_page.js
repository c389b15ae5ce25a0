/* Opens the page of an activation once its parts are there. */
globalThis.actgen.openPage();
