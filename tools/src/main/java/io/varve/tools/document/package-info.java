/**
 * The JSON documents of all commands: one record for each document and for each thing in it, values only. The one
 * writer, the schemas and {@code docs/json.md} are made from these records. Uses nothing but the JSON library.
 *
 * <p>One name means one thing, in every document:
 *
 * <ul>
 *   <li>a list has a plural name and holds objects of one kind: {@code snapshots} are {@link SnapshotEntry}
 *   <li>a number of things is {@code …Count}; a number of bytes is a plain integer named {@code …Bytes}, {@code size},
 *       {@code offset} or {@code length}; a number of seconds is {@code seconds} or {@code …Seconds}
 *   <li>an object's own id is {@code id}; the id of another thing is {@code …Id}, several are {@code …Ids}
 *   <li>a time is {@code …At} or {@code …Since}, in UTC
 *   <li>what is unknown or does not apply is absent; nothing is null or -1
 * </ul>
 */
package io.varve.tools.document;
