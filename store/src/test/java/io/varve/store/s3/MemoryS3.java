package io.varve.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * An S3 service in memory, on a real socket: the requests that the backend makes, and a hand to answer them wrongly. It
 * checks no signatures; a real service does that in {@link CephBackendTest}.
 */
public final class MemoryS3 implements AutoCloseable {
    /** What to do instead of an honest answer. */
    enum Fault {
        /** The connection ends, nothing was done. */
        RESET_BEFORE,
        /** It was done, then the connection ends. */
        RESET_AFTER,
        /** Half of the body, then the connection ends. */
        HALF_BODY,
        /** 500 and nothing was done. */
        INTERNAL,
        /** 500 although it was done. */
        INTERNAL_AFTER,
        SLOW_DOWN,
        CONFLICT,
        EXPIRED,
        DENIED,
        REDIRECT,
        ARCHIVED,
        /** The page before once more. */
        STALE_PAGE,
        /** The names of a page backwards. */
        UNORDERED_PAGE,
        /** An answer with a part of what was asked for, and saying so. */
        SHORT_RANGE,
        /** An empty page, although more follow. */
        EMPTY_PAGE,
        /** 404 from something in front of the service. */
        NOT_OURS,
        UNKNOWN_HERE,
        NOT_XML
    }

    private static final int PAGE = 7;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, String>> marks = new HashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private final Set<String> tokens = new HashSet<>();
    private Predicate<HttpExchange> faulty = exchange -> true;
    private Runnable afterFault = () -> {};
    private String lastPage = "";
    private boolean createOnce = true;
    private final Map<String, String> settings = new ConcurrentHashMap<>();

