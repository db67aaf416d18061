package io.varve.store.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An answer in XML: the texts of its elements by path below the root, such as {@code Contents/Key}. Bounded by the
 * answer's length; document types and external entities are refused.
 */
final class S3Xml {
    private static final int DEEPEST = 16;

    private final Map<String, List<String>> texts = new HashMap<>();
    private final Map<String, List<S3Xml>> parts = new HashMap<>();

    private S3Xml() {}

    /** @throws IOException when it is not well-formed */
    static S3Xml read(byte[] document) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        S3Xml root = new S3Xml();
        Deque<S3Xml> open = new ArrayDeque<>();
        Deque<String> path = new ArrayDeque<>();
        StringBuilder text = new StringBuilder();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        S3Xml element = open.isEmpty() ? root : new S3Xml();
                        if (!open.isEmpty()) {
                            path.addLast(reader.getLocalName());
                            open.peekLast()
                                    .parts
                                    .computeIfAbsent(reader.getLocalName(), key -> new ArrayList<>())
                                    .add(element);
                        }
                        open.addLast(element);
                        text.setLength(0);
                        if (path.size() > DEEPEST) {
                            throw new IOException("elements are nested too deeply");
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        open.removeLast();
                        note(open, path, text.toString());
                        path.pollLast();
                        text.setLength(0);
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new IOException("a document type or an entity");
                    default -> {
                        // Comments and the like mean nothing here.
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("not well-formed XML", e);
        }
        return root;
    }

    /** Notes a text with all elements around it, under its path from each. */
    private static void note(Deque<S3Xml> around, Deque<String> path, String text) {
        List<String> names = List.copyOf(path);
        int from = 0;
        for (S3Xml element : around) {
            String name = String.join("/", names.subList(from++, names.size()));
            element.texts.computeIfAbsent(name, key -> new ArrayList<>()).add(text);
        }
    }

    /** The elements of that name directly below. */
    List<S3Xml> parts(String name) {
        return parts.getOrDefault(name, List.of());
    }

    /** The first text at that path; empty if there is none. */
    String first(String path) {
        List<String> all = all(path);
        return all.isEmpty() ? "" : all.get(0);
    }

    /** All texts at that path, in the order of the document. */
    List<String> all(String path) {
        return texts.getOrDefault(path, List.of());
    }
}
