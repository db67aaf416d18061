/**
 * Accounts, and how they prove who they are. For the sources that other computers serve. Uses nothing else of Varve.
 */
package io.varve.adapters.login;
