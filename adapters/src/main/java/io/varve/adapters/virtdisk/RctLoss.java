package io.varve.adapters.virtdisk;

import io.varve.adapters.windows.FileNames;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * One entry of the event log that says that Windows lost track of a disk's changes.
 *
 * @param record number of the entry in its log; later entries have higher ones
 * @param event 8, 9 or 10: tracking file corrupt, disk changed without it, or not updated
 * @param time as Windows wrote it, for people
 * @param values what the entry says; one of them is the file
 */
record RctLoss(long record, int event, String time, List<String> values) {
    /** Where the cluster mounts its shared volumes; by device they have names of their own. */
    private static final Pattern CLUSTERED = Pattern.compile("^\\\\clusterstorage\\\\[^\\\\]+(?=\\\\)");

    private static final Pattern TRACKING = Pattern.compile("\\.(rct|mrt)$", Pattern.CASE_INSENSITIVE);

    private static final String GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    RctLoss {
        values = List.copyOf(values);
    }

    /**
     * Reads an event as Windows renders it in XML.
     *
     * @throws IOException when it is none
     */
    static RctLoss parse(String xml) throws IOException {
        Document document;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the default one prints
            document = builder.parse(new InputSource(new StringReader(xml)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("an event of Windows' log cannot be read: " + e.getMessage(), e);
        }
        List<String> values = new ArrayList<>();
        NodeList sections = document.getDocumentElement().getChildNodes();
        for (int i = 0; i < sections.getLength(); i++) {
            if (sections.item(i) instanceof Element section
                    && !section.getTagName().equals("System")
                    && !section.getTagName().equals("RenderingInfo")) {
                collect(section, values);
            }
        }
        try {
            return new RctLoss(
                    Long.parseLong(text(document, "EventRecordID")),
                    Integer.parseInt(text(document, "EventID")),
                    first(document, "TimeCreated").getAttribute("SystemTime"),
                    values);
        } catch (NumberFormatException e) {
            throw new IOException("an event of Windows' log cannot be read: expected numbers, found " + xml, e);
        }
    }

    private static Element first(Document document, String tag) throws IOException {
        if (document.getElementsByTagName(tag).item(0) instanceof Element element) {
            return element;
        }
        throw new IOException("an event of Windows' log cannot be read: expected " + tag + ", found none");
    }

    private static String text(Document document, String tag) throws IOException {
        return first(document, tag).getTextContent().trim();
    }

    private static void collect(Element element, List<String> values) {
        boolean leaf = true;
        NodeList children = element.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            Node child = children.item(i);
            if (child instanceof Element inner) {
                collect(inner, values);
                leaf = false;
            }
        }
        if (leaf && !element.getTextContent().isBlank()) {
            values.add(element.getTextContent().trim());
        }
    }

    /**
     * Whether it may be about this file. Windows names files in several ways ({@code C:\…}, {@code \??\C:\…},
     * {@code \Device\HarddiskVolume3\…}), so what counts is the path behind the volume. An entry that names no file may
     * be about any. One about a file that Hyper-V made for a checkpoint of this one concerns it, too: the guest wrote
     * to that file while the checkpoint existed, and afterwards it was merged and is gone.
     *
     * @param file absolute, as Windows names it
     */
    boolean concerns(String file) {
        String path = file.replace('/', '\\').toLowerCase(Locale.ROOT);
        int colon = path.indexOf(':');
        String behindDrive = colon < 0 ? path : path.substring(colon + 1);
        String behindVolume = CLUSTERED.matcher(behindDrive).replaceFirst("");
        Pattern checkpoints = checkpointsOf(behindVolume);
        boolean namesAny = false;
        for (String value : values) {
            String name = value.replace('/', '\\').toLowerCase(Locale.ROOT);
            if (name.endsWith(behindVolume)
                    || name.endsWith(behindVolume + ".rct")
                    || name.endsWith(behindVolume + ".mrt")
                    || checkpoints.matcher(name).find()) {
                return true;
            }
            namesAny |= name.contains("\\");
        }
        return !namesAny;
    }

    /**
     * Whether it is about this file, or its tracking, by a name that has nothing in common with the one given: of
     * another drive, behind a junction, a second link. Only of files that exist.
     *
     * @param file absolute
     */
    boolean namesOtherwise(String file) {
        return values.stream()
                .map(value -> TRACKING.matcher(value).replaceFirst(""))
                .anyMatch(value -> FileNames.areOfOneFile(value, file));
    }

    /** Hyper-V calls them as the disk, with a GUID after it. */
    private static Pattern checkpointsOf(String path) {
        String stem = path.replaceFirst("(_" + GUID + ")?\\.[^.\\\\]*$", "");
        return Pattern.compile(Pattern.quote(stem) + "_" + GUID + "\\.avhdx?(\\.rct|\\.mrt)?$");
    }

    /** For the reason of a full read. */
    String text() {
        String what = switch (event) {
            case 8 -> "the tracking file was corrupt";
            case 9 -> "the disk was changed without its tracking file";
            case 10 -> "the tracking file could not be updated";
            default -> "change tracking was lost";
        };
        return "Windows logged at " + time + " (VHDMP event " + event + "): " + what;
    }
}
