/** The one byte order of GUIDs that Windows' disk formats share. */
package io.varve.adapters.guid;