    MemoryS3() throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // or each answer waits 40 ms
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** For tests of other modules. */
    public static MemoryS3 start() throws IOException {
        return new MemoryS3();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next requests that match get these answers. */
    synchronized void fail(Predicate<HttpExchange> which, Fault... next) {
        faulty = which;
        faults.clear();
        faults.addAll(Arrays.asList(next));
    }

    /** What happens right after each fault, before anybody else is served. */
    void afterFault(Runnable then) {
        afterFault = then;
    }

    synchronized void fail(String method, Fault... next) {
        fail(exchange -> exchange.getRequestMethod().equals(method), next);
    }

    /** From now on every put of a name that is taken succeeds, as on some versioned buckets. */
    public void ignoreCreateOnce() {
        createOnce = false;
    }

    /** Sets what the bucket answers to a question for {@code versioning} or {@code lifecycle}, in XML. */
    public void configure(String setting, String xml) {
        settings.put(setting, xml);
    }

    /** Requests so far: method, a space, path and query. */
    synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** The session tokens that came with requests. */
    synchronized Set<String> tokens() {
        return Set.copyOf(tokens);
    }

    synchronized boolean faultsAreUsedUp() {
        return faults.isEmpty();
    }

    public NavigableMap<String, byte[]> objects() {
        return objects;
    }

    private synchronized Fault fault(HttpExchange exchange) {
        return !faults.isEmpty() && faulty.test(exchange) ? faults.poll() : null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        synchronized (this) {
            log.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String token = exchange.getRequestHeaders().getFirst("x-amz-security-token");
            if (token != null) {
                tokens.add(token);
            }
        }
        Fault fault = fault(exchange);
        if (fault != Fault.NOT_OURS) {
            exchange.getResponseHeaders().set("x-amz-request-id", "tx1");
        }
        try (exchange) {
            Instant signedAt = TIME.parse(exchange.getRequestHeaders().getFirst("x-amz-date"), Instant::from);
            if (Duration.between(signedAt, Instant.now()).abs().compareTo(Duration.ofMinutes(15)) > 0) {
                error(exchange, 403, "RequestTimeTooSkewed");
                return;
            }
            if (fault != null && !answered(exchange, fault, body)) {
                afterFault.run();
                return;
            }
            serve(exchange, body, fault);
        }
    }

    /** Answers wrongly; returns whether the honest answer follows. */
    private boolean answered(HttpExchange exchange, Fault fault, byte[] body) throws IOException {
        switch (fault) {
            case RESET_BEFORE -> exchange.close();
            case RESET_AFTER -> {
                apply(exchange, body);
                exchange.close();
            }
            case INTERNAL -> error(exchange, 500, "InternalError");
            case INTERNAL_AFTER -> {
                apply(exchange, body);
                error(exchange, 500, "InternalError");
            }
            case SLOW_DOWN -> error(exchange, 503, "SlowDown");
            case CONFLICT -> error(exchange, 409, "ConditionalRequestConflict");
            case EXPIRED -> error(exchange, 400, "ExpiredToken");
            case DENIED -> error(exchange, 403, "AccessDenied");
            case REDIRECT -> {
                exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-central-1");
                error(exchange, 301, "PermanentRedirect");
            }
            case ARCHIVED -> error(exchange, 403, "InvalidObjectState");
            case NOT_OURS -> answer(exchange, 404, "404 page not found".getBytes(StandardCharsets.UTF_8));
            case UNKNOWN_HERE -> error(exchange, 501, "NotImplemented");
            case NOT_XML -> answer(exchange, 200, "<html>a proxy says hello".getBytes(StandardCharsets.UTF_8));
            default -> {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            int equals = part.indexOf('=');
            query.put(part.substring(0, equals), URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String key(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        int slash = path.indexOf('/', 1);
        return slash < 0 ? "" : path.substring(slash + 1);
    }

    private synchronized int apply(HttpExchange exchange, byte[] body) {
        String key = key(exchange);
        String source = exchange.getRequestHeaders().getFirst("x-amz-copy-source");
        if (exchange.getRequestMethod().equals("DELETE")) {
            objects.remove(key);
            return 204;
        }
        if (source != null) {
            String from = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
            objects.put(key, objects.get(from.substring(from.indexOf('/', 1) + 1)));
            return 200;
        }
        if (!exchange.getRequestMethod().equals("PUT")) {
            return 200;
        }
        boolean once = exchange.getRequestHeaders().containsKey("if-none-match");
        if (once && createOnce && objects.containsKey(key)) {
            return 412;
        }
        objects.put(key, body);
        Map<String, String> kept = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> kept.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        marks.put(key, kept);
        return 200;
    }

    private void serve(HttpExchange exchange, byte[] body, Fault fault) throws IOException {
        String key = key(exchange);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                int status = apply(exchange, body);
                if (status == 200) {
                    String copied = "<CopyObjectResult><ETag>\"x\"</ETag></CopyObjectResult>";
                    answer(exchange, 200, copied.getBytes(StandardCharsets.UTF_8));
                } else {
                    error(exchange, status, "PreconditionFailed");
                }
            }
            case "DELETE" -> {
                apply(exchange, body);
                exchange.sendResponseHeaders(204, -1);
            }
            case "HEAD" -> head(exchange, key);
            default -> {
                String query = exchange.getRequestURI().getQuery();
                String setting = query == null ? "" : query.split("=")[0];
                if (key.isEmpty() && (setting.equals("versioning") || setting.equals("lifecycle"))) {
                    String xml = settings.get(setting);
                    if (xml == null) {
                        error(exchange, 404, "NoSuchConfiguration");
                    } else {
                        answer(exchange, 200, xml.getBytes(StandardCharsets.UTF_8));
                    }
                } else if (key.isEmpty()) {
                    list(exchange, fault);
                } else {
                    get(exchange, key, fault);
                }
            }
        }
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        byte[] content = objects.get(key);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        synchronized (this) {
            String mark = marks.getOrDefault(key, Map.of()).get("x-amz-meta-varve-put");
            if (mark != null) {
                exchange.getResponseHeaders().set("x-amz-meta-varve-put", mark);
            }
        }
        exchange.getResponseHeaders().set("etag", "\"" + Arrays.hashCode(content) + "\"");
        exchange.getResponseHeaders().set("content-length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
    }

    private void get(HttpExchange exchange, String key, Fault fault) throws IOException {
        byte[] content = objects.get(key);
        if (content == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        String[] range = exchange.getRequestHeaders()
                .getFirst("range")
                .substring("bytes=".length())
                .split("-");
        long from = Long.parseLong(range[0]);
        if (from >= content.length) {
            error(exchange, 416, "InvalidRange");
            return;
        }
        int to = (int) Math.min(content.length, Long.parseLong(range[1]) + 1);
        to = fault == Fault.SHORT_RANGE ? (int) from + 1 : to;
        byte[] part = Arrays.copyOfRange(content, (int) from, to);
        exchange.getResponseHeaders().set("content-range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
        exchange.sendResponseHeaders(206, part.length);
        if (fault == Fault.HALF_BODY) {
            exchange.getResponseBody().write(part, 0, part.length / 2);
            exchange.getResponseBody().flush();
            return; // the connection ends with the exchange
        }
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(part);
        }
    }

    private static String upTo(String name, String prefix, String delimiter) {
        int end = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
        return name.substring(0, end + 1);
    }

    private void list(HttpExchange exchange, Fault fault) throws IOException {
        Map<String, String> query = query(exchange);
        String prefix = query.get("prefix");
        String delimiter = query.get("delimiter");
        String after = URLDecoder.decode(query.getOrDefault("continuation-token", ""), StandardCharsets.UTF_8);
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult>");
        List<String> entries = new ArrayList<>();
        Set<String> prefixes = new HashSet<>();
        String last = "";
        boolean truncated = false;
        for (Map.Entry<String, byte[]> object : objects.tailMap(after, false).entrySet()) {
            String name = object.getKey();
            if (!name.startsWith(prefix) || prefixes.contains(upTo(name, prefix, delimiter))) {
                continue;
            }
            if (entries.size() + prefixes.size() == PAGE) {
                truncated = true;
                break;
            }
            int end = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
            if (end >= 0) {
                prefixes.add(name.substring(0, end + 1));
                last = name.substring(0, end + 1) + '~';
                continue;
            } else {
                entries.add("<Contents><Key>" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "</Key><Size>"
                        + object.getValue().length + "</Size></Contents>");
            }
            last = name;
        }
        if (fault == Fault.EMPTY_PAGE && !entries.isEmpty()) {
            entries.clear();
            prefixes.clear();
            truncated = true;
            last = after + "\u0001";
        }
        if (fault == Fault.UNORDERED_PAGE) {
            java.util.Collections.reverse(entries);
        }
        entries.forEach(xml::append);
        prefixes.forEach(name -> xml.append("<CommonPrefixes><Prefix>")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append("</Prefix></CommonPrefixes>"));
        xml.append("<IsTruncated>").append(truncated).append("</IsTruncated>");
        if (truncated) {
            xml.append("<NextContinuationToken>")
                    .append(URLEncoder.encode(last, StandardCharsets.UTF_8))
                    .append("</NextContinuationToken>");
        }
        String page = xml.append("</ListBucketResult>").toString();
        String told = fault == Fault.STALE_PAGE ? lastPage : page;
        lastPage = page;
        answer(exchange, 200, told.getBytes(StandardCharsets.UTF_8));
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        String xml = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>said the test</Message></Error>";
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        if (isHead) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            answer(exchange, status, xml.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
