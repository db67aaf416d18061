package io.varve.store.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
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

    private S3Xml() {}

    /** @throws IOException when it is not well-formed */
    static S3Xml read(byte[] document) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        S3Xml xml = new S3Xml();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
            List<String> path = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.add(reader.getLocalName());
                        text.setLength(0);
                        if (path.size() > DEEPEST) {
                            throw new IOException("elements are nested too deeply");
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String name = String.join("/", path.subList(1, path.size()));
                        xml.texts
                                .computeIfAbsent(name, key -> new ArrayList<>())
                                .add(text.toString());
                        path.remove(path.size() - 1);
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
        return xml;
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
