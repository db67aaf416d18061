/**
 * A repository's objects in a bucket of an S3 service: the requests, their signatures and retries, and the backend made
 * of them. It owns a small client of its own, on the JDK's HTTP client, since a library would bring fifteen megabytes
 * for nine kinds of requests. May use {@code backend}, {@code cache} and {@code fault}.
 */
package io.varve.store.s3;
