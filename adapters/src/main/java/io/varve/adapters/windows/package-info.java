/**
 * Windows' own calls that several sources use: files under any name, wide strings, GUIDs, error numbers, privileges;
 * through JNA. Knows no disk format and no source. Proven under wine and by the layout that a C compiler with the
 * Windows headers sees, never on Windows itself. May use the engine and the store.
 */
package io.varve.adapters.windows;
