/** Accounts, and how they prove who they are: for the sources that other computers serve. Uses only the JDK. */
package io.varve.adapters.login;
