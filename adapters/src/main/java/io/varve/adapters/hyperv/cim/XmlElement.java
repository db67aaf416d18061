package io.varve.adapters.hyperv.cim;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of a small XML document that a host sent. The host is not trusted: document types, and so entities of its
 * own, are refused; depth and number of elements are bounded. Immutable.
 */
public final class XmlElement {
    private static final int DEEPEST = 64;
    private static final int MOST_ELEMENTS = 2_000_000;
    private static final XMLInputFactory FACTORY = factory();

    private final String namespace;
    private final String name;
    private final Map<String, String> attributes;
    private final List<XmlElement> children;
    private final String text;

    private XmlElement(Opened opened) {
        this.namespace = opened.namespace;
        this.name = opened.name;
        this.attributes = opened.attributes;
        this.children = Collections.unmodifiableList(opened.children);
        this.text = opened.text.toString();
    }

    private static final class Opened {
        private final String namespace;
        private final String name;
        private final Map<String, String> attributes = new HashMap<>();
        private final List<XmlElement> children = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        private Opened(XMLStreamReader xml) {
            namespace = xml.getNamespaceURI() == null ? "" : xml.getNamespaceURI();
            name = xml.getLocalName();
            for (int i = 0; i < xml.getAttributeCount(); i++) {
                attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
            }
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * The root of a document; encoding as the document states it.
     *
     * @throws CimException when it is no well-formed XML, or larger than any honest answer
     */
    public static XmlElement parse(InputStream document) throws CimException {
        Deque<Opened> open = new ArrayDeque<>();
        int elements = 0;
        try {
            XMLStreamReader xml;
            synchronized (FACTORY) {
                xml = FACTORY.createXMLStreamReader(document);
            }
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (open.size() == DEEPEST || ++elements > MOST_ELEMENTS) {
                            throw CimException.answer(
                                    "XML with more than " + DEEPEST + " levels or " + MOST_ELEMENTS + " elements");
                        }
                        open.push(new Opened(xml));
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (!open.isEmpty()) {
                            open.peek().text.append(xml.getText());
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        XmlElement element = new XmlElement(open.pop());
                        if (open.isEmpty()) {
                            return element;
                        }
                        open.peek().children.add(element);
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw CimException.answer("XML with a document type or an entity of its own");
                    default -> {}
                }
            }
            throw CimException.answer("XML without an element");
        } catch (XMLStreamException e) {
            throw CimException.answer("no well-formed XML: " + e.getMessage().replace('\n', ' '));
        }
    }

    /** URI of its namespace, or empty. */
    public String namespace() {
        return namespace;
    }

    /** Its name without prefix. */
    public String name() {
        return name;
    }

    /** The value of an attribute, by its name without prefix; empty when it has none. */
    public String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    /** Elements in it, in order. */
    public List<XmlElement> children() {
        return children;
    }

    /** Its own text, without that of its children. */
    public String text() {
        return text;
    }

    /** Text of it and of everything in it, without surrounding white space. */
    public String allText() {
        StringBuilder all = new StringBuilder(text);
        children.forEach(child -> all.append(child.allText()));
        return all.toString().strip();
    }

    /** The first child of that name. */
    public Optional<XmlElement> child(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted)).findFirst();
    }

    /** The first element of that name in it, at any depth. */
    public Optional<XmlElement> descendant(String wanted) {
        for (XmlElement child : children) {
            Optional<XmlElement> found = child.name.equals(wanted) ? Optional.of(child) : child.descendant(wanted);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
