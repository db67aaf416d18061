/**
 * What goes wrong, in the shapes that everybody tells apart: damage, refusal, an unknown outcome, no repository. Uses
 * nothing of Varve, so anything may use it; the adapters do too.
 */
package io.varve.store.fault;
