package io.varve.store.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a nightly job did besides the backups of its machines, which have their own records.
 *
 * @param machines number of machines
 * @param failedMachines number of machines that failed
 * @param notStarted the first {@link #MOST_NAMES} machines that were not started
 * @param notStartedCount number of machines that were not started
 * @param steps the steps after the backups, in order
 */
public record NightRecord(
        long machines, long failedMachines, List<String> notStarted, long notStartedCount, List<Step> steps) {
    /** Most machine names in a record, and most steps. */
    public static final int MOST_NAMES = 1_000;

    public NightRecord {
        notStarted = notStarted.stream().limit(MOST_NAMES).toList();
        steps = steps.stream().limit(MOST_NAMES).toList();
    }

    /**
     * A step of the night.
     *
     * @param name {@code retention}, {@code copy}, {@code gc}, {@code fsck}, {@code proof} or {@code repository}; later
     *     builds may add others
     * @param result the word for its exit code, or {@code skipped}
     * @param machine the machine it concerned; empty for the whole repository
     * @param disk the disk it concerned; empty for none
     * @param text for the operator, one line
     * @param numbers numbers of the result, by name; names of byte counts end in {@code Bytes}
     */
    public record Step(
            String name,
            String result,
            Optional<String> machine,
            Optional<String> disk,
            String text,
            long millis,
            Map<String, Long> numbers) {
        public Step {
            numbers = new TreeMap<>(numbers);
            text = JobEnd.shortened(text);
        }

        /** Returns a number of the result; empty if the step has no such number. */
        public Optional<Long> number(String wanted) {
            return Optional.ofNullable(numbers.get(wanted));
        }
    }

    /** Returns the first step of this name that was run. */
    public Optional<Step> step(String name) {
        return steps.stream().filter(step -> step.name.equals(name)).findFirst();
    }

    void encode(ObjectNode json) {
        json.put("machines", machines).put("failedMachines", failedMachines).put("notStartedCount", notStartedCount);
        ArrayNode names = json.putArray("notStarted");
        notStarted.forEach(name -> names.addObject().put("machine", name));
        ArrayNode list = json.putArray("steps");
        for (Step step : steps) {
            ObjectNode entry = list.addObject()
                    .put("name", step.name)
                    .put("result", step.result)
                    .put("machine", step.machine.orElse(null))
                    .put("disk", step.disk.orElse(null))
                    .put("text", step.text)
                    .put("millis", step.millis);
            ObjectNode numbers = entry.putObject("numbers");
            step.numbers.forEach(numbers::put);
        }
    }

    static NightRecord decode(JsonFields json) throws CorruptDataException {
        List<String> names = new ArrayList<>();
        for (JsonFields name : json.objects("notStarted")) {
            names.add(name.text("machine"));
        }
        List<Step> steps = new ArrayList<>();
        for (JsonFields step : json.objects("steps")) {
            steps.add(new Step(
                    step.text("name"),
                    step.text("result"),
                    step.optionalText("machine"),
                    step.optionalText("disk"),
                    step.text("text"),
                    count(step, "millis"),
                    numbers(step.object("numbers"))));
        }
        return new NightRecord(
                count(json, "machines"), count(json, "failedMachines"), names, count(json, "notStartedCount"), steps);
    }

    private static Map<String, Long> numbers(JsonFields json) throws CorruptDataException {
        Map<String, Long> numbers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.tree().properties()) {
            numbers.put(field.getKey(), json.number(field.getKey(), Long.MIN_VALUE, Long.MAX_VALUE));
        }
        return numbers;
    }

    private static long count(JsonFields json, String field) throws CorruptDataException {
        return json.number(field, 0, Long.MAX_VALUE);
    }
}
