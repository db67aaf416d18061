/**
 * What a backup and its VSS worker process say to each other: typed messages over the worker's standard input and
 * output. Knows neither side.
 */
package io.varve.adapters.vss.message;
