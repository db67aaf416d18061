package io.varve.tools.option;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Environment variables that set options for all commands of a script. Only options with plain values are included:
 * picocli replaces text that looks like one of its own variables, which would damage passphrases, paths and shell
 * commands.
 */
public final class DefaultsFromEnvironment implements IDefaultValueProvider {
    /** The variables by option. Each applies to every command with that option. */
    private static final Map<String, String> VARIABLES = new LinkedHashMap<>();

    static {
        VARIABLES.put("--threads", "VARVE_THREADS");
        VARIABLES.put("--disks-at-once", "VARVE_DISKS_AT_ONCE");
        VARIABLES.put("--compression", "VARVE_COMPRESSION");
        VARIABLES.put("--read-rate", "VARVE_READ_RATE");
        VARIABLES.put("--write-rate", "VARVE_WRITE_RATE");
        VARIABLES.put("--wait", "VARVE_WAIT");
        VARIABLES.put("--no-progress", "VARVE_NO_PROGRESS");
    }

    private final Map<String, String> environment;

    public DefaultsFromEnvironment() {
        this(System.getenv());
    }

    DefaultsFromEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns the variables by option. */
    public static Map<String, String> variables() {
        return Map.copyOf(VARIABLES);
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String value = environment.get(VARIABLES.getOrDefault(option.longestName(), ""));
        if (value == null || value.isEmpty()) {
            return null;
        }
        boolean flag = option.typeInfo().isBoolean();
        return flag && !value.equalsIgnoreCase("false") ? String.valueOf(!value.equals("0")) : value;
    }

    /** Returns where a wrong value comes from, for the end of a message; empty if it is not from the environment. */
    public static String origin(ParameterException wrong) {
        if (!(wrong.getArgSpec() instanceof OptionSpec option)) {
            return "";
        }
        String variable = VARIABLES.get(option.longestName());
        String value = variable == null ? null : System.getenv(variable);
        boolean isIt = value != null && !value.isEmpty() && value.equals(wrong.getValue());
        return isIt ? " (from " + variable + ")" : "";
    }
}
