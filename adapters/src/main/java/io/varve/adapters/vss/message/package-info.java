/**
 * What a backup and its VSS worker process say to each other. These are typed messages over the worker's standard input
 * and output. Knows neither side. Uses nothing else of Varve.
 */
package io.varve.adapters.vss.message;
