/**
 * The JSON documents of all commands: a record for each document and for each kind of object in it, with values only.
 * The writer, the schemas and {@code docs/json.md} are generated from these records. May use only the JSON library.
 *
 * <p>A name has the same meaning in every document:
 *
 * <ul>
 *   <li>a list has a plural name and contains objects of one kind: {@code snapshots} are {@link SnapshotEntry}
 *   <li>a number of things is {@code …Count}; a number of bytes is an integer named {@code …Bytes}, {@code size},
 *       {@code offset} or {@code length}; a number of seconds is {@code seconds} or {@code …Seconds}
 *   <li>an object's own id is {@code id}; the id of another object is {@code …Id}, several are {@code …Ids}
 *   <li>a time is {@code …At} or {@code …Since}, in UTC
 *   <li>what is unknown or does not apply is absent; nothing is null or -1
 * </ul>
 */
package io.varve.tools.document;
