/**
 * Manual pages, written from the model of the command line. So they are never out of date. May use {@code help} and
 * {@code output}, and the store.
 */
package io.varve.tools.manual;
