/**
 * Manual pages, written from the model of the command line, so that they are never out of date. Uses help and output.
 */
package io.varve.tools.manual;
