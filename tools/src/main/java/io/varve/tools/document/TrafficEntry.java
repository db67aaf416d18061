package io.varve.tools.document;

@Says("Requests to object storage, repeated ones included.")
public record TrafficEntry(
        @Says("Objects stored") long put,
        @Says("Objects or parts of them read") long get,
        @Says("Lengths asked for") long head,
        @Says("Pages of lists") long list,
        @Says("Objects copied within the bucket") long copy,
        @Says("Objects deleted") long delete,
        @Says("How many of all these were repeated") long retries,
        @Says("Bytes of bodies sent") long bytesSent,
        @Says("Bytes of bodies received") long bytesReceived) {}
