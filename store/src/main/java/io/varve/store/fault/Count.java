package io.varve.store.fault;

/** Formats a number with the noun it counts: {@code 1 pack}, {@code 2 packs}, {@code 0 map pages}. */
public final class Count {
    private Count() {}

    /** @param one singular form, which ends with the noun; its plural must be regular */
    public static String of(long number, String one) {
        return of(number, one, plural(one));
    }

    /**
     * For phrases in which more than the noun depends on the number: {@code Count.of(n, "pack is gone", "packs are
     * gone")}.
     *
     * @param one what follows 1
     * @param many what follows any other number
     */
    public static String of(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String plural(String one) {
        boolean consonantY = one.matches(".*[^aeiou]y");
        return consonantY ? one.substring(0, one.length() - 1) + "ies" : one + "s";
    }
}
